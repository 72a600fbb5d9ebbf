//! Joins sightings to sessions.

use super::hash;
use super::recent::Recent;
use super::sighting::{Facts, Sighting, is_refusal};
use super::tracker::{Half, Limits, Role, Told, Tracker, Why};

/// A session, as far as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Session {
    /// What is known of it: what the event that ends it says, and of what that lacks the one that begins it.
    pub facts: Facts,
    /// Its client-connected was seen.
    pub connected: bool,
    /// Its client-disconnected was seen.
    pub disconnected: bool,
    /// Why something of it is missing.
    pub gap: Option<Gap>,
    /// The login was refused: there never was a session.
    pub refused: bool,
    /// All that was seen of it is valid.
    pub is_valid: bool,
}

/// Why the end of a session is not known.
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
    BegunBefore,
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

impl Half for Box<Sighting> {
    type Trace = Content;

    fn trace(&self) -> Content {
        let facts = &self.facts;
        match self.role {
            Role::Begin => hash(&facts.start),
            Role::End => hash(&(&facts.start, &facts.end, facts.bytes_in, facts.bytes_out)),
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
    tracker: Tracker<Box<Sighting>>,
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

    /// Takes in a sighting, and tells of sessions of which nothing else is awaited.
    pub fn see(&mut self, sighting: Sighting, tell: &mut impl FnMut(Session)) {
        let Self { tracker, events, counts } = self;
        counts.events += 1;
        if events.see(sighting.identity, ()).is_some() {
            counts.repeated += 1;
            return;
        }
        let mut settle = |told| counts.settle(told, tell);
        let Some(key) = sighting.key else {
            let role = sighting.role;
            return settle(Told::Alone { role, half: Box::new(sighting), why: Why::Whole });
        };
        // Nothing comes before a login that is refused.
        let whole = sighting.role == Role::End && sighting.is_refused();
        let (role, time) = (sighting.role, sighting.time);
        tracker.see((role, key, time), Box::new(sighting), whole, &mut settle);
    }

    /// How many sessions wait for their other event.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.tracker.waiting()
    }

    /// Tells of the sessions of which something is missing still.
    pub fn finish(self, tell: &mut impl FnMut(Session)) -> Counts {
        let Self { tracker, events, mut counts } = self;
        counts.forgotten = tracker.forgotten() + events.forgotten();
        tracker.finish(&mut |told| counts.settle(told, tell));
        counts
    }
}

impl Sighting {
    fn is_refused(&self) -> bool {
        self.facts.disconnect_reason.as_deref().is_some_and(is_refusal)
    }
}

impl Counts {
    fn settle(&mut self, told: Told<Box<Sighting>>, tell: &mut impl FnMut(Session)) {
        let session = match told {
            Told::Joined { begin, end } => Session {
                connected: true,
                disconnected: true,
                gap: None,
                refused: end.is_refused(),
                is_valid: begin.is_valid && end.is_valid,
                facts: end.facts.or(begin.facts),
            },
            Told::Again { half, first, .. } if half.trace() == first => {
                self.repeated += 1;
                return;
            }
            Told::Again { role, half, .. } => {
                self.conflicting += 1;
                Session::of(role, *half, Gap::BegunBefore)
            }
            Told::Alone { role, half, why } => {
                let gap = match why {
                    Why::Whole => Gap::NoSessionId,
                    Why::Late => Gap::BegunBefore,
                    Why::Horizon => Gap::BeyondHorizon,
                    Why::Room => Gap::TooMany,
                    Why::AtEnd => Gap::StillOpen,
                };
                Session::of(role, *half, gap)
            }
        };
        self.sessions += 1;
        match session.gap {
            Some(Gap::StillOpen) => self.still_open += 1,
            Some(Gap::BeyondHorizon) => self.beyond_horizon += 1,
            Some(Gap::TooMany) => self.too_many += 1,
            Some(Gap::NoSessionId | Gap::BegunBefore) => {}
            None if session.refused => self.refused += 1,
            None if session.connected => self.joined += 1,
            None => self.ends_alone += 1,
        }
        tell(session);
    }
}

impl Session {
    /// What one event alone tells; it has a gap unless it is the end.
    fn of(role: Role, half: Sighting, gap: Gap) -> Self {
        let is_end = role == Role::End;
        Self {
            connected: !is_end,
            disconnected: is_end,
            gap: (!is_end).then_some(gap),
            refused: is_end && half.is_refused(),
            is_valid: half.is_valid,
            facts: half.facts,
        }
    }
}

#[cfg(test)]
#[path = "joiner_tests.rs"]
mod tests;
