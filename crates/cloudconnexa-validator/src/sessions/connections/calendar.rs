//! Hours, days, weeks and months in UTC.

use crate::instant::{self, DAY, HOUR, Micros};

/// A length of time that statistics are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Period {
    /// From one full hour to the next.
    Hour,
    /// From midnight to midnight in UTC.
    Day,
    /// From Monday to Sunday, as in ISO 8601.
    Week,
    /// A month of the calendar.
    Month,
}

/// 1970-01-01 was a Thursday.
const MONDAY: Micros = 4 * DAY;

impl Period {
    /// Returns when the period that `time` is in starts.
    #[must_use]
    pub fn start_of(self, time: Micros) -> Micros {
        let multiple = |length: Micros, origin: Micros| time - (time - origin).rem_euclid(length);
        match self {
            Self::Hour => multiple(HOUR, 0),
            Self::Day => multiple(DAY, 0),
            Self::Week => multiple(7 * DAY, MONDAY),
            Self::Month => {
                let (year, month) = instant::month_of(time.div_euclid(DAY));
                instant::days(year, month, 1) * DAY
            }
        }
    }

    /// Returns when the period that starts at `start` ends, and the next one starts.
    #[must_use]
    pub fn end_of(self, start: Micros) -> Micros {
        match self {
            Self::Hour => start + HOUR,
            Self::Day => start + DAY,
            Self::Week => start + 7 * DAY,
            // Each month has at most 31 days, and the one after it at least 28.
            Self::Month => self.start_of(start + 31 * DAY),
        }
    }
}
