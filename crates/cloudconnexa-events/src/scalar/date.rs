//! Days of the calendar, to group events by.

use std::fmt;

/// A day of the calendar, which displays as `2023-12-20`.
///
/// Days compare and sort by time. [`Timestamp::date`](crate::Timestamp::date) returns the day of an event in UTC.
///
/// With the feature `jiff`, it converts to [`jiff::civil::Date`](https://docs.rs/jiff).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

impl Date {
    pub(super) fn new(date: jiff::civil::Date) -> Self {
        Self(date)
    }

    /// Returns the year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Returns the month, from 1 to 12.
    pub fn month(self) -> u8 {
        self.0.month().unsigned_abs()
    }

    /// Returns the day of the month, from 1 to 31.
    pub fn day(self) -> u8 {
        self.0.day().unsigned_abs()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

#[cfg(feature = "jiff")]
impl From<Date> for jiff::civil::Date {
    fn from(date: Date) -> Self {
        date.0
    }
}
