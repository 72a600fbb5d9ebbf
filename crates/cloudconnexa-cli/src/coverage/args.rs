//! The command line of `ccxlog coverage`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use cloudconnexa_report::coverage::{Minimum, PointClass};

use super::minimum;
use crate::args::Reading;
use crate::input::Network;

pub(crate) const HELP: &str = "\
Examples:
  ccxlog coverage fixtures/
  ccxlog coverage --min 90% --min client-disconnected=100% fixtures/
  ccxlog coverage --without open,inferred --min each=80% fixtures/
  ccxlog coverage --format human --format lcov=schema.lcov fixtures/

What counts:
  Each event; each field that is there, each optional one that is not;
  each value of a list, known or not; each value of a small range of
  integers; IPv4, IPv6 and the empty string where either will do; true
  and false; null and not null; and an event and fields that the schema
  does not know, as the vendor adds some. Bounds of integers don't.

  Fields of a `log` count for their event, those of the header for all
  events together. `--format json` tells which came with which event.

  Only records without an error count, by the schema alone, whatever
  `--deny` or `ccxlog.toml` make of warnings. Invalid ones are counted,
  and cover nothing.

Exit codes:
  0  all was read, and enough is covered
  1  all was read, and less is covered than --min or ccxlog.toml ask for
  2  the job could not be done: wrong usage, an input that could not be
     read to its end, an output that could not be written";

const REPORTS: &str = "Reports";

/// How coverage can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Human,
    Json,
    Lcov,
}

pub(crate) const FORMATS: [(&str, Format); 3] =
    [("human", Format::Human), ("json", Format::Json), ("lcov", Format::Lcov)];

#[derive(Debug, clap::Args)]
pub(crate) struct CoverageArgs {
    /// Files, folders, glob patterns, `s3://BUCKET/PREFIX`, or `-`, as `ccxlog validate` takes them
    ///
    /// Without any, the inputs of `ccxlog.toml` are read, or else a pipe on standard input.
    #[arg(value_name = "FIXTURES")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Fail if less is covered: `90%` of all points, `each=80%` of every event, or of one; can be repeated
    ///
    /// `client-disconnected=100%` asks for all points of that event, `header=90%` of what all events have in common;
    /// either goes before `each`. They go before those of `ccxlog.toml` that are about the same.
    #[arg(long, value_name = "[EVENT=]PERCENT", value_parser = minimum::parse)]
    pub(crate) min: Vec<Minimum>,

    /// Points that don't count
    #[arg(long, value_name = "KIND,…", value_delimiter = ',', value_parser = point_class())]
    pub(crate) without: Vec<PointClass>,

    /// How coverage is told, and where: `lcov=schema.lcov`; can be repeated
    ///
    /// `human` (the default) is a table, and what is missing. `json` is one document with all points; `ccxlog schema
    /// --coverage` describes it. `lcov` is about the lines of the schema, for genhtml, forges and editors: each point is
    /// a branch of the line that describes it.
    #[arg(long, value_name = "FORMAT[=FILE]", help_heading = REPORTS)]
    pub(crate) format: Vec<String>,

    /// Write the format that has no file of its own to this file
    #[arg(long, short, value_name = "FILE", help_heading = REPORTS)]
    pub(crate) output: Option<PathBuf>,

    /// Where the schema lies that lcov speaks of; `ccxlog schema` writes it
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

    /// Leave out files that match this glob pattern, also those that are named; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) network: Network,
}

/// A path that is no more than a line of lcov.
fn one_line(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains(char::is_control) {
        return Err("expected a path without line ends and other control characters".to_owned());
    }
    Ok(text.to_owned())
}

/// Reads the name of a class of points.
fn point_class() -> impl TypedValueParser<Value = PointClass> {
    let values =
        PointClass::ALL.iter().map(|class| PossibleValue::new(class.name()).help(class.description()));
    PossibleValuesParser::new(values).try_map(|name| {
        let class = PointClass::ALL.iter().copied().find(|class| class.name() == name);
        class.ok_or("unknown kind of points")
    })
}
