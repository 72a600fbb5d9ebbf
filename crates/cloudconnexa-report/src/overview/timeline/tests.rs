//! Tests of the timeline.

use super::{MAX_BUCKETS, STEPS, TimeBucket, Timeline};

/// Returns minutes that are dense, sparse and far away, from a generator of its own.
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
        timeline.add_event(*minute, Some(nth % 3), nth % 5 > 0);
        timeline.add_session(*minute, *minute + 90);
    }
    timeline
}

#[test]
fn merged_parts_equal_the_whole() {
    let all = minutes(60_000);
    let whole = of(&all);
    assert!(whole.step > 0 && whole.buckets.len() <= MAX_BUCKETS);
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
fn a_few_outliers_do_not_squeeze_the_rest_into_a_line() {
    let shown = of(&minutes(60_000)).window().unwrap();
    assert_eq!(shown.step, 60 * 1440);
    assert!(shown.outside > 0 && shown.outside <= 60, "{}", shown.outside);
    let inside: u64 = shown.buckets.iter().map(TimeBucket::count).sum();
    assert_eq!(inside + shown.outside, 60_000);
}

#[test]
fn sessions_are_counted_while_they_last() {
    let mut timeline = Timeline::default();
    for (start, end) in [(0, 200), (10, 70), (130, 131)] {
        timeline.add_session(start, end);
        timeline.add_event(start, None, true);
        timeline.add_event(end, None, true);
    }
    let shown = timeline.window().unwrap();
    assert_eq!(shown.step, 300);
    let peak = |minute: usize| shown.concurrent_sessions[minute / 5];
    assert_eq!(
        [peak(0), peak(10), peak(65), peak(75), peak(130), peak(150), peak(200)],
        [1, 2, 2, 1, 2, 1, 1]
    );
}

#[test]
fn every_step_is_a_multiple_of_the_one_before() {
    assert!(STEPS.windows(2).all(|two| two[1] % two[0] == 0));
    // Ten thousand years.
    assert!(usize::try_from(3_652_425 * 1440 / STEPS[STEPS.len() - 1]).unwrap() < MAX_BUCKETS);
}
