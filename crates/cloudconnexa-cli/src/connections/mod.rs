//! The questions about connections that `ccxlog sessions` answers, and what is collected for them.

mod rows;

use cloudconnexa_validator::sessions::{
    ActiveSessions, ConnectionLimits, Connections, DEAD_AFTER, Limits, SessionEvent, TooManyConnections,
    Unreadable,
};

use crate::args::{ConnectionArgs, PeriodName};
use crate::check::VisitedRecord;
pub(crate) use rows::Answer;

/// A thread hands over what it has collected when it has this much, so that memory does not depend on the number of threads.
const MAX_OWN: usize = 1 << 12;

/// A question about connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) kind: QuestionKind,
    /// The age at which a session whose end was not read counts as dead, in microseconds.
    pub(crate) dead_after: i64,
}

/// The kind of question. Times are in microseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuestionKind {
    /// Which sessions are connected at this time?
    ActiveAt(i64),
    /// A question about all sessions.
    OfAll(QuestionOfAll),
}

/// A question about all sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuestionOfAll {
    /// How many users and sessions were connected at once?
    Concurrent(PeriodName),
    /// Which users connected at least this many times on one day?
    Reconnecting(u64),
}

/// Returns how much is kept of connections, by the limits of the sessions that may be open.
pub(crate) fn connection_limits(limits: Limits) -> ConnectionLimits {
    ConnectionLimits { max_events: limits.remembered(), max_users: limits.max_open, latest: limits.latest }
}

impl Question {
    /// Returns the question that was asked, if there is one.
    pub(crate) fn of(args: &ConnectionArgs) -> Option<Self> {
        let active = args.active_at.map(QuestionKind::ActiveAt);
        let concurrent = args.concurrent.map(QuestionOfAll::Concurrent);
        let reconnecting = args.reconnecting.map(|least| QuestionOfAll::Reconnecting(least.get()));
        let kind = active.or(concurrent.or(reconnecting).map(QuestionKind::OfAll))?;
        Some(Self { kind, dead_after: args.dead_after.unwrap_or(DEAD_AFTER) })
    }
}

/// The sessions collected for a question.
#[derive(Debug)]
pub(crate) struct Collected {
    pub(super) sessions: CollectedSessions,
    /// When the newest event of a session occurred, unless that is in the future.
    pub(super) newest: Option<i64>,
    latest: i64,
    /// The number of events of sessions.
    pub(crate) events: u64,
    /// The number of invalid records among them.
    pub(crate) invalid: u64,
    /// The number of invalid records that are left out, as they lack too much of a session, or may not be about one.
    pub(crate) left_out: u64,
}

#[derive(Debug)]
pub(super) enum CollectedSessions {
    Active { at: i64, active: ActiveSessions },
    All { question: QuestionOfAll, connections: Box<Connections> },
}

impl Collected {
    pub(crate) fn new(question: Question, limits: Limits) -> Self {
        let sessions = match question.kind {
            QuestionKind::ActiveAt(at) => {
                let max_events = limits.max_open.saturating_mul(2);
                let active = ActiveSessions::new(at, question.dead_after, max_events);
                CollectedSessions::Active { at, active }
            }
            QuestionKind::OfAll(question) => {
                let connections = Connections::new(connection_limits(limits));
                CollectedSessions::All { question, connections: Box::new(connections) }
            }
        };
        Self { sessions, newest: None, latest: limits.latest, events: 0, invalid: 0, left_out: 0 }
    }

    /// Adds a record. Returns whether it could be used, or is about something else.
    pub(crate) fn add(&mut self, record: &VisitedRecord<'_>) -> bool {
        let event = record.outline.as_ref().and_then(|outline| match &mut self.sessions {
            CollectedSessions::All { connections, .. } => connections.observe(outline),
            CollectedSessions::Active { active, .. } => {
                let event = SessionEvent::read(outline, record.is_valid)?;
                Some(event.map(|event| {
                    let time = Some(event.time).filter(|time| *time <= self.latest);
                    self.newest = self.newest.max(time);
                    active.observe(event);
                }))
            }
        });
        let is_named = record.outline.as_ref().is_some_and(|outline| outline.name().is_some());
        match event {
            None if is_named => true,
            Some(Ok(())) => {
                self.events += 1;
                self.invalid += u64::from(!record.is_valid);
                true
            }
            None | Some(Err(Unreadable)) => {
                self.left_out += 1;
                false
            }
        }
    }

    /// Returns whether it is to be handed over.
    pub(crate) fn is_much(&self) -> bool {
        match &self.sessions {
            CollectedSessions::Active { active, .. } => active.is_full() || active.len() >= MAX_OWN / 16,
            CollectedSessions::All { connections, .. } => {
                connections.is_full() || connections.len() >= MAX_OWN
            }
        }
    }

    /// Returns whether there is more than is kept.
    pub(crate) fn is_full(&self) -> bool {
        match &self.sessions {
            CollectedSessions::Active { active, .. } => active.is_full(),
            CollectedSessions::All { connections, .. } => connections.is_full(),
        }
    }

    /// Adds what another thread has collected for the same question.
    pub(crate) fn append(&mut self, other: Self) {
        match (&mut self.sessions, other.sessions) {
            (CollectedSessions::Active { active, .. }, CollectedSessions::Active { active: other, .. }) => {
                active.append(other);
            }
            (
                CollectedSessions::All { connections, .. },
                CollectedSessions::All { connections: other, .. },
            ) => connections.append(*other),
            (CollectedSessions::Active { .. } | CollectedSessions::All { .. }, _) => {}
        }
        self.newest = self.newest.max(other.newest);
        self.events += other.events;
        self.invalid += other.invalid;
        self.left_out += other.left_out;
    }

    /// Returns the answer.
    pub(crate) fn answer(self, question: Question) -> Result<Answer, TooManyConnections> {
        match self.sessions {
            CollectedSessions::Active { at, active } => {
                Ok(Answer::active(&active.finish()?, at, self.newest))
            }
            CollectedSessions::All { question: of_all, connections } => {
                let spans = connections.finish(question.dead_after)?;
                Ok(Answer::of_all(&spans, of_all, question.dead_after))
            }
        }
    }
}
