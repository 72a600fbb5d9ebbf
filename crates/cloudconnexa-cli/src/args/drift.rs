//! `ccxlog drift`.

use std::path::PathBuf;

use clap::ValueEnum;
use cloudconnexa_drift::FindingKind;

use super::{ReadingArgs, SelectionArgs, SkipArgs};

pub(super) const HELP: &str = "\
Examples:
  ccxlog drift logs/                                 against the schema
  ccxlog drift logs/ --write-profile today.json
  ccxlog drift logs/ --against yesterday.json --write-profile today.json
  ccxlog drift --merge host-a.json host-b.json --write-profile all.json
  ccxlog drift s3://my-logs/CloudConnexa/ --state drift.state
  ccxlog drift logs/ --propose=schema.patch          draft the change

Kinds of drift:
  unreadable      records that are not JSON objects
  not-an-event    records that are JSON, but not events; they are counted by
                  what they are, and nothing in them is compared
  new-event       an unknown event
  event-stopped   an event that no longer occurs
  new-field       an unknown field
  field-gone      a field that was always present and no longer occurs
  field-missing   a field that was always present and is sometimes missing
  type-changed    a value of another type or format
  new-value       a value that is not in the list of known values
  nulls-jumped    more values than before are null or empty

  Each with its first timestamp, its count, an example and what to do.
  Without --against, everything is compared with the schema alone. Kinds
  that depend on shares (event-stopped, nulls-jumped) are reported only
  if they are statistically significant.

Exit codes:
  0  no drift; fields of the schema that never occurred are not drift;
     or profiles were merged into another with --write-profile, and are
     compared with the schema alone
  1  drift of a kind that --allow does not name
  2  the command failed: an input that could not be read to its end, a
     damaged profile, an output that could not be written
  3  with --skip-unreadable: inputs that could not be read to their ends
     were skipped, and everything else was done";

#[derive(Debug, Default, clap::Args)]
pub(crate) struct DriftArgs {
    /// Files, folders, glob patterns, `s3://BUCKET/PREFIX`, `https://HOST/FILE`, or `-`, as for `ccxlog validate`
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Compare with this earlier profile as well; what is in it is not reported
    #[arg(long, value_name = "PROFILE")]
    pub(crate) against: Option<PathBuf>,

    /// Compare with this schema, which has the same structure as the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) schema: Option<PathBuf>,

    /// Merge these profiles, instead of reading events
    #[arg(long, value_name = "PROFILE", num_args = 1.., conflicts_with = "inputs")]
    pub(crate) merge: Vec<PathBuf>,

    /// Write a profile of the events to this file, for `--against` and `--merge`
    #[arg(long, value_name = "FILE")]
    pub(crate) write_profile: Option<PathBuf>,

    /// Write the change to the schema that would describe the events, to FILE or else standard output
    ///
    /// It contains values of vocabularies. It is a draft: review it, describe what is new, and apply it.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "whether it is wanted, and whether it has a file")]
    pub(crate) propose: Option<Option<PathBuf>>,

    /// The format of the change
    #[arg(long, value_enum, default_value_t, requires = "propose", value_name = "FORMAT")]
    pub(crate) propose_format: ProposalFormat,

    /// Neither report nor count drift of these kinds
    #[arg(long, value_name = "KIND,…", value_delimiter = ',', value_parser = kind)]
    pub(crate) allow: Vec<FindingKind>,

    /// The format of the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: DriftFormat,

    /// Write the report to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Show values of events where they would be masked, and write them to profiles
    ///
    /// They are masked in profiles, in JSON, and for people if the environment variable `CI` is set.
    #[arg(long)]
    pub(crate) show_values: bool,

    /// Print drift and problems only: no notes, no summary, no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,

    /// Skip files that match this glob pattern, also those that are named; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,

    #[command(flatten)]
    pub(crate) skip: SkipArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
}

/// The format of a report of drift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DriftFormat {
    /// For people
    #[default]
    Human,
    /// One JSON object; `ccxlog schema --drift` describes it
    Json,
}

/// The format of a proposed change to the schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProposalFormat {
    /// A unified diff, for `patch` or `git apply`
    #[default]
    Diff,
    /// A JSON Patch as in RFC 6902
    Patch,
}

fn kind(id: &str) -> Result<FindingKind, String> {
    FindingKind::ALL.into_iter().find(|kind| kind.id() == id).ok_or_else(|| {
        let ids: Vec<_> = FindingKind::ALL.iter().map(|kind| kind.id()).collect();
        format!("there is no such kind of drift; the kinds are {}", ids.join(", "))
    })
}
