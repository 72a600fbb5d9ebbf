//! Tables: one for each kind of event, with typed columns in an order that never changes.
//!
//! A table has the fields that all events share, then those of its `log`. What the schema does not describe is in the last of
//! the columns of the first version, `_extra`, as JSON: `{"new": 1, "log": {"newer": 2}}`. Events that the schema does not
//! describe have a table of their own, whose column `log` is JSON.
//!
//! # Values
//!
//! | field | column | null |
//! |---|---|---|
//! | text, UUID, address | text, without escapes | absent, JSON null, or an empty text in place of an address |
//! | integer | signed integer of 64 bits | absent, or JSON null |
//! | date-time | microseconds since 1970, in UTC | absent, or JSON null |
//! | boolean | boolean | absent, or JSON null |
//!
//! That loses how a value was written: the offset and the digits beyond microseconds of a time, the exponent of an integer,
//! and whether a null was written or left out.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use cloudconnexa_events::UtcMicros;
use cloudconnexa_validator::catalog::{self, EventSpec};
use cloudconnexa_validator::outline::{JsonType, Raw};
use cloudconnexa_validator::view::FieldReader;
use cloudconnexa_validator::{EventView, Scope};

#[rustfmt::skip]
#[path = "generated/tables.rs"]
mod generated;

pub use generated::TABLES;

/// The partition column: the day of the event in UTC, such as `2026-11-30`.
pub const DAY_COLUMN: &str = "event_day";

/// A table of events of one kind.
#[derive(Debug)]
#[non_exhaustive]
pub struct Table {
    /// The name: that of the event, with underscores.
    pub name: &'static str,
    /// The name of the event; `None` for the table of events that the schema does not describe.
    pub event: Option<&'static str>,
    /// The columns. Newer versions append columns, and never move, rename or remove one.
    pub columns: &'static [Column],
}

/// A column of a table. Every column may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Column {
    /// The name: that of the field in snake case, with a prefix if a field of the header and one of a `log` have the same.
    pub name: &'static str,
    /// The type.
    pub kind: Kind,
    /// Where the values come from.
    pub source: Source,
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Text.
    String,
    /// Text, which is null if it is empty: an address that a flow does not have.
    StringOrEmpty,
    /// Integers from 0 to 2⁶³ − 1.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// Times in UTC, to the microsecond.
    Timestamp,
    /// Text that is a JSON object.
    Json,
}

/// Where the values of a column come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The name of the event.
    EventName,
    /// The field with this index in [`catalog::HEADER`].
    Header(usize),
    /// The field with this index in the [`log`](EventSpec::log) of the event.
    Log(usize),
    /// All of the `log`.
    WholeLog,
    /// The fields that the schema does not describe.
    UnknownFields,
    /// Nothing: the schema no longer has the field. All values are null.
    Removed,
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Value<'a> {
    /// No value.
    Null,
    /// Text, or JSON.
    Text(Cow<'a, str>),
    /// An integer.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A time.
    Timestamp(UtcMicros),
}

/// A selection of columns, by name. It may leave a table without columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection(Arc<[String]>);

impl Selection {
    /// Selects columns by name. Their order is that of the table.
    ///
    /// # Errors
    ///
    /// Returns the first name that no table has.
    pub fn new(names: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let names: Arc<[String]> = names.into_iter().collect();
        let has =
            |name: &String| TABLES.iter().flat_map(|table| table.columns).any(|column| column.name == name);
        match names.iter().find(|name| !has(name)) {
            Some(unknown) => Err(unknown.clone()),
            None => Ok(Self(names)),
        }
    }

    /// Whether a column is selected.
    #[must_use]
    pub fn contains(&self, column: &Column) -> bool {
        self.0.iter().any(|name| name == column.name)
    }
}

/// Returns the index in [`TABLES`] of the table that an event belongs to.
#[must_use]
#[inline]
pub fn index_of(event: &EventView<'_>) -> usize {
    event.event_index().unwrap_or(TABLES.len() - 1)
}

impl Table {
    /// Returns the table with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }

    /// Returns the selected columns; all for `None`.
    pub fn columns_of(&self, wanted: Option<&Selection>) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(move |column| wanted.is_none_or(|wanted| wanted.contains(column)))
    }

    /// Returns the event that the table is for.
    fn spec(&self) -> Option<&'static EventSpec> {
        catalog::EVENTS.iter().find(|event| Some(event.name) == self.event)
    }

    /// Returns what the table holds, as Markdown.
    #[must_use]
    pub fn description(&self) -> &'static str {
        self.spec().map_or("Events that the schema does not describe.", |event| event.description)
    }

    /// Returns what one of its columns holds, as Markdown.
    #[must_use]
    pub fn description_of(&self, column: &Column) -> &'static str {
        let field = match column.source {
            Source::EventName => return "The type of the event.",
            Source::WholeLog => return "The `log` of the event, as JSON.",
            Source::UnknownFields => return "The fields that the schema does not describe, as JSON.",
            Source::Removed => return "Nothing: a field that the schema no longer has.",
            Source::Header(index) => catalog::HEADER.get(index),
            Source::Log(index) => {
                self.spec().and_then(|event| event.log).and_then(|fields| fields.get(index))
            }
        };
        field.map_or("", |field| field.description)
    }
}

impl Column {
    pub(crate) const fn new(name: &'static str, kind: Kind, source: Source) -> Self {
        Self { name, kind, source }
    }

    /// Returns the value of an event of its table. To read all columns of very many events, collect them as
    /// [rows](crate::rows).
    #[must_use]
    pub fn value<'a>(&self, event: &EventView<'a>) -> Value<'a> {
        self.read(event.reader())
    }

    /// Reads the value.
    #[inline]
    pub(crate) fn read<'a>(&self, fields: FieldReader<'_, 'a>) -> Value<'a> {
        let event = fields.event();
        // Most cells are text without escapes: what is between the quotes.
        let is_plain = matches!(self.kind, Kind::String | Kind::StringOrEmpty) && !event.may_have_escapes();
        let value = match self.source {
            Source::EventName => return Value::Text(event.name()),
            Source::UnknownFields => unknown_fields(event).map(|json| Value::Text(Cow::Owned(json))),
            Source::Removed => None,
            Source::Header(index) if is_plain => {
                self.kind.text(fields.header_quoted_at(index).map(Cow::Borrowed))
            }
            Source::Log(index) if is_plain => self.kind.text(fields.log_quoted_at(index).map(Cow::Borrowed)),
            Source::Header(index) => fields.header_at(index).and_then(|raw| self.kind.value(raw)),
            Source::Log(index) => fields.log_at(index).and_then(|raw| self.kind.value(raw)),
            Source::WholeLog => event.field("log").and_then(|raw| self.kind.value(raw)),
        };
        value.unwrap_or(Value::Null)
    }
}

impl Kind {
    /// Returns the value of a text.
    #[inline]
    fn text(self, text: Option<Cow<'_, str>>) -> Option<Value<'_>> {
        text.filter(|text| self != Self::StringOrEmpty || !text.is_empty()).map(Value::Text)
    }

    /// Decodes a JSON value. `None` if it is null, or not of the kind, as the value of a valid event always is.
    #[inline]
    fn value(self, raw: Raw<'_>) -> Option<Value<'_>> {
        match self {
            Self::String | Self::StringOrEmpty => self.text(raw.text()),
            Self::Integer => Some(Value::Integer(raw.integer()?.try_into().ok()?)),
            Self::Boolean => {
                (raw.kind() == JsonType::Boolean).then(|| Value::Boolean(raw.as_str() == "true"))
            }
            Self::Timestamp => time(raw).map(Value::Timestamp),
            Self::Json => Some(Value::Text(Cow::Borrowed(raw.as_str()))),
        }
    }
}

/// Reads a time.
#[inline]
fn time(raw: Raw<'_>) -> Option<UtcMicros> {
    let written = raw.as_str().as_bytes();
    let inside = written.get(1..written.len().saturating_sub(1))?;
    UtcMicros::parse_usual(inside).or_else(|| UtcMicros::parse(&raw.text()?))
}

/// Returns the time of an event: its `timestamp`.
#[must_use]
#[inline]
pub fn time_of(event: &EventView<'_>) -> UtcMicros {
    event.header().timestamp()
}

/// Returns the fields that the schema does not describe as a JSON object, if there are any.
fn unknown_fields(event: &EventView<'_>) -> Option<String> {
    let mut members = event.unknown_fields().peekable();
    members.peek()?;
    let (mut header, mut log) = (String::new(), String::new());
    for member in members {
        let target = if member.scope == Scope::Log { &mut log } else { &mut header };
        if !target.is_empty() {
            target.push(',');
        }
        let _ = write!(target, "{}:{}", member.key_json(), member.value().as_str());
    }
    if !log.is_empty() {
        let comma = if header.is_empty() { "" } else { "," };
        let _ = write!(header, "{comma}\"log\":{{{log}}}");
    }
    Some(format!("{{{header}}}"))
}
