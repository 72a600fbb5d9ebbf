//! How much is remembered of sessions, and for how long.

use super::headings::SESSIONS;

#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct WindowArgs {
    /// Give up a session whose other event is not found within this time, measured by the events; `30d` by default
    #[arg(long, value_name = "TIME", value_parser = crate::time::parse_duration, help_heading = SESSIONS)]
    pub(crate) horizon: Option<i64>,

    /// How many sessions may wait for their other event at once before the oldest is given up; 100000 by default
    ///
    /// Ten times as many are remembered, to recognise repeated events.
    #[arg(long, value_name = "N", help_heading = SESSIONS)]
    pub(crate) max_open: Option<usize>,
}
