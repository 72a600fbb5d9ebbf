//! Views: the fields of a valid event, read in place and decoded on request.
//!
//! [`Checker::view`](crate::Checker::view) checks a record and notes where its fields are, in one pass. An [`EventView`] then
//! reads single fields without looking at the rest of the record, which suits programs that need a few fields of very many
//! events. [`EventView::to_event`] makes the owned [`Event`](cloudconnexa_events::Event) of what that pass found.
//!
//! # Which one do I use?
//!
//! | to | use |
//! |---|---|
//! | read fields that the schema describes | [`EventView::header`] and [`EventView::body`]: a method for each, with its type |
//! | read a field by its name | [`EventView::field`], [`EventView::log_field`] |
//! | read a value at any depth | [`EventView::pointer`], with a JSON Pointer |
//! | read what the schema does not describe | [`EventView::unknown_fields`] |
//! | keep or change an event | [`EventView::to_event`] |
//! | read records that may be invalid | [`outline`](crate::outline) |
//!
//! # Examples
//!
//! ```
//! use cloudconnexa_validator::Validator;
//! use cloudconnexa_validator::view::BodyView;
//!
//! # let record = include_bytes!("../../../../tests/corpus/documented/client-disconnected-v1.json");
//! let validator = Validator::new();
//! let mut checker = validator.checker();
//!
//! let Some(event) = checker.view(record) else { panic!("the record is not valid") };
//! assert_eq!(event.name(), "client-disconnected");
//! assert_eq!(event.header().timestamp().to_string(), "2023-12-20T10:45:14.000000Z");
//! if let BodyView::ClientDisconnected(log) = event.body() {
//!     assert_eq!(log.session_bytes_in(), 34_409);
//!     assert_eq!(log.client_tunnel_ip_v4().octets()[0], 100);
//! }
//! assert_eq!(event.log_field("sessionBytesIn").and_then(|bytes| bytes.integer()), Some(34_409));
//! ```
//!
//! # Guarantees
//!
//! - There is a view of exactly the records that [`Checker::is_valid`](crate::Checker::is_valid) accepts, if they are shorter
//!   than 4 GiB. **No view of unchecked bytes can be made**, so a method for a required field has no error to return.
//! - No method panics, or reads outside of the record, whatever the record.
//! - Text is borrowed from the record; only text with escapes is copied. A view is independent of the checker that made it.
//! - A view allocates only if the record has unknown fields.

mod decode;
mod owned;
mod spans;

#[rustfmt::skip]
#[path = "../generated/view.rs"]
mod generated;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::catalog::{self, EventSpec};
use crate::fast::names::NONE;
use crate::fast::{HEADER, LOGS};
use crate::outline::{Head, Member, Raw, Slot};
use crate::scope::Scope;

pub use generated::*;
pub(crate) use spans::Placed;
use spans::Spans;

/// The index of `eventName` among the fields of the header, and that of `log`.
const NAME: usize = HEADER_FIELDS - 2;
const LOG: usize = HEADER_FIELDS - 1;

/// Reads many fields of an event by their indices: the record is checked for UTF-8 once rather than for each field.
///
/// [`EventView::reader`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct FieldReader<'v, 'a> {
    view: &'v EventView<'a>,
    record: &'a str,
}

impl<'a> FieldReader<'_, 'a> {
    /// Does what [`EventView::header_at`] does.
    #[must_use]
    #[inline]
    pub fn header_at(&self, index: usize) -> Option<Raw<'a>> {
        let (start, end) = self.view.header.range(index)?;
        Raw::of_text(self.record, start..end)
    }

    /// Does what [`EventView::log_at`] does.
    #[must_use]
    #[inline]
    pub fn log_at(&self, index: usize) -> Option<Raw<'a>> {
        let (start, end) = self.view.log.range(index)?;
        Raw::of_text(self.record, start..end)
    }

    /// Returns what is between the quotes of a string, or of nothing else, in the header: its text, unless it
    /// [may have escapes](EventView::may_have_escapes).
    #[must_use]
    #[inline]
    pub fn header_quoted_at(&self, index: usize) -> Option<&'a str> {
        self.quoted(self.view.header.range(index)?)
    }

    /// Does what [`header_quoted_at`](Self::header_quoted_at) does, for a field of the `log`.
    #[must_use]
    #[inline]
    pub fn log_quoted_at(&self, index: usize) -> Option<&'a str> {
        self.quoted(self.view.log.range(index)?)
    }

    #[inline]
    fn quoted(&self, (start, end): (usize, usize)) -> Option<&'a str> {
        let is_string = self.record.as_bytes().get(start) == Some(&b'"');
        if is_string { self.record.get(start + 1..end.saturating_sub(1)) } else { None }
    }

    /// Returns the event.
    #[must_use]
    #[inline]
    pub fn event(&self) -> &EventView<'a> {
        self.view
    }
}

/// A valid event, whose fields are read in place.
///
/// [`Checker::view`](crate::Checker::view) makes one. The [module](self) has an example, and says what is guaranteed.
#[derive(Clone)]
pub struct EventView<'a> {
    record: &'a [u8],
    /// The index of the event in the catalog, or `NONE`.
    event: u8,
    header: Spans<HEADER_FIELDS>,
    /// The fields of a `log` that the schema describes.
    log: Spans<LOG_FIELDS>,
    /// Unknown fields of both, in the order of the record.
    unknown: Vec<Slot>,
    /// Whether a string of a known field may have escapes.
    may_have_escapes: bool,
}

impl<'a> EventView<'a> {
    /// Makes the view of a valid record of what the fast tier found.
    #[inline]
    pub(crate) fn of_scan(record: &'a [u8], event: Option<usize>, placed: &Placed, unknown: &[Slot]) -> Self {
        // Not changed once it is made, so that it is made in what is returned rather than copied there.
        Self {
            record,
            event: event.and_then(|index| u8::try_from(index).ok()).unwrap_or(NONE),
            unknown: if unknown.is_empty() { Vec::new() } else { in_order(unknown) },
            header: placed.header(),
            log: placed.log(),
            may_have_escapes: placed.has_escapes,
        }
    }

    /// Makes the view of a valid record of its outline.
    pub(crate) fn of_outline(record: &'a [u8], head: &Head, slots: &[Slot]) -> Self {
        let event =
            head.event.and_then(|event| catalog::EVENTS.iter().position(|other| other.name == event.name));
        let has_log = head.event.is_none_or(|event| event.log.is_some());
        let mut placed = Placed::NONE;
        placed.has_escapes = true;
        let mut unknown = Vec::new();
        for slot in slots {
            let is_undescribed_log =
                slot.scope == Scope::Header && usize::from(slot.index) == LOG && !has_log;
            if slot.index == NONE || is_undescribed_log {
                unknown.push(Slot { index: NONE, ..*slot });
            }
            if slot.index != NONE {
                placed.add(slot);
            }
        }
        Self::of_scan(record, event, &placed, &unknown)
    }

    /// Returns the bytes of the record.
    #[must_use]
    pub fn record(&self) -> &'a [u8] {
        self.record
    }

    /// Returns the name of the event, such as `client-disconnected`.
    #[must_use]
    pub fn name(&self) -> Cow<'a, str> {
        match self.event() {
            Some(event) => Cow::Borrowed(event.name),
            None => self.header.required(self, NAME),
        }
    }

    /// Returns the description of the event, if the schema describes it.
    #[must_use]
    pub fn event(&self) -> Option<&'static EventSpec> {
        catalog::EVENTS.get(usize::from(self.event))
    }

    /// Returns the index of the event in [`EVENTS`](catalog::EVENTS), if the schema describes it.
    #[must_use]
    #[inline]
    pub fn event_index(&self) -> Option<usize> {
        (self.event != NONE).then_some(usize::from(self.event))
    }

    /// Returns the accessors of the fields that every event has.
    #[must_use]
    pub fn header(&self) -> HeaderView<'_, 'a> {
        HeaderView(self)
    }

    /// Returns the field `name` of the event itself, known or not, as it is written. `eventName` and `log` are such fields.
    ///
    /// # Examples
    ///
    /// ```
    /// # let record = include_bytes!("../../../../tests/corpus/documented/client-disconnected-v1.json");
    /// # let validator = cloudconnexa_validator::Validator::new();
    /// # let mut checker = validator.checker();
    /// let event = checker.view(record).expect("it is valid");
    /// let initiator = event.field("initiator").expect("it is required");
    /// assert_eq!(initiator.text().as_deref(), Some("5d34eabe-f88d-4570-9954-818c03b90b4b"));
    /// assert_eq!(event.field("noSuchField"), None);
    /// ```
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Raw<'a>> {
        match HEADER.index(name) {
            Some(index) => self.header.raw(self.record, index),
            None => self.unknown_field(Scope::Header, name),
        }
    }

    /// Returns the field `name` of the `log` of the event, known or not, as it is written.
    ///
    /// The event may be one that the schema does not describe.
    #[must_use]
    pub fn log_field(&self, name: &str) -> Option<Raw<'a>> {
        let Some(Some(shape)) = LOGS.get(usize::from(self.event)) else {
            return self
                .header
                .raw(self.record, LOG)?
                .members()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value);
        };
        match shape.index(name) {
            Some(index) => self.log.raw(self.record, index),
            None => self.unknown_field(Scope::Log, name),
        }
    }

    /// Returns a field by its index in [`HEADER`](crate::catalog::HEADER), as it is written; `None` if the event does not have
    /// it. The next two indices are those of `eventName` and `log`.
    ///
    /// It is what [`field`](Self::field) looks up, for programs that read the same fields of very many events.
    #[must_use]
    #[inline]
    pub fn header_at(&self, index: usize) -> Option<Raw<'a>> {
        self.header.raw(self.record, index)
    }

    /// Returns a field of the `log` by its index in the [`log`](EventSpec::log) of the [`event`](Self::event), as it is
    /// written; `None` if the event does not have it, or the schema does not describe it.
    #[must_use]
    #[inline]
    pub fn log_at(&self, index: usize) -> Option<Raw<'a>> {
        self.log.raw(self.record, index)
    }

    /// Returns the byte range in the [`record`](Self::record) of the value that [`header_at`](Self::header_at) returns.
    #[must_use]
    #[inline]
    pub fn header_range_at(&self, index: usize) -> Option<Range<usize>> {
        self.header.range(index).map(|(start, end)| start..end)
    }

    /// Returns the byte range in the [`record`](Self::record) of the value that [`log_at`](Self::log_at) returns.
    #[must_use]
    #[inline]
    pub fn log_range_at(&self, index: usize) -> Option<Range<usize>> {
        self.log.range(index).map(|(start, end)| start..end)
    }

    /// Returns what reads many fields in less time.
    #[must_use]
    pub fn reader(&self) -> FieldReader<'_, 'a> {
        // A valid record is UTF-8, so the text is never missing.
        FieldReader { view: self, record: self.text().unwrap_or_default() }
    }

    /// Whether the value of a field that the schema describes may be a string with escapes.
    ///
    /// If not, what is between the quotes of each is its text.
    #[must_use]
    #[inline]
    pub fn may_have_escapes(&self) -> bool {
        self.may_have_escapes
    }

    /// Returns the value at a JSON Pointer (RFC 6901), as [`Finding::pointer`](crate::Finding::pointer) returns them. `None`
    /// if there is none, and for the pointer to the whole event, which is [`record`](Self::record).
    ///
    /// # Examples
    ///
    /// ```
    /// # let record = include_bytes!("../../../../tests/corpus/documented/client-disconnected-v1.json");
    /// # let validator = cloudconnexa_validator::Validator::new();
    /// # let mut checker = validator.checker();
    /// let event = checker.view(record).expect("it is valid");
    /// assert_eq!(event.pointer("/log/sessionBytesIn").map(|bytes| bytes.as_str()), Some("34409"));
    /// ```
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<Raw<'a>> {
        let mut tokens =
            pointer.strip_prefix('/')?.split('/').map(|token| token.replace("~1", "/").replace("~0", "~"));
        let first = tokens.next()?;
        let value = match tokens.next() {
            None => return self.field(&first),
            Some(second) if first == "log" => self.log_field(&second)?,
            Some(second) => self.field(&first)?.child(&second)?,
        };
        tokens.try_fold(value, |value, token| value.child(&token))
    }

    /// Returns the fields that the schema does not describe, in the order of the record: those of the event, and those of
    /// its `log` if the schema describes it.
    ///
    /// The `log` of an unknown event is a field of the event that the schema describes: [`log_field`](Self::log_field) reads
    /// it. That of an event without one is unknown.
    pub fn unknown_fields(&self) -> impl Iterator<Item = Member<'a>> {
        let text = if self.unknown.is_empty() { None } else { self.text() };
        let slots = text.map(|text| self.unknown.iter().map(move |slot| slot.member(text, self.event())));
        slots.into_iter().flatten()
    }

    /// Returns the record as text; never `None`, as a valid record is UTF-8.
    fn text(&self) -> Option<&'a str> {
        // The pass over the record has already found it to be UTF-8. Safe code cannot make text of bytes without a check of its
        // own, though, and that of std takes a while where a character is not ASCII: hence a crate that does no more than that.
        simdutf8::basic::from_utf8(self.record).ok()
    }

    fn unknown_field(&self, scope: Scope, name: &str) -> Option<Raw<'a>> {
        self.unknown_fields()
            .find(|member| member.scope == scope && member.name() == name)
            .map(|member| member.value())
    }
}

/// Returns unknown fields in the order of the record.
#[cold]
fn in_order(unknown: &[Slot]) -> Vec<Slot> {
    let mut unknown = unknown.to_vec();
    // A `log` may be checked after the rest.
    unknown.sort_unstable_by_key(|slot| slot.key);
    unknown
}

/// Writes the record.
impl fmt::Debug for EventView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventView").field(&String::from_utf8_lossy(self.record)).finish()
    }
}
