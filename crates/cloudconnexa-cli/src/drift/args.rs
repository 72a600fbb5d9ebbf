//! `ccxlog drift` as clap reads it.

use std::path::PathBuf;

use clap::ValueEnum;
use cloudconnexa_drift::FindingKind;

use crate::args::Reading;
use crate::input::Network;
use crate::select;

#[derive(Debug, Default, clap::Args)]
pub(crate) struct DriftArgs {
    /// Files, folders, glob patterns, `s3://BUCKET/PREFIX`, `https://HOST/FILE`, or `-`, as `ccxlog validate` takes them
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Compare with this earlier profile as well: what it has is known
    #[arg(long, value_name = "PROFILE")]
    pub(crate) against: Option<PathBuf>,

    /// Compare with this schema, which has the shape of the one that is built in
    #[arg(long, value_name = "FILE")]
    pub(crate) schema: Option<PathBuf>,

    /// Take these profiles, instead of events, as one
    #[arg(long, value_name = "PROFILE", num_args = 1.., conflicts_with = "inputs")]
    pub(crate) merge: Vec<PathBuf>,

    /// Write what was seen to this file, for `--against` and `--merge`
    #[arg(long, value_name = "FILE")]
    pub(crate) write_profile: Option<PathBuf>,

    /// Write the change to the schema that would describe what was seen, to FILE or else standard output
    ///
    /// Masking of vocabularies stand in it. It is a draft: somebody has to look at it, describe what is new, and apply it.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "whether it is wanted, and whether it has a file")]
    pub(crate) propose: Option<Option<PathBuf>>,

    /// How the change is written
    #[arg(long, value_enum, default_value_t, requires = "propose", value_name = "FORMAT")]
    pub(crate) propose_format: ProposeFormat,

    /// Neither tell nor count differences of these kinds
    #[arg(long, value_name = "KIND,…", value_delimiter = ',', value_parser = kind)]
    pub(crate) allow: Vec<FindingKind>,

    /// How differences are told
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: FormatName,

    /// Write them to this file, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Show values of events also where they are masked, and write them into profiles
    ///
    /// They are masked in profiles, in JSON, and for people where the environment variable `CI` is set.
    #[arg(long)]
    pub(crate) show_values: bool,

    /// Print differences and problems only: no notes, no summary, no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,

    /// Leave out files that match this glob pattern, also those that are named; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    /// Only files and objects written at this time or later: a timestamp, a date, or an age such as `24h`
    #[arg(long, value_name = "TIME", value_parser = select::moment)]
    pub(crate) since: Option<i64>,

    /// Only files and objects written before this time
    #[arg(long, value_name = "TIME", value_parser = select::moment)]
    pub(crate) until: Option<i64>,

    /// Only files and objects that match this glob pattern; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) include: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) network: Network,
}

/// How differences are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    /// For people
    #[default]
    Human,
    /// One JSON object; `ccxlog schema --drift` describes it
    Json,
}

/// How a change to the schema is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProposeFormat {
    /// A unified diff of the text, to be read and applied with `patch` or `git apply`
    #[default]
    Diff,
    /// A JSON Patch by RFC 6902
    Patch,
}

fn kind(id: &str) -> Result<FindingKind, String> {
    FindingKind::ALL.into_iter().find(|kind| kind.id() == id).ok_or_else(|| {
        let ids: Vec<_> = FindingKind::ALL.iter().map(|kind| kind.id()).collect();
        format!("no kind of drift is named so; there are {}", ids.join(", "))
    })
}
