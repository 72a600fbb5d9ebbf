//! Who was connected when, from the events of sessions in any order.
//!
//! [`Sessions`](super::Sessions) writes each session as soon as it is known, and forgets it. To count users who were connected
//! at the same time, all of them are needed at once, so [`Connections`] keeps very little of each: 32 bytes. What it says does
//! not depend on the order of events.

mod calendar;
mod peaks;
mod spans;
#[cfg(test)]
mod tests;
mod users;

pub use calendar::Period;
pub use peaks::Peak;
pub use spans::{ActiveUser, ConnectionSpans, FrequentUser};
pub use users::ConnectedUser;

use super::event::{Unreadable, identity, is_refusal};
use super::hash::hash;
use super::raw::{Key, RawSession};
use super::tracker::Role;
use crate::instant::{HOUR, Micros};
use crate::outline::Outline;
use users::Users;

/// How much is kept of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// How many different events of sessions are kept. One that starts a session counts until the one that ends it is known.
    pub max_events: usize,
    /// How many different users are kept.
    pub max_users: usize,
    /// A time after this, in microseconds since 1970, counts as a mistake.
    pub latest: Micros,
}

/// A million events, a hundred thousand users, and any time.
impl Default for ConnectionLimits {
    fn default() -> Self {
        Self { max_events: 1_000_000, max_users: 100_000, latest: Micros::MAX }
    }
}

/// The age at which a session whose end is not known counts as dead, unless another one is asked for: six hours.
pub const DEAD_AFTER: Micros = 6 * HOUR;

/// Users who connect at least this often on one day do so too often, unless another number is asked for.
pub const OFTEN: u64 = 40;

/// There are more connections or users than are kept, so nothing is known exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyConnections;

/// Collects who was connected when.
///
/// Several threads can each have one: [`append`](Self::append) them in any order.
#[derive(Debug)]
pub struct Connections {
    limits: ConnectionLimits,
    records: Vec<Record>,
    users: Users,
    /// Records are compacted once there are this many.
    compact_at: usize,
    newest: Option<Micros>,
    is_full: bool,
}

/// What an event says about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    /// A hash of the session, or of the event if that does not say which session it is about.
    key: u64,
    user: u32,
    kind: Kind,
    /// [`UNKNOWN`] if the event does not say.
    start: Micros,
    end: Micros,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Ended,
    Refused,
    /// Its end was not in this event.
    Started,
}

/// The index of no user.
const NOBODY: u32 = u32::MAX;

/// A start that is not known.
const UNKNOWN: Micros = Micros::MIN;

/// Fewer records are not compacted.
const COMPACT_MIN: usize = 1 << 12;

impl Connections {
    /// Creates a collector that has seen nothing.
    #[must_use]
    pub fn new(limits: ConnectionLimits) -> Self {
        Self {
            limits,
            records: Vec::new(),
            users: Users::default(),
            compact_at: COMPACT_MIN,
            newest: None,
            is_full: false,
        }
    }

    /// Returns how many records it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Returns whether it has no records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Returns whether there are more events or users than are kept.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Adds a record. Returns `None` if it is not about a session. The record may be invalid: everything readable is used.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] as for [`SessionEvent::read`](super::SessionEvent::read).
    pub fn observe(&mut self, outline: &Outline<'_>) -> Option<Result<(), Unreadable>> {
        let raw = RawSession::of(outline)?;
        let Some(times) = raw.times() else { return Some(Err(Unreadable)) };
        if self.is_full {
            return Some(Ok(()));
        }
        if times.event <= self.limits.latest {
            self.newest = self.newest.max(Some(times.event));
        }
        let cloud = raw.text(Key::CloudId).unwrap_or_default();
        let actors = outline.actors();
        let user = actors.user_id().map_or(NOBODY, |id| {
            self.users.index(&cloud, id.as_ref(), actors.user_name().map(AsRef::as_ref), times.event)
        });
        let key = match raw.text(Key::SessionId) {
            Some(session) => hash(&(&*cloud, &*session)),
            None => identity(&raw),
        };
        let is_refused = || raw.text(Key::DisconnectReason).is_some_and(|reason| is_refusal(&reason));
        self.records.push(match raw.role {
            Role::Start => {
                let start = times.start.unwrap_or(times.event);
                Record { key, user, kind: Kind::Started, start, end: start }
            }
            Role::End => Record {
                key,
                user,
                kind: if is_refused() { Kind::Refused } else { Kind::Ended },
                start: times.start.unwrap_or(UNKNOWN),
                end: times.end.unwrap_or(times.event),
            },
        });
        self.make_room();
        Some(Ok(()))
    }

    /// Adds what another collector has seen.
    pub fn append(&mut self, other: Self) {
        self.newest = self.newest.max(other.newest);
        if other.is_full {
            self.fill();
        }
        if self.is_full {
            return;
        }
        let indexes = self.users.append(other.users);
        let here = |user: u32| indexes.get(user as usize).copied().unwrap_or(NOBODY);
        self.records
            .extend(other.records.into_iter().map(|record| Record { user: here(record.user), ..record }));
        self.make_room();
    }

    fn make_room(&mut self) {
        if self.records.len() >= self.compact_at {
            self.compact();
        }
        if self.users.len() > self.limits.max_users {
            self.fill();
        }
    }

    /// Removes what says nothing new. What remains depends on the events alone, and there never is less of it for more events,
    /// so whether there is too much does not depend on their order either.
    fn compact(&mut self) {
        let group = |record: &Record| (record.key, record.user, record.start);
        self.records.sort_unstable_by_key(|record| (group(record), record.kind, record.end));
        // The end of a session says all that its start does. The first of a group ends it, if any does.
        self.records.dedup_by(|record, kept| {
            record == kept || record.kind == Kind::Started && group(record) == group(kept)
        });
        let (kept, max) = (self.records.len(), self.limits.max_events);
        if kept > max {
            self.fill();
        }
        self.compact_at = kept.saturating_mul(2).min(max.saturating_add(max / 4)).max(kept + COMPACT_MIN);
    }

    /// Gives up, and frees its memory.
    fn fill(&mut self) {
        self.is_full = true;
        (self.records, self.users) = (Vec::new(), Users::default());
    }

    /// Returns who was connected when. A session whose end is not among the events counts as dead after `dead_after`.
    ///
    /// # Errors
    ///
    /// [`TooManyConnections`] if there are more than the limits allow.
    pub fn finish(mut self, dead_after: Micros) -> Result<ConnectionSpans, TooManyConnections> {
        self.compact();
        if self.is_full {
            return Err(TooManyConnections);
        }
        let Self { records, users, newest, limits, .. } = self;
        Ok(ConnectionSpans::new(&records, users.into_list(), newest, dead_after, limits.latest))
    }
}
