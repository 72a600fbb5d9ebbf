//! What values decode to.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cloudconnexa_events::UtcMicros;
use cloudconnexa_events::scalar::Scalar;
use uuid::Uuid;

use crate::outline::{JsonType, Raw};
use cloudconnexa_tape::decode;

/// A type that the values of fields decode to.
pub(super) trait Decode<'a>: Sized {
    /// Decodes a value, a string in which has escapes only if `escapes` says so. Returns `None` if it is not one of the type,
    /// which the value of a valid event is.
    fn decode(json: &'a [u8], escapes: bool) -> Option<Self>;

    /// Returns what stands for a required field of an invalid event. There is no view of one, and so this is never returned.
    fn nothing() -> Self;
}

/// Returns what is between the quotes of a string.
#[inline]
pub(super) fn inside(json: &[u8]) -> Option<&[u8]> {
    if let [b'"', inside @ .., b'"'] = json { Some(inside) } else { None }
}

/// Decodes a string.
#[inline]
pub(super) fn text(json: &[u8], escapes: bool) -> Option<Cow<'_, str>> {
    let text = str::from_utf8(inside(json)?).ok()?;
    Some(if escapes { decode(text) } else { Cow::Borrowed(text) })
}

impl<'a> Decode<'a> for Cow<'a, str> {
    #[inline]
    fn decode(json: &'a [u8], escapes: bool) -> Option<Self> {
        text(json, escapes)
    }

    fn nothing() -> Self {
        Cow::Borrowed("")
    }
}

impl<'a> Decode<'a> for bool {
    #[inline]
    fn decode(json: &'a [u8], _: bool) -> Option<Self> {
        match json {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        }
    }

    fn nothing() -> Self {
        false
    }
}

/// The usual form is read without a check for UTF-8.
impl<'a> Decode<'a> for UtcMicros {
    #[inline]
    fn decode(json: &'a [u8], escapes: bool) -> Option<Self> {
        UtcMicros::parse_usual(inside(json)?).or_else(|| UtcMicros::parse(&text(json, escapes)?))
    }

    fn nothing() -> Self {
        UtcMicros::from_unix_micros(0)
    }
}

/// Implements [`Decode`] for integers.
macro_rules! integers {
    ($($type:ty)*) => {
        $(impl<'a> Decode<'a> for $type {
            #[inline]
            fn decode(json: &'a [u8], _: bool) -> Option<Self> {
                digits(json).or_else(|| Raw::of(json, 0..json.len())?.integer())?.try_into().ok()
            }

            fn nothing() -> Self {
                0
            }
        })*
    };
}

integers! { u8 u16 u32 u64 }

/// Reads an integer of a few digits, which is how real events write it.
#[inline]
fn digits(json: &[u8]) -> Option<u64> {
    let is_usual = json.len() < 20 && json.iter().all(u8::is_ascii_digit);
    is_usual.then(|| json.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')))
}

/// Implements [`Decode`] for the types of formats.
macro_rules! scalars {
    ($($type:ty = $nothing:expr;)*) => {
        $(impl<'a> Decode<'a> for $type {
            #[inline]
            fn decode(json: &'a [u8], escapes: bool) -> Option<Self> {
                <$type as Scalar>::parse(&text(json, escapes)?)
            }

            fn nothing() -> Self {
                $nothing
            }
        })*
    };
}

scalars! {
    Uuid = Uuid::nil();
    IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    Ipv4Addr = Ipv4Addr::UNSPECIFIED;
    Ipv6Addr = Ipv6Addr::UNSPECIFIED;
}

/// Null, and the empty text of an unknown address, are none.
impl<'a, T: Decode<'a>> Decode<'a> for Option<T> {
    #[inline]
    fn decode(json: &'a [u8], escapes: bool) -> Option<Self> {
        Some(T::decode(json, escapes))
    }

    fn nothing() -> Self {
        None
    }
}

/// Implements [`Decode`] for vocabularies, which take any text.
macro_rules! open_texts {
    ($($type:ident),*) => {
        $(impl<'a> super::decode::Decode<'a> for $type {
            #[inline]
            fn decode(json: &'a [u8], escapes: bool) -> Option<Self> {
                let known = super::decode::inside(json).and_then(Self::of_known);
                known.or_else(|| super::decode::text(json, escapes).map(|text| Self::from(&*text)))
            }

            fn nothing() -> Self {
                Self::from("")
            }
        })*
    };
}

/// Implements [`Decode`] for closed lists, each with its first value.
macro_rules! closed_texts {
    ($($type:ident = $first:ident),*) => {
        $(impl<'a> super::decode::Decode<'a> for $type {
            #[inline]
            fn decode(json: &'a [u8], escapes: bool) -> Option<Self> {
                let known = super::decode::inside(json).and_then(Self::of_known);
                known.or_else(|| super::decode::text(json, escapes)?.parse().ok())
            }

            fn nothing() -> Self {
                Self::$first
            }
        })*
    };
}

pub(super) use {closed_texts, open_texts};

/// 2⁶⁴.
const BEYOND_U64: f64 = 18_446_744_073_709_551_616.0;

impl<'a> Raw<'a> {
    /// Returns whether it is null.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.kind() == JsonType::Null
    }

    /// Returns the value of `true` or `false`. `None` for other types.
    #[must_use]
    pub fn boolean(self) -> Option<bool> {
        self.as_str().parse().ok()
    }

    /// Returns an integer from 0 to 2⁶⁴ − 1. `None` for other numbers and types.
    ///
    /// As in JSON Schema, `4`, `4.0` and `4e0` are the same. Digits beyond those of a 64-bit float count only if the number is
    /// written without a point and an exponent.
    #[must_use]
    pub fn integer(self) -> Option<u64> {
        let text = self.as_str();
        if let Some(value) = digits(text.as_bytes()).or_else(|| text.parse().ok()) {
            return Some(value);
        }
        let value = self.number()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "integral and within u64"
        )]
        (value.fract() == 0.0 && (0.0..BEYOND_U64).contains(&value)).then_some(value as u64)
    }

    /// Returns the 64-bit float that is nearest to a number. `None` for other types.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        if self.kind() == JsonType::Number { self.as_str().parse().ok() } else { None }
    }

    /// Returns the time that a string is, as RFC 3339 defines it, without what is finer than microseconds.
    #[must_use]
    pub fn time(self) -> Option<UtcMicros> {
        UtcMicros::parse(&self.text()?)
    }

    /// Returns the UUID that a string is, in its hyphenated form.
    #[must_use]
    pub fn uuid(self) -> Option<Uuid> {
        Scalar::parse(&self.text()?)
    }

    /// Returns the IPv4 or IPv6 address that a string is.
    #[must_use]
    pub fn ip(self) -> Option<IpAddr> {
        Scalar::parse(&self.text()?)
    }

    /// Returns the value of an object or the element of an array that a token of a JSON Pointer names.
    pub(super) fn child(self, token: &str) -> Option<Raw<'a>> {
        match self.kind() {
            JsonType::Object => self.members().find(|(key, _)| key == token).map(|(_, value)| value),
            JsonType::Array => {
                // An index has no sign and no leading zeros.
                let index = token.parse::<usize>().ok().filter(|index| index.to_string() == token)?;
                self.elements().nth(index)
            }
            _ => None,
        }
    }
}
