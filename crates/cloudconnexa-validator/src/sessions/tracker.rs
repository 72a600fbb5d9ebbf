//! Joins what begins and what ends: in any order, within a horizon of time, in bounded memory.

use std::collections::{HashMap, VecDeque};
use std::fmt::Debug;

/// Which end of something is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// It begins.
    Start,
    /// It ends.
    End,
}

/// What is seen of something that begins and ends.
pub trait Endpoint {
    /// What is remembered of it when it has been told of.
    type Summary: Clone + Debug + PartialEq;

    /// What is to be remembered.
    fn summary(&self) -> Self::Summary;
}

/// How much is kept, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How far time goes on, in microseconds, until something whose other half has not come is given up, and what is
    /// done with is forgotten.
    pub horizon: i64,
    /// How many wait for their other halves at the same time.
    pub max_open: usize,
    /// A time beyond this, in microseconds since 1970, is taken for a mistake: it does not make time go on. Nothing is
    /// given up because of one event from the year 9999.
    pub latest: i64,
}

impl Limits {
    /// How many that are done with are remembered, to know another when it comes.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.max_open.saturating_mul(10)
    }
}

/// What came of halves.
#[derive(Debug, PartialEq, Eq)]
pub enum Pairing<T: Endpoint> {
    /// Both halves are there.
    Paired {
        /// The first.
        begin: T,
        /// The second.
        end: T,
    },
    /// The other half is not there.
    Unmatched {
        /// Which one this is.
        role: Role,
        /// What there is.
        endpoint: T,
        /// UnmatchedReason nothing else is awaited.
        reason: UnmatchedReason,
    },
    /// The same half has been there before.
    Repeated {
        /// Which one.
        role: Role,
        /// The later one.
        endpoint: T,
        /// What is remembered of the first.
        first: T::Summary,
    },
}

/// UnmatchedReason something is told of without its other half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnmatchedReason {
    /// None is to come.
    Complete,
    /// The other half was told of before, without this one.
    Late,
    /// Time has gone on beyond the horizon.
    Horizon,
    /// Too many wait.
    Capacity,
    /// The input is at its end.
    EndOfInput,
}

/// Joins halves by their keys.
///
/// What waits longest, in the order in which it came, is given up first. What counts as time is the greatest that was
/// seen: an input may go back in time as far as it likes, and gives up nothing by that.
#[derive(Debug)]
pub struct Tracker<T: Endpoint> {
    limits: Limits,
    states: HashMap<u128, State<T>>,
    begins: Queue,
    ends: Queue,
    done: Queue,
    /// The greatest time so far, and the first one.
    now: i64,
    origin: Option<i64>,
    stamp: u64,
    forgotten: u64,
}

#[derive(Debug)]
enum State<T: Endpoint> {
    Waits { role: Role, endpoint: T, stamp: u64 },
    Done { begin: Option<T::Summary>, end: Option<T::Summary>, stamp: u64 },
}

/// Keys in the order in which they came, with some among them that are no longer there.
#[derive(Debug, Default)]
struct Queue {
    entries: VecDeque<Entry>,
    /// How many of them are there.
    live: usize,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    key: u128,
    stamp: u64,
    since: i64,
}

/// As few entries need no tidying up.
const COMPACT_MIN: usize = 1 << 10;

impl<T: Endpoint> State<T> {
    fn stamp(&self) -> u64 {
        match self {
            Self::Waits { stamp, .. } | Self::Done { stamp, .. } => *stamp,
        }
    }
}

impl<T: Endpoint> Tracker<T> {
    /// One that has seen nothing.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            states: HashMap::new(),
            begins: Queue::default(),
            ends: Queue::default(),
            done: Queue::default(),
            now: i64::MIN,
            origin: None,
            stamp: 0,
            forgotten: 0,
        }
    }

    /// How many that are done with have been forgotten for want of room: another half of one of these is taken for new.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// How many wait for their other halves.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.begins.live + self.ends.live
    }

    /// Makes time go on.
    pub fn advance(&mut self, time: i64, emit: &mut impl FnMut(Pairing<T>)) {
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

    /// Takes in a half of what `key` means, which is seen at `time`. One that is `whole` waits for no other.
    pub fn observe(
        &mut self,
        (role, key, time): (Role, u128, i64),
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
                    // What has ended tells nearly all that there is to tell: it goes first.
                    let role = if self.ends.live > 0 { Role::End } else { Role::Start };
                    self.expire(role, UnmatchedReason::Capacity, emit);
                }
            }
            Some(State::Waits { role: other, endpoint: first, .. }) if *other == role => {
                let first = first.summary();
                emit(Pairing::Repeated { role, endpoint, first });
            }
            Some(State::Waits { .. }) => self.join(key, role, endpoint, emit),
            Some(State::Done { begin, end, .. }) => {
                let seen = if role == Role::Start { begin } else { end };
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

    /// Gives up what still waits, in the order in which it came.
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
            Role::Start => &mut self.begins,
            Role::End => &mut self.ends,
        }
    }

    /// Puts a key behind all others that wait.
    fn enter(&mut self, role: Role, key: u128) -> u64 {
        self.stamp += 1;
        let entry = Entry { key, stamp: self.stamp, since: self.now };
        let Self { begins, ends, states, .. } = self;
        let queue = if role == Role::Start { begins } else { ends };
        queue.push(entry, states);
        self.stamp
    }

    fn join(&mut self, key: u128, role: Role, endpoint: T, emit: &mut impl FnMut(Pairing<T>)) {
        let Some(State::Waits { role: other, endpoint: first, .. }) = self.states.remove(&key) else {
            return;
        };
        self.queue(other).live -= 1;
        let (begin, end) = if role == Role::Start { (endpoint, first) } else { (first, endpoint) };
        self.remember(key, Some(begin.summary()), Some(end.summary()));
        emit(Pairing::Paired { begin, end });
    }

    /// Gives up the first that waits.
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

    fn remember(&mut self, key: u128, begin: Option<T::Summary>, end: Option<T::Summary>) {
        self.stamp += 1;
        let entry = Entry { key, stamp: self.stamp, since: self.now };
        self.done.push(entry, &self.states);
        self.states.insert(key, State::Done { begin, end, stamp: self.stamp });
        while self.done.live > self.limits.remembered() {
            self.forgotten += u64::from(self.forget());
        }
    }

    /// Forgets the first that is done with.
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
