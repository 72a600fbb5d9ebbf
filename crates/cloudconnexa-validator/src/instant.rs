//! Times in microseconds since 1970: parsing those of events, and formatting lengths of time for messages.

use cloudconnexa_events::Timestamp;

/// A time in microseconds since 1970-01-01T00:00:00Z, or a length of time in microseconds.
pub type Micros = i64;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Parses a date and time in RFC 3339. Drops what is finer than microseconds.
pub(crate) fn read(text: &str) -> Option<Micros> {
    usual(text.as_bytes()).or_else(|| {
        let time: Timestamp = text.parse().ok()?;
        Some(time.unix_micros())
    })
}

/// Parses a time in the form that the vendor writes, `2023-12-20T10:45:14.000000Z`, without the calendar library.
fn usual(text: &[u8]) -> Option<i64> {
    let text: &[u8; 27] = text.try_into().ok()?;
    let marks = [text[4], text[7], text[10], text[13], text[16], text[19], text[26]];
    if marks != *b"--T::.Z" {
        return None;
    }
    let number = |from: usize, to: usize| {
        text[from..to].iter().try_fold(0_i64, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
        })
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    // Days after the 28th and leap seconds need a calendar.
    let is_usual = (1..=12).contains(&month) && (1..=28).contains(&day);
    if !is_usual || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some(seconds * SECOND + number(20, 26)?)
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
    fn the_fast_path_agrees_with_the_calendar() {
        for text in [
            "1970-01-01T00:00:00.000000Z",
            "1969-12-31T23:59:59.999999Z",
            "0000-01-01T00:00:00.000000Z",
            "2000-02-28T23:59:59.000001Z",
            "2023-12-20T10:45:14.000000Z",
            "9999-12-28T23:59:59.999999Z",
        ] {
            let time: Timestamp = text.parse().unwrap();
            assert_eq!(read(text), Some(time.unix_micros()), "{text}");
        }
        for year in (0..9999).step_by(7) {
            for month in 1..=12 {
                let text = format!("{year:04}-{month:02}-{:02}T12:34:56.789012Z", 1 + year % 28);
                let time: Timestamp = text.parse().unwrap();
                assert_eq!(usual(text.as_bytes()), Some(time.unix_micros()), "{text}");
            }
        }
        assert_eq!(read("2023-12-20T12:45:14+02:00"), read("2023-12-20T10:45:14.000000Z"));
        assert_eq!(read("2024-02-29T00:00:00.000000Z"), Some(1_709_164_800 * SECOND));
        for wrong in ["", "2023-02-30T10:45:14.000000Z", "2023-12-20T1a:45:14.000000Z", "2023-12-20"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

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
