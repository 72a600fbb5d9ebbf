//! Which inputs are read: by time, by name, and by what an earlier run has read.

use std::path::PathBuf;

use super::NetworkArgs;
use super::headings::INPUTS;
use crate::time;

/// For commands that read all of their inputs each time.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct FilterArgs {
    /// Only files and objects written at or after this time: a timestamp, a date, or an age such as `24h`
    ///
    /// The time when a file was modified or an object was stored counts, not the time of the events. Standard input and
    /// objects of web servers are always read.
    #[arg(long, value_name = "TIME", value_parser = time::parse_instant, help_heading = INPUTS)]
    pub(crate) since: Option<i64>,

    /// With --since, list all keys of a bucket, even those that say that they are older
    ///
    /// Without it, days that are more than a week older than --since are not listed in folders whose keys are dated as
    /// CloudConnexa names them, if the objects were stored at these times. That misses a single old object that was stored
    /// again later.
    #[cfg(feature = "s3")]
    #[arg(long, help_heading = INPUTS)]
    pub(crate) list_all: bool,

    /// Only files and objects written before this time
    #[arg(long, value_name = "TIME", value_parser = time::parse_instant, help_heading = INPUTS)]
    pub(crate) until: Option<i64>,

    /// Only files and objects whose path, key or address matches this glob pattern; can be repeated
    #[arg(long, value_name = "GLOB", help_heading = INPUTS)]
    pub(crate) include: Vec<String>,

    #[command(flatten)]
    pub(crate) network: NetworkArgs,
}

/// For commands that can also skip what an earlier run has read.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct SelectionArgs {
    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// Remember in this file what was read to its end, and read only what is new or has changed
    ///
    /// An input with findings is remembered, too: a run fails for it once. If a run is interrupted, the next one reads
    /// inputs with findings again, as the findings may not have been reported. Objects of web servers are always read. If
    /// nothing is new, output files that exist are left as they are.
    #[arg(long, value_name = "FILE", help_heading = INPUTS)]
    pub(crate) state: Option<PathBuf>,
}
