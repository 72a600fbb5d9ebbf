//! `ccxlog validate`.

use std::path::PathBuf;

use super::headings::{BEYOND, REPORTS, SEVERITIES};
use super::{FollowArgs, ReadingArgs, SelectionArgs, SeverityArgs, SkipArgs, WindowArgs};

pub(super) const HELP: &str = "\
Examples:
  ccxlog validate events.jsonl.gz
  ccxlog validate CloudConnexa/ 'archive/2025-*/**/*.jsonl.gz'
  zcat events.jsonl.gz | ccxlog validate
  ccxlog validate --format concise --strict fixtures/
  ccxlog validate --format human --format sarif=findings.sarif logs/
  ccxlog validate --state bucket.state s3://my-logs/CloudConnexa/
  ccxlog validate --follow /var/log/cloudconnexa.jsonl
  ccxlog validate --stateful --deny duplicate-trace-id archive/

Output:
  Findings go to standard output; problems, progress and the summary
  go to standard error. Up to --max-findings errors are shown one by
  one; warnings and notes are shown once per subject, and if they are
  denied, once per subject and input. The summary counts all of them.

Exit codes:
  0  everything was read, and no finding is an error; warnings don't fail
  1  everything was read, and at least one finding is an error
  2  the command failed: wrong usage, an input that could not be read to
     its end, an output that could not be written
  3  with --skip-unreadable: inputs that could not be read to their ends
     were skipped, and everything else was done
  130 or 143: stopped by SIGINT or SIGTERM, without a report; with
  --follow, the first signal ends the run as usual, with a code as above";

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct ValidateArgs {
    /// Files, folders, glob patterns, `s3://BUCKET/PREFIX`, `https://HOST/FILE`, or `-` for standard input
    ///
    /// In a folder, files that end in `.json`, `.jsonl` or `.ndjson` are read, optionally followed by `.gz`; a file that
    /// is named is read whatever its name. Gzip, JSON lines, pretty-printed documents and arrays of events are
    /// recognised by content. Without INPUT, the inputs of `ccxlog.toml` are read, or else a pipe on standard input.
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// A format of the report, and optionally a file for it: `sarif=findings.sarif`; can be repeated
    ///
    /// For people: `human` (the default) shows the line of the input, `concise` one line per finding. For programs:
    /// `json` (one object per line; `ccxlog schema --report` describes them), `sarif` (2.1.0), `github` (annotations, and
    /// a table in the step summary), `gitlab` (Code Quality), `junit`. For a browser: `html`. Without a file, the report
    /// goes to standard output.
    #[arg(long, value_name = "FORMAT[=FILE]", help_heading = REPORTS)]
    pub(crate) format: Vec<String>,

    /// Write the format that has no file of its own to this file
    #[arg(long, short, value_name = "FILE", help_heading = REPORTS)]
    pub(crate) output: Option<PathBuf>,

    /// Write an HTML page to this file, in addition to the formats of `--format`
    ///
    /// A single file that loads nothing: events over time, validity, findings, drift, sessions, coverage of the schema.
    /// The same as `--format html=FILE`.
    #[arg(long, value_name = "FILE", help_heading = REPORTS)]
    pub(crate) report: Option<PathBuf>,

    /// Show drift from this profile on the page as well; `ccxlog drift --write-profile` writes profiles
    #[arg(long, value_name = "PROFILE", help_heading = REPORTS)]
    pub(crate) against: Option<PathBuf>,

    /// Show values of events where they would be masked
    ///
    /// They are masked in all formats but `human`, and there as well if the environment variable `CI` is set. Names of
    /// files and fields are always shown.
    #[arg(long, help_heading = REPORTS)]
    pub(crate) show_values: bool,

    /// Show at most this many errors, and as many kinds of warnings, in full; all are counted
    ///
    /// By default, `human` shows 50, `concise` and `json` show all, and the other formats have at most 1000 results, each
    /// for all findings of one rule about one field of one kind of event in one file.
    #[arg(long, value_name = "N", help_heading = REPORTS)]
    pub(crate) max_findings: Option<u64>,

    /// Print findings and problems only: no summary, no progress
    #[arg(long, short, help_heading = REPORTS)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) severity: SeverityArgs,

    /// Decide what is valid by this released version of the schema; `ccxlog schema versions` lists them
    ///
    /// Unknown fields, events and values are reported as without this option: the newest schema knows most. An older version
    /// takes longer, as the fast tier is generated from the newest.
    #[arg(long, value_name = "VERSION")]
    pub(crate) schema_version: Option<String>,

    /// Also check whether the fields of a record agree with each other and are plausible
    ///
    /// A schema can't say that a session ends after it starts. `ccxlog explain` lists these rules, and `docs/sessions.md`
    /// their tolerances. Their findings are warnings unless denied. Without this flag, only those of these rules apply
    /// that `--warn` or `--deny` name.
    #[arg(long, help_heading = BEYOND)]
    pub(crate) semantic: bool,

    /// Also check records together: repeated ids, clocks that go back, sessions that end twice or never
    ///
    /// Includes `--semantic`. `--horizon` and `--max-open` bound what is remembered.
    #[arg(long, help_heading = BEYOND)]
    pub(crate) stateful: bool,

    /// The time after which a timestamp is in the future; by default, the clock of this machine
    #[arg(long, value_name = "TIMESTAMP", value_parser = timestamp, help_heading = BEYOND)]
    pub(crate) now: Option<i64>,

    #[command(flatten)]
    pub(crate) window: WindowArgs,

    /// Ignore the findings listed in this file, and fail for new ones
    #[arg(long, value_name = "FILE", help_heading = SEVERITIES)]
    pub(crate) baseline: Option<PathBuf>,

    /// Write all findings to this file, to be used with `--baseline` from now on
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "state"], help_heading = SEVERITIES)]
    pub(crate) write_baseline: Option<PathBuf>,

    /// Skip files that match this glob pattern, also those that are named; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,

    #[command(flatten)]
    pub(crate) skip: SkipArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    #[command(flatten)]
    pub(crate) follow: FollowArgs,
}

/// Reads a timestamp as microseconds since 1970, negative before that.
fn timestamp(text: &str) -> Result<i64, String> {
    let time: cloudconnexa_events::Timestamp =
        text.parse().map_err(|_| "expected a timestamp, such as `2026-01-01T00:00:00Z`".to_owned())?;
    Ok(time.unix_micros())
}
