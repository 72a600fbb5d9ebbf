//! The part of a record that rules about several records need. It is small, and made by the thread that checks the record.

use std::borrow::Cow;

use super::fields::{Field, Fields};
use super::record::Semantics;
use crate::outline::Outline;
use crate::position::{Position, Span, after_chunk};
use crate::sessions::event::is_refusal;
use crate::sessions::hash::{hash, session_key, tenant_key};
use crate::sessions::tracker::Role;

/// The part of a record that [`Stream`](super::Stream) needs: the name of the event, hashes, times and positions.
#[derive(Clone, Debug)]
pub struct StreamEvent {
    pub(super) event: Option<Cow<'static, str>>,
    pub(super) time: Option<At<i64>>,
    /// The hash of its `traceId`.
    pub(super) trace: Option<At<u64>>,
    pub(super) session: Option<Box<StreamSession>>,
}

/// A value and its position.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) start: Position,
    /// Its length in bytes, and in columns.
    length: (u32, u32),
}

/// The part about a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct StreamSession {
    pub(super) role: Role,
    /// The key of the tenant.
    pub(super) tenant: u64,
    /// The key of the session, if it has an id.
    pub(super) key: Option<At<u128>>,
    /// The start of the session.
    pub(super) start: Option<i64>,
    /// Whether the session was refused, or ended at once: there may be no other event.
    pub(super) is_attempt: bool,
}

impl<T> At<T> {
    fn new(value: T, field: Field, fields: &Fields<'_>, at: Position) -> Option<Self> {
        let range = fields.range(field)?;
        let record = fields.record();
        let start = after_chunk(at, &record[..range.start]);
        let end = after_chunk(start, &record[range]);
        Some(Self { value, start, length: length(start, end) })
    }

    fn relocate(&mut self, position: &impl Fn(Position) -> Position) {
        let Span { start, end } = self.span();
        let (start, end) = (position(start), position(end));
        (self.start, self.length) = (start, length(start, end));
    }

    /// Returns another value at the same position.
    pub(super) fn of<U>(&self, value: U) -> At<U> {
        At { value, start: self.start, length: self.length }
    }

    /// Returns its span. It is a string, and therefore on one line.
    pub(super) fn span(&self) -> Span {
        let mut end = self.start;
        end.offset += u64::from(self.length.0);
        end.column += u64::from(self.length.1);
        Span { start: self.start, end }
    }
}

fn length(start: Position, end: Position) -> (u32, u32) {
    let length = |from: u64, to: u64| u32::try_from(to.saturating_sub(from)).unwrap_or(u32::MAX);
    (length(start.offset, end.offset), length(start.column, end.column))
}

impl StreamEvent {
    /// Replaces each position, for an event whose text is decoded from the input.
    pub(crate) fn relocate(&mut self, position: impl Fn(Position) -> Position) {
        if let Some(time) = &mut self.time {
            time.relocate(&position);
        }
        if let Some(trace) = &mut self.trace {
            trace.relocate(&position);
        }
        if let Some(key) = self.session.as_mut().and_then(|session| session.key.as_mut()) {
            key.relocate(&position);
        }
    }
}

impl Semantics {
    /// Reads what [`Stream`](super::Stream) needs of a record whose first byte is at `at`.
    pub fn stream_event(&self, outline: &Outline<'_>, at: Position) -> StreamEvent {
        let fields = &Fields::of(outline, &self.lookup);
        let event = match outline.event() {
            Some(event) => Some(Cow::Borrowed(event.name)),
            None => outline.name().map(|name| Cow::Owned(name.into_owned())),
        };
        let time = fields.time(Field::Timestamp).and_then(|time| At::new(time, Field::Timestamp, fields, at));
        let trace = fields
            .text(Field::TraceId)
            .filter(|text| !text.is_empty())
            .and_then(|text| At::new(hash(&*text), Field::TraceId, fields, at));
        let role = match event.as_deref() {
            Some("client-connected") => Some(Role::Start),
            Some("client-disconnected") => Some(Role::End),
            _ => None,
        };
        let session = role.map(|role| Box::new(session(role, fields, at)));
        StreamEvent { event, time, trace, session }
    }
}

fn session(role: Role, fields: &Fields<'_>, at: Position) -> StreamSession {
    let cloud = fields.text(Field::CloudId).unwrap_or_default();
    let id = fields.text(Field::ClientSessionId).filter(|id| !id.is_empty());
    let is_zero = |field| fields.number(field) == Some(0);
    let is_attempt = fields.text(Field::Reason).is_some_and(|reason| is_refusal(&reason))
        || is_zero(Field::Duration) && is_zero(Field::BytesIn) && is_zero(Field::BytesOut);
    StreamSession {
        role,
        tenant: tenant_key(&cloud),
        key: id.and_then(|id| At::new(session_key(&cloud, &id), Field::ClientSessionId, fields, at)),
        start: fields.time(Field::Start),
        is_attempt,
    }
}
