//! Looks at one record after the other, and at what they say together.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::clock_backwards::{self, ClockBackwards};
use super::duplicate_trace_id::DuplicateTraceId;
use super::fields::Field;
use super::session_ends_twice::SessionEndsTwice;
use super::session_never_began::{self, SessionNeverBegan};
use super::session_never_ends::{self, SessionNeverEnds};
use super::step::{At, Step};
use super::time_before_service;
use crate::finding::{Finding, Place};
use crate::position::Position;
use crate::rules::Detail;
use crate::sessions::recent::Recent;
use crate::sessions::{Half, Limits, Role, Told, Tracker, Why};

/// Looks at one record after the other, input by input, in their order.
///
/// What it keeps is bounded by [`Limits`]: so many sessions that wait for their other event, ten times as many that are
/// done with, and the ids of ten times as many events.
#[derive(Debug)]
pub struct Stream {
    inputs: Vec<Arc<str>>,
    traces: Recent<Spot>,
    sessions: Tracker<Meeting>,
    /// Time and place of the record in front, in the same input.
    last: Option<(i64, Spot)>,
    judge: Judge,
}

/// What is decided of sessions.
#[derive(Debug, Default)]
struct Judge {
    /// The earliest time so far: nothing is known of what was before.
    first: Option<i64>,
    counts: StreamCounts,
}

/// A finding about several records, at the last of them.
#[derive(Debug)]
pub struct Raised {
    /// The input that it is in.
    pub input: Arc<str>,
    /// The name of its event.
    pub event: Option<Cow<'static, str>>,
    /// What is found.
    pub finding: Finding,
}

/// What is no finding, and what could not be judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamCounts {
    /// Sessions that had not ended at the end of the input, within the horizon.
    pub still_open: u64,
    /// Sessions that were given up for want of room: whether they end is not known.
    pub too_many: u64,
    /// Sessions, done with, that were forgotten for want of room.
    pub forgotten_sessions: u64,
    /// Ids of events that were forgotten for want of room.
    pub forgotten_ids: u64,
}

/// A place, in few bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spot {
    input: u32,
    column: u32,
    line: u64,
}

/// The other record that a finding is about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct First {
    input: Arc<str>,
    line: u64,
    column: u32,
}

/// An event of a session.
#[derive(Clone, Copy, Debug)]
struct Meeting {
    input: u32,
    id: At<()>,
    start: Option<i64>,
    is_attempt: bool,
    trace: Option<u64>,
}

impl Raised {
    /// Whether it is about a record that was seen some time ago, perhaps of another input: that something is missing is
    /// known only then.
    #[must_use]
    pub fn is_late(&self) -> bool {
        let rule = self.finding.rule();
        [&session_never_began::RULE, &session_never_ends::RULE]
            .into_iter()
            .any(|late| std::ptr::eq(late, rule))
    }
}

impl Half for Meeting {
    type Trace = (Spot, Option<u64>);

    fn trace(&self) -> Self::Trace {
        (Spot::new(self.input, self.id.start), self.trace)
    }
}

impl Spot {
    fn new(input: u32, at: Position) -> Self {
        Self { input, column: u32::try_from(at.column).unwrap_or(u32::MAX), line: at.line }
    }
}

impl fmt::Display for First {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of files can hold anything.
        let name =
            self.input.replace(|character: char| character.is_control() || character == '`', "\u{fffd}");
        write!(f, "`{name}:{}:{}`", self.line, self.column)
    }
}

impl Stream {
    /// Has seen nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            inputs: Vec::new(),
            traces: Recent::new(limits.remembered()),
            sessions: Tracker::new(limits),
            last: None,
            judge: Judge::default(),
        }
    }

    /// Takes in what the next record adds, which stands in `input`; tells what is found.
    pub fn see(&mut self, input: &Arc<str>, step: Step, tell: &mut impl FnMut(Raised)) {
        let input = self.input(input);
        let Self { inputs, traces, sessions, last, judge } = self;
        let first = |spot: Spot| First {
            input: Arc::clone(&inputs[spot.input as usize]),
            line: spot.line,
            column: spot.column,
        };
        let Step { event, time, trace, session } = step;
        let mut raise = |field: Field, at: crate::position::Span, detail: Detail| {
            let place = Place { pointer: field.pointer(), span: at };
            tell(Raised {
                input: Arc::clone(&inputs[input as usize]),
                event: event.clone(),
                finding: Finding::new(place, detail),
            });
        };
        if let Some(time) = time {
            if let Some((before, spot)) = *last
                && before.saturating_sub(time.value) > clock_backwards::TOLERANCE
            {
                let detail = ClockBackwards { micros: before.saturating_sub(time.value), first: first(spot) };
                raise(Field::Timestamp, time.span(), detail.into());
            }
            *last = Some((time.value, Spot::new(input, time.start)));
            if time.value >= time_before_service::FIRST {
                judge.first = Some(judge.first.map_or(time.value, |first| first.min(time.value)));
            }
        }
        let mut is_again = false;
        if let Some(trace) = trace
            && let Some(spot) = traces.see(trace.value, Spot::new(input, trace.start))
        {
            is_again = true;
            raise(Field::TraceId, trace.span(), DuplicateTraceId { first: first(*spot) }.into());
        }
        let mut settle = |told| judge.settle(inputs, told, tell);
        if let Some(time) = time {
            sessions.advance(time.value, &mut settle);
        }
        // An event that is there again is told of as that, and begins and ends nothing.
        if let Some(session) = session.filter(|_| !is_again) {
            let key = session.key;
            let meeting = Meeting {
                input,
                id: key.of(()),
                start: session.start,
                is_attempt: session.is_attempt,
                trace: trace.map(|trace| trace.value),
            };
            let time = time.map(|time| time.value).or(session.start).unwrap_or(i64::MIN);
            let whole = session.role == Role::End && session.is_attempt;
            sessions.see((session.role, key.value, time), meeting, whole, &mut settle);
        }
    }

    /// Tells what can be said only at the end.
    pub fn finish(self, tell: &mut impl FnMut(Raised)) -> StreamCounts {
        let Self { inputs, traces, sessions, mut judge, .. } = self;
        judge.counts.forgotten_sessions = sessions.forgotten();
        judge.counts.forgotten_ids = traces.forgotten();
        sessions.finish(&mut |told| judge.settle(&inputs, told, tell));
        judge.counts
    }

    /// The number of an input. The clock of another one is another clock.
    fn input(&mut self, name: &Arc<str>) -> u32 {
        if self.inputs.last().is_none_or(|last| !Arc::ptr_eq(last, name) && last != name) {
            self.inputs.push(Arc::clone(name));
            self.last = None;
        }
        u32::try_from(self.inputs.len() - 1).unwrap_or(u32::MAX)
    }
}

impl Judge {
    #[expect(clippy::needless_pass_by_value, reason = "as the tracker tells it")]
    fn settle(&mut self, inputs: &[Arc<str>], told: Told<Meeting>, tell: &mut impl FnMut(Raised)) {
        let (event, half, detail): (_, _, Detail) = match told {
            Told::Again { role: Role::End, half, first: (spot, trace) }
                if trace.is_none() || trace != half.trace =>
            {
                let first = First {
                    input: Arc::clone(&inputs[spot.input as usize]),
                    line: spot.line,
                    column: spot.column,
                };
                ("client-disconnected", half, SessionEndsTwice { first }.into())
            }
            Told::Alone { role: Role::End, half, why: Why::Horizon | Why::AtEnd }
                if !half.is_attempt
                    && self.first.zip(half.start).is_some_and(|(first, start)| start > first) =>
            {
                ("client-disconnected", half, SessionNeverBegan.into())
            }
            Told::Alone { role: Role::Begin, half, why: Why::Horizon } => {
                ("client-connected", half, SessionNeverEnds.into())
            }
            Told::Alone { role: Role::Begin, why: Why::AtEnd, .. } => {
                self.counts.still_open += 1;
                return;
            }
            Told::Alone { why: Why::Room, .. } => {
                self.counts.too_many += 1;
                return;
            }
            Told::Joined { .. } | Told::Again { .. } | Told::Alone { .. } => return,
        };
        let place = Place { pointer: Field::ClientSessionId.pointer(), span: half.id.span() };
        tell(Raised {
            input: Arc::clone(&inputs[half.input as usize]),
            event: Some(Cow::Borrowed(event)),
            finding: Finding::new(place, detail),
        });
    }
}
