//! What makes two findings the same from one run to the next, wherever their lines have moved to.

use std::fmt;
use std::hash::Hasher as _;

use siphasher::sip128::{Hasher128 as _, SipHasher13};

/// The same for findings of one rule about one field of one kind of event in one file. Baselines and forges know
/// findings by it, so it must not change with the line, the values of the event, or the wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Fingerprint(pub(crate) u128);

impl Fingerprint {
    /// `path`: of the file, from the root of the repository. `key`: what tells findings of a rule at one place apart.
    pub(crate) fn new(rule: &str, path: &str, event: Option<&str>, pointer: &str, key: &str) -> Self {
        let mut hasher = SipHasher13::new();
        for part in [rule, path, event.unwrap_or_default(), pointer, key] {
            hasher.write(part.as_bytes());
            // No UTF-8 has this byte: where a part ends makes a difference.
            hasher.write_u8(0xff);
        }
        Self(hasher.finish128().as_u128())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    /// Baselines of people hold these: another value here makes all of them useless.
    #[test]
    fn is_the_same_for_ever() {
        let one = Fingerprint::new("missing-field", "a.json", Some("test-message"), "", "traceId");
        assert_eq!(one.to_string(), "5409256e296a11bb16867f8944a0d6da");
        assert_ne!(one, Fingerprint::new("missing-field", "a.json", Some("test-message"), "traceId", ""));
    }
}
