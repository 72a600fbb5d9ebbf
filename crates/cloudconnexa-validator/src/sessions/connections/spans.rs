//! Connections as spans of time, and what follows from them directly.

use super::users::ConnectedUser;
use super::{Kind, NOBODY, Period, Record, UNKNOWN};
use crate::instant::{Micros, SECOND};

/// 2020-01-01T00:00:00Z: no session is older than the service.
const EARLIEST: Micros = 1_577_836_800 * SECOND;

/// Who was connected when.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConnectionSpans {
    pub(super) users: Vec<ConnectedUser>,
    pub(super) spans: Vec<Span>,
    /// When each attempt to connect was made.
    attempts: Vec<Attempt>,
    /// When the newest event of a session occurred.
    pub newest: Option<Micros>,
    /// Sessions, refused logins among them.
    pub sessions: u64,
    /// Sessions without an end that count as dead.
    pub dead: u64,
    /// Sessions left out: before 2020, in the future, without a start, or with an end before it.
    pub implausible: u64,
    /// Sessions of nobody, such as those of connectors of networks.
    pub without_user: u64,
}

/// A connection, including its start and excluding its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) user: u32,
    pub(super) start: Micros,
    pub(super) end: Micros,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Attempt {
    user: u32,
    time: Micros,
    is_refused: bool,
}

/// A user who connected often on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FrequentUser<'a> {
    /// When the day starts, in UTC.
    pub day: Micros,
    /// The user.
    pub user: &'a ConnectedUser,
    /// How often the user connected, refused logins included.
    pub connections: u64,
    /// How many of these are refused logins.
    pub refused: u64,
}

/// A user who is connected at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActiveUser<'a> {
    /// The user.
    pub user: &'a ConnectedUser,
    /// Since when: the start of the oldest session.
    pub since: Micros,
    /// How many sessions the user has.
    pub sessions: u64,
}

impl ConnectionSpans {
    /// `records` are compact, so those of a session follow one another.
    pub(super) fn new(
        records: &[Record],
        users: Vec<ConnectedUser>,
        newest: Option<Micros>,
        dead_after: Micros,
        latest: Micros,
    ) -> Self {
        let (spans, attempts) = (Vec::new(), Vec::new());
        let mut all =
            Self { users, spans, attempts, newest, sessions: 0, dead: 0, implausible: 0, without_user: 0 };
        for session in records.chunk_by(|one, other| one.key == other.key) {
            all.add(session, dead_after, latest);
        }
        all.attempts.sort_unstable();
        all
    }

    fn add(&mut self, session: &[Record], dead_after: Micros, latest: Micros) {
        let is_ended = session.iter().any(|record| record.kind != Kind::Started);
        let known = |record: &&Record| record.user != NOBODY;
        let user = session.iter().filter(known).map(|record| record.user);
        let user = user.min_by_key(|user| &self.users[*user as usize]).unwrap_or(NOBODY);
        let starts = session.iter().map(|record| record.start).filter(|start| *start != UNKNOWN);
        let first_start = starts.min();
        let mut attempts = Vec::new();
        // The end of a session says all about it.
        for record in session.iter().filter(|record| !is_ended || record.kind != Kind::Started) {
            let user = if record.user == NOBODY { user } else { record.user };
            self.sessions += 1;
            self.without_user += u64::from(user == NOBODY);
            let start = if record.start == UNKNOWN { first_start } else { Some(record.start) };
            let is_refused = record.kind == Kind::Refused;
            let end = match record.kind {
                Kind::Ended | Kind::Refused => record.end,
                Kind::Started => {
                    let end = record.start.saturating_add(dead_after);
                    // At the time of the newest event, it is still connected.
                    let known = self.newest.map_or(end, |newest| newest.saturating_add(1));
                    self.dead += u64::from(end < known);
                    end.min(known).max(record.start)
                }
            };
            let is_plausible = |start: &Micros| (EARLIEST..=end).contains(start) && end <= latest;
            let time = if is_refused { start.or(Some(record.end)) } else { start };
            let (Some(time), Some(_)) = (time, time.filter(is_plausible)) else {
                self.implausible += 1;
                continue;
            };
            attempts.push(Attempt { user, time, is_refused });
            if !is_refused && end > time {
                self.spans.push(Span { user, start: time, end });
            }
        }
        // Two ends of one session, which contradict each other, are one attempt to connect.
        attempts.sort_unstable();
        attempts.dedup();
        self.attempts.append(&mut attempts);
    }

    /// Returns the users who connected at least `threshold` times on a day: by day and, within a day, the most frequent first.
    #[must_use]
    pub fn frequent(&self, threshold: u64) -> Vec<FrequentUser<'_>> {
        let day = |attempt: &Attempt| Period::Day.start_of(attempt.time);
        let days = self.attempts.chunk_by(|one, other| (one.user, day(one)) == (other.user, day(other)));
        let row = |attempts: &[Attempt]| {
            let first = attempts.first()?;
            let connections = attempts.len() as u64;
            let refused = attempts.iter().filter(|attempt| attempt.is_refused).count() as u64;
            let user = self.users.get(first.user as usize)?;
            (connections >= threshold).then_some(FrequentUser { day: day(first), user, connections, refused })
        };
        let mut rows: Vec<_> = days.filter_map(row).collect();
        rows.sort_by(|one, other| {
            let key = |row: &FrequentUser<'_>| (row.day, std::cmp::Reverse(row.connections));
            key(one).cmp(&key(other)).then_with(|| one.user.cmp(other.user))
        });
        rows
    }

    /// Returns the users who are connected at `time`: those who have been for longest first.
    #[must_use]
    pub fn active_at(&self, time: Micros) -> Vec<ActiveUser<'_>> {
        let is_active = |span: &&Span| span.user != NOBODY && (span.start..span.end).contains(&time);
        let mut active: Vec<Span> = self.spans.iter().filter(is_active).copied().collect();
        active.sort_unstable();
        let of_user = active.chunk_by(|one, other| one.user == other.user);
        let mut users: Vec<_> = of_user
            .map(|spans| ActiveUser {
                user: &self.users[spans[0].user as usize],
                since: spans[0].start,
                sessions: spans.len() as u64,
            })
            .collect();
        users.sort_by(|one, other| one.since.cmp(&other.since).then_with(|| one.user.cmp(other.user)));
        users
    }
}
