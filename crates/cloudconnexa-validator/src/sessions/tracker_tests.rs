//! What is promised of a tracker.

use super::*;

impl Half for u32 {
    type Trace = u32;

    fn trace(&self) -> u32 {
        *self
    }
}

fn limits() -> Limits {
    Limits { horizon: 100, most: 3, latest: 1_000_000 }
}

/// What is told of halves, each a role, a key, a time and whether it is whole, and at the end.
fn told(limits: Limits, halves: &[(Role, u128, i64, bool)]) -> Vec<String> {
    let mut tracker = Tracker::new(limits);
    let mut all = Vec::new();
    let mut tell = |told| {
        all.push(match told {
            Told::Joined { begin, end } => format!("{begin}+{end}"),
            Told::Alone { role, half, why } => format!("{half} {role:?} {why:?}"),
            Told::Again { half, first, .. } => format!("{half} again after {first}"),
        });
    };
    for (number, &(role, key, time, whole)) in (0..).zip(halves) {
        tracker.see((role, key, time), number, whole, &mut tell);
    }
    tracker.finish(&mut tell);
    all
}

use Role::{Begin, End};

#[test]
fn halves_are_joined_in_either_order() {
    let halves = [(Begin, 7, 1, false), (End, 8, 1, false), (End, 7, 2, false), (Begin, 8, 1, false)];
    assert_eq!(told(limits(), &halves), ["0+2", "3+1"]);
    // Of the same time, as a session can be.
    assert_eq!(told(limits(), &[(End, 7, 1, false), (Begin, 7, 1, false)]), ["1+0"]);
}

#[test]
fn what_comes_again_is_told_with_the_first() {
    let halves = [
        (Begin, 7, 1, false),
        (Begin, 7, 1, false),
        (End, 7, 2, false),
        (End, 7, 2, false),
        (Begin, 7, 1, false),
    ];
    assert_eq!(told(limits(), &halves), ["1 again after 0", "0+2", "3 again after 2", "4 again after 0"]);
}

#[test]
fn what_is_whole_does_not_wait() {
    let halves = [(End, 7, 1, true), (End, 7, 1, true), (Begin, 7, 1, false)];
    assert_eq!(told(limits(), &halves), ["0 End Whole", "1 again after 0", "2 Begin Late"]);
}

#[test]
fn beyond_the_horizon_it_is_given_up() {
    let halves = [(Begin, 1, 0, false), (Begin, 2, 50, false), (Begin, 3, 101, false), (End, 1, 101, false)];
    assert_eq!(told(limits(), &halves), ["0 Begin Horizon", "3 End Late", "1 Begin AtEnd", "2 Begin AtEnd"]);
    // What is done with is forgotten likewise.
    let halves = [(End, 1, 0, true), (End, 1, 100, true), (End, 1, 101, true)];
    assert_eq!(told(limits(), &halves), ["0 End Whole", "1 again after 0", "2 End Whole"]);
}

#[test]
fn going_back_in_time_gives_up_nothing() {
    let halves = [(Begin, 1, 900, false), (Begin, 2, 1, false), (End, 2, 2, false), (End, 1, 950, false)];
    assert_eq!(told(limits(), &halves), ["1+2", "0+3"]);
}

#[test]
fn a_time_that_cannot_be_changes_nothing() {
    let halves =
        [(Begin, 1, i64::MAX, false), (Begin, 2, 5, false), (End, 2, i64::MAX, false), (End, 1, 9, false)];
    assert_eq!(told(limits(), &halves), ["1+2", "0+3"]);
    let halves = [(Begin, 1, i64::MIN, false), (Begin, 2, i64::MIN, false), (End, 1, 5, false)];
    assert_eq!(told(limits(), &halves), ["0+2", "1 Begin AtEnd"]);
}

#[test]
fn for_want_of_room_the_oldest_is_given_up_and_ends_before_begins() {
    let halves = [
        (Begin, 1, 0, false),
        (Begin, 2, 0, false),
        (End, 3, 0, false),
        (Begin, 4, 0, false),
        (Begin, 5, 0, false),
    ];
    assert_eq!(
        told(limits(), &halves),
        ["2 End Room", "0 Begin Room", "1 Begin AtEnd", "3 Begin AtEnd", "4 Begin AtEnd"]
    );
    // With room for none, all is told at once.
    let none = Limits { most: 0, ..limits() };
    assert_eq!(told(none, &[(Begin, 1, 0, false), (End, 1, 0, false)]), ["0 Begin Room", "1 End Room"]);
}

/// However many come, what is kept is bounded.
#[test]
fn memory_is_bounded() {
    let mut tracker = Tracker::new(Limits { horizon: i64::MAX, most: 100, latest: i64::MAX });
    for key in 0..200_000_u32 {
        let time = i64::from(key);
        tracker.see((Begin, key.into(), time), key, false, &mut |_| {});
        if key % 3 > 0 {
            tracker.see((End, key.into(), time), key, false, &mut |_| {});
        }
        if key % 5 == 0 {
            tracker.see((End, (u128::from(key)) << 64, time), key, key % 2 == 0, &mut |_| {});
        }
    }
    assert!(tracker.waiting() <= 100);
    assert!(tracker.states.len() <= 1100, "{}", tracker.states.len());
    for queue in [&tracker.begins, &tracker.ends, &tracker.done] {
        assert!(queue.entries.len() <= 2 * FEW + 2 * queue.live, "{}", queue.entries.len());
    }
    assert!(tracker.forgotten() > 100_000);
}
