//! Tests of charts.

use super::{Scale, round_up};

#[test]
fn marks_are_round_and_reach_the_top() {
    assert_eq!([1, 2, 3, 6, 11, 201, 999].map(round_up), [1, 2, 5, 10, 20, 500, 1000]);
    for most in [0, 1, 3, 7, 999, 1_234_567, u64::MAX / 1000] {
        let scale = Scale::new(most, 10);
        let marks: Vec<_> = scale.marks().collect();
        assert!(marks.len() <= 6 && marks.last() >= Some(&most), "{most}: {marks:?}");
    }
}
