//! `ccxlog coverage`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use cloudconnexa_report::coverage::{Minimum, PointClass};

use super::headings::REPORTS;
use super::{NetworkArgs, ReadingArgs, SkipArgs};
use crate::coverage::parse_minimum;

pub(super) const HELP: &str = "\
Examples:
  ccxlog coverage fixtures/
  ccxlog coverage --min 90% --min client-disconnected=100% fixtures/
  ccxlog coverage --without open,inferred --min each=80% fixtures/
  ccxlog coverage --format human --format lcov=schema.lcov fixtures/

What counts as a point:
  Each event; each field that is present, each optional one that is
  absent; each value of a list, known or not; each value of a small range
  of integers; IPv4, IPv6 and the empty string where either is allowed;
  true and false; null and not null; and an event and fields that the
  schema does not know, as the vendor adds some. Bounds of integers don't
  count.

  Fields of a `log` count for their event, those of the header for all
  events together. `--format json` lists them per event.

  Only records without errors count, by the schema alone, whatever
  `--deny` or `ccxlog.toml` say about warnings. Invalid records are
  counted, and cover nothing.

Exit codes:
  0  everything was read, and coverage is sufficient
  1  everything was read, and less is covered than --min or ccxlog.toml
     require
  2  the command failed: wrong usage, an input that could not be read to
     its end, an output that could not be written
  3  with --skip-unreadable: inputs that could not be read to their ends
     were skipped, and everything else was done";

#[derive(Debug, clap::Args)]
pub(crate) struct CoverageArgs {
    /// Files, folders, glob patterns, `s3://BUCKET/PREFIX`, or `-`, as for `ccxlog validate`
    ///
    /// Without FIXTURES, the inputs of `ccxlog.toml` are read, or else a pipe on standard input.
    #[arg(value_name = "FIXTURES")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Fail if less is covered: `90%` of all points, `each=80%` of every event, or of one event; can be repeated
    ///
    /// A point is one thing in the schema that fixtures can exercise; below is a list.
    /// `client-disconnected=100%` requires all points of that event, `header=90%` applies to the fields that all events
    /// share; either takes precedence over `each`. Minimums given here replace those of `ccxlog.toml` for the same
    /// points.
    #[arg(long, value_name = "[EVENT=]PERCENT", value_parser = parse_minimum)]
    pub(crate) min: Vec<Minimum>,

    /// Points that don't count
    #[arg(long, value_name = "KIND,…", value_delimiter = ',', value_parser = point_class())]
    pub(crate) without: Vec<PointClass>,

    /// A format of the report, and optionally a file for it: `lcov=schema.lcov`; can be repeated
    ///
    /// `human` (the default) is a table, and what is missing. `json` is one document with all points; `ccxlog schema
    /// --coverage` describes it. `lcov` is about the lines of the schema, for genhtml, forges and editors: each point is
    /// a branch of the line that describes it.
    #[arg(long, value_name = "FORMAT[=FILE]", help_heading = REPORTS)]
    pub(crate) format: Vec<String>,

    /// Write the format that has no file of its own to this file
    #[arg(long, short, value_name = "FILE", help_heading = REPORTS)]
    pub(crate) output: Option<PathBuf>,

    /// The path of the schema in lcov; `ccxlog schema` writes the schema
    #[arg(
        long,
        value_name = "PATH",
        default_value = "schema/log-event.schema.json",
        value_parser = one_line,
        help_heading = REPORTS
    )]
    pub(crate) schema_path: String,

    /// Print the report and problems only: no summary, no progress
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
    pub(crate) network: NetworkArgs,
}

/// Reads the name of a kind of points.
fn point_class() -> impl TypedValueParser<Value = PointClass> {
    let values =
        PointClass::ALL.iter().map(|class| PossibleValue::new(class.name()).help(class.description()));
    PossibleValuesParser::new(values).try_map(|name| {
        let class = PointClass::ALL.iter().copied().find(|class| class.name() == name);
        class.ok_or("unknown kind of points")
    })
}

/// Accepts a path that fits on one line of lcov.
fn one_line(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains(char::is_control) {
        return Err("expected a path without line ends and other control characters".to_owned());
    }
    Ok(text.to_owned())
}
