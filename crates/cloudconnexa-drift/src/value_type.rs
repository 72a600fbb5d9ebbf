//! The types of values: those of JSON, and formats of strings.

#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use cloudconnexa_events::UtcMicros;

/// The type of a value: that of JSON, or what a string or a number holds in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ValueType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// An integer.
    Integer,
    /// An integer outside of the bounds that the built-in schema sets for the field.
    IntegerOutOfBounds,
    /// A number that is not an integer.
    Number,
    /// A string in none of the formats below.
    String,
    /// The empty string.
    EmptyString,
    /// The string `null`.
    NullString,
    /// A string that is a date and time as in RFC 3339.
    DateTime,
    /// A string that is a UUID.
    Uuid,
    /// A string that is an IPv4 address.
    Ipv4,
    /// A string that is an IPv6 address.
    Ipv6,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl ValueType {
    /// All types, in order.
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

    /// Returns the name of the type, for use in a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::IntegerOutOfBounds => "integer out of bounds",
            Self::Number => "number that is not an integer",
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

    /// Returns the type of JSON Schema, which has integers as a type of their own.
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

    /// Returns whether values of this type are strings.
    #[must_use]
    pub fn is_string(self) -> bool {
        self.json_type() == "string"
    }

    /// Returns the type of a string.
    pub(crate) fn of_string(text: &[u8]) -> Self {
        match text {
            b"" => Self::EmptyString,
            b"null" => Self::NullString,
            [first, ..] if text.len() <= 64 && (first.is_ascii_hexdigit() || *first == b':') => {
                detect_format(text)
            }
            _ => Self::String,
        }
    }
}

fn detect_format(text: &[u8]) -> ValueType {
    match text.len() {
        36 if is_uuid(text) => return ValueType::Uuid,
        17.. if text[4] == b'-' && text[7] == b'-' => {
            let text = str::from_utf8(text).unwrap_or_default();
            return if UtcMicros::parse(text).is_some() { ValueType::DateTime } else { ValueType::String };
        }
        _ => {}
    }
    // Most strings end here: an address has a separator after at most four digits.
    if !text.iter().take(5).any(|byte| matches!(byte, b':' | b'.')) {
        return ValueType::String;
    }
    if !text.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')) {
        return ValueType::String;
    }
    let text = str::from_utf8(text).unwrap_or_default();
    if text.contains(':') && text.parse::<Ipv6Addr>().is_ok() {
        ValueType::Ipv6
    } else if text.contains('.') && text.parse::<Ipv4Addr>().is_ok() {
        ValueType::Ipv4
    } else {
        ValueType::String
    }
}

/// Checks without a branch for each byte: many strings are UUIDs.
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
