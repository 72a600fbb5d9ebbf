//! Tests of times.

use super::{mark, marks, show, step};

#[test]
fn labels_are_at_round_times() {
    let start = 1_767_225_600 + 7 * 60;
    let labels = |step: i64, steps: usize| -> Vec<String> {
        let marks = marks(start, step, steps, 8);
        assert!(!marks.is_empty() && marks.len() <= 8);
        marks.iter().map(|nth| mark(start + step * i64::try_from(*nth).unwrap(), step)).collect()
    };
    assert_eq!(labels(60, 107)[..3], ["Jan 1 00:15", "Jan 1 00:30", "Jan 1 00:45"]);
    assert_eq!(
        labels(3600, 119),
        ["Jan 1 00:07", "Jan 2 00:07", "Jan 3 00:07", "Jan 4 00:07", "Jan 5 00:07"]
    );
    assert_eq!(labels(86_400, 100).len(), 7);
    assert_eq!(labels(524_160 * 60, 115).len(), 8);
    assert_eq!(labels(60, 1), ["Jan 1 00:07"]);
}

#[test]
fn times_are_as_precise_as_needed() {
    assert_eq!((show(0, 60).as_str(), show(0, 86_400).as_str()), ("1970-01-01 00:00", "1970-01-01"));
    let words = [60, 300, 3600, 21_600, 86_400, 604_800].map(step);
    assert_eq!(words, ["minute", "5 minutes", "hour", "6 hours", "day", "week"]);
}
