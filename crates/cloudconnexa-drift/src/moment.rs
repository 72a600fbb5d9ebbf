//! Moments in microseconds, made of text at the speed of a record.

use std::fmt;

use cloudconnexa_events::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point in time, to the microsecond, from the year 0 to the year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub(crate) i64);

const DAY: i64 = 86_400_000_000;
/// The first microsecond of the year 0, and the last of the year 9999.
const LEAST: i64 = -719_528 * DAY;
const MOST: i64 = 2_932_897 * DAY - 1;

impl Moment {
    /// Reads a date and time by RFC 3339. Digits beyond microseconds are dropped.
    ///
    /// ```
    /// use cloudconnexa_drift::Moment;
    ///
    /// let moment = Moment::parse("2023-12-20T12:45:14+02:00").expect("it is one");
    /// assert_eq!(moment.to_string(), "2023-12-20T10:45:14.000000Z");
    /// assert_eq!(Moment::parse("yesterday"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::usual(text.as_bytes()).or_else(|| {
            let time: Timestamp = text.parse().ok()?;
            Some(Self(time.unix_micros().clamp(LEAST, MOST)))
        })
    }

    /// Reads what the producer writes: in UTC, with no or six decimals. All else is left to [`parse`](Self::parse).
    pub(crate) fn usual(text: &[u8]) -> Option<Self> {
        let micros = match text.len() {
            27 if text[19] == b'.' && text[26] == b'Z' => number(&text[20..26])?,
            20 if text[19] == b'Z' => 0,
            _ => return None,
        };
        let separators = [text[4], text[7], text[10], text[13], text[16]];
        if separators != *b"--T::" {
            return None;
        }
        let (year, month, day) = (number(&text[..4])?, number(&text[5..7])?, number(&text[8..10])?);
        let (hour, minute, second) = (number(&text[11..13])?, number(&text[14..16])?, number(&text[17..19])?);
        let is_sound = (1..=12).contains(&month)
            && day >= 1
            && (day <= 28 || day <= length(year, month))
            && hour < 24
            && minute < 60
            && second < 60;
        let seconds = (days(year, month, day) * 24 + hour) * 3600 + minute * 60 + second;
        is_sound.then_some(Self(seconds * 1_000_000 + micros))
    }
}

fn number(digits: &[u8]) -> Option<i64> {
    let mut number = 0;
    let mut odd = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        odd |= u8::from(digit > 9);
        number = number * 10 + i64::from(digit);
    }
    (odd == 0).then_some(number)
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 by the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin with March, so that leap days come last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, micros) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let shifted = day + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        let year = year + era * 400 + carry;
        let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("expected a date and time by RFC 3339"))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    use cloudconnexa_events::Timestamp;

    use super::*;

    #[test]
    fn every_day_there_and_back() {
        let mut at = LEAST;
        while at <= MOST {
            let text = Moment(at).to_string();
            assert_eq!(Moment::usual(text.as_bytes()), Some(Moment(at)), "{text}");
            at += DAY + 1_234_567;
        }
        assert_eq!(Moment(LEAST).to_string(), "0000-01-01T00:00:00.000000Z");
        assert_eq!(Moment(MOST).to_string(), "9999-12-31T23:59:59.999999Z");
    }

    #[test]
    fn the_same_as_timestamps() {
        for text in [
            "2024-02-29T23:59:59.999999Z",
            "2023-02-29T23:59:59.999999Z",
            "2023-04-31T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2000-02-29T00:00:00Z",
            "2023-12-20T10:45:60.000000Z",
            "2023-12-20t10:45:14.000000z",
            "2023-12-20T10:45:14.5+05:30",
            "2023-13-20T10:45:14Z",
            "2023-12-00T10:45:14Z",
            "2023-12-20T24:45:14Z",
            "2023-12-20T10:45:1\u{665}Z",
            "",
        ] {
            let expected = text.parse::<Timestamp>().ok().map(|time| time.unix_micros());
            assert_eq!(Moment::parse(text).map(|moment| moment.0), expected, "{text}");
        }
    }
}
