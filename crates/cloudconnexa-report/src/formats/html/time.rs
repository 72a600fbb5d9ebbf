//! Times as a page shows them, in UTC.

use jiff::Timestamp;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Formats a time, as precisely as steps of `step` seconds need it.
pub(super) fn show(second: i64, step: i64) -> String {
    let format = if step >= DAY { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" };
    Timestamp::from_second(second).map_or_else(|_| "?".to_owned(), |time| time.strftime(format).to_string())
}

/// Formats a time in microseconds since 1970.
pub(super) fn micros(micros: i64, format: &str) -> String {
    Timestamp::from_microsecond(micros)
        .map_or_else(|_| "?".to_owned(), |time| time.strftime(format).to_string())
}

/// Formats an RFC 3339 timestamp in UTC, to the second.
pub(super) fn second(timestamp: &str) -> String {
    timestamp.split(['.', 'Z']).next().unwrap_or_default().replacen('T', " ", 1)
}

/// Formats a time as a label on an axis.
pub(super) fn mark(second: i64, step: i64) -> String {
    let format = if step >= DAY { "%b %-d" } else { "%b %-d %H:%M" };
    Timestamp::from_second(second).map_or_else(|_| "?".to_owned(), |time| time.strftime(format).to_string())
}

/// Returns the indexes of up to `max` steps that get a label: those that start at round times.
pub(super) fn marks(start: i64, step: i64, steps: usize, max: usize) -> Vec<usize> {
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
    // As in the timeline, weeks start on the Mondays of 1970.
    let starts = |apart: i64| {
        let is_round = move |nth: &usize| {
            let at = start + step * i64::try_from(*nth).unwrap_or(0);
            (at - 4 * DAY).rem_euclid(apart) < step
        };
        (0..steps).filter(is_round).collect::<Vec<_>>()
    };
    let all = |apart: &i64| Some(starts(*apart)).filter(|marks| (1..=max).contains(&marks.len()));
    apart.iter().filter(|apart| **apart >= step).find_map(all).unwrap_or_else(|| {
        // No step is long enough for a range of this many years.
        (0..steps).step_by(steps.div_ceil(max).max(1)).collect()
    })
}

/// Says how long a step is.
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
mod tests;
