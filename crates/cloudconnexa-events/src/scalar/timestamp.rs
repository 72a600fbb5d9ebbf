//! Timestamps that keep their spelling.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::time::SystemTime;

use jiff::civil;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::date::Date;
use super::spelled::ParseError;
use super::utc_micros::UtcMicros;
use crate::parts::{PutText, blank};
use crate::texts::TextVisitor;

/// A date and time of RFC 3339 that keeps its spelling: `2023-12-20T10:45:14.000000Z` is written back with six zeros.
///
/// Timestamps compare by instant, to the nanosecond. A leap second counts as the second before it, and digits beyond
/// nanoseconds are kept in the text only. The last day of the year 9999, which
/// [`jiff::Timestamp`](https://docs.rs/jiff) does not have, counts as its maximum.
///
/// It converts from and to [`SystemTime`], and to numbers. With the feature `jiff`, it converts from and to
/// `jiff::Timestamp` as well.
///
/// ```
/// use cloudconnexa_events::Timestamp;
///
/// let time: Timestamp = "2023-12-20T10:45:14.000000Z".parse()?;
/// assert_eq!(time.unix_seconds(), 1_703_069_114);
/// assert_eq!(time.unix_micros(), 1_703_069_114_000_000);
/// assert_eq!(time.to_string(), "2023-12-20T10:45:14.000000Z");
/// assert_eq!(time, "2023-12-20T12:45:14+02:00".parse()?);
/// # Ok::<(), cloudconnexa_events::scalar::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Timestamp {
    instant: jiff::Timestamp,
    spelling: Spelling,
}

#[derive(Clone)]
enum Spelling {
    /// In UTC, with `T`, `Z` and this number of decimals: the instant displays as the text.
    Utc { decimals: usize },
    /// Anything else.
    Verbatim(Box<str>),
}

const EXPECTED: &str = "a date and time by RFC 3339, such as 2023-12-20T10:45:14.000000Z";

/// The start of the year 0. `jiff::Timestamp` ends in the year 9999, but starts earlier.
const YEAR_0: jiff::Timestamp = jiff::Timestamp::constant(-62_167_219_200, 0);

impl Timestamp {
    fn in_utc(instant: jiff::Timestamp) -> Self {
        let decimals = if instant.subsec_nanosecond() % 1_000 == 0 { 6 } else { 9 };
        Self { instant, spelling: Spelling::Utc { decimals } }
    }

    /// Returns the instant.
    #[cfg(feature = "jiff")]
    pub fn get(&self) -> jiff::Timestamp {
        self.instant
    }

    /// Returns the time since 1970-01-01T00:00:00Z in seconds, rounded towards zero and without leap seconds.
    pub fn unix_seconds(&self) -> i64 {
        self.instant.as_second()
    }

    /// Returns the time since 1970-01-01T00:00:00Z in microseconds, rounded towards zero and without leap seconds.
    pub fn unix_micros(&self) -> i64 {
        self.instant.as_microsecond()
    }

    /// Returns the day in UTC, whatever the offset of the text: 23:00 in New York belongs to the next day.
    ///
    /// ```
    /// use cloudconnexa_events::Timestamp;
    ///
    /// let time: Timestamp = "2023-12-20T23:30:00-05:00".parse()?;
    /// assert_eq!(time.date().to_string(), "2023-12-21");
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn date(&self) -> Date {
        Date::new(Offset::UTC.to_datetime(self.instant).date())
    }

    /// Returns whether its text is a date and time by RFC 3339, which has no years before 0 or after 9999.
    pub(crate) fn is_rfc3339(&self) -> bool {
        match self.spelling {
            Spelling::Utc { .. } => self.instant >= YEAR_0,
            Spelling::Verbatim(_) => true,
        }
    }

    fn read(text: &str) -> Option<Self> {
        Self::read_usual(text).or_else(|| Self::read_any(text))
    }

    /// Reads the form that the vendor writes.
    #[inline]
    fn read_usual(text: &str) -> Option<Self> {
        let decimals = match text.len() {
            20 => 0,
            27 => 6,
            _ => return None,
        };
        let micros = UtcMicros::parse_usual(text.as_bytes())?.unix_micros();
        let instant = jiff::Timestamp::from_microsecond(micros).ok()?;
        Some(Self { instant, spelling: Spelling::Utc { decimals } })
    }

    fn read_any(text: &str) -> Option<Self> {
        let parts = DateTimeParts::read(text.as_bytes())?;
        let civil = civil::DateTime::new(
            parts.year,
            parts.month,
            parts.day,
            parts.hour,
            parts.minute,
            parts.second.min(59),
            parts.nanosecond,
        );
        let offset = Offset::from_seconds(parts.offset_minutes * 60).ok()?;
        let instant = offset.to_timestamp(civil.ok()?);
        let usual = instant.is_ok()
            && parts.second < 60
            && parts.decimals <= 9
            && text.as_bytes()[10] == b'T'
            && text.ends_with('Z');
        let spelling =
            if usual { Spelling::Utc { decimals: parts.decimals } } else { Spelling::Verbatim(text.into()) };
        Some(Self { instant: instant.unwrap_or(jiff::Timestamp::MAX), spelling })
    }
}

/// The parts of a text that follows the grammar of RFC 3339, section 5.6.
struct DateTimeParts {
    year: i16,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
    decimals: usize,
    offset_minutes: i32,
}

impl DateTimeParts {
    fn read(text: &[u8]) -> Option<Self> {
        let (date_time, rest) = text.split_at_checked("YYYY-MM-DDThh:mm:ss".len())?;
        let separators =
            [date_time[4], date_time[7], date_time[10].to_ascii_uppercase(), date_time[13], date_time[16]];
        if separators != *b"--T::" {
            return None;
        }
        let century = digits(&date_time[0..2])?;
        let year = i16::from(century) * 100 + i16::from(digits(&date_time[2..4])?);
        let (month, day) = (digits(&date_time[5..7])?, digits(&date_time[8..10])?);
        let [hour, minute, second] = [11, 14, 17].map(|at| digits(&date_time[at..at + 2]));
        let (hour, minute, second) = (hour?, minute?, second?);
        // jiff checks the date. It has no leap seconds, so the time is checked here.
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let (nanosecond, decimals, zone) = fraction(rest)?;
        let offset_minutes = offset(zone)?;
        if second == 60 {
            let utc = (i32::from(hour) * 60 + i32::from(minute) - offset_minutes).rem_euclid(24 * 60);
            if utc != 24 * 60 - 1 {
                return None;
            }
        }
        Some(Self { year, month, day, hour, minute, second, nanosecond, decimals, offset_minutes })
    }
}

/// Parses two digits.
fn digits(text: &[u8]) -> Option<i8> {
    match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => i8::try_from((tens - b'0') * 10 + (ones - b'0')).ok(),
        _ => None,
    }
}

/// Parses a fraction into nanoseconds. Returns its number of decimals and the rest of the text as well.
fn fraction(text: &[u8]) -> Option<(i32, usize, &[u8])> {
    let Some(text) = text.strip_prefix(b".") else { return Some((0, 0, text)) };
    let decimals = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if decimals == 0 {
        return None;
    }
    let nanosecond = (0..9).fold(0, |value, at| {
        let digit = if at < decimals { i32::from(text[at] - b'0') } else { 0 };
        value * 10 + digit
    });
    Some((nanosecond, decimals, &text[decimals..]))
}

/// Parses `Z`, `+hh:mm` or `-hh:mm` into minutes.
fn offset(text: &[u8]) -> Option<i32> {
    match text {
        b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let minutes = i32::from(hours) * 60 + i32::from(minutes);
            Some(if *sign == b'-' { -minutes } else { minutes })
        }
        _ => None,
    }
}

blank! {
    Timestamp = Self { instant: jiff::Timestamp::UNIX_EPOCH, spelling: Spelling::Utc { decimals: 0 } };
}

impl PutText for Timestamp {
    fn put_text(&mut self, text: &str) -> Option<()> {
        *self = match Self::read_usual(text) {
            Some(usual) => usual,
            None => Self::read_any(text)?,
        };
        Some(())
    }
}

impl FromStr for Timestamp {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or(ParseError { expected: EXPECTED })
    }
}

/// Converts to UTC with six decimals, as the vendor writes it, or with nine if six would lose digits.
///
/// A year before 0 is not one that RFC 3339 can express: an event with such a time does not parse.
#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Self::in_utc(instant)
    }
}

/// Converts to UTC with six decimals, as the vendor writes it, or with nine if six would lose digits. Fails for times before
/// the year 0 and after 9999.
impl TryFrom<SystemTime> for Timestamp {
    type Error = ParseError;
    fn try_from(time: SystemTime) -> Result<Self, ParseError> {
        let time = jiff::Timestamp::try_from(time).ok().map(Self::in_utc);
        time.filter(Self::is_rfc3339)
            .ok_or(ParseError { expected: "a time from the year 0 to the year 9999" })
    }
}

/// Returns the instant.
#[cfg(feature = "jiff")]
impl From<Timestamp> for jiff::Timestamp {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.instant
    }
}

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.instant.into()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.spelling {
            Spelling::Utc { decimals } => write!(f, "{:.decimals$}", self.instant),
            Spelling::Verbatim(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for Timestamp {}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instant.hash(state);
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor::new(Self::read, EXPECTED))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}
