//! Joins sightings to sessions.

use super::event::{SessionEvent, SessionFields, is_refusal};
use super::hash::hash;
use super::recent::Recent;
use super::tracker::{Endpoint, Limits, Pairing, Role, Tracker, UnmatchedReason};

/// A session, as far as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Session {
    /// What is known of it: what the event that ends it says, and of what that lacks the one that begins it.
    pub fields: SessionFields,
    /// Its client-connected was seen.
    pub connected: bool,
    /// Its client-disconnected was seen.
    pub disconnected: bool,
    /// UnmatchedReason something of it is missing.
    pub gap: Option<Gap>,
    /// The login was refused: there never was a session.
    pub refused: bool,
    /// All that was seen of it is valid.
    pub is_valid: bool,
}

/// UnmatchedReason the end of a session is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gap {
    /// It had not ended when the input did.
    StillOpen,
    /// The horizon went by before it ended.
    BeyondHorizon,
    /// Too many sessions were open.
    TooMany,
    /// The event does not say which session it begins.
    NoSessionId,
    /// It is another beginning of a session that has begun before, or has been told of.
    StartedBefore,
}

/// What was seen, and what came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events of sessions, those among them that are there again.
    pub events: u64,
    /// Events that are there again, and change nothing.
    pub repeated: u64,
    /// Events that say something else than one of the same session did before: each is a session of its own.
    pub conflicting: u64,
    /// Sessions.
    pub sessions: u64,
    /// Those of which both events were seen.
    pub joined: u64,
    /// Those of which only the end was seen, refused logins aside.
    pub ends_alone: u64,
    /// Refused logins.
    pub refused: u64,
    /// Those that were open at the end of the input.
    pub still_open: u64,
    /// Those that were given up when the horizon went by.
    pub beyond_horizon: u64,
    /// Those that were given up for want of room.
    pub too_many: u64,
    /// Sessions and events that were forgotten for want of room: if they come again they are taken for new.
    pub forgotten: u64,
}

impl Session {
    /// Whether the whole of it is known. The event that ends a session tells when it began, too.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.disconnected
    }
}

/// What the end of a session, or its beginning, says of it.
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

/// Joins sightings to sessions, in whatever order they come.
///
/// A session is told of as soon as both of its events were seen, a refused login at once. What only one event was seen of
/// is told of when it is given up: by the horizon, for want of room, or at the end. An event that comes again changes
/// nothing.
#[derive(Debug)]
pub struct Sessions {
    tracker: Tracker<Box<SessionEvent>>,
    events: Recent<()>,
    counts: Counts,
}

impl Sessions {
    /// Has seen nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let events = Recent::new(limits.remembered().saturating_mul(2));
        Self { tracker: Tracker::new(limits), events, counts: Counts::default() }
    }

    /// Takes in a event, and tells of sessions of which nothing else is awaited.
    pub fn observe(&mut self, event: SessionEvent, emit: &mut impl FnMut(Session)) {
        let Self { tracker, events, counts } = self;
        counts.events += 1;
        if events.observe(event.identity, ()).is_some() {
            counts.repeated += 1;
            return;
        }
        let mut resolve = |pairings| counts.resolve(pairings, emit);
        let Some(key) = event.key else {
            let role = event.role;
            return resolve(Pairing::Unmatched {
                role,
                endpoint: Box::new(event),
                reason: UnmatchedReason::Complete,
            });
        };
        // Nothing comes before a login that is refused.
        let is_complete = event.role == Role::End && event.is_refused();
        let (role, time) = (event.role, event.time);
        tracker.observe((role, key, time), Box::new(event), is_complete, &mut resolve);
    }

    /// How many sessions wait for their other event.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.tracker.waiting()
    }

    /// Tells of the sessions of which something is missing still.
    pub fn finish(self, emit: &mut impl FnMut(Session)) -> Counts {
        let Self { tracker, events, mut counts } = self;
        counts.forgotten = tracker.forgotten() + events.forgotten();
        tracker.finish(&mut |pairings| counts.resolve(pairings, emit));
        counts
    }
}

impl SessionEvent {
    fn is_refused(&self) -> bool {
        self.fields.disconnect_reason.as_deref().is_some_and(is_refusal)
    }
}

impl Counts {
    fn resolve(&mut self, pairings: Pairing<Box<SessionEvent>>, emit: &mut impl FnMut(Session)) {
        let session = match pairings {
            Pairing::Paired { begin, end } => Session {
                connected: true,
                disconnected: true,
                gap: None,
                refused: end.is_refused(),
                is_valid: begin.is_valid && end.is_valid,
                fields: end.fields.or(begin.fields),
            },
            Pairing::Repeated { endpoint, first, .. } if endpoint.summary() == first => {
                self.repeated += 1;
                return;
            }
            Pairing::Repeated { role, endpoint, .. } => {
                self.conflicting += 1;
                Session::of(role, *endpoint, Gap::StartedBefore)
            }
            Pairing::Unmatched { role, endpoint, reason } => {
                let gap = match reason {
                    UnmatchedReason::Complete => Gap::NoSessionId,
                    UnmatchedReason::Late => Gap::StartedBefore,
                    UnmatchedReason::Horizon => Gap::BeyondHorizon,
                    UnmatchedReason::Capacity => Gap::TooMany,
                    UnmatchedReason::EndOfInput => Gap::StillOpen,
                };
                Session::of(role, *endpoint, gap)
            }
        };
        self.sessions += 1;
        match session.gap {
            Some(Gap::StillOpen) => self.still_open += 1,
            Some(Gap::BeyondHorizon) => self.beyond_horizon += 1,
            Some(Gap::TooMany) => self.too_many += 1,
            Some(Gap::NoSessionId | Gap::StartedBefore) => {}
            None if session.refused => self.refused += 1,
            None if session.connected => self.joined += 1,
            None => self.ends_alone += 1,
        }
        emit(session);
    }
}

impl Session {
    /// What one event alone tells; it has a gap unless it is the end.
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
