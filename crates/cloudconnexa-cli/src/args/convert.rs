//! `ccxlog convert`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::headings::{EVENTS, REPORTS};
use super::{ReadingArgs, SelectionArgs, SkipArgs};

pub(super) const HELP: &str = "\
Examples:
  ccxlog convert logs/ --to parquet --output lake/ --rejected bad.jsonl
  ccxlog convert s3://my-logs/ --to parquet -o lake/ --since 1d --state seen
  ccxlog convert logs/ --to csv --event client-disconnected -o sessions.csv
  ccxlog convert logs/ --to ocsf --ocsf-version 1.1 -o events.ocsf.jsonl.gz
  ccxlog convert logs/ --to ecs --layout bulk -o - | curl … --data-binary @-

Tables:
  Each kind of event has a table of its own, named after it, with typed
  columns in snake case: `session_bytes_in`. Fields that the schema does
  not describe are in `_extra`, as JSON; events that it does not describe
  in `unknown_event`, with their `log` as JSON. `ccxlog ddl` prints the
  statements that make databases read them.

  Parquet goes to a folder: TABLE/event_day=DATE/part-00000.parquet, by
  the day of the event in UTC. It belongs to ccxlog, which keeps a list
  of its files in `_ccxlog.json`: another run replaces all of them, as a
  whole; with --state, it adds to them what is new.

OCSF and ECS:
  Each event becomes a line of JSON. What has no place in OCSF is in
  `unmapped`, and what has none in ECS below `cloudconnexa`, so nothing
  is lost. `ccxlog events NAME` shows where each field goes.

Invalid records:
  They are in no table. --rejected keeps them as `ccxlog split` does, for
  `ccxlog replay`; without it, they are counted.

Exit codes:
  0  everything was converted
  1  some records are invalid, or something between them is
  2  the command failed, and no output was put into place
  3  with --skip-unreadable: inputs that could not be read to their ends
     were skipped, and everything else was done";

#[derive(Debug, clap::Args)]
pub(crate) struct ConvertArgs {
    /// Files, folders, glob patterns, `s3://BUCKET/PREFIX`, `https://HOST/FILE`, or `-` for standard input, as for
    /// `ccxlog validate`
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// The format to convert events to
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) to: ConvertForm,

    /// The version of OCSF; 1.8 by default
    #[arg(long, value_enum, value_name = "VERSION")]
    pub(crate) ocsf_version: Option<OcsfVersionName>,

    /// Use another layout than one event per line
    #[arg(long, value_enum, value_name = "LAYOUT")]
    pub(crate) layout: Option<ConvertLayout>,

    /// The region in the folders of Security Lake
    #[arg(long, value_name = "REGION")]
    pub(crate) lake_region: Option<String>,

    /// The account of AWS in the folders of Security Lake, twelve digits
    #[arg(long, value_name = "ID")]
    pub(crate) lake_account: Option<String>,

    /// Write to this folder, or, if the form is one of lines, to this file, compressed if its name ends in `.gz`; `-` is
    /// standard output
    #[arg(long, short, value_name = "PATH")]
    pub(crate) output: PathBuf,

    /// Write invalid records to this file, with the reasons, as `ccxlog split` does
    #[arg(long, value_name = "FILE")]
    pub(crate) rejected: Option<PathBuf>,

    /// Only these columns, in the order of the tables
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,

    /// Write values to CSV as they are
    ///
    /// By default, text that starts with `=`, `+`, `-`, `@`, one of these in full width, a tab or a line end is prefixed
    /// with an apostrophe: spreadsheets take it for a formula, and anybody can name a device.
    #[arg(long)]
    pub(crate) no_formula_guard: bool,

    /// Only events of one of these names
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', help_heading = EVENTS)]
    pub(crate) event: Vec<String>,

    /// Skip files that match this glob pattern, also those that are named; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    /// Write events to standard output also if the environment variable `CI` is set
    #[arg(long, help_heading = REPORTS)]
    pub(crate) show_values: bool,

    /// Print problems only: no summary, no notes, no progress
    #[arg(long, short, help_heading = REPORTS)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,

    #[command(flatten)]
    pub(crate) skip: SkipArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
}

/// A format to convert events to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConvertForm {
    /// A folder of Parquet files, compressed with zstd, by table and day
    Parquet,
    /// Comma-separated values: a file if --event names one event, or a folder with a file for each table
    Csv,
    /// Open Cybersecurity Schema Framework, as lines of JSON
    Ocsf,
    /// Elastic Common Schema 9, as lines of JSON or as bulk requests
    Ecs,
}

/// A layout of converted events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConvertLayout {
    /// With `--to ecs`: bulk requests of Elasticsearch, with the `traceId` as `_id`
    Bulk,
    /// With `--to ocsf`: Parquet in the folders of a custom source of Amazon Security Lake
    SecurityLake,
}

/// A version of OCSF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OcsfVersionName {
    /// 1.1.0, without a class for tunnels
    #[value(name = "1.1")]
    V1_1,
    /// 1.8.0
    #[value(name = "1.8")]
    V1_8,
}
