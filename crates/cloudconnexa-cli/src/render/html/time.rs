//! Times as a page shows them, in UTC.

use jiff::Timestamp;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A time as precise as steps of so many seconds need it.
pub(super) fn show(second: i64, step: i64) -> String {
    let format = if step >= DAY { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" };
    Timestamp::from_second(second).map_or_else(|_| "?".to_owned(), |time| time.strftime(format).to_string())
}

/// A timestamp by RFC 3339, in UTC, to the second.
pub(super) fn second(timestamp: &str) -> String {
    timestamp.split(['.', 'Z']).next().unwrap_or_default().replacen('T', " ", 1)
}

/// A time as a mark of an axis has it, which has the day elsewhere.
pub(super) fn mark(second: i64, step: i64) -> String {
    let format = if step >= DAY { "%b %-d" } else { "%b %-d %H:%M" };
    Timestamp::from_second(second).map_or_else(|_| "?".to_owned(), |time| time.strftime(format).to_string())
}

/// The steps that get a mark, at most so many: those that begin at round times.
pub(super) fn marks(start: i64, step: i64, steps: usize, most: usize) -> Vec<usize> {
    const MINUTE: i64 = 60;
    const WEEK: i64 = 7 * DAY;
    let apart = [
        5 * MINUTE,
        10 * MINUTE,
        15 * MINUTE,
        30 * MINUTE,
        HOUR,
        2 * HOUR,
        3 * HOUR,
        6 * HOUR,
        12 * HOUR,
        DAY,
        2 * DAY,
        WEEK,
        2 * WEEK,
        4 * WEEK,
        12 * WEEK,
        52 * WEEK,
    ];
    // As the timeline has it, weeks begin with the Mondays of 1970.
    let begins = |apart: i64| {
        let is_round = move |nth: &usize| {
            let at = start + step * i64::try_from(*nth).unwrap_or(0);
            (at - 4 * DAY).rem_euclid(apart) < step
        };
        (0..steps).filter(is_round).collect::<Vec<_>>()
    };
    let all = |apart: &i64| Some(begins(*apart)).filter(|marks| (1..=most).contains(&marks.len()));
    apart.iter().filter(|apart| **apart >= step).find_map(all).unwrap_or_else(|| {
        // Ages.
        (0..steps).step_by(steps.div_ceil(most).max(1)).collect()
    })
}

/// How long a step is, in words.
pub(super) fn step(seconds: i64) -> String {
    let (number, unit) = match seconds {
        _ if seconds >= 7 * DAY && seconds % (7 * DAY) == 0 => (seconds / (7 * DAY), "week"),
        _ if seconds >= DAY => (seconds / DAY, "day"),
        _ if seconds >= HOUR => (seconds / HOUR, "hour"),
        _ => (seconds / 60, "minute"),
    };
    if number == 1 { unit.to_owned() } else { format!("{number} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::{mark, marks, show, step};

    #[test]
    fn marks_are_at_round_times() {
        let start = 1_767_225_600 + 7 * 60;
        let told = |step: i64, steps: usize| -> Vec<String> {
            let marks = marks(start, step, steps, 8);
            assert!(!marks.is_empty() && marks.len() <= 8);
            marks.iter().map(|nth| mark(start + step * i64::try_from(*nth).unwrap(), step)).collect()
        };
        assert_eq!(told(60, 107)[..3], ["Jan 1 00:15", "Jan 1 00:30", "Jan 1 00:45"]);
        assert_eq!(
            told(3600, 119),
            ["Jan 1 00:07", "Jan 2 00:07", "Jan 3 00:07", "Jan 4 00:07", "Jan 5 00:07"]
        );
        assert_eq!(told(86_400, 100).len(), 7);
        assert_eq!(told(524_160 * 60, 115).len(), 8);
        assert_eq!(told(60, 1), ["Jan 1 00:07"]);
    }

    #[test]
    fn times_are_as_precise_as_needed() {
        assert_eq!((show(0, 60).as_str(), show(0, 86_400).as_str()), ("1970-01-01 00:00", "1970-01-01"));
        let words = [60, 300, 3600, 21_600, 86_400, 604_800].map(step);
        assert_eq!(words, ["minute", "5 minutes", "hour", "6 hours", "day", "week"]);
    }
}
