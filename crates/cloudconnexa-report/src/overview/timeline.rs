//! Numbers of events over time, in steps that get longer where there would be too many.

use std::collections::BTreeMap;

use cloudconnexa_events::Timestamp;
use cloudconnexa_validator::catalog;

/// Lengths of steps in minutes, each a multiple of the one before. The last is long enough for all years of RFC 3339.
const STEPS: [i64; 9] = [1, 5, 15, 60, 360, 1440, 10_080, 40_320, 524_160];

/// The maximum number of steps that are kept.
const MAX_BUCKETS: usize = 10_080;

/// The first Monday of 1970, in minutes: weeks start on Mondays.
const MONDAY: i64 = 4 * 1440;

/// The maximum number of steps in a window.
const MAX_SHOWN: i64 = 120;

/// One in this many events may lie outside the window.
const OUTLIERS: u64 = 1000;

/// Numbers of events and sessions over time.
///
/// The length of the steps depends on all events together and on nothing else, so that merged parts equal the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    step: usize,
    buckets: BTreeMap<i64, TimeBucket>,
}

/// Numbers of events and sessions in one step of time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeBucket {
    /// Events by their index in the catalogue; the last number is that of all others.
    pub events: Box<[u64]>,
    /// Invalid events.
    pub invalid: u64,
    /// Sessions that started.
    pub started: u64,
    /// Sessions that ended.
    pub ended: u64,
}

impl Default for TimeBucket {
    fn default() -> Self {
        Self { events: vec![0; catalog::EVENTS.len() + 1].into(), invalid: 0, started: 0, ended: 0 }
    }
}

impl TimeBucket {
    fn append(&mut self, other: &Self) {
        self.events.iter_mut().zip(&other.events).for_each(|(count, more)| *count += more);
        self.invalid += other.invalid;
        self.started += other.started;
        self.ended += other.ended;
    }

    /// Returns the number of all events.
    pub fn count(&self) -> u64 {
        self.events.iter().sum()
    }
}

/// The window of time that a chart shows, in steps of one length.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeWindow {
    /// The start, in seconds since 1970.
    pub start: i64,
    /// The length of a step, in seconds.
    pub step: i64,
    /// The steps, without gaps.
    pub buckets: Vec<TimeBucket>,
    /// The most sessions at the same time in each step, as far as both their ends are known.
    pub concurrent_sessions: Vec<u64>,
    /// Events before and after the window.
    pub outside: u64,
}

impl Timeline {
    /// Counts an event at a minute since 1970. `index` is that of its name in the catalogue.
    pub(super) fn add_event(&mut self, minute: i64, index: Option<usize>, is_valid: bool) {
        let bucket = self.bucket(minute);
        let last = bucket.events.len() - 1;
        bucket.events[index.unwrap_or(last)] += 1;
        bucket.invalid += u64::from(!is_valid);
        self.make_room();
    }

    /// Counts a session, which starts and ends at minutes since 1970.
    pub(super) fn add_session(&mut self, start: i64, end: i64) {
        self.bucket(start).started += 1;
        self.bucket(end).ended += 1;
        self.make_room();
    }

    /// Adds another timeline.
    pub(super) fn append(&mut self, other: Self) {
        while self.step < other.step {
            self.coarsen();
        }
        let step = STEPS[self.step];
        for (index, bucket) in other.buckets {
            let index = (index * STEPS[other.step]).div_euclid(step);
            self.buckets.entry(index).or_default().append(&bucket);
        }
        self.make_room();
    }

    fn bucket(&mut self, minute: i64) -> &mut TimeBucket {
        self.buckets.entry((minute - MONDAY).div_euclid(STEPS[self.step])).or_default()
    }

    fn make_room(&mut self) {
        while self.buckets.len() > MAX_BUCKETS && self.step + 1 < STEPS.len() {
            self.coarsen();
        }
    }

    fn coarsen(&mut self) {
        let factor = STEPS[self.step + 1] / STEPS[self.step];
        self.step += 1;
        self.buckets = join(&self.buckets, factor);
    }

    /// Returns the window to show: all of it, except for a few events that lie far from all others.
    ///
    /// `None` if there are no events.
    pub fn window(&self) -> Option<TimeWindow> {
        let total: u64 = self.buckets.values().map(TimeBucket::count).sum();
        let occupied = || self.buckets.iter().filter(|(_, bucket)| bucket.count() > 0);
        let (all_first, all_last) = (*occupied().next()?.0, *occupied().next_back()?.0);
        let spare = total / OUTLIERS;
        let inner = |steps: &mut dyn Iterator<Item = (&i64, &TimeBucket)>| {
            let mut left = spare;
            for (index, bucket) in steps {
                match left.checked_sub(bucket.count()) {
                    Some(rest) => left = rest,
                    None => return Some(*index),
                }
            }
            None
        };
        let (first, last) = (inner(&mut occupied())?, inner(&mut occupied().rev())?);
        // Leave them out only if they would squeeze all others into a line.
        let is_far = (all_last - all_first) / 4 > last - first;
        let (first, last) = if is_far { (first, last) } else { (all_first, all_last) };
        let mut step = self.step;
        let fits = |step: usize| {
            let factor = STEPS[step] / STEPS[self.step];
            last.div_euclid(factor) - first.div_euclid(factor) < MAX_SHOWN
        };
        while !fits(step) && step + 1 < STEPS.len() {
            step += 1;
        }
        let factor = STEPS[step] / STEPS[self.step];
        let joined = join(&self.buckets, factor);
        let (first, last) = (first.div_euclid(factor), last.div_euclid(factor));
        let mut open: u64 = 0;
        for (_, bucket) in joined.range(..first) {
            open = (open + bucket.started).saturating_sub(bucket.ended);
        }
        let (mut buckets, mut concurrent_sessions, mut inside) = (Vec::new(), Vec::new(), 0);
        for index in first..=last {
            let bucket = joined.get(&index).cloned().unwrap_or_default();
            inside += bucket.count();
            concurrent_sessions.push(open + bucket.started);
            open = (open + bucket.started).saturating_sub(bucket.ended);
            buckets.push(bucket);
        }
        let start = (first * STEPS[step] + MONDAY) * 60;
        Some(TimeWindow {
            start,
            step: STEPS[step] * 60,
            buckets,
            concurrent_sessions,
            outside: total - inside,
        })
    }
}

fn join(buckets: &BTreeMap<i64, TimeBucket>, factor: i64) -> BTreeMap<i64, TimeBucket> {
    let mut joined = BTreeMap::<i64, TimeBucket>::new();
    for (index, bucket) in buckets {
        joined.entry(index.div_euclid(factor)).or_default().append(bucket);
    }
    joined
}

/// Returns the minute since 1970 of a timestamp.
pub(super) fn minute(text: &str) -> Option<i64> {
    let time: Timestamp = text.parse().ok()?;
    Some(time.unix_seconds().div_euclid(60))
}

#[cfg(test)]
mod tests;
