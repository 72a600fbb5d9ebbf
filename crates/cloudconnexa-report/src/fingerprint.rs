//! The identity of a finding from one run to the next, wherever its line has moved to.

use std::borrow::Cow;
use std::fmt;
use std::hash::Hasher as _;

use cloudconnexa_validator::Finding;
use cloudconnexa_validator::catalog::is_plausible_name;
use siphasher::sip128::{Hasher128 as _, SipHasher13};

/// The identity of findings of one rule about one field of one kind of event in one file.
///
/// Baselines and CI services recognise findings by it, so it does not change with the line, the values of the event or
/// the wording. `Display` writes 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub(crate) u128);

impl Fingerprint {
    /// Computes the fingerprint.
    ///
    /// `path` is that of the file, from the root of the repository. `key` tells findings of a rule at one pointer apart,
    /// such as the name of a missing field.
    pub fn new(rule: &str, path: &str, event: Option<&str>, pointer: &str, key: &str) -> Self {
        let mut hasher = SipHasher13::new();
        for part in [rule, path, event.unwrap_or_default(), pointer, key] {
            hasher.write(part.as_bytes());
            // UTF-8 never contains this byte, so the boundary between parts matters.
            hasher.write_u8(0xff);
        }
        Self(hasher.finish128().as_u128())
    }

    /// Computes the fingerprint of a finding in the file `path`, about an event of the name `event`.
    ///
    /// A name that could be anything but a name is a value and has no part in it; pointer and key are shortened.
    pub fn of_finding(finding: &Finding, path: &str, event: Option<&str>) -> Self {
        let name = event.filter(|name| is_plausible_name(name));
        let (pointer, key) =
            (shorten(finding.pointer(), MAX_POINTER_BYTES), shorten(finding.key(), MAX_POINTER_BYTES));
        Self::new(finding.rule().id, path, name, &pointer, &key)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// The maximum length of an event's name that is counted and shown as it is, in bytes.
pub const MAX_NAME_BYTES: usize = 64;

/// The maximum length of a finding's pointer, and of its key, that is reported as it is, in bytes.
pub const MAX_POINTER_BYTES: usize = 1000;

/// Cuts text that is longer than `max` bytes, and appends an ellipsis.
pub fn shorten(text: &str, max: usize) -> Cow<'_, str> {
    if text.len() <= max {
        return Cow::Borrowed(text);
    }
    let end = (0..=max).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
    Cow::Owned(format!("{}…", &text[..end]))
}

#[cfg(test)]
mod tests;
