//! The rules about several records.

use std::borrow::Cow;
use std::sync::Arc;

use super::event::{At, StreamEvent};
use super::fields::Field;
use super::first_seen::FirstSeen;
use crate::describe::Location;
use crate::finding::Finding;
use crate::position::Position;
use crate::rules::Detail;
use crate::rules::clock_backwards::{self, ClockBackwards};
use crate::rules::duplicate_trace_id::DuplicateTraceId;
use crate::rules::session_ends_twice::SessionEndsTwice;
use crate::rules::session_never_began::{self, SessionNeverBegan};
use crate::rules::session_never_ends::{self, SessionNeverEnds};
use crate::rules::time_before_service;
use crate::sessions::recent::Recent;
use crate::sessions::streamed::Undecided;
use crate::sessions::{Endpoint, Limits, Pairing, Role, Tracker, UnmatchedReason};

/// Compares records, which must come in the order of the inputs.
///
/// [`Limits`] bounds what it keeps: `max_open` sessions that wait for their other event, ten times as many completed
/// sessions, and the ids of ten times as many events.
#[derive(Debug)]
pub struct Stream {
    max_open: usize,
    inputs: Vec<Arc<str>>,
    traces: Recent<SeenAt>,
    sessions: Tracker<SessionEndpoint>,
    /// The time and location of the previous record of the same input.
    last: Option<(i64, SeenAt)>,
    rules: PairingRules,
}

/// Turns pairings of session events into findings.
#[derive(Debug, Default)]
struct PairingRules {
    /// The earliest time so far. Nothing is known about what was before.
    first: Option<i64>,
    /// Events without a counterpart, while no event of that kind was seen of their tenants.
    undecided: Undecided<(Role, SessionEndpoint)>,
    counts: StreamCounts,
}

/// A finding about several records, located at the last of them.
#[derive(Debug)]
#[non_exhaustive]
pub struct StreamFinding {
    /// The input that it is in.
    pub input: Arc<str>,
    /// The name of its event.
    pub event: Option<Cow<'static, str>>,
    /// The finding.
    pub finding: Finding,
}

/// Counts of what is not a finding, and of what could not be decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct StreamCounts {
    /// Sessions still open at the end of the input, within the horizon.
    pub still_open: u64,
    /// Sessions given up because too many were open. Whether they end is unknown.
    pub too_many: u64,
    /// Sessions whose start is missing, of tenants of which no start of any session was seen, as if that event were not
    /// streamed.
    pub starts_not_streamed: u64,
    /// Sessions whose end is missing, of tenants of which no end of any session was seen.
    pub ends_not_streamed: u64,
    /// Completed sessions that were forgotten because there were too many.
    pub forgotten_sessions: u64,
    /// Ids of events that were forgotten because there were too many.
    pub forgotten_ids: u64,
}

/// A location in few bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct SeenAt {
    input: u32,
    column: u32,
    line: u64,
}

/// An event of a session.
#[derive(Clone, Copy, Debug)]
struct SessionEndpoint {
    input: u32,
    tenant: u64,
    id: At<()>,
    start: Option<i64>,
    is_attempt: bool,
    trace: Option<u64>,
}

impl StreamFinding {
    /// Returns whether it is about a record seen some time ago, perhaps in another input. That an event is missing is known
    /// only later.
    #[must_use]
    pub fn is_late(&self) -> bool {
        let rule = self.finding.rule();
        [&session_never_began::RULE, &session_never_ends::RULE]
            .into_iter()
            .any(|late| std::ptr::eq(late, rule))
    }
}

impl Endpoint for SessionEndpoint {
    type Summary = (SeenAt, Option<u64>);

    fn summary(&self) -> Self::Summary {
        (SeenAt::new(self.input, self.id.start), self.trace)
    }
}

impl SeenAt {
    fn new(input: u32, at: Position) -> Self {
        Self { input, column: u32::try_from(at.column).unwrap_or(u32::MAX), line: at.line }
    }
}

impl Stream {
    /// Creates a stream that has seen nothing.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            max_open: limits.max_open,
            inputs: Vec::new(),
            traces: Recent::new(limits.remembered()),
            sessions: Tracker::new(limits),
            last: None,
            rules: PairingRules::default(),
        }
    }

    /// Adds the next record, which is in `input`, and emits what is found.
    pub fn observe(&mut self, input: &Arc<str>, step: StreamEvent, emit: &mut impl FnMut(StreamFinding)) {
        let input = self.input(input);
        let Self { max_open, inputs, traces, sessions, last, rules } = self;
        let first = |seen_at: SeenAt| FirstSeen {
            input: Arc::clone(&inputs[seen_at.input as usize]),
            line: seen_at.line,
            column: seen_at.column,
        };
        let StreamEvent { event, time, trace, session } = step;
        let mut raise = |field: Field, at: crate::position::Span, detail: Detail| {
            let location = Location { pointer: field.pointer(), span: at };
            emit(StreamFinding {
                input: Arc::clone(&inputs[input as usize]),
                event: event.clone(),
                finding: Finding::new(location, detail),
            });
        };
        if let Some(time) = time {
            if let Some((before, seen_at)) = *last
                && before.saturating_sub(time.value) > clock_backwards::TOLERANCE
            {
                let detail =
                    ClockBackwards { micros: before.saturating_sub(time.value), first: first(seen_at) };
                raise(Field::Timestamp, time.span(), detail.into());
            }
            *last = Some((time.value, SeenAt::new(input, time.start)));
            if time.value >= time_before_service::FIRST {
                rules.first = Some(rules.first.map_or(time.value, |first| first.min(time.value)));
            }
        }
        let mut is_again = false;
        if let Some(trace) = trace
            && let Some(seen_at) = traces.observe(trace.value, SeenAt::new(input, trace.start))
        {
            is_again = true;
            raise(Field::TraceId, trace.span(), DuplicateTraceId { first: first(*seen_at) }.into());
        }
        if let Some(session) = &session {
            rules.streamed(inputs, session.tenant, session.role, emit);
        }
        let mut resolve = |pairings| rules.resolve(inputs, pairings, emit);
        if let Some(time) = time {
            sessions.advance(time.value, &mut resolve);
        }
        // A duplicate event is reported as such, and neither starts nor ends a session.
        if let Some(session) = session.filter(|_| !is_again)
            && let Some(key) = session.key
        {
            let endpoint = SessionEndpoint {
                input,
                tenant: session.tenant,
                id: key.of(()),
                start: session.start,
                is_attempt: session.is_attempt,
                trace: trace.map(|trace| trace.value),
            };
            let time = time.map(|time| time.value).or(session.start).unwrap_or(i64::MIN);
            let is_complete = session.role == Role::End && session.is_attempt;
            sessions.observe((session.role, key.value, time), endpoint, is_complete, &mut resolve);
        }
        while sessions.waiting().saturating_add(rules.undecided.len()) > *max_open
            && rules.give_up(inputs, emit).is_some()
        {}
    }

    /// Emits what is known only at the end, and returns the counts.
    pub fn finish(self, emit: &mut impl FnMut(StreamFinding)) -> StreamCounts {
        let Self { inputs, traces, sessions, mut rules, .. } = self;
        rules.counts.forgotten_sessions = sessions.forgotten();
        rules.counts.forgotten_ids = traces.forgotten();
        while rules.give_up(&inputs, emit).is_some() {}
        sessions.finish(&mut |pairings| rules.resolve(&inputs, pairings, emit));
        while rules.give_up(&inputs, emit).is_some() {}
        rules.counts
    }

    /// Returns the number of an input. Another input has a clock of its own.
    fn input(&mut self, name: &Arc<str>) -> u32 {
        if self.inputs.last().is_none_or(|last| !Arc::ptr_eq(last, name) && last != name) {
            self.inputs.push(Arc::clone(name));
            self.last = None;
        }
        u32::try_from(self.inputs.len() - 1).unwrap_or(u32::MAX)
    }
}

impl PairingRules {
    /// Notes that the tenant streams this kind of event.
    fn streamed(
        &mut self,
        inputs: &[Arc<str>],
        tenant: u64,
        role: Role,
        emit: &mut impl FnMut(StreamFinding),
    ) {
        self.undecided.observe(tenant, role, &mut |(role, endpoint)| emit(missing(inputs, role, endpoint)));
    }

    /// Decides about the event that has been undecided for longest.
    fn give_up(&mut self, inputs: &[Arc<str>], emit: &mut impl FnMut(StreamFinding)) -> Option<()> {
        let given_up = self.undecided.give_up()?;
        let (role, endpoint) = given_up.endpoint;
        if given_up.is_streamed {
            emit(missing(inputs, role, endpoint));
        } else {
            self.count_not_streamed(given_up.lacks);
        }
        Some(())
    }

    fn count_not_streamed(&mut self, lacks: Role) {
        match lacks {
            Role::Start => self.counts.starts_not_streamed += 1,
            Role::End => self.counts.ends_not_streamed += 1,
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "as the tracker passes it")]
    fn resolve(
        &mut self,
        inputs: &[Arc<str>],
        pairings: Pairing<SessionEndpoint>,
        emit: &mut impl FnMut(StreamFinding),
    ) {
        match pairings {
            Pairing::Repeated { role: Role::End, endpoint, first: (seen_at, trace) }
                if trace.is_none() || trace != endpoint.trace =>
            {
                let first = FirstSeen {
                    input: Arc::clone(&inputs[seen_at.input as usize]),
                    line: seen_at.line,
                    column: seen_at.column,
                };
                emit(at_session(inputs, Role::End, endpoint, SessionEndsTwice { first }.into()));
            }
            Pairing::Unmatched { role, endpoint, reason } => {
                self.unmatched(inputs, (role, endpoint), reason, emit);
            }
            Pairing::Paired { .. } | Pairing::Repeated { .. } => {}
        }
    }

    /// Decides about an event without a counterpart.
    fn unmatched(
        &mut self,
        inputs: &[Arc<str>],
        (role, endpoint): (Role, SessionEndpoint),
        reason: UnmatchedReason,
        emit: &mut impl FnMut(StreamFinding),
    ) {
        let lacks = match role {
            Role::Start => Role::End,
            Role::End => Role::Start,
        };
        match reason {
            UnmatchedReason::Complete | UnmatchedReason::Late => return,
            // There is no room to wait for an event of another session.
            UnmatchedReason::Capacity if self.undecided.streamed().has(endpoint.tenant, lacks) => {
                self.counts.too_many += 1;
                return;
            }
            UnmatchedReason::Capacity => return self.count_not_streamed(lacks),
            UnmatchedReason::Horizon | UnmatchedReason::EndOfInput => {}
        }
        match role {
            Role::Start if reason == UnmatchedReason::EndOfInput => {
                if self.undecided.streamed().has(endpoint.tenant, lacks) {
                    self.counts.still_open += 1;
                } else {
                    self.count_not_streamed(lacks);
                }
                return;
            }
            Role::End
                if endpoint.is_attempt
                    || self.first.zip(endpoint.start).is_none_or(|(first, start)| start <= first) =>
            {
                return;
            }
            Role::Start | Role::End => {}
        }
        if let Some((role, endpoint)) = self.undecided.decide(endpoint.tenant, lacks, (role, endpoint)) {
            emit(missing(inputs, role, endpoint));
        }
    }
}

/// Returns the finding about an event whose counterpart is missing.
fn missing(inputs: &[Arc<str>], role: Role, endpoint: SessionEndpoint) -> StreamFinding {
    let detail = match role {
        Role::Start => SessionNeverEnds.into(),
        Role::End => SessionNeverBegan.into(),
    };
    at_session(inputs, role, endpoint, detail)
}

/// Returns a finding located at the id of the session.
fn at_session(inputs: &[Arc<str>], role: Role, endpoint: SessionEndpoint, detail: Detail) -> StreamFinding {
    let event = match role {
        Role::Start => "client-connected",
        Role::End => "client-disconnected",
    };
    let location = Location { pointer: Field::ClientSessionId.pointer(), span: endpoint.id.span() };
    StreamFinding {
        input: Arc::clone(&inputs[endpoint.input as usize]),
        event: Some(Cow::Borrowed(event)),
        finding: Finding::new(location, detail),
    }
}
