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
        let (fraction, is_fraction) = match text.len() {
            27 => FRACTION.read(text, 19)?,
            20 => (0, text[19] == b'Z'),
            _ => return None,
        };
        let (date, is_date) = YEAR_AND_MONTH.read(text, 0)?;
        let (time, is_time) = DAY_AND_MINUTE.read(text, 8)?;
        let (seconds, are_seconds) = SECOND.read(text, 11)?;
        let [century, _, year, _, _, month, ..] = pairs(date);
        let [day, _, _, hour, _, _, minute, _] = pairs(time);
        let [_, _, _, _, _, _, second, _] = pairs(seconds);
        let [_, hundredths, _, of_hundredths, _, ones, ..] = pairs(fraction);
        let year = 100 * u32::from(century) + u32::from(year);
        let is_valid = is_fraction
            && is_date
            && is_time
            && are_seconds
            && (1..=12).contains(&month)
            && day >= 1
            && (day <= 28 || day <= days_in_month(year, month))
            && hour < 24
            && minute < 60
            && second < 60;
        if !is_valid {
            return None;
        }
        let seconds = u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second);
        let micros = (u32::from(hundredths) * 100 + u32::from(of_hundredths)) * 100 + u32::from(ones);
        let days = days_since_epoch(year, u32::from(month), u32::from(day));
        Some(Self((days * 86_400 + i64::from(seconds)) * 1_000_000 + i64::from(micros)))
    }
}

/// Eight bytes of a pattern: a digit for each zero, and its own bytes everywhere else.
#[derive(Clone, Copy)]
struct Form {
    bytes: u64,
    /// For each byte, what to add to its difference so that a wrong one sets one of its upper four bits.
    carry: u64,
}

const YEAR_AND_MONTH: Form = Form::new(*b"0000-00-");
const DAY_AND_MINUTE: Form = Form::new(*b"00T00:00");
const SECOND: Form = Form::new(*b"00:00:00");
const FRACTION: Form = Form::new(*b".000000Z");
const UPPER_BITS: u64 = 0xf0f0_f0f0_f0f0_f0f0;

impl Form {
    const fn new(form: [u8; 8]) -> Self {
        let mut carry = [15; 8];
        let mut at = 0;
        while at < 8 {
            if form[at] == b'0' {
                carry[at] = 6;
            }
            at += 1;
        }
        Self { bytes: u64::from_le_bytes(form), carry: u64::from_le_bytes(carry) }
    }

    /// Returns the digits of eight bytes as numbers, and whether the bytes match the pattern.
    #[inline]
    fn read(self, text: &[u8], at: usize) -> Option<(u64, bool)> {
        let digits = u64::from_le_bytes(*text.get(at..)?.first_chunk()?) ^ self.bytes;
        // A byte that carries into its neighbour has upper bits itself.
        let wrong = (digits | digits.wrapping_add(self.carry)) & UPPER_BITS;
        Some((digits, wrong == 0))
    }
}

/// Returns the two-digit number that starts at each byte.
#[inline]
fn pairs(digits: u64) -> [u8; 8] {
    digits.wrapping_mul(10).wrapping_add(digits >> 8).to_le_bytes()
}

fn days_in_month(year: u32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Counts the days since 1970-01-01 in the Gregorian calendar.
fn days_since_epoch(year: u32, month: u32, day: u32) -> i64 {
    // Years start in March here, so that the leap day comes last; and 400 years earlier, so that none is negative.
    let (year, month) = if month <= 2 { (year + 399, month + 9) } else { (year + 400, month - 3) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    i64::from(year * 365 + year / 4 - year / 100 + year / 400 + of_year) - 719_468 - 146_097
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
