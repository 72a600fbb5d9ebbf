//! Strings: where one ends, and its decoded text.

use std::borrow::Cow;

/// A defect of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StringFault {
    /// The text ends before the closing quote.
    Unclosed,
    /// An unescaped control character.
    Control,
    /// An invalid escape.
    Escape,
    /// Half of a surrogate pair.
    LoneSurrogate,
}

/// Scans the string whose opening quote is at `start`.
///
/// Returns the offset after its closing quote and whether it has escapes, or the defect and its position.
pub(super) fn scan(text: &[u8], start: usize) -> Result<(usize, bool), (usize, StringFault)> {
    let mut at = start + 1;
    let mut escaped = false;
    loop {
        at = end_of_text(text, at);
        match text.get(at) {
            None => return Err((text.len(), StringFault::Unclosed)),
            Some(b'"') => return Ok((at + 1, escaped)),
            Some(b'\\') => {
                escaped = true;
                at = escape(text, at)?;
            }
            Some(_) => return Err((at, StringFault::Control)),
        }
    }
}

/// Returns the offset of the first quote, backslash or control character from `at` on, or the length of the text.
///
/// Eight bytes at a time: most strings are too short for a call of a search function to pay off.
fn end_of_text(text: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    // Sets the highest bit of bytes below `limit`. Bytes above the lowest one that is set may be set wrongly.
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & (ONES << 7);
    let is = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    while let Some(chunk) = text.get(at..).and_then(|rest| rest.first_chunk()) {
        let word = u64::from_le_bytes(*chunk);
        let found = is(word, b'"') | is(word, b'\\') | below(word, b' ');
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = text.get(at..).unwrap_or_default();
    let found = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..b' '));
    found.map_or(text.len(), |length| at + length)
}

/// Scans the escape at `at`. For a surrogate pair, both escapes.
fn escape(text: &[u8], at: usize) -> Result<usize, (usize, StringFault)> {
    match text.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => match unit(text, at)? {
            0xD800..0xDC00 => {
                if text.get(at + 6) != Some(&b'\\') || text.get(at + 7) != Some(&b'u') {
                    return Err((at, StringFault::LoneSurrogate));
                }
                match unit(text, at + 6)? {
                    0xDC00..0xE000 => Ok(at + 12),
                    _ => Err((at, StringFault::LoneSurrogate)),
                }
            }
            0xDC00..0xE000 => Err((at, StringFault::LoneSurrogate)),
            _ => Ok(at + 6),
        },
        Some(_) => Err((at, StringFault::Escape)),
        None => Err((text.len(), StringFault::Unclosed)),
    }
}

/// Parses the UTF-16 code unit of the `\u` escape at `at`.
fn unit(text: &[u8], at: usize) -> Result<u32, (usize, StringFault)> {
    let mut value = 0;
    for index in at + 2..at + 6 {
        let &byte = text.get(index).ok_or((text.len(), StringFault::Unclosed))?;
        let digit = char::from(byte).to_digit(16).ok_or((at, StringFault::Escape))?;
        value = value << 4 | digit;
    }
    Ok(value)
}

/// Decodes the inside of a scanned string.
pub fn decode(inside: &str) -> Cow<'_, str> {
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    Cow::Owned(characters(inside).collect())
}

/// Returns the characters of the inside of a scanned string.
pub fn characters(inside: &str) -> impl Iterator<Item = char> {
    let mut rest = inside;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (character, length) =
            if first == '\\' { escaped(rest.as_bytes()) } else { (first, first.len_utf8()) };
        rest = rest.get(length..)?;
        Some(character)
    })
}

/// Decodes an escape. Also returns its length in bytes.
fn escaped(escape: &[u8]) -> (char, usize) {
    match escape.get(1).copied().unwrap_or_default() {
        b'b' => ('\u{8}', 2),
        b'f' => ('\u{c}', 2),
        b'n' => ('\n', 2),
        b'r' => ('\r', 2),
        b't' => ('\t', 2),
        b'u' => match unit(escape, 0).unwrap_or_default() {
            high @ 0xD800..0xDC00 => {
                let low = unit(escape, 6).unwrap_or_default();
                (scalar(0x10000 + ((high & 0x3FF) << 10 | low & 0x3FF)), 12)
            }
            unit => (scalar(unit), 6),
        },
        itself => (char::from(itself), 2),
    }
}

/// Converts a code point. The scan has rejected lone surrogates.
fn scalar(code: u32) -> char {
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, (usize, StringFault)> {
        let (end, escaped) = scan(text.as_bytes(), 0)?;
        assert_eq!(escaped, text[1..end - 1].contains('\\'), "{text}");
        Ok(decode(&text[1..end - 1]).into_owned())
    }

    #[test]
    fn a_string_is_decoded() {
        assert_eq!(read(r#""plain ü 🦀" and more"#).unwrap(), "plain ü 🦀");
        assert_eq!(read(r#""\"\\\/\b\f\n\r\t\u00e9\u0000""#).unwrap(), "\"\\/\u{8}\u{c}\n\r\té\0");
        assert_eq!(read(r#""a\ud83e\uDD80z""#).unwrap(), "a🦀z");
    }

    #[test]
    fn a_broken_string_is_refused_where_it_breaks() {
        use StringFault::{Control, Escape, LoneSurrogate, Unclosed};
        for (text, at, fault) in [
            (r#""abc"#, 4, Unclosed),
            (r#""abc\"#, 5, Unclosed),
            (r#""\u12"#, 5, Unclosed),
            ("\"a\nb\"", 2, Control),
            ("\"a\0b\"", 2, Control),
            (r#""a\xb""#, 2, Escape),
            (r#""a\u12g4""#, 2, Escape),
            (r#""a\u+123""#, 2, Escape),
            (r#""\ud83e""#, 1, LoneSurrogate),
            (r#""\ud83e\u0041""#, 1, LoneSurrogate),
            (r#""\udd80""#, 1, LoneSurrogate),
        ] {
            assert_eq!(read(text), Err((at, fault)), "{text}");
        }
    }
}
