//! Names that no schema knows: as many as there is room for, told by a rule that does not depend on the order.

use std::borrow::Cow;
use std::collections::HashMap;

use cloudconnexa_validator::outline::{JsonType, Raw};

use super::field::{FieldCounter, Time, Watch};
use crate::hash::key_hash;
use crate::profile::{FIELDS, LEVELS, PATH, begin};

/// The entries with the least hashes of all that came. What is kept was kept since it first came: there was always room.
#[derive(Debug)]
pub(super) struct Bounded<T> {
    most: usize,
    entries: HashMap<Box<str>, (u64, T)>,
    /// The greatest that is kept, once it is full.
    worst: Option<(u64, Box<str>)>,
}

/// Where something belongs, if there is room; and what had to go for it.
pub(super) struct Room<'a, T> {
    pub(super) value: Option<&'a mut T>,
    pub(super) evicted: Option<T>,
}

impl<T> Bounded<T> {
    pub(super) fn new(most: usize) -> Self {
        Self { most, entries: HashMap::new(), worst: None }
    }

    pub(super) fn get_or_insert(&mut self, key: &str, make: impl FnOnce() -> T) -> Room<'_, T> {
        let mut evicted = None;
        if !self.entries.contains_key(key) {
            let hash = key_hash(key);
            if let Some((worst, name)) = &self.worst {
                if (hash, key) > (*worst, name) {
                    return Room { value: None, evicted: None };
                }
                evicted = self.entries.remove(name).map(|(_, value)| value);
            }
            self.entries.insert(key.into(), (hash, make()));
            if self.entries.len() >= self.most {
                let worst = self.entries.iter().map(|(key, (hash, _))| (*hash, key)).max();
                self.worst = worst.map(|(hash, key)| (hash, key.clone()));
            }
        }
        Room { value: self.entries.get_mut(key).map(|(_, value)| value), evicted }
    }

    pub(super) fn into_entries(self) -> impl Iterator<Item = (String, T)> {
        self.entries.into_iter().map(|(key, (_, value))| (key.into(), value))
    }
}

/// Fields of an event that the schema does not describe, with what is inside of them.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) fields: Bounded<FieldCounter>,
    pub(super) left_out: u64,
    pub(super) too_deep: u64,
}

impl Default for Unknown {
    fn default() -> Self {
        Self { fields: Bounded::new(FIELDS), left_out: 0, too_deep: 0 }
    }
}

impl Unknown {
    /// Takes in the member `name` of the object whose path, with a slash behind it, is `path`.
    pub(super) fn member(&mut self, path: &mut String, name: &str, value: Raw<'_>, time: Time) {
        let length = path.len();
        if name.contains(['~', '/']) {
            path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        } else {
            path.push_str(name);
        }
        self.value(path, value, time);
        path.truncate(length);
    }

    fn value(&mut self, path: &mut String, value: Raw<'_>, time: Time) {
        if path.len() > PATH {
            self.left_out += 1;
            return;
        }
        let room = self.fields.get_or_insert(path, || FieldCounter::new(Watch::Any));
        self.left_out += room.evicted.map_or(0, |field: FieldCounter| field.present());
        match room.value {
            Some(field) => field.look(value.as_str().as_bytes(), false, time),
            None => self.left_out += 1,
        }
        self.within(path, value, time);
    }

    /// Takes in what is inside of an object or a list.
    pub(super) fn within(&mut self, path: &mut String, value: Raw<'_>, time: Time) {
        if !matches!(value.kind(), JsonType::Object | JsonType::Array) {
            return;
        }
        let levels = path.bytes().filter(|byte| matches!(byte, b'/' | b'[')).count();
        if levels > LEVELS {
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
                self.value(path, element, time);
            }
        }
        path.truncate(length);
    }
}

/// A name up to so many bytes.
pub(super) fn shortened<'a>(name: &'a Cow<'a, str>, most: usize) -> Cow<'a, str> {
    if name.len() <= most { Cow::Borrowed(name) } else { Cow::Owned(format!("{}…", begin(name, most))) }
}
