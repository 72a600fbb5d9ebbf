//! Tells events from other objects by the names of their fields.

/// The name that nothing but an event of ours has.
const VERSION: &[u8] = b"CloudConnexaLogVersion";

/// Fields of the header that few other records have. `timestamp` and `log` are not among them: those of shippers have both.
const OTHERS: [&[u8]; 7] =
    [b"eventName", b"cloudId", b"service", b"traceId", b"initiator", b"initiatorType", b"category"];

/// An object without a version is an event if it has as many of the others.
const ENOUGH: u32 = 4;

/// The fields of the header that were seen in an object.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Likeness(u8);

impl Likeness {
    /// Adds a field.
    pub(super) fn add(&mut self, name: &[u8]) {
        if name == VERSION {
            self.0 |= 1 << OTHERS.len();
        } else if let Some(index) = OTHERS.iter().position(|other| *other == name) {
            self.0 |= 1 << index;
        }
    }

    /// Whether an object with these fields is meant to be an event, though it may be broken.
    pub(super) fn is_event(self) -> bool {
        self.0 >> OTHERS.len() != 0 || self.0.count_ones() >= ENOUGH
    }
}

/// Returns whether a text has the field that nothing but an event has, wherever that is.
pub(super) fn has_version(text: &str) -> bool {
    text.contains("\"CloudConnexaLogVersion\"")
}

/// Returns whether a string may hold an event, as it is written: it has the name of a field that all events have, and of which
/// one may be broken, or it has letters that are written as numbers.
pub(super) fn may_hold_event(raw: &str) -> bool {
    let has = |name| memchr::memmem::find(raw.as_bytes(), name).is_some();
    has(b"\\u") || raw.contains('{') && (has(VERSION) || has(OTHERS[0]) || has(OTHERS[3]))
}
