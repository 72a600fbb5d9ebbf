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
use crate::generated::EventBody;
use crate::unknown::UnknownEvent;
use crate::wire::Integer;

/// The values of one event, as JSON texts without white space around them.
#[doc(hidden)]
pub trait Parts<'a> {
    /// The text of the record, in which the values are.
    fn record(&self) -> &'a str;
    /// The name of the event, decoded.
    fn name(&self) -> Cow<'a, str>;
    /// The field of the header with this index in the schema.
    fn header(&self, index: usize) -> Option<Part>;
    /// The field of the `log` with this index in the schema, if the event is known.
    fn log(&self, index: usize) -> Option<Part>;
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
pub struct Part {
    pub start: u32,
    pub end: u32,
}

/// The record that parts are of.
pub(crate) struct Source<'a> {
    record: &'a str,
    /// Whether any string may have escapes.
    escapes: bool,
}

impl<'a> Source<'a> {
    /// Returns the JSON text of a value.
    #[inline]
    fn json(&self, part: Part) -> Option<&'a str> {
        self.record.get(part.start as usize..part.end as usize)
    }

    /// Returns what is between the quotes of a string. Cheaper than from its JSON text, as each range of a text is checked.
    #[inline]
    fn inside(&self, part: Part) -> Option<&'a str> {
        let (start, end) = (part.start as usize, part.end as usize);
        // A value that starts with a quote ends with one.
        if self.record.as_bytes().get(start) == Some(&b'"') {
            self.record.get(start + 1..end.wrapping_sub(1))
        } else {
            None
        }
    }

    /// Decodes a string.
    #[cold]
    fn decoded(&self, part: Part) -> Option<Cow<'a, str>> {
        let inside = self.inside(part)?;
        if inside.contains('\\') {
            serde_json::from_str(self.json(part)?).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(inside))
        }
    }
}

impl Event {
    /// Makes an event of its parts, or in another way if one of them is not what its field takes.
    ///
    /// An event is large, and each function that hands it on may copy it. So a blank one is made, and each value is put into
    /// its place.
    #[doc(hidden)]
    #[inline]
    pub fn from_parts<'a>(
        parts: &impl Parts<'a>,
        or_else: impl FnOnce() -> Result<Self, Error>,
    ) -> Result<Self, Error> {
        let mut made = EventBody::blank(&parts.name());
        if made.as_mut().is_ok_and(|event| event.fill(parts).is_none()) {
            made = or_else();
        }
        made
    }

    #[inline]
    fn fill<'a>(&mut self, parts: &impl Parts<'a>) -> Option<()> {
        let source = Source { record: parts.record(), escapes: parts.may_have_escapes() };
        self.header.fill(|index| parts.header(index), &source)?;
        if parts.has_unknown() {
            self.header.extra = unknown(parts, Scope::Event)?;
        }
        self.body.fill(parts, &source)
    }
}

/// A type with a value that stands where a value of an event is put later.
pub(crate) trait Blank {
    const BLANK: Self;
}

/// Implements [`Blank`].
macro_rules! blank {
    ($($type:ty = $blank:expr;)*) => {
        $(impl $crate::parts::Blank for $type {
            const BLANK: Self = $blank;
        })*
    };
}

blank! {
    bool = false;
    u8 = 0;
    u16 = 0;
    u32 = 0;
    u64 = 0;
    String = String::new();
}

impl<T> Blank for Option<T> {
    const BLANK: Self = None;
}

/// A struct that can be built from the JSON texts of its fields.
pub(crate) trait Fill: Blank {
    /// Puts the values of its fields into a blank one, except for unknown ones.
    fn fill(&mut self, value: impl Fn(usize) -> Option<Part>, source: &Source<'_>) -> Option<()>;

    /// Returns its unknown fields.
    fn extra(&mut self) -> &mut Fields;
}

/// Makes the `log` of a known event of a blank one.
#[inline]
pub(crate) fn fill_log<'a>(log: &mut impl Fill, parts: &impl Parts<'a>, source: &Source<'_>) -> Option<()> {
    log.fill(|index| parts.log(index), source)?;
    if parts.has_unknown() {
        *log.extra() = unknown(parts, Scope::Log)?;
    }
    Some(())
}

/// Makes an event that this version does not know.
#[cold]
pub(crate) fn fill_unknown<'a>(event: &mut UnknownEvent, parts: &impl Parts<'a>) -> Option<()> {
    event.event_name = parts.name().into_owned();
    if let Some(log) = parts.whole_log() {
        event.log = Some(serde_json::from_str(log).ok()?);
    }
    Some(())
}

#[cold]
fn unknown<'a>(parts: &impl Parts<'a>, scope: Scope) -> Option<Fields> {
    let mut fields = Collector::new(scope);
    for (name, value) in parts.unknown(matches!(scope, Scope::Log)) {
        let value = RawValue::from_string(value.to_owned()).ok()?;
        fields.insert::<serde_json::Error>(fields.len(), name, value).ok()?;
    }
    fields.finish::<serde_json::Error>().ok()
}

/// A value that is read from its JSON text.
///
/// It is put into its place rather than returned: to move a value of several words right after it was written takes about as
/// long as to read it.
pub(crate) trait PutPart: Blank {
    /// Reads the text, and puts the value in place of a blank one.
    fn put(&mut self, part: Part, source: &Source<'_>) -> Option<()>;
}

/// A value that is read from a string.
pub(crate) trait PutText: Blank {
    /// Reads the decoded text, and puts the value in place of a blank one.
    fn put_text(&mut self, text: &str) -> Option<()>;
}

impl<T: PutText> PutPart for T {
    fn put(&mut self, part: Part, source: &Source<'_>) -> Option<()> {
        if source.escapes {
            self.put_text(&source.decoded(part)?)
        } else {
            self.put_text(source.inside(part)?)
        }
    }
}

/// Reads an integer within inclusive bounds.
pub(crate) fn integer<T: TryFrom<u64>>(
    part: Part,
    source: &Source<'_>,
    bounds: RangeInclusive<u64>,
) -> Option<T> {
    let json = source.json(part)?;
    if json.len() < 20 && json.bytes().all(|byte| byte.is_ascii_digit()) {
        let value = json.bytes().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        return bounds.contains(&value).then(|| T::try_from(value).ok()).flatten();
    }
    Integer(bounds, PhantomData).deserialize(&mut serde_json::Deserializer::from_str(json)).ok()
}

impl PutText for String {
    #[inline]
    fn put_text(&mut self, text: &str) -> Option<()> {
        *self = text.into();
        Some(())
    }
}

impl PutPart for Option<String> {
    fn put(&mut self, part: Part, source: &Source<'_>) -> Option<()> {
        if source.json(part)? == "null" {
            return Some(());
        }
        self.get_or_insert_default().put(part, source)
    }
}

impl PutPart for bool {
    fn put(&mut self, part: Part, source: &Source<'_>) -> Option<()> {
        *self = source.json(part)?.parse().ok()?;
        Some(())
    }
}

/// Implements [`Fill`] for a struct.
macro_rules! values {
    ($name:ident { $($presence:ident $field:ident: $type:ty = $key:literal $(in $bounds:expr)?;)* }) => {
        impl $crate::parts::Blank for $name {
            const BLANK: Self = $name {
                $($field: $crate::parts::Blank::BLANK,)*
                extra: $crate::parts::Blank::BLANK,
            };
        }

        impl $crate::parts::Fill for $name {
            #[inline]
            fn fill(
                &mut self,
                value: impl Fn(usize) -> ::std::option::Option<$crate::parts::Part>,
                source: &$crate::parts::Source<'_>,
            ) -> ::std::option::Option<()> {
                // Fields are in the order of the schema. Constants after inlining.
                let mut values = (0..).map(value);
                $($crate::parts::part!($presence self.$field, values.next()?, source $(, $bounds)?);)*
                Some(())
            }

            #[inline]
            fn extra(&mut self) -> &mut $crate::fields::Fields {
                &mut self.extra
            }
        }
    };
}

macro_rules! part {
    (required $field:expr, $value:expr, $source:ident $(, $bounds:expr)?) => {
        $crate::parts::read!($field, $value?, $source $(, $bounds)?)
    };
    (optional $field:expr, $value:expr, $source:ident $(, $bounds:expr)?) => {
        if let Some(part) = $value {
            let field = $field.get_or_insert($crate::parts::Blank::BLANK);
            $crate::parts::read!(*field, part, $source $(, $bounds)?);
        }
    };
}

macro_rules! read {
    ($field:expr, $part:expr, $source:ident) => {
        $crate::parts::PutPart::put(&mut $field, $part, $source)?
    };
    ($field:expr, $part:expr, $source:ident, $bounds:expr) => {
        $field = $crate::parts::integer($part, $source, $bounds)?
    };
}

pub(crate) use {blank, part, read, values};
