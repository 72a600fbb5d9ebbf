//! Times in microseconds since 1970: parsing those of events, and formatting lengths of time for messages.

use cloudconnexa_events::UtcMicros;

/// A time in microseconds since 1970-01-01T00:00:00Z, or a length of time in microseconds, as a plain number to compute with.
///
/// As a type of its own, a time is a [`UtcMicros`], here and in all crates: [`UtcMicros::unix_micros`] returns this number, and
/// [`UtcMicros::from_unix_micros`] takes it.
pub type Micros = i64;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Parses a date and time in RFC 3339. Drops what is finer than microseconds.
pub(crate) fn read(text: &str) -> Option<Micros> {
    UtcMicros::parse(text).map(UtcMicros::unix_micros)
}

/// Returns the days since 1970-01-01 in the Gregorian calendar, with Howard Hinnant's `days_from_civil`.
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Returns the year and the month of a day since 1970-01-01, with Howard Hinnant's `civil_from_days`.
pub(crate) fn month_of(day: i64) -> (i64, i64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let of_year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let days_of_year = of_era - (365 * of_year + of_year / 4 - of_year / 100);
    // Months since March.
    let since_march = (5 * days_of_year + 2) / 153;
    let month = if since_march < 10 { since_march + 3 } else { since_march - 9 };
    (of_year + era * 400 + i64::from(month <= 2), month)
}

/// Formats a length of time in its two greatest units: `3 s`, `2 h 5 min`.
pub(crate) fn length(micros: Micros) -> String {
    let micros = micros.unsigned_abs();
    let seconds = micros / SECOND.unsigned_abs();
    let (greater, lesser) = match seconds {
        0 => return format!("{micros} µs"),
        1..60 => return format!("{seconds} s"),
        60..3600 => ((seconds / 60, "min"), (seconds % 60, "s")),
        3600..86_400 => ((seconds / 3600, "h"), (seconds % 3600 / 60, "min")),
        _ => ((seconds / 86_400, "d"), (seconds % 86_400 / 3600, "h")),
    };
    if lesser.0 == 0 {
        format!("{} {}", greater.0, greater.1)
    } else {
        format!("{} {} {} {}", greater.0, greater.1, lesser.0, lesser.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_in_the_month_that_it_was_made_from() {
        for year in -1..2500 {
            for month in 1..=12 {
                let first = days(year, month, 1);
                assert_eq!((month_of(first), month_of(first + 27)), ((year, month), (year, month)));
                let before = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
                assert_eq!(month_of(first - 1), before);
            }
        }
    }

    #[test]
    fn a_length_is_in_its_greatest_units() {
        for (micros, words) in [
            (7, "7 µs"),
            (59 * SECOND, "59 s"),
            (-2 * HOUR - 5 * MINUTE, "2 h 5 min"),
            (60 * SECOND, "1 min"),
            (3 * DAY + HOUR, "3 d 1 h"),
        ] {
            assert_eq!(length(micros), words);
        }
    }
}
