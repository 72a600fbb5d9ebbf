//! What values decode to.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cloudconnexa_events::UtcMicros;
use uuid::Uuid;

use crate::outline::{JsonType, Raw};

/// A type that the values of fields decode to.
pub(super) trait Decode<'a>: Sized {
    /// Decodes a value. Returns `None` if it is not one of the type, which the value of a valid event is.
    fn decode(raw: Raw<'a>) -> Option<Self>;

    /// Returns what stands for a required field of an invalid event. There is no view of one, and so this is never returned.
    fn nothing() -> Self;
}

/// Implements [`Decode`] with a method of [`Raw`].
macro_rules! decoded_by {
    ($($type:ty: $method:ident or $nothing:expr;)*) => {
        $(impl<'a> Decode<'a> for $type {
            #[inline]
            fn decode(raw: Raw<'a>) -> Option<Self> {
                raw.$method()
            }

            fn nothing() -> Self {
                $nothing
            }
        })*
    };
}

decoded_by! {
    bool: boolean or false;
    u64: integer or 0;
    Cow<'a, str>: text or Cow::Borrowed("");
    UtcMicros: time or UtcMicros::from_unix_micros(0);
    Uuid: uuid or Uuid::nil();
    IpAddr: ip or IpAddr::V4(Ipv4Addr::UNSPECIFIED);
}

/// Implements [`Decode`] for narrower integers.
macro_rules! narrowed {
    ($($type:ty)*) => {
        $(impl<'a> Decode<'a> for $type {
            #[inline]
            fn decode(raw: Raw<'a>) -> Option<Self> {
                raw.integer()?.try_into().ok()
            }

            fn nothing() -> Self {
                0
            }
        })*
    };
}

narrowed! { u8 u16 u32 }

/// Implements [`Decode`] for addresses of one kind.
macro_rules! addresses {
    ($($type:ident)*) => {
        $(impl<'a> Decode<'a> for $type {
            #[inline]
            fn decode(raw: Raw<'a>) -> Option<Self> {
                raw.text()?.parse().ok()
            }

            fn nothing() -> Self {
                $type::UNSPECIFIED
            }
        })*
    };
}

addresses! { Ipv4Addr Ipv6Addr }

/// Null, and the empty text of an unknown address, are none.
impl<'a, T: Decode<'a>> Decode<'a> for Option<T> {
    #[inline]
    fn decode(raw: Raw<'a>) -> Option<Self> {
        Some(T::decode(raw))
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
            fn decode(raw: crate::outline::Raw<'a>) -> Option<Self> {
                raw.text().map(|text| Self::from(&*text))
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
            fn decode(raw: crate::outline::Raw<'a>) -> Option<Self> {
                raw.text()?.parse().ok()
            }

            fn nothing() -> Self {
                Self::$first
            }
        })*
    };
}

pub(super) use {closed_texts, open_texts};

/// The length of the hyphenated form of a UUID, the only one that the schema accepts.
const HYPHENATED: usize = 36;
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
        if text.len() < 20 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(text.bytes().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')));
        }
        if let Ok(value) = text.parse() {
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
        let text = self.text()?;
        if text.len() == HYPHENATED { Uuid::try_parse(&text).ok() } else { None }
    }

    /// Returns the IPv4 or IPv6 address that a string is.
    #[must_use]
    pub fn ip(self) -> Option<IpAddr> {
        self.text()?.parse().ok()
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
