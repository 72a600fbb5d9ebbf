use std::time::Duration;

use super::interval;

#[test]
fn intervals_have_a_unit_and_last_at_most_a_day() {
    for (text, millis) in [("500ms", 500), ("10s", 10_000), ("2m", 120_000), ("1h", 3_600_000)] {
        assert_eq!(interval(text), Ok(Duration::from_millis(millis)));
    }
    for wrong in ["", "5", "s", "0s", "-1s", "1.5s", "25h", "1 s", "99999999999999999999ms"] {
        assert!(interval(wrong).is_err(), "{wrong}");
    }
}
