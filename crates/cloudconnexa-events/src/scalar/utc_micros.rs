//! Points in time in microseconds, for programs that compute with the times of many events.

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Timestamp;

/// A point in time in UTC, in microseconds since the Unix epoch, from the year 0 to the year 9999.
///
/// It is a number: use it where times of many events are compared or computed with. A [`Timestamp`] also keeps how the time
/// was written. Serialized as RFC 3339, always with six decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcMicros(i64);

const DAY: i64 = 86_400_000_000;
/// The first microsecond of the year 0, and the last of the year 9999.
const MIN: i64 = -719_528 * DAY;
const MAX: i64 = 2_932_897 * DAY - 1;

impl UtcMicros {
    /// Parses a date and time as RFC 3339 defines it. Digits beyond microseconds are dropped.
    ///
    /// ```
    /// use cloudconnexa_events::UtcMicros;
    ///
    /// let time = UtcMicros::parse("2023-12-20T12:45:14+02:00").expect("a date and time");
    /// assert_eq!(time.to_string(), "2023-12-20T10:45:14.000000Z");
    /// assert_eq!(UtcMicros::parse("yesterday"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_usual(text.as_bytes()).or_else(|| {
            let time: Timestamp = text.parse().ok()?;
            Some(Self::from(&time))
        })
    }

    /// Creates a point in time from microseconds since the Unix epoch. One before the year 0 or after the year 9999 becomes
    /// the first or the last of them.
    #[must_use]
    pub fn from_unix_micros(micros: i64) -> Self {
        Self(micros.clamp(MIN, MAX))
    }

    /// Returns the microseconds since the Unix epoch.
    #[must_use]
    pub fn unix_micros(self) -> i64 {
        self.0
    }

    /// Parses only the form that the vendor writes: in UTC, with no or six decimals. Returns `None` for any other, which
    /// [`parse`](Self::parse) may accept.
    #[must_use]
    pub fn parse_usual(text: &[u8]) -> Option<Self> {
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
        let is_valid = (1..=12).contains(&month)
            && day >= 1
            && (day <= 28 || day <= days_in_month(year, month))
            && hour < 24
            && minute < 60
            && second < 60;
        let seconds = (days_since_epoch(year, month, day) * 24 + hour) * 3600 + minute * 60 + second;
        is_valid.then_some(Self(seconds * 1_000_000 + micros))
    }
}

/// Parses decimal digits without a branch for each.
fn number(digits: &[u8]) -> Option<i64> {
    let mut number = 0;
    let mut invalid = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        invalid |= u8::from(digit > 9);
        number = number * 10 + i64::from(digit);
    }
    (invalid == 0).then_some(number)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Counts the days since 1970-01-01 in the Gregorian calendar.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    // Years start in March here, so that the leap day comes last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl fmt::Display for UtcMicros {
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

impl From<&Timestamp> for UtcMicros {
    /// Drops what is finer than microseconds.
    fn from(time: &Timestamp) -> Self {
        Self::from_unix_micros(time.unix_micros())
    }
}

impl Serialize for UtcMicros {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UtcMicros {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("expected a date and time as in RFC 3339"))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for UtcMicros {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "UtcMicros".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}
