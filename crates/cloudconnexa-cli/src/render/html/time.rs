//! Times as a page shows them, in UTC.

use jiff::Timestamp;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A time as precise as steps of so many seconds need it.
pub(super) fn show(second: i64, step: i64) -> String {
    let format = if step >= DAY { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" };
    Timestamp::from_second(second).map_or_else(|_| "?".to_owned(), |time| time.strftime(format).to_string())
}

/// A time as a mark of an axis has it, which has the day elsewhere.
pub(super) fn mark(second: i64, step: i64) -> String {
    let format = if step >= DAY { "%b %-d" } else { "%b %-d %H:%M" };
    Timestamp::from_second(second).map_or_else(|_| "?".to_owned(), |time| time.strftime(format).to_string())
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
