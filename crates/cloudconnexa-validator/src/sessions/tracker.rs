//! Joins what begins and what ends: in any order, within a horizon of time, in bounded memory.

use std::collections::{HashMap, VecDeque};
use std::fmt::Debug;

/// Which end of something is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// It begins.
    Begin,
    /// It ends.
    End,
}

/// What is seen of something that begins and ends.
pub trait Half {
    /// What is remembered of it when it has been told of.
    type Trace: Clone + Debug + PartialEq;

    /// What is to be remembered.
    fn trace(&self) -> Self::Trace;
}

/// How much is kept, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How far time goes on, in microseconds, until something whose other half has not come is given up, and what is
    /// done with is forgotten.
    pub horizon: i64,
    /// How many wait for their other halves at the same time.
    pub most: usize,
    /// A time beyond this, in microseconds since 1970, is taken for a mistake: it does not make time go on. Nothing is
    /// given up because of one event from the year 9999.
    pub latest: i64,
}

impl Limits {
    /// How many that are done with are remembered, to know another when it comes.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.most.saturating_mul(10)
    }
}

/// What came of halves.
#[derive(Debug, PartialEq, Eq)]
pub enum Told<T: Half> {
    /// Both halves are there.
    Joined {
        /// The first.
        begin: T,
        /// The second.
        end: T,
    },
    /// The other half is not there.
    Alone {
        /// Which one this is.
        role: Role,
        /// What there is.
        half: T,
        /// Why nothing else is awaited.
        why: Why,
    },
    /// The same half has been there before.
    Again {
        /// Which one.
        role: Role,
        /// The later one.
        half: T,
        /// What is remembered of the first.
        first: T::Trace,
    },
}

/// Why something is told of without its other half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// None is to come.
    Whole,
    /// The other half was told of before, without this one.
    Late,
    /// Time has gone on beyond the horizon.
    Horizon,
    /// Too many wait.
    Room,
    /// The input is at its end.
    AtEnd,
}

/// Joins halves by their keys.
///
/// What waits longest, in the order in which it came, is given up first. What counts as time is the greatest that was
/// seen: an input may go back in time as far as it likes, and gives up nothing by that.
#[derive(Debug)]
pub struct Tracker<T: Half> {
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
enum State<T: Half> {
    Waits { role: Role, half: T, stamp: u64 },
    Done { begin: Option<T::Trace>, end: Option<T::Trace>, stamp: u64 },
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
const FEW: usize = 1 << 10;

impl<T: Half> State<T> {
    fn stamp(&self) -> u64 {
        match self {
            Self::Waits { stamp, .. } | Self::Done { stamp, .. } => *stamp,
        }
    }
}

impl<T: Half> Tracker<T> {
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
    pub fn advance(&mut self, time: i64, tell: &mut impl FnMut(Told<T>)) {
        if time > self.limits.latest || time <= self.now {
            return;
        }
        self.now = time;
        let origin = *self.origin.get_or_insert(time);
        let horizon = self.limits.horizon;
        let is_over = |since: i64| since.max(origin).saturating_add(horizon) < time;
        for role in [Role::Begin, Role::End] {
            while self.queue(role).entries.front().is_some_and(|entry| is_over(entry.since)) {
                self.give_up(role, Why::Horizon, tell);
            }
        }
        while self.done.entries.front().is_some_and(|entry| is_over(entry.since)) {
            self.forget();
        }
    }

    /// Takes in a half of what `key` means, which is seen at `time`. One that is `whole` waits for no other.
    pub fn see(
        &mut self,
        (role, key, time): (Role, u128, i64),
        half: T,
        whole: bool,
        tell: &mut impl FnMut(Told<T>),
    ) {
        self.advance(time, tell);
        match self.states.get_mut(&key) {
            None if whole => {
                self.finish_with(key, role, half.trace());
                tell(Told::Alone { role, half, why: Why::Whole });
            }
            None => {
                let stamp = self.enter(role, key);
                self.states.insert(key, State::Waits { role, half, stamp });
                while self.waiting() > self.limits.most {
                    // What has ended tells nearly all that there is to tell: it goes first.
                    let role = if self.ends.live > 0 { Role::End } else { Role::Begin };
                    self.give_up(role, Why::Room, tell);
                }
            }
            Some(State::Waits { role: other, half: first, .. }) if *other == role => {
                let first = first.trace();
                tell(Told::Again { role, half, first });
            }
            Some(State::Waits { .. }) => self.join(key, role, half, tell),
            Some(State::Done { begin, end, .. }) => {
                let seen = if role == Role::Begin { begin } else { end };
                if let Some(first) = seen {
                    let first = first.clone();
                    tell(Told::Again { role, half, first });
                } else {
                    *seen = Some(half.trace());
                    tell(Told::Alone { role, half, why: Why::Late });
                }
            }
        }
    }

    /// Gives up what still waits, in the order in which it came.
    pub fn finish(mut self, tell: &mut impl FnMut(Told<T>)) {
        let mut waiting: Vec<_> = self
            .states
            .drain()
            .filter_map(|(_, state)| match state {
                State::Waits { role, half, stamp } => Some((stamp, role, half)),
                State::Done { .. } => None,
            })
            .collect();
        waiting.sort_unstable_by_key(|(stamp, ..)| *stamp);
        for (_, role, half) in waiting {
            tell(Told::Alone { role, half, why: Why::AtEnd });
        }
    }

    fn queue(&mut self, role: Role) -> &mut Queue {
        match role {
            Role::Begin => &mut self.begins,
            Role::End => &mut self.ends,
        }
    }

    /// Puts a key behind all others that wait.
    fn enter(&mut self, role: Role, key: u128) -> u64 {
        self.stamp += 1;
        let entry = Entry { key, stamp: self.stamp, since: self.now };
        let Self { begins, ends, states, .. } = self;
        let queue = if role == Role::Begin { begins } else { ends };
        queue.push(entry, states);
        self.stamp
    }

    fn join(&mut self, key: u128, role: Role, half: T, tell: &mut impl FnMut(Told<T>)) {
        let Some(State::Waits { role: other, half: first, .. }) = self.states.remove(&key) else { return };
        self.queue(other).live -= 1;
        let (begin, end) = if role == Role::Begin { (half, first) } else { (first, half) };
        self.remember(key, Some(begin.trace()), Some(end.trace()));
        tell(Told::Joined { begin, end });
    }

    /// Gives up the first that waits.
    fn give_up(&mut self, role: Role, why: Why, tell: &mut impl FnMut(Told<T>)) {
        let Some(Entry { key, stamp, .. }) = self.queue(role).entries.pop_front() else { return };
        if self.states.get(&key).is_none_or(|state| state.stamp() != stamp) {
            return;
        }
        let Some(State::Waits { half, .. }) = self.states.remove(&key) else { return };
        self.queue(role).live -= 1;
        self.finish_with(key, role, half.trace());
        tell(Told::Alone { role, half, why });
    }

    fn finish_with(&mut self, key: u128, role: Role, trace: T::Trace) {
        match role {
            Role::Begin => self.remember(key, Some(trace), None),
            Role::End => self.remember(key, None, Some(trace)),
        }
    }

    fn remember(&mut self, key: u128, begin: Option<T::Trace>, end: Option<T::Trace>) {
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
    fn push<T: Half>(&mut self, entry: Entry, states: &HashMap<u128, State<T>>) {
        if self.entries.len() > FEW && self.entries.len() / 2 > self.live {
            self.entries
                .retain(|entry| states.get(&entry.key).is_some_and(|state| state.stamp() == entry.stamp));
        }
        self.entries.push_back(entry);
        self.live += 1;
    }
}

#[cfg(test)]
#[path = "tracker_tests.rs"]
mod tests;
