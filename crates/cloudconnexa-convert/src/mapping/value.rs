//! Writes single values.

use cloudconnexa_events::UtcMicros;
use cloudconnexa_validator::outline::Raw;
use cloudconnexa_validator::view::FieldReader;

use super::number::{push_digits, push_integer};
use super::{LOG, Write, push_escaped};

/// The value of a field of an event.
#[derive(Clone, Copy)]
pub(super) struct Found<'e> {
    raw: Raw<'e>,
    /// The value as it is written.
    pub(super) json: &'e [u8],
    may_have_escapes: bool,
}

impl<'e> Found<'e> {
    #[inline]
    pub(super) fn new(fields: FieldReader<'_, 'e>, field: u8) -> Option<Self> {
        let index = usize::from(field & !LOG);
        let raw = if field & LOG == 0 { fields.header_at(index) } else { fields.log_at(index) }?;
        let may_have_escapes = fields.event().may_have_escapes();
        Some(Self { raw, json: raw.as_str().as_bytes(), may_have_escapes })
    }

    /// Returns what is between the quotes of a string.
    fn inside(&self) -> Option<&'e [u8]> {
        if let [b'"', inside @ .., b'"'] = self.json { Some(inside) } else { None }
    }

    fn has_escapes(&self) -> bool {
        self.may_have_escapes && self.json.contains(&b'\\')
    }

    /// Returns whether it stands for none: it is null, an empty text, or the text `null`, which the vendor writes.
    #[inline]
    pub(super) fn is_absent(&self) -> bool {
        match self.json.len() {
            2 => self.json == b"\"\"",
            4 => self.json == b"null",
            6 => self.json == b"\"null\"",
            _ => self.has_escapes() && self.raw.text().as_deref() == Some("null"),
        }
    }

    /// Returns whether it is the value that is written as `json`.
    #[inline]
    pub(super) fn is(&self, json: &str) -> bool {
        self.json == json.as_bytes() || self.has_escapes() && self.is_escaped(json)
    }

    #[cold]
    fn is_escaped(&self, json: &str) -> bool {
        let inside = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
        self.raw.text().as_deref() == inside
    }

    /// Returns an integer, however it is written: JSON Schema takes `4.0` and `4e0` for integers.
    fn integer(&self) -> Option<u64> {
        let is_usual = self.json.len() < 20 && self.json.iter().all(u8::is_ascii_digit);
        if !is_usual {
            return self.raw.integer();
        }
        Some(self.json.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')))
    }

    /// Returns a time, and whether it is written in the usual form, which is in UTC.
    fn time(&self) -> Option<(UtcMicros, bool)> {
        match UtcMicros::parse_usual(self.inside()?) {
            Some(time) => Some((time, true)),
            None => Some((self.raw.time()?, false)),
        }
    }
}

impl Write {
    /// Appends a member with a value and the comma after it. Returns `false`, and appends nothing, if the value has no place
    /// there.
    #[inline]
    pub(super) fn push(self, out: &mut Vec<u8>, key: &str, value: Found<'_>) -> bool {
        match self {
            Self::Copy => copy(out, key, value.json),
            Self::Integer => {
                // Few readers take `4.0` for an integer.
                if value.json.iter().all(u8::is_ascii_digit) {
                    copy(out, key, value.json)
                } else {
                    number(out, key, value.integer(), u64::MAX)
                }
            }
            Self::Quoted => {
                let Some(value) = value.integer() else { return false };
                out.extend_from_slice(key.as_bytes());
                out.push(b'"');
                push_digits(out, value);
                out.extend_from_slice(b"\",");
                true
            }
            Self::UnixMillis => {
                let Some((time, _)) = value.time() else { return false };
                out.extend_from_slice(key.as_bytes());
                push_integer(out, time.unix_micros().div_euclid(1000));
                out.push(b',');
                true
            }
            Self::Rfc3339 => match value.time() {
                None => false,
                Some((_, true)) => copy(out, key, value.json),
                Some((time, false)) => copy(out, key, format!("\"{time}\"").as_bytes()),
            },
            Self::Scaled { factor, limit } => {
                number(out, key, value.integer().and_then(|value| value.checked_mul(factor)), limit)
            }
            Self::Number { limit } => number(out, key, number_in_text(value), limit),
            Self::Lowercase => {
                lowercase(out, key, value);
                true
            }
            Self::Map { rows, other } => map(out, value, rows, other),
        }
    }
}

#[inline]
fn copy(out: &mut Vec<u8>, key: &str, json: &[u8]) -> bool {
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(json);
    out.push(b',');
    true
}

fn number(out: &mut Vec<u8>, key: &str, value: Option<u64>, limit: u64) -> bool {
    let Some(value) = value.filter(|value| *value <= limit) else { return false };
    out.extend_from_slice(key.as_bytes());
    push_digits(out, value);
    out.push(b',');
    true
}

/// Returns the number that a text is. One with leading zeros or a sign is not how the vendor writes a number.
fn number_in_text(value: Found<'_>) -> Option<u64> {
    match value.inside()? {
        b"0" => Some(0),
        digits @ [b'1'..=b'9', ..] if digits.len() < 20 && digits.iter().all(u8::is_ascii_digit) => {
            Some(digits.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')))
        }
        _ if value.has_escapes() => {
            let text = value.raw.text()?;
            let number: u64 = text.parse().ok()?;
            (number.to_string() == text).then_some(number)
        }
        _ => None,
    }
}

fn lowercase(out: &mut Vec<u8>, key: &str, value: Found<'_>) {
    if value.json.is_ascii() && !value.has_escapes() {
        let start = out.len() + key.len();
        copy(out, key, value.json);
        out.get_mut(start..).unwrap_or_default().make_ascii_lowercase();
        return;
    }
    let text = value.raw.text().unwrap_or_default();
    out.extend_from_slice(key.as_bytes());
    out.push(b'"');
    push_escaped(out, text.to_lowercase().as_bytes());
    out.extend_from_slice(b"\",");
}

fn map(out: &mut Vec<u8>, value: Found<'_>, rows: &[(&str, &str)], other: &str) -> bool {
    let row = rows.iter().find(|(from, _)| value.is(from));
    let row = row.or_else(|| {
        // An integer may be written as a float.
        let value = value.integer()?.to_string();
        rows.iter().find(|(from, _)| *from == value)
    });
    match row {
        Some((_, members)) => {
            out.extend_from_slice(members.as_bytes());
            true
        }
        None if other.is_empty() => false,
        None => copy(out, other, value.json),
    }
}
