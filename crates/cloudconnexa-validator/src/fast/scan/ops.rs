//! The operations on many bytes that scanning needs.

/// Operations on many bytes. In masks, the lowest bit is that of the first byte.
pub(crate) trait Scan {
    /// Marks quotes, backslashes, control characters, and bytes beyond ASCII.
    fn not_plain(bytes: &[u8; 32]) -> u32;

    /// Marks quotes, backslashes and control characters.
    fn not_text(bytes: &[u8; 32]) -> u32;

    /// Marks bytes that are not white space of JSON.
    fn not_space(bytes: &[u8; 32]) -> u32;

    /// Marks bytes that are not decimal digits.
    fn not_digit(bytes: &[u8; 16]) -> u32;

    /// Returns whether the bytes in `mask` equal those of `name`. They are the first ones, with or without the very first.
    fn has(bytes: &[u8; 32], name: &[u8; 32], mask: u32) -> bool;

    /// Returns whether the bytes are a UUID with hyphens, in upper or lower case.
    fn is_uuid(bytes: &[u8; 36]) -> bool;
}
