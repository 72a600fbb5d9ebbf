//! How inputs are read, for all commands that read events.

use std::num::NonZero;

use super::headings::INPUTS;
use super::{ConfigArgs, LinkArgs, UnwrapArgs};

#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ReadingArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,

    /// Refuse records longer than this, and continue with the next; 16 MiB by default
    #[arg(long, value_name = "SIZE", value_parser = crate::size::parse)]
    pub(crate) max_record_bytes: Option<usize>,

    /// Stop reading a gzip member that inflates to more than this; unlimited by default
    #[arg(long, value_name = "SIZE", value_parser = crate::size::parse)]
    pub(crate) max_inflated_bytes: Option<usize>,

    /// Stop reading a gzip member that inflates to more than 64 MiB and N times its size; 1000 by default
    #[arg(long, value_name = "N")]
    pub(crate) max_ratio: Option<NonZero<u64>>,

    /// Fail if fewer events than this are read; by default, if all inputs are empty
    ///
    /// The exit code is 2. `0` accepts inputs that are all empty.
    #[arg(long, value_name = "N", help_heading = INPUTS)]
    pub(crate) min_events: Option<u64>,

    /// How many threads to use; by default, as many as there are cores
    ///
    /// What is printed, and in which order, does not depend on it.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZero<usize>>,

    #[command(flatten)]
    pub(crate) unwrap: UnwrapArgs,

    #[command(flatten)]
    pub(crate) links: LinkArgs,
}

/// For commands that can do without some of their inputs.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct SkipArgs {
    /// Do without inputs that cannot be read to their ends: list them at the end, and exit with 3 instead of 2
    ///
    /// What was read before the damaged place counts as usual. A command with a state file reports an input once, and
    /// again when it has changed; one that is damaged is not read again before that.
    #[arg(long)]
    pub(crate) skip_unreadable: bool,
}
