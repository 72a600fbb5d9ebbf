//! `ccxlog find`.

use std::num::NonZero;

use super::query::FIELDS;
use super::{QueryArgs, TableFormat};

const HELP: &str = "\
Examples:
  ccxlog find logs/ --user alice@example.com --between 7d 0s
  ccxlog find logs/ --ip 203.0.113.0/24 --fields timestamp,eventName,userId
  ccxlog find logs/ --where refused=true --fields timestamp,userName -o refused.csv
  ccxlog find logs/ --event flow-established --where allowed=false --count
  ccxlog find s3://my-logs/ --since 7d --session 6582c5be4203d502df029d4a
  ccxlog find logs/ --unknown --head 5

Output:
  Events are written byte for byte, as `ccxlog split` writes those that it
  accepts, in the order of the inputs, whatever the number of threads.
  With --fields, each becomes one line of JSON, or of CSV if --format or
  the name of the file says so. What an event does not have is null, and
  empty in CSV.

  Values are shown, as they are what was asked for. If the environment
  variable `CI` is set, the log may be public: then standard output has
  no events, and masked fields, unless --show-values is given.

Invalid events:
  They are looked at as far as they can be read. A record that is not a
  JSON object, or that is too long, has no fields: it is reported and
  not written, unless --invalid is the only filter.";

const EXIT_CODES: &str = "\
Exit codes:
  0  everything was looked at, whether or not something matches
  1  some records could not be looked at
  2  the command failed: wrong usage, an input that could not be read to
     its end, an output that could not be written
  3  with --skip-unreadable: inputs that could not be read to their ends
     were skipped, and everything else was done";

/// Returns the text after the options of `--help`.
pub(super) fn help() -> String {
    [HELP, FIELDS, EXIT_CODES].join("\n\n")
}

#[derive(Debug, clap::Args)]
pub(crate) struct FindArgs {
    #[command(flatten)]
    pub(crate) query: QueryArgs,

    /// Write these fields of each event, instead of the event
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    pub(crate) fields: Vec<String>,

    /// The format of fields; by default, the one that the name of the file suggests, or else JSON
    #[arg(long, value_enum, requires = "fields")]
    pub(crate) format: Option<TableFormat>,

    /// Stop after this many events
    #[arg(long, value_name = "N", conflicts_with_all = ["count", "state"])]
    pub(crate) head: Option<NonZero<u64>>,

    /// Write only how many events there are
    #[arg(long, conflicts_with = "fields")]
    pub(crate) count: bool,
}
