//! Events made of values that a validator has found, without a second parse of the whole.
//!
//! This serves `EventView::to_event` of the crate `cloudconnexa-validator`, and is hidden: what it takes is laid out as that
//! crate finds it. Each value is still read by its type, so a wrong one gives no event rather than a wrong event.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use serde::de::DeserializeSeed;
use serde_json::value::RawValue;

use crate::error::Error;
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
    fn header(&self, index: usize) -> Option<Part<'a>>;
    /// The field of the `log` with this index in the schema, if the event is known.
    fn log(&self, index: usize) -> Option<Part<'a>>;
    /// The `log` of an unknown event as a whole.
    fn whole_log(&self) -> Option<&'a str>;
    /// Whether there are unknown fields.
    fn has_unknown(&self) -> bool;
    /// The unknown fields of the header, or of the `log`: decoded names, and values.
    fn unknown(&self, in_log: bool) -> impl Iterator<Item = (Cow<'a, str>, &'a str)>;
    /// Whether any string may have escapes.
    fn may_have_escapes(&self) -> bool;
}

/// A value of an event: where its JSON text is in the record.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    pub record: &'a str,
    pub start: usize,
    pub end: usize,
}

impl<'a> Part<'a> {
    /// Returns the JSON text.
    #[inline]
    fn json(self) -> Option<&'a str> {
        self.record.get(self.start..self.end)
    }

    /// Returns what is between the quotes of a string. Cheaper than from its JSON text, as each range of a text is checked.
    #[inline]
    fn inside(self) -> Option<&'a str> {
        let Self { record, start, end } = self;
        // A value that starts with a quote ends with one.
        if record.as_bytes().get(start) == Some(&b'"') {
            record.get(start + 1..end.checked_sub(1)?)
        } else {
            None
        }
    }
}

impl Event {
    /// Makes an event of its parts, or in another way if one of them is not what its field takes.
    ///
    /// An event is large, and each function that hands it on may copy it. So it is put together here in what is returned.
    #[doc(hidden)]
    #[inline]
    pub fn from_parts<'a>(
        parts: &impl Parts<'a>,
        or_else: impl FnOnce() -> Result<Self, Error>,
    ) -> Result<Self, Error> {
        let escapes = parts.may_have_escapes();
        let header = unknown(parts, Scope::Event)
            .and_then(|extra| Header::from_values(|index| parts.header(index), escapes, extra));
        match header {
            Some(header) => EventBody::add_from_parts(header, parts, escapes, or_else),
            None => or_else(),
        }
    }
}

/// A struct that can be made of the JSON texts of its fields.
pub(crate) trait FromValues: Sized {
    fn from_values<'a>(
        value: impl Fn(usize) -> Option<Part<'a>>,
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
pub(crate) trait FromPart: Sized {
    /// Reads the text, in which a string has escapes only if `escapes` says so.
    fn from_part(part: Part<'_>, escapes: bool) -> Option<Self>;
}

/// Decodes a string.
#[inline]
pub(crate) fn text(part: Part<'_>, escapes: bool) -> Option<Cow<'_, str>> {
    let inside = part.inside()?;
    if escapes && inside.contains('\\') { decoded(part) } else { Some(Cow::Borrowed(inside)) }
}

#[cold]
fn decoded(part: Part<'_>) -> Option<Cow<'_, str>> {
    serde_json::from_str(part.json()?).ok().map(Cow::Owned)
}

/// Reads an integer within inclusive bounds.
pub(crate) fn integer<T: TryFrom<u64>>(part: Part<'_>, bounds: RangeInclusive<u64>) -> Option<T> {
    let json = part.json()?;
    if json.len() < 20 && json.bytes().all(|byte| byte.is_ascii_digit()) {
        let value = json.bytes().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        return bounds.contains(&value).then(|| T::try_from(value).ok()).flatten();
    }
    Integer(bounds, PhantomData).deserialize(&mut serde_json::Deserializer::from_str(json)).ok()
}

impl FromPart for String {
    #[inline]
    fn from_part(part: Part<'_>, escapes: bool) -> Option<Self> {
        text(part, escapes).map(Cow::into_owned)
    }
}

impl FromPart for Option<String> {
    fn from_part(part: Part<'_>, escapes: bool) -> Option<Self> {
        if part.json()? == "null" { Some(None) } else { String::from_part(part, escapes).map(Some) }
    }
}

impl FromPart for bool {
    fn from_part(part: Part<'_>, _: bool) -> Option<Self> {
        part.json()?.parse().ok()
    }
}

impl FromPart for Timestamp {
    fn from_part(part: Part<'_>, escapes: bool) -> Option<Self> {
        text(part, escapes)?.parse().ok()
    }
}

impl<T: Scalar> FromPart for Spelled<T> {
    fn from_part(part: Part<'_>, escapes: bool) -> Option<Self> {
        text(part, escapes)?.parse().ok()
    }
}

impl FromPart for IpAddressOrEmpty {
    fn from_part(part: Part<'_>, escapes: bool) -> Option<Self> {
        text(part, escapes)?.parse().ok()
    }
}

/// Implements [`FromValues`] for a struct.
macro_rules! values {
    ($name:ident { $($presence:ident $field:ident: $type:ty = $key:literal $(in $bounds:expr)?;)* }) => {
        impl $crate::parts::FromValues for $name {
            #[inline]
            fn from_values<'a>(
                value: impl Fn(usize) -> ::std::option::Option<$crate::parts::Part<'a>>,
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
            Some(part) => Some($crate::parts::read!($type, part, $escapes $(, $bounds)?)?),
            None => None,
        }
    };
}

macro_rules! read {
    ($type:ty, $part:expr, $escapes:ident) => {
        <$type as $crate::parts::FromPart>::from_part($part, $escapes)
    };
    ($type:ty, $part:expr, $escapes:ident, $bounds:expr) => {
        $crate::parts::integer::<$type>($part, $bounds)
    };
}

pub(crate) use {part, read, values};
