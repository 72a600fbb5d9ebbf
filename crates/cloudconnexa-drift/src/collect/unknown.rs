//! Keeps unknown names up to a bound, by a rule that does not depend on the order of records.

use std::borrow::Cow;
use std::collections::HashMap;

use cloudconnexa_validator::outline::{JsonType, Raw};

use super::Validity;
use super::field::{ExpectedValue, FieldCounter, RecordTime};
use crate::hash::key_hash;
use crate::profile::{MAX_DEPTH, MAX_PATH_BYTES, MAX_UNKNOWN_FIELDS, prefix};

/// A map that keeps the entries with the least hashes of all keys. An entry that is kept has been kept since its key first came: it
/// would have been kept at any earlier point, too.
#[derive(Debug)]
pub(super) struct BoundedMap<T> {
    capacity: usize,
    entries: HashMap<Box<str>, (u64, T)>,
    /// The greatest hash that is kept, with its key, once the map is full.
    greatest: Option<(u64, Box<str>)>,
}

/// The entry of a key, if it is kept, and the entry that was removed for it.
pub(super) struct Slot<'a, T> {
    pub(super) value: Option<&'a mut T>,
    pub(super) evicted: Option<T>,
}

impl<T> BoundedMap<T> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, entries: HashMap::new(), greatest: None }
    }

    pub(super) fn get_or_insert(&mut self, key: &str, make: impl FnOnce() -> T) -> Slot<'_, T> {
        let mut evicted = None;
        if !self.entries.contains_key(key) {
            let hash = key_hash(key);
            if let Some((greatest, name)) = &self.greatest {
                if (hash, key) > (*greatest, name) {
                    return Slot { value: None, evicted: None };
                }
                evicted = self.entries.remove(name).map(|(_, value)| value);
            }
            self.entries.insert(key.into(), (hash, make()));
            if self.entries.len() >= self.capacity {
                let greatest = self.entries.iter().map(|(key, (hash, _))| (*hash, key)).max();
                self.greatest = greatest.map(|(hash, key)| (hash, key.clone()));
            }
        }
        Slot { value: self.entries.get_mut(key).map(|(_, value)| value), evicted }
    }

    pub(super) fn into_entries(self) -> impl Iterator<Item = (String, T)> {
        self.entries.into_iter().map(|(key, (_, value))| (key.into(), value))
    }
}

/// The fields of an event that the schema does not describe, with what is nested in them.
#[derive(Debug)]
pub(super) struct UnknownFields {
    pub(super) fields: BoundedMap<FieldCounter>,
    pub(super) left_out: u64,
    pub(super) too_deep: u64,
}

impl Default for UnknownFields {
    fn default() -> Self {
        Self { fields: BoundedMap::new(MAX_UNKNOWN_FIELDS), left_out: 0, too_deep: 0 }
    }
}

impl UnknownFields {
    /// Counts the member `name` of an object; `path` is that of the object with a `/` at the end.
    pub(super) fn member(&mut self, path: &mut String, name: &str, value: Raw<'_>, time: RecordTime) {
        let length = path.len();
        if name.contains(['~', '/']) {
            path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        } else {
            path.push_str(name);
        }
        self.count_value(path, value, time);
        path.truncate(length);
    }

    fn count_value(&mut self, path: &mut String, value: Raw<'_>, time: RecordTime) {
        if path.len() > MAX_PATH_BYTES {
            self.left_out += 1;
            return;
        }
        let slot = self.fields.get_or_insert(path, || FieldCounter::new(ExpectedValue::Any));
        self.left_out += slot.evicted.map_or(0, |field: FieldCounter| field.present());
        match slot.value {
            Some(field) => field.observe(value.as_str().as_bytes(), Validity::Invalid, time),
            None => self.left_out += 1,
        }
        self.nested(path, value, time);
    }

    /// Counts what is nested in an object or an array.
    pub(super) fn nested(&mut self, path: &mut String, value: Raw<'_>, time: RecordTime) {
        if !matches!(value.kind(), JsonType::Object | JsonType::Array) {
            return;
        }
        let depth = path.bytes().filter(|byte| matches!(byte, b'/' | b'[')).count();
        if depth > MAX_DEPTH {
            self.too_deep += 1;
            return;
        }
        let length = path.len();
        if value.kind() == JsonType::Object {
            path.push('/');
            for (name, value) in value.members() {
                self.member(path, &name, value, time);
            }
        } else {
            path.push_str("[]");
            for element in value.elements() {
                self.count_value(path, element, time);
            }
        }
        path.truncate(length);
    }
}

/// Returns a name of at most `max` bytes, or its start with `…`.
pub(super) fn shortened<'a>(name: &'a Cow<'a, str>, max: usize) -> Cow<'a, str> {
    if name.len() <= max { Cow::Borrowed(name) } else { Cow::Owned(format!("{}…", prefix(name, max))) }
}
