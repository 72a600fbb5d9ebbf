//! Values as the JSON text of them: made once, copied into every event that they are part of.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write as _;

use cloudconnexa_validator::catalog::{EVENTS, FieldSpec, HEADER, Kind};

use crate::random::Random;

/// How free texts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As they are.
    Plain,
    /// With an escape in each, and everything beyond ASCII escaped.
    Escaped,
    /// With letters beyond ASCII in each that is not one of a known list, of two and three bytes.
    Foreign,
}

impl Spelling {
    /// The JSON string that says `text`.
    pub(crate) fn json(self, text: &str) -> String {
        if self == Self::Foreign {
            return Self::Plain.json(&foreign(text));
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

/// The text in letters beyond ASCII, unless it is a known value of some field.
fn foreign(text: &str) -> Cow<'_, str> {
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

/// Writes a JSON string of random hexadecimal digits in groups, such as a UUID.
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

/// Writes a random UUID of version 4.
pub(crate) fn uuid(random: &mut Random, out: &mut Vec<u8>) {
    let start = out.len();
    hexadecimal(random, &[8, 4, 4, 4, 12], b"0123456789abcdef", out);
    out[start + 15] = b'4';
    out[start + 20] = b"89ab"[random.index(4)];
}

/// A random UUID as JSON text, in capitals where `capitals` says so.
pub(crate) fn new_uuid(random: &mut Random, capitals: bool) -> String {
    let mut json = Vec::new();
    uuid(random, &mut json);
    let json = String::from_utf8(json).expect("digits");
    if capitals { json.to_ascii_uppercase() } else { json }
}

/// Writes a number.
pub(crate) fn number(number: u64, out: &mut Vec<u8>) {
    let _ = write!(out, "{number}");
}

/// Microseconds since 1970 as timestamps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock {
    /// The day that was written last, and how it is written.
    day: Option<(u64, String)>,
}

impl Clock {
    /// Writes `micros` since 1970 as a JSON string.
    pub(crate) fn write(&mut self, micros: u64, out: &mut Vec<u8>) {
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        let (day, second) = (seconds / 86_400, seconds % 86_400);
        if self.day.as_ref().is_none_or(|(known, _)| *known != day) {
            self.day = Some((day, date(day)));
        }
        let date = self.day.as_ref().map_or("", |(_, date)| date);
        out.push(b'"');
        out.extend_from_slice(date.as_bytes());
        for (mark, part) in [(b'T', second / 3600), (b':', second / 60 % 60), (b':', second % 60)] {
            out.push(mark);
            digits(part, 2, out);
        }
        out.push(b'.');
        digits(fraction, 6, out);
        out.extend_from_slice(b"Z\"");
    }
}

/// Writes the last `count` digits of `number`.
fn digits(mut number: u64, count: usize, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + count, b'0');
    for digit in out[start..].iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
}

/// The date that many days after the first of January 1970.
fn date(mut day: u64) -> String {
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

#[cfg(test)]
mod tests {
    use super::{Clock, Spelling, date};

    #[test]
    fn an_escaped_text_says_the_same() {
        for text in ["", "plain", "a \"quoted\\ text\"", "日本/ü🦀", "a\tb"] {
            for spelling in [Spelling::Plain, Spelling::Escaped] {
                let json = spelling.json(text);
                assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
                assert!(spelling == Spelling::Plain || json.is_ascii());
            }
        }
    }

    #[test]
    fn a_foreign_text_is_beyond_ascii_unless_it_is_a_known_value() {
        for text in ["", "6", "plain", "693bbbde"] {
            assert!(!Spelling::Foreign.json(text).is_ascii(), "{text}");
        }
        assert_eq!(Spelling::Foreign.json("NetworkOrHost"), "\"NetworkOrHost\"");
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(20_819), "2027-01-01");
        let mut out = Vec::new();
        Clock::default().write(1_703_069_114_000_012, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "\"2023-12-20T10:45:14.000012Z\"");
    }
}
