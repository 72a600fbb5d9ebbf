//! Tests of the human format.

use cloudconnexa_validator::Validator;
use cloudconnexa_validator::coverage::Coverage;

use super::*;
use crate::coverage::{Minimum, MinimumScope};

const EVENT: &str = include_str!("../../../../../tests/corpus/documented/client-disconnected-v1.json");

/// No line is longer than the terminal, unless a value is.
#[test]
fn lines_fit_the_terminal() {
    let mut coverage = Coverage::default();
    coverage.add(&mut Validator::new().checker(), EVENT.as_bytes());
    let minimum = Minimum { of: MinimumScope::Each, percent: "50%".parse().unwrap() };
    let report = CoverageReport::new(&coverage, &[minimum], &[]);
    for width in [40, 60, 80, 100, 200] {
        let text = text(&report, width);
        let plain = anstream::adapter::strip_str(&text).to_string();
        // The longest value, which is not broken.
        let longest = 44;
        let widest = plain.lines().map(str::width).max().unwrap();
        assert!(widest <= width.max(longest), "{width}: {widest}\n{plain}");
        assert_eq!(plain.contains('━'), width >= 60, "{width}");
    }
}

/// A bar is full only where nothing is missing.
#[test]
fn bars_are_not_rounded_up() {
    let drawn = |covered, points| {
        let bar = bar(Share { covered, points }, 10, style::GOOD);
        anstream::adapter::strip_str(&bar).to_string()
    };
    assert_eq!(drawn(999, 1000), "━━━━━━━━━─  ");
    assert_eq!(drawn(1000, 1000), "━━━━━━━━━━  ");
    assert_eq!(drawn(0, 1000), "──────────  ");
}
