//! JSON text of strings, numbers, UUIDs and timestamps.
//!
//! Values that many events share are spelled once and then copied.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write as _;

use cloudconnexa_validator::catalog::{EVENTS, FieldSpec, HEADER, Kind};

use crate::random::Random;

#[cfg(test)]
mod tests;

/// How strings are spelled in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Spelling {
    /// Unescaped wherever JSON allows it.
    #[default]
    Plain,
    /// At least one escape per string, and all characters beyond ASCII escaped. The values are those of `Plain`.
    Escaped,
    /// Unescaped, with letters of two and three bytes in every string that is not a known value of the schema.
    NonAscii,
}

impl Spelling {
    /// Returns `text` as a JSON string.
    pub(crate) fn json(self, text: &str) -> String {
        if self == Self::NonAscii {
            return Self::Plain.json(&non_ascii(text));
        }
        let mut json = String::with_capacity(text.len() + 8);
        json.push('"');
        for (at, c) in text.chars().enumerate() {
            match c {
                '"' | '\\' => json.extend(['\\', c]),
                _ if c.is_control() || self == Self::Escaped && (at == 0 || !c.is_ascii()) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        let _ = write!(json, "\\u{unit:04x}");
                    }
                }
                '/' if self == Self::Escaped => json.push_str("\\/"),
                _ => json.push(c),
            }
        }
        json.push('"');
        json
    }
}

/// Replaces letters by ones beyond ASCII, unless the text is a known value of some field.
fn non_ascii(text: &str) -> Cow<'_, str> {
    let is_known = |field: &FieldSpec| matches!(field.kind, Kind::Vocabulary(known) if known.iter().any(|known| known.value == text));
    if HEADER.iter().chain(EVENTS.iter().filter_map(|event| event.log).flatten()).any(is_known) {
        return Cow::Borrowed(text);
    }
    let letter = |letter| match letter {
        'a' => 'á',
        'e' => 'é',
        'i' => '語',
        'o' => 'ö',
        _ => letter,
    };
    let letters: String = text.chars().map(letter).collect();
    Cow::Owned(if letters.is_ascii() { format!("ü{letters}") } else { letters })
}

/// Appends a JSON string of random hexadecimal digits in groups, such as a UUID.
fn hexadecimal(random: &mut Random, groups: &[usize], digits: &[u8; 16], out: &mut Vec<u8>) {
    out.push(b'"');
    for (number, &length) in groups.iter().enumerate() {
        if number > 0 {
            out.push(b'-');
        }
        let mut bits = random.bits();
        for _ in 0..length {
            out.push(digits[(bits & 15) as usize]);
            bits >>= 4;
        }
    }
    out.push(b'"');
}

/// Appends a random UUID of version 4.
pub(crate) fn uuid(random: &mut Random, out: &mut Vec<u8>) {
    let start = out.len();
    hexadecimal(random, &[8, 4, 4, 4, 12], b"0123456789abcdef", out);
    out[start + 15] = b'4';
    out[start + 20] = b"89ab"[random.index(4)];
}

/// The case of hexadecimal digits.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Case {
    Lower,
    Upper,
}

/// Returns a random UUID of version 4 as JSON text.
pub(crate) fn new_uuid(random: &mut Random, case: Case) -> String {
    let mut json = Vec::new();
    uuid(random, &mut json);
    let json = String::from_utf8(json).expect("digits");
    match case {
        Case::Lower => json,
        Case::Upper => json.to_ascii_uppercase(),
    }
}

/// Appends a number.
pub(crate) fn number(number: u64, out: &mut Vec<u8>) {
    let _ = write!(out, "{number}");
}

/// Formats times in microseconds since 1970 as timestamps.
#[derive(Clone, Debug, Default)]
pub(crate) struct TimestampWriter {
    /// The last day, in days since 1970, and its text: most events fall on the same day as the one before.
    day: Option<(u64, String)>,
}

impl TimestampWriter {
    /// Appends `micros` since 1970 as a JSON string.
    pub(crate) fn write(&mut self, micros: u64, out: &mut Vec<u8>) {
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        let (day, second) = (seconds / 86_400, seconds % 86_400);
        if self.day.as_ref().is_none_or(|(known, _)| *known != day) {
            self.day = Some((day, date(day)));
        }
        let date = self.day.as_ref().map_or("", |(_, date)| date);
        out.push(b'"');
        out.extend_from_slice(date.as_bytes());
        for (separator, part) in [(b'T', second / 3600), (b':', second / 60 % 60), (b':', second % 60)] {
            out.push(separator);
            digits(part, 2, out);
        }
        out.push(b'.');
        digits(fraction, 6, out);
        out.extend_from_slice(b"Z\"");
    }
}

/// Appends the last `count` digits of `number`.
fn digits(mut number: u64, count: usize, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + count, b'0');
    for digit in out[start..].iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
}

/// Returns the date that is `day` days after 1970-01-01.
pub(crate) fn date(mut day: u64) -> String {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while day >= 365 + u64::from(is_leap(year)) {
        day -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while day >= lengths[month] {
        day -= lengths[month];
        month += 1;
    }
    format!("{year:04}-{:02}-{:02}", month + 1, day + 1)
}
