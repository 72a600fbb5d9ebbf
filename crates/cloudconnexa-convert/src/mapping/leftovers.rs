//! Writes the fields that a plan does not map, in the structure of the event.

use cloudconnexa_validator::Scope;
use cloudconnexa_validator::catalog::{FieldSpec, HEADER};
use cloudconnexa_validator::outline::Raw;

use super::value::Found;
use super::{LOG, Writer};

/// What becomes of values that stand for none: null, an empty text and the text `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    Keep,
    /// Those of fields that the schema describes. What the others mean is not known.
    Drop,
}

impl Writer<'_, '_, '_> {
    /// Writes the fields that were of no use below `key`, the opening of an object. Returns `false`, and writes nothing, if
    /// there is none.
    pub(crate) fn leftovers(&mut self, key: &str, absent: Absent) -> bool {
        let start = self.out.len();
        self.out.extend_from_slice(key.as_bytes());
        let first = self.out.len();
        let fields = self.fields;
        let event = fields.event();
        self.known(0, absent, HEADER);
        let has_unknown = event.unknown_fields().next().is_some();
        if has_unknown {
            self.unknown(Scope::Header);
        }
        match event.event() {
            Some(spec) => self.log(spec.log.unwrap_or_default(), absent, has_unknown),
            None => self.whole_log(),
        }
        if self.out.len() == first {
            self.out.truncate(start);
            return false;
        }
        self.out.pop();
        self.out.extend_from_slice(b"},");
        true
    }

    /// Writes known fields of an object that were not used. `scope` is 0 for the header and [`LOG`] for the `log`.
    fn known(&mut self, scope: u8, absent: Absent, fields: &'static [FieldSpec]) {
        // `eventName` follows the fields of the header.
        let count = if scope == LOG { fields.len() } else { fields.len() + 1 };
        let mut unused = !self.used[usize::from(scope == LOG)] & (u64::MAX >> (64 - count.clamp(1, 64)));
        while unused != 0 {
            let index = unused.trailing_zeros();
            unused &= unused - 1;
            let number = scope | u8::try_from(index).unwrap_or_default();
            let Some(value) = Found::new(self.fields, number) else { continue };
            if absent == Absent::Drop && value.is_absent() {
                continue;
            }
            let name = fields.get(index as usize).map_or("eventName", |field| field.name);
            self.out.push(b'"');
            self.out.extend_from_slice(name.as_bytes());
            self.out.extend_from_slice(b"\":");
            self.out.extend_from_slice(value.json);
            self.out.push(b',');
        }
    }

    fn log(&mut self, fields: &'static [FieldSpec], absent: Absent, has_unknown: bool) {
        let start = self.out.len();
        self.out.extend_from_slice(b"\"log\":{");
        let first = self.out.len();
        if !fields.is_empty() {
            self.known(LOG, absent, fields);
        }
        if has_unknown {
            self.unknown(Scope::Log);
        }
        if self.out.len() == first {
            self.out.truncate(start);
        } else {
            self.out.pop();
            self.out.extend_from_slice(b"},");
        }
    }

    fn whole_log(&mut self) {
        if let Some(raw) = self.fields.header_at(HEADER.len() + 1) {
            self.out.extend_from_slice(b"\"log\":");
            self.push_on_one_line(raw);
        }
    }

    #[cold]
    fn unknown(&mut self, scope: Scope) {
        let fields = self.fields;
        for member in fields.event().unknown_fields().filter(|member| member.scope == scope) {
            self.out.extend_from_slice(member.key_json().as_bytes());
            self.out.push(b':');
            self.push_on_one_line(member.value());
        }
    }

    /// Copies a value. A record may have several lines, but no string has.
    fn push_on_one_line(&mut self, raw: Raw<'_>) {
        self.out.extend(raw.as_str().bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')));
        self.out.push(b',');
    }
}
