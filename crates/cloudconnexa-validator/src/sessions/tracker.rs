//! Pairs starts with ends: in any order, within a horizon of time, in bounded memory.

use std::collections::{HashMap, VecDeque};
use std::fmt::Debug;

use crate::instant::Micros;

/// Which of the two endpoints something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The start.
    Start,
    /// The end.
    End,
}

/// The start or the end of something that has both.
pub trait Endpoint {
    /// The part that is remembered after it was emitted.
    type Summary: Clone + Debug + PartialEq;

    /// Returns what to remember.
    fn summary(&self) -> Self::Summary;
}

/// How much to keep, and for how long. Times are in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How much time, in microseconds, may pass before an unmatched endpoint is given up, and a completed one forgotten.
    pub horizon: Micros,
    /// How many endpoints may wait for their counterparts at the same time.
    pub max_open: usize,
    /// A time after this, in microseconds since 1970, counts as a mistake and does not advance the clock. Otherwise a single
    /// event from the year 9999 would make everything expire.
    pub latest: Micros,
}

impl Limits {
    /// Returns how many completed ones are remembered, to recognize repetitions: ten times `max_open`.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.max_open.saturating_mul(10)
    }
}

/// The outcome for one endpoint or two.
#[derive(Debug, PartialEq, Eq)]
pub enum Pairing<T: Endpoint> {
    /// Both endpoints are known.
    Paired {
        /// The start.
        start: T,
        /// The end.
        end: T,
    },
    /// Only one endpoint is known.
    Unmatched {
        /// Which one it is.
        role: Role,
        /// The endpoint.
        endpoint: T,
        /// Why it has no counterpart.
        reason: UnmatchedReason,
    },
    /// The same endpoint was seen before.
    Repeated {
        /// Which one it is.
        role: Role,
        /// The later one.
        endpoint: T,
        /// The part that was remembered of the earlier one.
        first: T::Summary,
    },
}

/// Why an endpoint has no counterpart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum UnmatchedReason {
    /// It needs no counterpart.
    Complete,
    /// The counterpart was already emitted without it.
    Late,
    /// The horizon has passed.
    Horizon,
    /// Too many endpoints wait.
    Capacity,
    /// The input has ended.
    EndOfInput,
}

/// Pairs endpoints by their keys.
///
/// The endpoint that has waited longest is given up first. The clock is the latest time seen, so going back in time gives up
/// nothing.
#[derive(Debug)]
pub struct Tracker<T: Endpoint> {
    limits: Limits,
    states: HashMap<u128, State<T>>,
    starts: Queue,
    ends: Queue,
    done: Queue,
    /// The latest time so far, and the first.
    now: i64,
    origin: Option<i64>,
    stamp: u64,
    forgotten: u64,
}

#[derive(Debug)]
enum State<T: Endpoint> {
    Waits { role: Role, endpoint: T, stamp: u64 },
    Done { start: Option<T::Summary>, end: Option<T::Summary>, stamp: u64 },
}

/// Keys in the order of arrival, including some that are no longer live.
#[derive(Debug, Default)]
struct Queue {
    entries: VecDeque<Entry>,
    /// How many of them are live.
    live: usize,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    key: u128,
    stamp: u64,
    since: i64,
}

/// A queue of at most this many entries is not compacted.
const COMPACT_MIN: usize = 1 << 10;

impl<T: Endpoint> State<T> {
    fn stamp(&self) -> u64 {
        match self {
            Self::Waits { stamp, .. } | Self::Done { stamp, .. } => *stamp,
        }
    }
}

impl<T: Endpoint> Tracker<T> {
    /// Creates an empty tracker.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            states: HashMap::new(),
            starts: Queue::default(),
            ends: Queue::default(),
            done: Queue::default(),
            now: i64::MIN,
            origin: None,
            stamp: 0,
            forgotten: 0,
        }
    }

    /// Returns how many completed ones were forgotten because there were too many. Another endpoint of one of these counts as
    /// new.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Returns how many endpoints wait for their counterparts.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.starts.live + self.ends.live
    }

    /// Advances the clock, and emits what expires.
    pub fn advance(&mut self, time: Micros, emit: &mut impl FnMut(Pairing<T>)) {
        if time > self.limits.latest || time <= self.now {
            return;
        }
        self.now = time;
        let origin = *self.origin.get_or_insert(time);
        let horizon = self.limits.horizon;
        let is_over = |since: i64| since.max(origin).saturating_add(horizon) < time;
        for role in [Role::Start, Role::End] {
            while self.queue(role).entries.front().is_some_and(|entry| is_over(entry.since)) {
                self.expire(role, UnmatchedReason::Horizon, emit);
            }
        }
        while self.done.entries.front().is_some_and(|entry| is_over(entry.since)) {
            self.forget();
        }
    }

    /// Adds the endpoint of `key` seen at `time`. One that `is_complete` waits for no counterpart.
    pub fn observe(
        &mut self,
        (role, key, time): (Role, u128, Micros),
        endpoint: T,
        is_complete: bool,
        emit: &mut impl FnMut(Pairing<T>),
    ) {
        self.advance(time, emit);
        match self.states.get_mut(&key) {
            None if is_complete => {
                self.finish_with(key, role, endpoint.summary());
                emit(Pairing::Unmatched { role, endpoint, reason: UnmatchedReason::Complete });
            }
            None => {
                let stamp = self.enter(role, key);
                self.states.insert(key, State::Waits { role, endpoint, stamp });
                while self.waiting() > self.limits.max_open {
                    // Ends go first: the end of a session has nearly all of its fields.
                    let role = if self.ends.live > 0 { Role::End } else { Role::Start };
                    self.expire(role, UnmatchedReason::Capacity, emit);
                }
            }
            Some(State::Waits { role: other, endpoint: first, .. }) if *other == role => {
                let first = first.summary();
                emit(Pairing::Repeated { role, endpoint, first });
            }
            Some(State::Waits { .. }) => self.join(key, role, endpoint, emit),
            Some(State::Done { start, end, .. }) => {
                let seen = if role == Role::Start { start } else { end };
                if let Some(first) = seen {
                    let first = first.clone();
                    emit(Pairing::Repeated { role, endpoint, first });
                } else {
                    *seen = Some(endpoint.summary());
                    emit(Pairing::Unmatched { role, endpoint, reason: UnmatchedReason::Late });
                }
            }
        }
    }

    /// Emits what still waits, in the order of arrival.
    pub fn finish(mut self, emit: &mut impl FnMut(Pairing<T>)) {
        let mut waiting: Vec<_> = self
            .states
            .drain()
            .filter_map(|(_, state)| match state {
                State::Waits { role, endpoint, stamp } => Some((stamp, role, endpoint)),
                State::Done { .. } => None,
            })
            .collect();
        waiting.sort_unstable_by_key(|(stamp, ..)| *stamp);
        for (_, role, endpoint) in waiting {
            emit(Pairing::Unmatched { role, endpoint, reason: UnmatchedReason::EndOfInput });
        }
    }

    fn queue(&mut self, role: Role) -> &mut Queue {
        match role {
            Role::Start => &mut self.starts,
            Role::End => &mut self.ends,
        }
    }

    /// Appends a key to those that wait.
    fn enter(&mut self, role: Role, key: u128) -> u64 {
        self.stamp += 1;
        let entry = Entry { key, stamp: self.stamp, since: self.now };
        let Self { starts, ends, states, .. } = self;
        let queue = if role == Role::Start { starts } else { ends };
        queue.push(entry, states);
        self.stamp
    }

    fn join(&mut self, key: u128, role: Role, endpoint: T, emit: &mut impl FnMut(Pairing<T>)) {
        let Some(State::Waits { role: other, endpoint: first, .. }) = self.states.remove(&key) else {
            return;
        };
        self.queue(other).live -= 1;
        let (start, end) = if role == Role::Start { (endpoint, first) } else { (first, endpoint) };
        self.remember(key, Some(start.summary()), Some(end.summary()));
        emit(Pairing::Paired { start, end });
    }

    /// Gives up the one that has waited longest.
    fn expire(&mut self, role: Role, reason: UnmatchedReason, emit: &mut impl FnMut(Pairing<T>)) {
        let Some(Entry { key, stamp, .. }) = self.queue(role).entries.pop_front() else { return };
        if self.states.get(&key).is_none_or(|state| state.stamp() != stamp) {
            return;
        }
        let Some(State::Waits { endpoint, .. }) = self.states.remove(&key) else { return };
        self.queue(role).live -= 1;
        self.finish_with(key, role, endpoint.summary());
        emit(Pairing::Unmatched { role, endpoint, reason });
    }

    fn finish_with(&mut self, key: u128, role: Role, trace: T::Summary) {
        match role {
            Role::Start => self.remember(key, Some(trace), None),
            Role::End => self.remember(key, None, Some(trace)),
        }
    }

    fn remember(&mut self, key: u128, start: Option<T::Summary>, end: Option<T::Summary>) {
        self.stamp += 1;
        let entry = Entry { key, stamp: self.stamp, since: self.now };
        self.done.push(entry, &self.states);
        self.states.insert(key, State::Done { start, end, stamp: self.stamp });
        while self.done.live > self.limits.remembered() {
            self.forgotten += u64::from(self.forget());
        }
    }

    /// Forgets the oldest completed one.
    fn forget(&mut self) -> bool {
        let Some(Entry { key, stamp, .. }) = self.done.entries.pop_front() else { return false };
        let is_there = self.states.get(&key).is_some_and(|state| state.stamp() == stamp);
        if is_there {
            self.states.remove(&key);
            self.done.live -= 1;
        }
        is_there
    }
}

impl Queue {
    fn push<T: Endpoint>(&mut self, entry: Entry, states: &HashMap<u128, State<T>>) {
        if self.entries.len() > COMPACT_MIN && self.entries.len() / 2 > self.live {
            self.entries
                .retain(|entry| states.get(&entry.key).is_some_and(|state| state.stamp() == entry.stamp));
        }
        self.entries.push_back(entry);
        self.live += 1;
    }
}

#[cfg(test)]
mod tests;
