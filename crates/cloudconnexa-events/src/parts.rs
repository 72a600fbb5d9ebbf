//! Events made of values that a validator has found, without a second parse of the whole.
//!
//! This serves `EventView::to_event` of the crate `cloudconnexa-validator`, and is hidden: what it takes is laid out as that
//! crate finds it. Each value is still read by its type, so a wrong one gives no event rather than a wrong event.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use serde::de::DeserializeSeed;
use serde_json::value::RawValue;

use crate::event::Event;
use crate::fields::{Collector, Fields, Scope};
use crate::generated::{EventBody, Header};
use crate::scalar::{IpAddressOrEmpty, Scalar, Spelled, Timestamp};
use crate::unknown::UnknownEvent;
use crate::wire::Integer;

/// The values of one event, as JSON texts without white space around them.
#[doc(hidden)]
pub trait Parts<'a> {
    /// The name of the event, decoded.
    fn name(&self) -> Cow<'a, str>;
    /// The field of the header with this index in the schema.
    fn header(&self, index: usize) -> Option<&'a str>;
    /// The field of the `log` with this index in the schema, if the event is known.
    fn log(&self, index: usize) -> Option<&'a str>;
    /// The `log` of an unknown event as a whole.
    fn whole_log(&self) -> Option<&'a str>;
    /// Whether there are unknown fields.
    fn has_unknown(&self) -> bool;
    /// The unknown fields of the header, or of the `log`: decoded names, and values.
    fn unknown(&self, in_log: bool) -> impl Iterator<Item = (Cow<'a, str>, &'a str)>;
    /// Whether any string may have escapes.
    fn may_have_escapes(&self) -> bool;
}

impl Event {
    /// Makes an event of its parts. Returns `None` if one of them is not what its field takes.
    #[doc(hidden)]
    #[inline]
    pub fn from_parts<'a>(parts: &impl Parts<'a>) -> Option<Self> {
        let escapes = parts.may_have_escapes();
        let body = EventBody::from_parts(parts.name(), parts, escapes)?;
        let extra = unknown(parts, Scope::Event)?;
        let header = Header::from_values(|index| parts.header(index), escapes, extra)?;
        Some(Self { header, body })
    }
}

/// A struct that can be made of the JSON texts of its fields.
pub(crate) trait FromValues: Sized {
    fn from_values<'a>(
        value: impl Fn(usize) -> Option<&'a str>,
        escapes: bool,
        extra: Fields,
    ) -> Option<Self>;
}

/// Makes the `log` of a known event.
pub(crate) fn log<'a, T: FromValues>(parts: &impl Parts<'a>, escapes: bool) -> Option<T> {
    T::from_values(|index| parts.log(index), escapes, unknown(parts, Scope::Log)?)
}

/// Makes an event that this version does not know.
pub(crate) fn unknown_event<'a>(name: Cow<'a, str>, parts: &impl Parts<'a>) -> Option<UnknownEvent> {
    let log = match parts.whole_log() {
        Some(log) => Some(serde_json::from_str(log).ok()?),
        None => None,
    };
    Some(UnknownEvent { event_name: name.into_owned(), log })
}

#[inline]
fn unknown<'a>(parts: &impl Parts<'a>, scope: Scope) -> Option<Fields> {
    if parts.has_unknown() { collect_unknown(parts, scope) } else { Some(Fields::default()) }
}

#[cold]
fn collect_unknown<'a>(parts: &impl Parts<'a>, scope: Scope) -> Option<Fields> {
    let mut fields = Collector::new(scope);
    for (name, value) in parts.unknown(matches!(scope, Scope::Log)) {
        let value = RawValue::from_string(value.to_owned()).ok()?;
        fields.insert::<serde_json::Error>(fields.len(), name, value).ok()?;
    }
    fields.finish::<serde_json::Error>().ok()
}

/// A value that is read from its JSON text.
pub(crate) trait FromJson: Sized {
    /// Reads the text, in which a string has escapes only if `escapes` says so.
    fn from_json(json: &str, escapes: bool) -> Option<Self>;
}

/// Decodes the text of a JSON string.
#[inline]
pub(crate) fn text(json: &str, escapes: bool) -> Option<Cow<'_, str>> {
    let (b'"', b'"') = (json.as_bytes().first()?, json.as_bytes().last()?) else { return None };
    let inside = json.get(1..json.len() - 1)?;
    if escapes && inside.contains('\\') {
        serde_json::from_str(json).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inside))
    }
}

/// Reads an integer within inclusive bounds.
pub(crate) fn integer<T: TryFrom<u64>>(json: &str, bounds: RangeInclusive<u64>) -> Option<T> {
    if json.len() < 20 && json.bytes().all(|byte| byte.is_ascii_digit()) {
        let value = json.bytes().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        return bounds.contains(&value).then(|| T::try_from(value).ok()).flatten();
    }
    Integer(bounds, PhantomData).deserialize(&mut serde_json::Deserializer::from_str(json)).ok()
}

impl FromJson for String {
    #[inline]
    fn from_json(json: &str, escapes: bool) -> Option<Self> {
        match text(json, escapes)? {
            Cow::Borrowed(text) => Some(text.to_owned()),
            Cow::Owned(text) => Some(text),
        }
    }
}

impl FromJson for Option<String> {
    fn from_json(json: &str, escapes: bool) -> Option<Self> {
        if json == "null" { Some(None) } else { String::from_json(json, escapes).map(Some) }
    }
}

impl FromJson for bool {
    fn from_json(json: &str, _: bool) -> Option<Self> {
        json.parse().ok()
    }
}

impl FromJson for Timestamp {
    fn from_json(json: &str, escapes: bool) -> Option<Self> {
        text(json, escapes)?.parse().ok()
    }
}

impl<T: Scalar> FromJson for Spelled<T> {
    fn from_json(json: &str, escapes: bool) -> Option<Self> {
        text(json, escapes)?.parse().ok()
    }
}

impl FromJson for IpAddressOrEmpty {
    fn from_json(json: &str, escapes: bool) -> Option<Self> {
        text(json, escapes)?.parse().ok()
    }
}

/// Implements [`FromValues`] for a struct.
macro_rules! values {
    ($name:ident { $($presence:ident $field:ident: $type:ty = $key:literal $(in $bounds:expr)?;)* }) => {
        impl $crate::parts::FromValues for $name {
            #[inline]
            fn from_values<'a>(
                value: impl Fn(usize) -> ::std::option::Option<&'a str>,
                escapes: bool,
                extra: $crate::fields::Fields,
            ) -> ::std::option::Option<Self> {
                // Fields are in the order of the schema. Constants after inlining.
                let mut values = (0..).map(value);
                Some($name {
                    $($field: $crate::parts::part!($presence $type, values.next()?, escapes $(, $bounds)?),)*
                    extra,
                })
            }
        }
    };
}

macro_rules! part {
    (required $type:ty, $value:expr, $escapes:ident $(, $bounds:expr)?) => {
        $crate::parts::read!($type, $value?, $escapes $(, $bounds)?)?
    };
    (optional $type:ty, $value:expr, $escapes:ident $(, $bounds:expr)?) => {
        match $value {
            Some(json) => Some($crate::parts::read!($type, json, $escapes $(, $bounds)?)?),
            None => None,
        }
    };
}

macro_rules! read {
    ($type:ty, $json:expr, $escapes:ident) => {
        <$type as $crate::parts::FromJson>::from_json($json, $escapes)
    };
    ($type:ty, $json:expr, $escapes:ident, $bounds:expr) => {
        $crate::parts::integer::<$type>($json, $bounds)
    };
}

pub(crate) use {part, read, values};
