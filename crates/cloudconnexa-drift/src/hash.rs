//! Hashes that never change: people keep profiles that contain them.

#[cfg(test)]
mod tests;

use std::hash::Hasher as _;

use siphasher::sip::SipHasher13;

/// The first character of a fingerprint that replaces a text.
const MARK: char = '?';

/// Returns the hash of a text.
pub(crate) fn hash(text: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(text);
    hasher.finish()
}

/// Returns the fingerprint that replaces a text that is not shown. Somebody who guesses the text can confirm the guess, no more.
pub(crate) fn fingerprint(text: &str) -> String {
    format!("{MARK}{:016x}", key_hash(text))
}

/// Returns the hash of a key, which is the same for a text and for its fingerprint.
pub(crate) fn key_hash(key: &str) -> u64 {
    is_fingerprint(key)
        .then(|| u64::from_str_radix(&key[1..], 16).ok())
        .flatten()
        .unwrap_or_else(|| hash(key.as_bytes()))
}

/// Returns whether a key is a fingerprint.
pub(crate) fn is_fingerprint(key: &str) -> bool {
    let lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    key.strip_prefix(MARK).is_some_and(|digits| digits.len() == 16 && digits.bytes().all(lower_hex))
}
