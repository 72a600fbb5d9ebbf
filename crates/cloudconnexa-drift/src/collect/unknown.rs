//! Keeps unknown names up to a bound, by a rule that does not depend on the order of records.

use std::borrow::Cow;

use cloudconnexa_validator::outline::{JsonType, Raw};

use super::Validity;
use super::bounded_map::BoundedMap;
use super::field::{ExpectedValue, FieldCounter, RecordTime};
use crate::profile::{MAX_DEPTH, MAX_PATH_BYTES, MAX_UNKNOWN_FIELDS, prefix};

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
