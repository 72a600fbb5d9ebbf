//! `ccxlog top`.

use std::num::NonZero;

use clap::ValueEnum;

use super::QueryArgs;
use super::query::FIELDS;

const HELP: &str = "\
Examples:
  ccxlog top logs/ --by eventName
  ccxlog top logs/ --event domain-blocked --by domain
  ccxlog top logs/ --where refused=true --by userId,userName
  ccxlog top logs/ --where refused=false --by userId,userName \\
      --sum sessionBytesIn,sessionBytesOut --per day -o sessions.csv
  ccxlog top logs/ --where allowed=false --by destinationEntityName --per hour

Output:
  One row for each combination of values that occurs, with the number of
  events, and the sum of each field that --sum names: the greatest first,
  by the first sum if there is one, else by the number of events. With
  --per, the rows of one hour or day after those of another, in UTC, by
  the time of the event.

  An event that has none of the fields of --by is left out, and counted
  on standard error. If it has only some of them, the others are empty,
  and null in JSON. The same goes for null.

  Values are shown, as they are what was asked for. If the environment
  variable `CI` is set, those on standard output are masked, unless
  --show-values is given.

Exactness:
  Counts and sums are exact. At most --max-groups combinations are
  counted; if there are more, the command fails and writes nothing, as
  it could not say which are the greatest. Count fewer: with a filter,
  without --per, or by another field. A value that is not a whole number
  is in no sum, and reported.";

const EXIT_CODES: &str = "\
Exit codes:
  0  everything was counted
  1  some records could not be read, or some values not be summed
  2  the command failed: wrong usage, too many combinations, an input that
     could not be read to its end, an output that could not be written
  3  with --skip-unreadable: inputs that could not be read to their ends
     were skipped, and everything else was done";

/// Returns the text after the options of `--help`.
pub(super) fn help() -> String {
    [HELP, FIELDS, EXIT_CODES].join("\n\n")
}

#[derive(Debug, clap::Args)]
pub(crate) struct TopArgs {
    #[command(flatten)]
    pub(crate) query: QueryArgs,

    /// Count events by the values of these fields
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',', required = true)]
    pub(crate) by: Vec<String>,

    /// Sum the values of these fields, which have to be whole numbers
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    pub(crate) sum: Vec<String>,

    /// Count for each hour or each day
    #[arg(long, value_enum, value_name = "TIME")]
    pub(crate) per: Option<Period>,

    /// Write at most this many rows, or as many for each hour or day; by default, 20 in tables for people, else all
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<NonZero<usize>>,

    /// Fail if there are more combinations of values than this; 1000000 by default
    ///
    /// They take about 200 bytes of memory each. Their values may have 256 bytes each on average.
    #[arg(long, value_name = "N", default_value = "1000000", hide_default_value = true)]
    pub(crate) max_groups: NonZero<usize>,

    /// The format; by default, the one that the name of the file suggests, or else a table for people
    #[arg(long, value_enum)]
    pub(crate) format: Option<TopFormat>,
}

/// A period of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Period {
    /// From one full hour to the next
    Hour,
    /// From midnight to midnight in UTC
    Day,
}

/// The format of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TopFormat {
    /// Aligned, for people
    Table,
    /// One JSON object per line; `json` means the same, as for `ccxlog validate`
    #[value(alias = "json")]
    Jsonl,
    /// As in RFC 4180, with a header line
    Csv,
}
