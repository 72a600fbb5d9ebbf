//! Tests of the tracker.

use super::*;

impl Endpoint for u32 {
    type Summary = u32;

    fn summary(&self) -> u32 {
        *self
    }
}

fn limits() -> Limits {
    Limits { horizon: 100, max_open: 3, latest: 1_000_000 }
}

/// Returns what is emitted for endpoints: each has a role, a key, a time, and whether it is complete.
fn pairings(limits: Limits, halves: &[(Role, u128, i64, bool)]) -> Vec<String> {
    let mut tracker = Tracker::new(limits);
    let mut all = Vec::new();
    let mut emit = |pairings| {
        all.push(match pairings {
            Pairing::Paired { start, end } => format!("{start}+{end}"),
            Pairing::Unmatched { role, endpoint, reason } => format!("{endpoint} {role:?} {reason:?}"),
            Pairing::Repeated { endpoint, first, .. } => format!("{endpoint} again after {first}"),
        });
    };
    for (number, &(role, key, time, is_complete)) in (0..).zip(halves) {
        tracker.observe((role, key, time), number, is_complete, &mut emit);
    }
    tracker.finish(&mut emit);
    all
}

use Role::{End, Start};

#[test]
fn endpoints_pair_in_either_order() {
    let halves = [(Start, 7, 1, false), (End, 8, 1, false), (End, 7, 2, false), (Start, 8, 1, false)];
    assert_eq!(pairings(limits(), &halves), ["0+2", "3+1"]);
    // Of the same time, as a session can be.
    assert_eq!(pairings(limits(), &[(End, 7, 1, false), (Start, 7, 1, false)]), ["1+0"]);
}

#[test]
fn a_repeated_endpoint_comes_with_the_first() {
    let halves = [
        (Start, 7, 1, false),
        (Start, 7, 1, false),
        (End, 7, 2, false),
        (End, 7, 2, false),
        (Start, 7, 1, false),
    ];
    assert_eq!(pairings(limits(), &halves), ["1 again after 0", "0+2", "3 again after 2", "4 again after 0"]);
}

#[test]
fn a_complete_endpoint_does_not_wait() {
    let halves = [(End, 7, 1, true), (End, 7, 1, true), (Start, 7, 1, false)];
    assert_eq!(pairings(limits(), &halves), ["0 End Complete", "1 again after 0", "2 Start Late"]);
}

#[test]
fn an_endpoint_expires_after_the_horizon() {
    let halves = [(Start, 1, 0, false), (Start, 2, 50, false), (Start, 3, 101, false), (End, 1, 101, false)];
    assert_eq!(
        pairings(limits(), &halves),
        ["0 Start Horizon", "3 End Late", "1 Start EndOfInput", "2 Start EndOfInput"]
    );
    // What is done with is forgotten likewise.
    let halves = [(End, 1, 0, true), (End, 1, 100, true), (End, 1, 101, true)];
    assert_eq!(pairings(limits(), &halves), ["0 End Complete", "1 again after 0", "2 End Complete"]);
}

#[test]
fn going_back_in_time_expires_nothing() {
    let halves = [(Start, 1, 900, false), (Start, 2, 1, false), (End, 2, 2, false), (End, 1, 950, false)];
    assert_eq!(pairings(limits(), &halves), ["1+2", "0+3"]);
}

#[test]
fn an_impossible_time_does_not_advance_the_clock() {
    let halves =
        [(Start, 1, i64::MAX, false), (Start, 2, 5, false), (End, 2, i64::MAX, false), (End, 1, 9, false)];
    assert_eq!(pairings(limits(), &halves), ["1+2", "0+3"]);
    let halves = [(Start, 1, i64::MIN, false), (Start, 2, i64::MIN, false), (End, 1, 5, false)];
    assert_eq!(pairings(limits(), &halves), ["0+2", "1 Start EndOfInput"]);
}

#[test]
fn with_too_many_open_the_oldest_ends_go_first_then_the_oldest_starts() {
    let halves = [
        (Start, 1, 0, false),
        (Start, 2, 0, false),
        (End, 3, 0, false),
        (Start, 4, 0, false),
        (Start, 5, 0, false),
    ];
    assert_eq!(
        pairings(limits(), &halves),
        [
            "2 End Capacity",
            "0 Start Capacity",
            "1 Start EndOfInput",
            "3 Start EndOfInput",
            "4 Start EndOfInput"
        ]
    );
    // With room for none, everything is emitted at once.
    let none = Limits { max_open: 0, ..limits() };
    assert_eq!(
        pairings(none, &[(Start, 1, 0, false), (End, 1, 0, false)]),
        ["0 Start Capacity", "1 End Capacity"]
    );
}

#[test]
fn memory_is_bounded() {
    let mut tracker = Tracker::new(Limits { horizon: i64::MAX, max_open: 100, latest: i64::MAX });
    for key in 0..200_000_u32 {
        let time = i64::from(key);
        tracker.observe((Start, key.into(), time), key, false, &mut |_| {});
        if key % 3 > 0 {
            tracker.observe((End, key.into(), time), key, false, &mut |_| {});
        }
        if key % 5 == 0 {
            tracker.observe((End, (u128::from(key)) << 64, time), key, key % 2 == 0, &mut |_| {});
        }
    }
    assert!(tracker.waiting() <= 100);
    assert!(tracker.states.len() <= 1100, "{}", tracker.states.len());
    for queue in [&tracker.starts, &tracker.ends, &tracker.done] {
        assert!(queue.entries.len() <= 2 * COMPACT_MIN + 2 * queue.live, "{}", queue.entries.len());
    }
    assert!(tracker.forgotten() > 100_000);
}
