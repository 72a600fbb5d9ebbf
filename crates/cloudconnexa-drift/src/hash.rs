//! Hashes that are the same everywhere and for ever: profiles of people hold what is made of them.

use std::hash::Hasher as _;

use siphasher::sip::SipHasher13;

/// What stands in front of a fingerprint that takes the place of a text.
const MARK: char = '?';

/// The hash of a text.
pub(crate) fn hash(text: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(text);
    hasher.finish()
}

/// What takes the place of a text that must not be read: who guesses it can check the guess, and no more.
pub(crate) fn fingerprint(text: &str) -> String {
    format!("{MARK}{:016x}", key_hash(text))
}

/// The hash of a text, which its fingerprint has as well.
pub(crate) fn key_hash(key: &str) -> u64 {
    is_fingerprint(key)
        .then(|| u64::from_str_radix(&key[1..], 16).ok())
        .flatten()
        .unwrap_or_else(|| hash(key.as_bytes()))
}

/// Whether it stands for a text that is not told.
pub(crate) fn is_fingerprint(key: &str) -> bool {
    let lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    key.strip_prefix(MARK).is_some_and(|digits| digits.len() == 16 && digits.bytes().all(lower_hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Profiles of people hold these.
    #[test]
    fn is_the_same_for_ever() {
        let mark = fingerprint("macOS");
        assert_eq!(mark, "?d19cd291808b4f9d");
        assert_eq!((key_hash(&mark), fingerprint(&mark)), (key_hash("macOS"), mark.clone()));
        assert!(is_fingerprint(&mark) && !is_fingerprint("?DC1BB4A3AFEFD2F0") && !is_fingerprint("?"));
    }
}
