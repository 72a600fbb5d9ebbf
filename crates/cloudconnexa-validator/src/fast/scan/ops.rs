//! What a scanner asks about several bytes at once.

/// Questions about some bytes. The lowest bit of an answer is that of the first byte.
pub(crate) trait Scan {
    /// Which bytes are a quote, a backslash, a control character or not ASCII.
    fn not_plain(bytes: &[u8; 32]) -> u32;

    /// Which bytes are a quote, a backslash or a control character.
    fn not_text(bytes: &[u8; 32]) -> u32;

    /// Which bytes are none of the four that JSON has between tokens.
    fn not_space(bytes: &[u8; 32]) -> u32;

    /// Which bytes are no decimal digits.
    fn not_digit(bytes: &[u8; 16]) -> u32;

    /// Whether the bytes from `first`, 0 or 1, to `end`, at most 32, are those of `name`.
    fn has(bytes: &[u8; 32], name: &[u8; 32], first: usize, end: usize) -> bool;

    /// Whether they are a UUID in its hyphenated form, in any letter case.
    fn is_uuid(bytes: &[u8; 36]) -> bool;
}
