//! An outline: the fields of a record, each with its offsets.

use std::borrow::Cow;
use std::ops::Range;

use super::raw::Raw;
use crate::catalog::{self, EventSpec, FieldSpec};
use crate::scope::Scope;

/// The fields of a record, in its order.
#[derive(Clone, Debug)]
pub struct Outline<'a> {
    record: &'a str,
    head: Head,
    slots: &'a [Slot],
}

/// The event that a record is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    pub(crate) event: Option<&'static EventSpec>,
    /// The range of the name of the event, with quotes, if it is a string.
    pub(crate) name: Option<Range<usize>>,
}

/// A field of a record, packed into 20 bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) scope: Scope,
    /// Its index among the fields of the object in the schema. `eventName` and `log` follow those of the header.
    pub(crate) index: u8,
    pub(crate) key: u32,
    pub(crate) key_end: u32,
    pub(crate) value: u32,
    pub(crate) end: u32,
}

/// A field of a record.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Member<'a> {
    record: &'a str,
    /// The object that it is in.
    pub scope: Scope,
    /// The field of the schema that it is.
    pub field: Field,
    /// The byte range of its key in the record, quotes included.
    pub key: Range<usize>,
    /// The byte range of its value in the record, quotes and brackets included.
    pub range: Range<usize>,
}

/// The field of the schema that a field of a record is.
#[derive(Clone, Copy, Debug)]
pub enum Field {
    /// One that it describes.
    Known {
        /// Its index in [`catalog::HEADER`], or in [`EventSpec::log`] of its event.
        index: usize,
        /// Its description.
        spec: &'static FieldSpec,
    },
    /// The name of the event.
    EventName,
    /// The `log` of the record. Its own members come before it, if the schema describes them.
    Log,
    /// One that it does not describe.
    Unknown,
}

impl<'a> Outline<'a> {
    /// Takes a record that is known to be JSON, and therefore UTF-8.
    pub(crate) fn new(record: &'a [u8], head: Head, slots: &'a [Slot]) -> Self {
        // One check of the record is cheaper than one of each value.
        Self { record: simdutf8::basic::from_utf8(record).unwrap_or_default(), head, slots }
    }

    pub(crate) fn record(&self) -> &'a [u8] {
        self.record.as_bytes()
    }

    pub(crate) fn text(&self) -> &'a str {
        self.record
    }

    pub(crate) fn slots(&self) -> &'a [Slot] {
        self.slots
    }

    /// The event, if the schema describes it.
    #[must_use]
    pub fn event(&self) -> Option<&'static EventSpec> {
        self.head.event
    }

    /// The name of the event, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'a, str>> {
        Raw::of_text(self.record, self.head.name.clone()?)?.text()
    }

    /// The fields of the header, and those of a `log` that the schema describes. A repeated field appears repeatedly.
    pub fn members(&self) -> impl Iterator<Item = Member<'a>> + use<'a> {
        let (record, event) = (self.record, self.head.event);
        self.slots.iter().map(move |slot| slot.member(record, event))
    }

    /// Returns a field that the schema describes. Of a repeated field, the last. `spec` must be a reference into
    /// [`catalog`].
    #[must_use]
    pub fn value(&self, scope: Scope, spec: &'static FieldSpec) -> Option<Member<'a>> {
        let fields = match scope {
            Scope::Header => catalog::HEADER,
            Scope::Log => self.head.event?.log?,
        };
        let index = fields.iter().position(|field| std::ptr::eq(field, spec))?;
        self.at(scope, index)
    }

    /// Returns the field with this index in [`catalog::HEADER`], or in [`EventSpec::log`] of the event. Of a repeated field,
    /// the last.
    #[must_use]
    pub fn at(&self, scope: Scope, index: usize) -> Option<Member<'a>> {
        let index = u8::try_from(index).ok()?;
        let slot = self.slots.iter().rfind(|slot| slot.index == index && slot.scope == scope)?;
        Some(slot.member(self.record, self.head.event))
    }
}

impl Slot {
    pub(crate) fn member<'a>(self, record: &'a str, event: Option<&'static EventSpec>) -> Member<'a> {
        let index = usize::from(self.index);
        let fields = match self.scope {
            Scope::Header => catalog::HEADER,
            Scope::Log => event.and_then(|event| event.log).unwrap_or_default(),
        };
        let field = match (fields.get(index), self.scope) {
            (Some(spec), _) => Field::Known { index, spec },
            (None, Scope::Header) if index == fields.len() => Field::EventName,
            (None, Scope::Header) if index == fields.len() + 1 => Field::Log,
            (None, _) => Field::Unknown,
        };
        let key = self.key as usize..self.key_end as usize;
        Member { record, scope: self.scope, field, key, range: self.value as usize..self.end as usize }
    }
}

impl<'a> Member<'a> {
    /// The name of the field.
    #[must_use]
    pub fn name(&self) -> Cow<'a, str> {
        Raw::of_text(self.record, self.key.clone()).and_then(Raw::text).unwrap_or_default()
    }

    /// The name of the field as it is written, with quotes and escapes.
    #[must_use]
    pub fn key_json(&self) -> &'a str {
        Raw::of_text(self.record, self.key.clone()).map_or("\"\"", Raw::as_str)
    }

    /// Its value as it is written.
    #[must_use]
    pub fn value(&self) -> Raw<'a> {
        Raw::of_text(self.record, self.range.clone()).unwrap_or(Raw::NULL)
    }
}
