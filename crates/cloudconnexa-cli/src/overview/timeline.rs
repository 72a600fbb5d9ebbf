//! How much there was when, in steps of time that get longer where there would be too many.

use std::collections::BTreeMap;

use cloudconnexa_events::Timestamp;
use cloudconnexa_validator::catalog;

/// Steps of time in minutes; each is a multiple of the one before. With the last all years of RFC 3339 are few enough.
const STEPS: [i64; 9] = [1, 5, 15, 60, 360, 1440, 10_080, 40_320, 524_160];

/// Steps of time that are kept.
const MOST: usize = 10_080;

/// The first Monday of 1970, in minutes: weeks begin with their Mondays.
const MONDAY: i64 = 4 * 1440;

/// Steps of time that are shown.
const SHOWN: i64 = 120;

/// Of so many events one may lie outside of what is shown.
const OUTLIERS: u64 = 1000;

/// What there was in each step of time that had anything.
///
/// How long the steps are depends on all that there was, and on nothing else: parts come out as the whole.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    step: usize,
    buckets: BTreeMap<i64, Bucket>,
}

/// What there was in a step of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// Events, by their place in the catalogue; the last are all others.
    pub(crate) events: Box<[u64]>,
    pub(crate) invalid: u64,
    /// Sessions that began, and that ended.
    pub(crate) begun: u64,
    pub(crate) ended: u64,
}

impl Default for Bucket {
    fn default() -> Self {
        Self { events: vec![0; catalog::EVENTS.len() + 1].into(), invalid: 0, begun: 0, ended: 0 }
    }
}

impl Bucket {
    fn append(&mut self, other: &Self) {
        self.events.iter_mut().zip(&other.events).for_each(|(count, more)| *count += more);
        self.invalid += other.invalid;
        self.begun += other.begun;
        self.ended += other.ended;
    }

    /// All events.
    pub(crate) fn count(&self) -> u64 {
        self.events.iter().sum()
    }
}

/// A window of time, in steps of one length.
#[derive(Debug)]
pub(crate) struct Shown {
    /// Where it begins, in seconds since 1970.
    pub(crate) start: i64,
    /// Seconds.
    pub(crate) step: i64,
    pub(crate) buckets: Vec<Bucket>,
    /// Sessions under way at the most in each step, as far as their begin and end are told.
    pub(crate) at_once: Vec<u64>,
    /// Events before and behind the window.
    pub(crate) outside: u64,
}

impl Timeline {
    /// Counts an event of a minute since 1970, by its place in the catalogue.
    pub(super) fn event(&mut self, minute: i64, place: Option<usize>, is_valid: bool) {
        let bucket = self.bucket(minute);
        let last = bucket.events.len() - 1;
        bucket.events[place.unwrap_or(last)] += 1;
        bucket.invalid += u64::from(!is_valid);
        self.make_room();
    }

    /// Counts a session.
    pub(super) fn session(&mut self, start: i64, end: i64) {
        self.bucket(start).begun += 1;
        self.bucket(end).ended += 1;
        self.make_room();
    }

    /// Takes in what another counted.
    pub(super) fn append(&mut self, other: Self) {
        while self.step < other.step {
            self.coarsen();
        }
        let step = STEPS[self.step];
        for (place, bucket) in other.buckets {
            let place = (place * STEPS[other.step]).div_euclid(step);
            self.buckets.entry(place).or_default().append(&bucket);
        }
        self.make_room();
    }

    fn bucket(&mut self, minute: i64) -> &mut Bucket {
        self.buckets.entry((minute - MONDAY).div_euclid(STEPS[self.step])).or_default()
    }

    fn make_room(&mut self) {
        while self.buckets.len() > MOST && self.step + 1 < STEPS.len() {
            self.coarsen();
        }
    }

    fn coarsen(&mut self) {
        let factor = STEPS[self.step + 1] / STEPS[self.step];
        self.step += 1;
        self.buckets = join(&self.buckets, factor);
    }

    /// What is worth to be shown: all of it, but for the few events that lie far from all others.
    pub(crate) fn shown(&self) -> Option<Shown> {
        let total: u64 = self.buckets.values().map(Bucket::count).sum();
        let places = || self.buckets.iter().filter(|(_, bucket)| bucket.count() > 0);
        let (all_first, all_last) = (*places().next()?.0, *places().next_back()?.0);
        let spare = total / OUTLIERS;
        let inner = |places: &mut dyn Iterator<Item = (&i64, &Bucket)>| {
            let mut left = spare;
            for (place, bucket) in places {
                match left.checked_sub(bucket.count()) {
                    Some(rest) => left = rest,
                    None => return Some(*place),
                }
            }
            None
        };
        let (first, last) = (inner(&mut places())?, inner(&mut places().rev())?);
        // Only where they would make all others a line.
        let is_far = (all_last - all_first) / 4 > last - first;
        let (first, last) = if is_far { (first, last) } else { (all_first, all_last) };
        let mut step = self.step;
        let fits = |step: usize| {
            let factor = STEPS[step] / STEPS[self.step];
            last.div_euclid(factor) - first.div_euclid(factor) < SHOWN
        };
        while !fits(step) && step + 1 < STEPS.len() {
            step += 1;
        }
        let factor = STEPS[step] / STEPS[self.step];
        let joined = join(&self.buckets, factor);
        let (first, last) = (first.div_euclid(factor), last.div_euclid(factor));
        let mut open: u64 = 0;
        for (_, bucket) in joined.range(..first) {
            open = (open + bucket.begun).saturating_sub(bucket.ended);
        }
        let (mut buckets, mut at_once, mut inside) = (Vec::new(), Vec::new(), 0);
        for place in first..=last {
            let bucket = joined.get(&place).cloned().unwrap_or_default();
            inside += bucket.count();
            at_once.push(open + bucket.begun);
            open = (open + bucket.begun).saturating_sub(bucket.ended);
            buckets.push(bucket);
        }
        let start = (first * STEPS[step] + MONDAY) * 60;
        Some(Shown { start, step: STEPS[step] * 60, buckets, at_once, outside: total - inside })
    }
}

fn join(buckets: &BTreeMap<i64, Bucket>, factor: i64) -> BTreeMap<i64, Bucket> {
    let mut joined = BTreeMap::<i64, Bucket>::new();
    for (place, bucket) in buckets {
        joined.entry(place.div_euclid(factor)).or_default().append(bucket);
    }
    joined
}

/// The minute since 1970 of a timestamp.
pub(super) fn minute(text: &str) -> Option<i64> {
    let time: Timestamp = text.parse().ok()?;
    Some(time.unix_seconds().div_euclid(60))
}

#[cfg(test)]
mod tests {
    use super::{Bucket, MOST, STEPS, Timeline};

    /// Minutes that are dense, sparse and far away, from a generator of its own.
    fn minutes(count: u64) -> Vec<i64> {
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            i64::try_from((state >> 33) % below).unwrap()
        };
        (0..count)
            .map(|nth| 29_000_000 + if nth % 1000 == 0 { -next(20_000_000) } else { next(60_000) })
            .collect()
    }

    fn of(minutes: &[i64]) -> Timeline {
        let mut timeline = Timeline::default();
        for (nth, minute) in minutes.iter().enumerate() {
            timeline.event(*minute, Some(nth % 3), nth % 5 > 0);
            timeline.session(*minute, *minute + 90);
        }
        timeline
    }

    #[test]
    fn parts_come_out_as_the_whole() {
        let all = minutes(60_000);
        let whole = of(&all);
        assert!(whole.step > 0 && whole.buckets.len() <= MOST);
        for size in [30_000, 15_000, 7500] {
            let mut parts: Vec<_> = all.chunks(size).map(of).collect();
            for turned in [false, true] {
                let mut sum = Timeline::default();
                if turned {
                    parts.reverse();
                }
                for part in &parts {
                    sum.append(Timeline { step: part.step, buckets: part.buckets.clone() });
                }
                assert_eq!((sum.step, &sum.buckets), (whole.step, &whole.buckets), "{size}");
            }
        }
    }

    #[test]
    fn a_few_that_are_far_away_do_not_make_the_rest_a_line() {
        let shown = of(&minutes(60_000)).shown().unwrap();
        assert_eq!(shown.step, 60 * 1440);
        assert!(shown.outside > 0 && shown.outside <= 60, "{}", shown.outside);
        let inside: u64 = shown.buckets.iter().map(Bucket::count).sum();
        assert_eq!(inside + shown.outside, 60_000);
    }

    #[test]
    fn sessions_are_counted_while_they_last() {
        let mut timeline = Timeline::default();
        for (start, end) in [(0, 200), (10, 70), (130, 131)] {
            timeline.session(start, end);
            timeline.event(start, None, true);
            timeline.event(end, None, true);
        }
        let shown = timeline.shown().unwrap();
        assert_eq!(shown.step, 300);
        let peak = |minute: usize| shown.at_once[minute / 5];
        assert_eq!(
            [peak(0), peak(10), peak(65), peak(75), peak(130), peak(150), peak(200)],
            [1, 2, 2, 1, 2, 1, 1]
        );
    }

    #[test]
    fn every_step_is_a_multiple_of_the_one_before() {
        assert!(STEPS.windows(2).all(|two| two[1] % two[0] == 0));
        // Ten thousand years.
        assert!(usize::try_from(3_652_425 * 1440 / STEPS[STEPS.len() - 1]).unwrap() < MOST);
    }
}
