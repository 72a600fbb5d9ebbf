//! `ccxlog split`, and the options that it shares with `ccxlog replay`.

use std::path::PathBuf;

use super::headings::{BEYOND, REPORTS};
use super::{ReadingArgs, SelectionArgs, SeverityArgs, SkipArgs};

pub(super) const HELP: &str = "\
Examples:
  ccxlog split logs/ --accepted good.jsonl.gz --rejected bad.jsonl
  zcat events.jsonl.gz | ccxlog split --accepted - --rejected bad.jsonl | …

Outputs:
  Accepted records are written byte for byte, with their line end if they
  have one; elements of an array get one. Everything that is rejected
  (invalid records, records that are too long, text around the elements
  of an array) becomes one JSON object per line: its position, the
  reasons, and the raw bytes. White space between records, a byte order
  mark, and the brackets and commas of arrays are counted, not written.

  With --unwrap, the events inside accepted records are written, one per
  line; a record with an event that is rejected is rejected as a whole.

  Both files are replaced at the end, as a whole, or not at all.

Exit codes:
  0  everything was accepted
  1  something was rejected, or some finding is an error
  2  the command failed, and neither file was replaced
  3  with --skip-unreadable: inputs that could not be read to their ends
     were skipped, and everything else was done";

#[derive(Debug, clap::Args)]
pub(crate) struct SplitArgs {
    /// Files, folders, glob patterns, `s3://BUCKET/PREFIX`, `https://HOST/FILE`, or `-` for standard input, as for
    /// `ccxlog validate`
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) partition: PartitionArgs,

    #[command(flatten)]
    pub(crate) skip: SkipArgs,

    /// Skip files that match this glob pattern, also those that are named; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
}

/// The options that `split` and `replay` share.
#[derive(Debug, clap::Args)]
pub(crate) struct PartitionArgs {
    /// Write valid events to this file, compressed if its name ends in `.gz`; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) accepted: PathBuf,

    /// Write everything else to this file, in the same way
    #[arg(long, value_name = "FILE")]
    pub(crate) rejected: PathBuf,

    /// Show at most this many errors, and as many kinds of warnings, on standard error; 50 by default
    #[arg(long, value_name = "N", help_heading = REPORTS)]
    pub(crate) max_findings: Option<u64>,

    /// Show values of events also if the environment variable `CI` is set
    #[arg(long, help_heading = REPORTS)]
    pub(crate) show_values: bool,

    /// Print findings and problems only: no summary, no progress
    #[arg(long, short, help_heading = REPORTS)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) severity: SeverityArgs,

    /// Also check whether the fields of a record agree with each other, as `ccxlog validate` does
    ///
    /// Such a finding rejects a record only if its rule is denied, which works without this flag as well.
    #[arg(long, help_heading = BEYOND)]
    pub(crate) semantic: bool,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}
