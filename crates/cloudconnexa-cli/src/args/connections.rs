//! The questions about connections that `ccxlog sessions` answers.

use std::num::NonZero;

use clap::ValueEnum;
use cloudconnexa_validator::sessions::Period;

use super::headings::CONNECTIONS;

#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ConnectionArgs {
    /// Write only the sessions that are connected at this time: a timestamp, a date, or an age such as `2h`
    #[arg(long, value_name = "TIME", value_parser = crate::time::parse_micros)]
    #[arg(group = "question", conflicts_with = "horizon", help_heading = CONNECTIONS)]
    pub(crate) active_at: Option<i64>,

    /// Write how many users and sessions were connected at once, at most, in each hour, day, week or month
    #[arg(long, value_enum, value_name = "PERIOD")]
    #[arg(group = "question", conflicts_with = "horizon", help_heading = CONNECTIONS)]
    pub(crate) concurrent: Option<PeriodName>,

    /// Write the users who connected at least N times on one day; 40 by default
    ///
    /// Each session counts once, on the day of its start in UTC, refused logins included.
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "40")]
    #[arg(group = "question", conflicts_with = "horizon", help_heading = CONNECTIONS)]
    pub(crate) reconnecting: Option<NonZero<u64>>,

    /// Count a session whose end was not read as dead after this time; `6h` by default
    #[arg(long, value_name = "TIME", value_parser = crate::time::parse_duration)]
    #[arg(requires = "question", conflicts_with = "reconnecting", help_heading = CONNECTIONS)]
    pub(crate) dead_after: Option<i64>,

    /// Show values of events on standard output also if the environment variable `CI` is set
    #[arg(long, requires = "question", help_heading = CONNECTIONS)]
    pub(crate) show_values: bool,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PeriodName {
    /// From one full hour to the next
    Hour,
    /// From midnight to midnight in UTC
    Day,
    /// From Monday to Sunday
    Week,
    /// A month of the calendar
    Month,
}

impl PeriodName {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    pub(crate) fn period(self) -> Period {
        match self {
            Self::Hour => Period::Hour,
            Self::Day => Period::Day,
            Self::Week => Period::Week,
            Self::Month => Period::Month,
        }
    }
}
