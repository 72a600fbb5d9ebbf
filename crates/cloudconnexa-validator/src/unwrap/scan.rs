//! Goes over the values of a JSON text without building anything.
//!
//! It looks for what a text holds, not for what is wrong with it: of a text that is malformed, it sees the part before the
//! fault, and any bytes come to an end.

use std::ops::Range;

/// The key and the start of the value of a member of an object.
pub(super) struct Member {
    /// The range of the key, without quotes.
    pub(super) key: Range<usize>,
    /// The offset of the value.
    pub(super) value: usize,
}

/// Returns the offset of the first byte from `at` on that is not white space.
pub(super) fn skip_whitespace(text: &[u8], at: usize) -> usize {
    skip(text, at, |byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

fn skip_separators(text: &[u8], at: usize) -> usize {
    skip(text, at, |byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b','))
}

fn skip(text: &[u8], at: usize, is_skipped: impl Fn(u8) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.iter().position(|byte| !is_skipped(*byte)).map_or(text.len(), |length| at + length)
}

/// Returns the next member of an object, of which `at` is inside, between two members.
pub(super) fn member(text: &[u8], at: usize) -> Option<Member> {
    let start = skip_separators(text, at);
    if text.get(start) != Some(&b'"') {
        return None;
    }
    let end = string_end(text, start);
    let colon = skip_whitespace(text, end);
    let value = skip_whitespace(text, colon + 1);
    let is_whole = text.get(colon) == Some(&b':') && value < text.len();
    is_whole.then(|| Member { key: start + 1..end - 1, value })
}

/// Returns the offset of the next element of an array, of which `at` is inside, between two elements.
pub(super) fn element(text: &[u8], at: usize) -> Option<usize> {
    let start = skip_separators(text, at);
    text.get(start).is_some_and(|byte| !matches!(byte, b']' | b'}')).then_some(start)
}

/// Returns the offset after the bracket that closes the container of which `at` is inside, after its last value.
pub(super) fn close(text: &[u8], at: usize) -> usize {
    (skip_separators(text, at) + 1).min(text.len())
}

/// Returns the offset after the string whose opening quote is at `at`.
pub(super) fn string_end(text: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        match memchr::memchr2(b'"', b'\\', rest) {
            None => return text.len(),
            Some(length) if rest[length] == b'"' => return at + length + 1,
            Some(length) => at += length + 2,
        }
    }
}

/// Returns whether the string whose opening quote is at `start` ends with a quote before `end`.
pub(super) fn is_closed(text: &[u8], start: usize, end: usize) -> bool {
    end >= start + 2 && text.get(end - 1) == Some(&b'"') && string_end(text, start) == end
}

/// Returns the offset after the value at `at`, which is greater than `at` unless the text ends there.
pub(super) fn value_end(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        None => text.len(),
        Some(b'"') => string_end(text, at).min(text.len()),
        Some(b'{' | b'[') => container_end(text, at),
        Some(_) => scalar_end(text, at),
    }
}

fn container_end(text: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                at = string_end(text, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 1 => return at + 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

fn scalar_end(text: &[u8], at: usize) -> usize {
    let ends = |byte: &u8| {
        matches!(byte, b',' | b'}' | b']' | b'{' | b'[' | b'"' | b':' | b' ' | b'\t' | b'\r' | b'\n')
    };
    let rest = &text[at + 1..];
    rest.iter().position(ends).map_or(text.len(), |length| at + 1 + length)
}
