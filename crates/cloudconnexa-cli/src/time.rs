//! Durations and points in time, as people write and read them: `30d`, `2026-11-01`.

#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloudconnexa_events::Timestamp;

/// Units of time, in seconds.
const UNITS: [(&str, u64); 5] = [("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)];

/// Reads a duration such as `30d` as microseconds.
pub(crate) fn parse_duration(text: &str) -> Result<i64, String> {
    let expected = || "expected a duration, such as `30d`, `12h` or `90m`".to_owned();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (_, unit) = UNITS.iter().find(|(name, _)| *name == &text[digits..]).ok_or_else(expected)?;
    let number: u64 = text[..digits].parse().map_err(|_| expected())?;
    let micros = number.checked_mul(*unit).and_then(|seconds| seconds.checked_mul(1_000_000));
    micros.and_then(|micros| i64::try_from(micros).ok()).ok_or_else(|| "the duration is too long".to_owned())
}

/// Formats microseconds in the largest unit that divides them: `30d`.
pub(crate) fn format_duration(micros: i64) -> String {
    let seconds = micros.unsigned_abs() / 1_000_000;
    let divides = |unit: u64| seconds >= unit && seconds.is_multiple_of(unit);
    // Days rather than weeks, as people usually write them.
    let (name, unit) = UNITS.into_iter().skip(1).find(|(_, unit)| divides(*unit)).unwrap_or(("s", 1));
    format!("{}{name}", seconds / unit)
}

/// Reads a timestamp, a date, or an age such as `24h` as seconds since 1970.
pub(crate) fn parse_instant(text: &str) -> Result<i64, String> {
    parse_micros(text).map(|micros| micros.div_euclid(1_000_000))
}

/// Reads a timestamp, a date, or an age such as `24h` as microseconds since 1970.
pub(crate) fn parse_micros(text: &str) -> Result<i64, String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let now = i64::try_from(now.as_micros()).unwrap_or(i64::MAX);
    instant(text, now).ok_or_else(|| {
        "expected a timestamp such as `2026-11-01T08:00:00Z`, a date, or an age such as `90m`, `24h`, `7d`".to_owned()
    })
}

/// Reads an instant. `now` and the result are in microseconds since 1970.
fn instant(text: &str, now: i64) -> Option<i64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let Some((_, unit)) = UNITS.iter().find(|(name, _)| *name == &text[digits..]) else {
        let day = format!("{text}T00:00:00Z");
        let time: Timestamp = text.parse().or_else(|_| day.parse()).ok()?;
        return Some(time.unix_micros());
    };
    let unit = i64::try_from(*unit).ok()?.checked_mul(1_000_000)?;
    now.checked_sub(text[..digits].parse::<i64>().ok()?.checked_mul(unit)?)
}
