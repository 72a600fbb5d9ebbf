//! Tests of counts.

use super::{EventLabel, RunCounts, UNKNOWN_NAMES, ValidityCounts};

/// However many unknown names there are, and however the events are divided.
#[test]
fn parts_add_up_to_the_whole() {
    let names: Vec<_> =
        (0..3000_u32).map(|n| format!("event-{}", n.wrapping_mul(2_654_435_761) % 400)).collect();
    let count = |names: &[String]| {
        let mut counts = RunCounts::default();
        for name in names {
            counts.add_events(EventLabel::Unknown(name), ValidityCounts::one(name.len() % 2 == 0));
        }
        counts
    };
    let whole = count(&names);
    assert_eq!(whole.unknown.len(), UNKNOWN_NAMES);
    for part in [1, 7, 150, 2999] {
        let mut sum = RunCounts::default();
        for names in names.chunks(part) {
            sum.add(count(names));
        }
        assert_eq!(sum.unknown, whole.unknown);
        assert_eq!(sum.more_unknown, whole.more_unknown);
    }
    assert_eq!(whole.events().total(), 3000);
}
