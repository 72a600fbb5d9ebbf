//! What a value is: its type, and the format that a text has.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// What a value is: a type of JSON, or more closely what is in a text or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// An integer.
    Integer,
    /// An integer that is not within the bounds that the schema built in sets for the field.
    IntegerOutOfBounds,
    /// A number that is not an integer.
    Number,
    /// A text in none of the formats below.
    String,
    /// The empty text.
    EmptyString,
    /// The text `null`.
    NullString,
    /// A text that is a date and time by RFC 3339.
    DateTime,
    /// A text that is a UUID.
    Uuid,
    /// A text that is an IPv4 address.
    Ipv4,
    /// A text that is an IPv6 address.
    Ipv6,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl Form {
    /// All of them, in order.
    pub const ALL: [Self; 14] = [
        Self::Null,
        Self::Boolean,
        Self::Integer,
        Self::IntegerOutOfBounds,
        Self::Number,
        Self::String,
        Self::EmptyString,
        Self::NullString,
        Self::DateTime,
        Self::Uuid,
        Self::Ipv4,
        Self::Ipv6,
        Self::Array,
        Self::Object,
    ];

    /// What a sentence calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::IntegerOutOfBounds => "integer out of bounds",
            Self::Number => "number that is no integer",
            Self::String => "string",
            Self::EmptyString => "empty string",
            Self::NullString => "string `null`",
            Self::DateTime => "string (date-time)",
            Self::Uuid => "string (uuid)",
            Self::Ipv4 => "string (ipv4)",
            Self::Ipv6 => "string (ipv6)",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// Its type in JSON Schema, where integers are a type of their own.
    #[must_use]
    pub fn json_type(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer | Self::IntegerOutOfBounds => "integer",
            Self::Number => "number",
            Self::Array => "array",
            Self::Object => "object",
            _ => "string",
        }
    }

    /// Whether it is a text.
    #[must_use]
    pub fn is_text(self) -> bool {
        self.json_type() == "string"
    }

    /// What a text is.
    pub(crate) fn of_text(text: &[u8]) -> Self {
        match text {
            b"" => Self::EmptyString,
            b"null" => Self::NullString,
            [first, ..] if text.len() <= 64 && (first.is_ascii_hexdigit() || *first == b':') => {
                formatted(text)
            }
            _ => Self::String,
        }
    }
}

fn formatted(text: &[u8]) -> Form {
    match text.len() {
        36 if is_uuid(text) => return Form::Uuid,
        17.. if text[4] == b'-' && text[7] == b'-' => {
            let text = str::from_utf8(text).unwrap_or_default();
            return if Moment::parse(text).is_some() { Form::DateTime } else { Form::String };
        }
        _ => {}
    }
    // Most texts go no further: an address has a separator behind four digits at most.
    if !text.iter().take(5).any(|byte| matches!(byte, b':' | b'.')) {
        return Form::String;
    }
    if !text.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')) {
        return Form::String;
    }
    let text = str::from_utf8(text).unwrap_or_default();
    if text.contains(':') && text.parse::<Ipv6Addr>().is_ok() {
        Form::Ipv6
    } else if text.contains('.') && text.parse::<Ipv4Addr>().is_ok() {
        Form::Ipv4
    } else {
        Form::String
    }
}

/// Without a branch for each byte: many texts are UUIDs.
fn is_uuid(text: &[u8]) -> bool {
    let Ok(text) = <&[u8; 36]>::try_from(text) else { return false };
    if [text[8], text[13], text[18], text[23]] != *b"----" {
        return false;
    }
    let mut digits = [0; 32];
    digits[..8].copy_from_slice(&text[..8]);
    digits[8..12].copy_from_slice(&text[9..13]);
    digits[12..16].copy_from_slice(&text[14..18]);
    digits[16..20].copy_from_slice(&text[19..23]);
    digits[20..].copy_from_slice(&text[24..]);
    let is_hex = |byte: u8| (byte.wrapping_sub(b'0') < 10) | ((byte | 0x20).wrapping_sub(b'a') < 6);
    digits.iter().fold(true, |all, byte| all & is_hex(*byte))
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn texts_are_told_by_their_formats() {
        for (text, form) in [
            ("", Form::EmptyString),
            ("null", Form::NullString),
            ("2023-12-20T10:45:14.000000Z", Form::DateTime),
            ("2023-12-20T10:45:14+02:00", Form::DateTime),
            ("2023-12-20 is a day", Form::String),
            ("8EE244A8-90C8-5AFF-8F83-9B7E8290E4A5", Form::Uuid),
            ("8EE244A8-90C8-5AFF-8F83-9B7E8290E4AX", Form::String),
            ("100.96.1.34", Form::Ipv4),
            ("100.96.1.340", Form::String),
            ("fd:0:0:8102::2", Form::Ipv6),
            ("::ffff:1.2.3.4", Form::Ipv6),
            ("443", Form::String),
            ("6582c5be4203d502df029d4a", Form::String),
            ("abc:def", Form::String),
            ("ü", Form::String),
        ] {
            assert_eq!(Form::of_text(text.as_bytes()), form, "{text}");
        }
    }

    #[test]
    fn all_in_order() {
        assert!(Form::ALL.iter().enumerate().all(|(place, form)| *form as usize == place));
    }
}
