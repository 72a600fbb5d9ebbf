//! Joins events into sessions.

use super::event::{SessionEvent, SessionFields, is_refusal};
use super::hash::{hash, tenant_key};
use super::recent::Recent;
use super::streamed::Undecided;
use super::tracker::{Endpoint, Limits, Pairing, Role, Tracker, UnmatchedReason};
use crate::instant::Micros;

/// A session, as far as its events were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is independent of the others")]
#[non_exhaustive]
pub struct Session {
    /// Its fields: those of the event that ends it, completed by those of the event that starts it.
    pub fields: SessionFields,
    /// Whether its client-connected was seen.
    pub connected: bool,
    /// Whether its client-disconnected was seen.
    pub disconnected: bool,
    /// Why its end is unknown, if it is.
    pub gap: Option<Gap>,
    /// Whether it is a refused login rather than a session.
    pub refused: bool,
    /// Whether all events seen of it are valid.
    pub is_valid: bool,
}

/// Why the end of a session is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gap {
    /// The session was still open at the end of the input.
    StillOpen,
    /// The session did not end within the horizon.
    BeyondHorizon,
    /// Too many sessions were open.
    TooMany,
    /// The event has no session id.
    NoSessionId,
    /// The session started before, or was already reported.
    StartedBefore,
    /// No end of any session of the tenant was seen, as if the tenant did not stream that event.
    NotStreamed,
}

/// Counts of events and sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Events of sessions, including repeated ones.
    pub events: u64,
    /// Repeated events, which change nothing.
    pub repeated: u64,
    /// Events that contradict an earlier one of the same session. Each becomes a session of its own.
    pub conflicting: u64,
    /// Sessions.
    pub sessions: u64,
    /// Sessions of which both events were seen.
    pub joined: u64,
    /// Sessions of which only the end was seen, without refused logins.
    pub ends_alone: u64,
    /// Those among them of tenants of which no start of any session was seen, as if that event were not streamed.
    pub starts_not_streamed: u64,
    /// Sessions of which only the start was seen, of tenants of which no end of any session was seen.
    pub ends_not_streamed: u64,
    /// Refused logins.
    pub refused: u64,
    /// Sessions still open at the end of the input.
    pub still_open: u64,
    /// Sessions that did not end within the horizon.
    pub beyond_horizon: u64,
    /// Sessions given up because too many were open.
    pub too_many: u64,
    /// Sessions and events forgotten because there were too many. If one comes again, it counts as new.
    pub forgotten: u64,
}

impl Session {
    /// Returns whether the session is fully known. The event that ends a session also has its start.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.disconnected
    }
}

/// A hash of what an event says about its session.
type Content = u64;

impl Endpoint for Box<SessionEvent> {
    type Summary = Content;

    fn summary(&self) -> Content {
        let fields = &self.fields;
        match self.role {
            Role::Start => hash(&fields.start),
            Role::End => hash(&(&fields.start, &fields.end, fields.bytes_in, fields.bytes_out)),
        }
    }
}

/// Joins events into sessions, in whatever order they come.
///
/// Emits a session once both of its events were seen, and a refused login at once. A session with a single event is emitted
/// when it is given up: after the horizon, when too many are open, or at the end. Repeated events change nothing.
///
/// Tenants choose which kinds of events are streamed. Unless an end of any session of the tenant is seen, earlier or later,
/// the gap of a session without an end is [`Gap::NotStreamed`].
#[derive(Debug)]
pub struct Sessions {
    max_open: usize,
    tracker: Tracker<Box<SessionEvent>>,
    events: Recent<()>,
    resolver: Resolver,
}

/// Turns pairings into sessions.
#[derive(Debug, Default)]
struct Resolver {
    counts: Counts,
    /// Sessions beyond the horizon.
    undecided: Undecided<Box<Session>>,
}

impl Sessions {
    /// Creates an empty joiner.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            max_open: limits.max_open,
            events: Recent::new(limits.remembered().saturating_mul(2)),
            tracker: Tracker::new(limits),
            resolver: Resolver::default(),
        }
    }

    /// Adds an event, and emits sessions that wait for no other.
    pub fn observe(&mut self, event: SessionEvent, emit: &mut impl FnMut(Session)) {
        let Self { max_open, tracker, events, resolver } = self;
        resolver.counts.events += 1;
        if events.observe(event.identity, ()).is_some() {
            resolver.counts.repeated += 1;
            return;
        }
        resolver.streamed(event.tenant(), event.role, emit);
        let mut resolve = |pairings| resolver.resolve(pairings, emit);
        let Some(key) = event.key else {
            let role = event.role;
            return resolve(Pairing::Unmatched {
                role,
                endpoint: Box::new(event),
                reason: UnmatchedReason::Complete,
            });
        };
        // A refused login has no start to wait for.
        let is_complete = event.role == Role::End && event.is_refused();
        let (role, time) = (event.role, event.time);
        tracker.observe((role, key, time), Box::new(event), is_complete, &mut resolve);
        while tracker.waiting().saturating_add(resolver.undecided.len()) > *max_open
            && resolver.give_up(emit).is_some()
        {}
    }

    /// Advances the clock to the time of an event that is joined elsewhere, and emits the sessions that expire.
    ///
    /// Sessions can be joined in [shards](SessionEvent::shard), for example on several machines. Together, these emit the sessions
    /// that one joiner of all events would emit, if none of them has to give up sessions for lack of room, each shard gets its
    /// events in the order of the whole, and
    ///
    /// * the clock of each is advanced to the earliest time that the whole starts with, then before each event to the latest time
    ///   of all events before it that have an [id](SessionEvent::has_session_id), and at last to the latest time of all;
    /// * each is told by [`streamed_elsewhere`](Self::streamed_elsewhere), before its first event, what the others get.
    pub fn advance(&mut self, time: Micros, emit: &mut impl FnMut(Session)) {
        let Self { tracker, resolver, .. } = self;
        tracker.advance(time, &mut |pairings| resolver.resolve(pairings, emit));
    }

    /// Notes that a tenant streams this kind of event, of which one is joined elsewhere.
    pub fn streamed_elsewhere(&mut self, cloud_id: &str, role: Role, emit: &mut impl FnMut(Session)) {
        self.resolver.streamed(tenant_key(cloud_id), role, emit);
    }

    /// Returns how many sessions wait for their other event.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.tracker.waiting()
    }

    /// Emits the sessions that still wait, and returns the counts.
    pub fn finish(self, emit: &mut impl FnMut(Session)) -> Counts {
        let Self { tracker, events, mut resolver, .. } = self;
        resolver.counts.forgotten = tracker.forgotten() + events.forgotten();
        while resolver.give_up(emit).is_some() {}
        tracker.finish(&mut |pairings| resolver.resolve(pairings, emit));
        resolver.counts.starts_not_streamed = resolver.undecided.streamed().lone_ends_without_starts();
        resolver.counts
    }
}

impl SessionEvent {
    pub(super) fn is_refused(&self) -> bool {
        self.fields.disconnect_reason.as_deref().is_some_and(is_refusal)
    }
}

impl Resolver {
    /// Notes that the tenant streams this kind of event.
    fn streamed(&mut self, tenant: u64, role: Role, emit: &mut impl FnMut(Session)) {
        let Self { counts, undecided } = self;
        undecided.observe(tenant, role, &mut |session| counts.emit(*session, emit));
    }

    /// Emits the session that has been undecided for longest.
    fn give_up(&mut self, emit: &mut impl FnMut(Session)) -> Option<()> {
        let mut given_up = self.undecided.give_up()?;
        if !given_up.is_streamed {
            given_up.endpoint.gap = Some(Gap::NotStreamed);
        }
        self.counts.emit(*given_up.endpoint, emit);
        Some(())
    }

    fn resolve(&mut self, pairings: Pairing<Box<SessionEvent>>, emit: &mut impl FnMut(Session)) {
        let session = match pairings {
            Pairing::Paired { start, end } => Session {
                connected: true,
                disconnected: true,
                gap: None,
                refused: end.is_refused(),
                is_valid: start.is_valid && end.is_valid,
                fields: end.fields.or(start.fields),
            },
            Pairing::Repeated { endpoint, first, .. } if endpoint.summary() == first => {
                self.counts.repeated += 1;
                return;
            }
            Pairing::Repeated { role, endpoint, .. } => {
                self.counts.conflicting += 1;
                Session::of(role, *endpoint, Gap::StartedBefore)
            }
            Pairing::Unmatched { role, endpoint, reason } => match self.unmatched(role, *endpoint, reason) {
                Some(session) => session,
                None => return,
            },
        };
        self.counts.emit(session, emit);
    }

    /// Returns the session of an event without a counterpart, unless its gap is not decided.
    fn unmatched(&mut self, role: Role, endpoint: SessionEvent, reason: UnmatchedReason) -> Option<Session> {
        let tenant = endpoint.tenant();
        let mut session = Session::of(
            role,
            endpoint,
            match reason {
                UnmatchedReason::Complete => Gap::NoSessionId,
                UnmatchedReason::Late => Gap::StartedBefore,
                UnmatchedReason::Horizon => Gap::BeyondHorizon,
                UnmatchedReason::Capacity => Gap::TooMany,
                UnmatchedReason::EndOfInput => Gap::StillOpen,
            },
        );
        match session.gap {
            Some(Gap::BeyondHorizon) => {
                return self.undecided.decide(tenant, Role::End, Box::new(session)).map(|session| *session);
            }
            // There is no room to wait for an end of another session, and at the end of the input there is none.
            Some(Gap::TooMany | Gap::StillOpen) if !self.undecided.streamed().has(tenant, Role::End) => {
                session.gap = Some(Gap::NotStreamed);
            }
            None if !session.refused => self.undecided.streamed().add_lone_end(tenant),
            _ => {}
        }
        Some(session)
    }
}

impl Counts {
    fn emit(&mut self, session: Session, emit: &mut impl FnMut(Session)) {
        self.sessions += 1;
        match session.gap {
            Some(Gap::StillOpen) => self.still_open += 1,
            Some(Gap::BeyondHorizon) => self.beyond_horizon += 1,
            Some(Gap::TooMany) => self.too_many += 1,
            Some(Gap::NotStreamed) => self.ends_not_streamed += 1,
            Some(Gap::NoSessionId | Gap::StartedBefore) => {}
            None if session.refused => self.refused += 1,
            None if session.connected => self.joined += 1,
            None => self.ends_alone += 1,
        }
        emit(session);
    }
}

impl Session {
    /// Creates a session from a single event. It has a gap unless that is its end.
    fn of(role: Role, endpoint: SessionEvent, gap: Gap) -> Self {
        let is_end = role == Role::End;
        Self {
            connected: !is_end,
            disconnected: is_end,
            gap: (!is_end).then_some(gap),
            refused: is_end && endpoint.is_refused(),
            is_valid: endpoint.is_valid,
            fields: endpoint.fields,
        }
    }
}

#[cfg(test)]
mod tests;
