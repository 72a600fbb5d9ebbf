//! `ccxlog sessions`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::connections::ConnectionArgs;
use super::headings::REPORTS;
use super::{FilterArgs, ReadingArgs, SkipArgs, TopFormat, WindowArgs};

pub(super) const HELP: &str = "\
Examples:
  ccxlog sessions CloudConnexa/ -o sessions.csv
  ccxlog sessions s3://my-logs/CloudConnexa/ --since 30d -o sessions.jsonl.gz
  zcat events.jsonl.gz | ccxlog sessions | jq 'select(.refused)'
  ccxlog sessions logs/ --active-at 2026-11-27T14:30:00Z
  ccxlog sessions logs/ --concurrent month
  ccxlog sessions logs/ --reconnecting

The table:
  One line per session, joined from client-connected and
  client-disconnected by clientSessionId, in whatever order they come. A
  client-disconnected describes the whole session, so it is complete on
  its own. A refused login is a client-disconnected alone, with `refused`
  true. A session whose end was not read has `complete` false, and the
  reason in `incompleteBecause`. A repeated event changes nothing.

  Columns: `ccxlog schema --sessions`.
  The table contains personal data: people, their addresses and hours.
  Values of this table are shown whatever the environment. Keep it as you
  keep the logs.

Connections:
  --active-at, --concurrent and --reconnecting answer a question instead:
  who was connected at a time, how many users and sessions there were at
  once, and who connects too often. The answer is the same for events in
  any order, and is a table for people unless --format or the name of the
  file says otherwise. A session whose end was not read counts as connected
  until it is as old as --dead-after, or until the newest event. It is
  kept in memory until all was read: at most ten times --max-open events;
  beyond that, the command fails and writes nothing. If the environment
  variable `CI` is set, values of events on standard output are masked,
  unless --show-values is given.

Order:
  A session is written when its last event is read, a refused login at
  once, and a session that is given up when that is decided; incomplete
  ones follow at the end, in the order in which they were first read. The
  order does not depend on the number of threads.

Invalid events:
  What can be read of them is used, and `valid` is false. A record
  without a session or a time, or that cannot be read at all, is reported
  on standard error, counted and left out: exit code 1.

Exit codes:
  0  everything was read, and nothing was left out
  1  records were left out because they are invalid
  2  the command failed: wrong usage, an input that could not be read to
     its end, an output that could not be written; an existing file is
     then left as it is
  3  with --skip-unreadable: inputs that could not be read to their ends
     were skipped, and everything else was done";

#[derive(Debug, clap::Args)]
pub(crate) struct SessionsArgs {
    /// Files, folders, glob patterns, addresses, or `-` for standard input, as for `ccxlog validate`
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Write to this file instead of standard output, compressed if its name ends in `.gz`
    ///
    /// It is replaced at the end, as a whole, or not at all.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// The format; by default, the one that the name of the file suggests, or else JSON, and a table for people for
    /// `--active-at`, `--concurrent` and `--reconnecting`
    #[arg(long, value_enum)]
    pub(crate) format: Option<TopFormat>,

    /// Write values to CSV as they are
    ///
    /// By default, values that start with `=`, `+`, `-`, `@`, one of these in full width, a tab or a line end are
    /// prefixed with an apostrophe: spreadsheets take them for formulas, and anybody can name a device.
    #[arg(long)]
    pub(crate) no_formula_guard: bool,

    #[command(flatten)]
    pub(crate) connections: ConnectionArgs,

    #[command(flatten)]
    pub(crate) window: WindowArgs,

    /// Show at most this many errors of records that are left out; 50 by default
    #[arg(long, value_name = "N", help_heading = REPORTS)]
    pub(crate) max_findings: Option<u64>,

    /// Print problems and records that are left out only: no summary, no progress
    #[arg(long, short, help_heading = REPORTS)]
    pub(crate) quiet: bool,

    /// Skip files that match this glob pattern, also those that are named; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,

    #[command(flatten)]
    pub(crate) skip: SkipArgs,

    #[command(flatten)]
    pub(crate) filter: FilterArgs,
}

/// The format of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// One JSON object per line; `json` means the same, as for `ccxlog validate`
    #[value(alias = "json")]
    Jsonl,
    /// As in RFC 4180, with a header line
    Csv,
}
