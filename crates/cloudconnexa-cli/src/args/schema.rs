//! `ccxlog schema`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::ConfigArgs;

pub(super) const HELP: &str = "\
Examples:
  ccxlog schema                              the schema of the events
  ccxlog schema --event client-connected     of one event
  ccxlog schema --editor                     for completion in an editor
  ccxlog schema versions                     which versions there are
  ccxlog schema --version 0.1.0              as it was released
  ccxlog schema diff 0.1.0 my.schema.json    what a change breaks, and for whom";

const DIFF_HELP: &str = "\
Examples:
  ccxlog schema diff 0.1.0 schema/log-event.schema.json
  ccxlog schema diff old.schema.json new.schema.json --format markdown
  git show main:schema/log-event.schema.json | ccxlog schema diff - schema/log-event.schema.json

Questions:
  old events, new schema   is every event that OLD documents valid by NEW?
  new events, old schema   is every event that NEW documents valid by OLD?
  unknown still let in     does NEW let in unknown fields, events and values
                           wherever OLD does?
  types (Rust)             what it means for the generated types

  A yes is proved, or the schemas say the same about the event. A no comes
  with an event. Everything else is undecided, and fails.

Exit codes:
  0  no change breaks anybody, or all that do are accepted
  1  a change breaks somebody, or it is undecided whether one does
  2  the schemas could not be compared";

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct SchemaArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SchemaCommand>,

    /// This released version, instead of the one that ccxlog validates with
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["config", "report", "coverage", "drift", "profile", "sessions", "schema_diff", "events"])]
    pub(crate) version: Option<String>,

    /// Only this event, in one self-contained schema
    #[arg(long, value_name = "NAME", group = "which")]
    pub(crate) event: Option<String>,

    /// Without the keywords that start with `x-`, which validators in strict mode may refuse
    #[arg(long)]
    pub(crate) plain: bool,

    /// As editors show it best: the same rules, with the description of a field where they look for it
    #[arg(long, conflicts_with = "plain")]
    pub(crate) editor: bool,

    /// The schema of `ccxlog.toml`
    #[arg(long, group = "which")]
    pub(crate) config: bool,

    /// The schema of a line of `--format json`
    #[arg(long, group = "which")]
    pub(crate) report: bool,

    /// The schema of the output of `ccxlog coverage --format json`
    #[arg(long, group = "which")]
    pub(crate) coverage: bool,

    /// The schema of the output of `ccxlog drift --format json`
    #[arg(long, group = "which")]
    pub(crate) drift: bool,

    /// The schema of a profile of `ccxlog drift`
    #[arg(long, group = "which")]
    pub(crate) profile: bool,

    /// The schema of a line of `ccxlog sessions`
    #[arg(long, group = "which")]
    pub(crate) sessions: bool,

    /// The schema of the output of `ccxlog schema diff --format json`
    #[arg(long, group = "which")]
    pub(crate) schema_diff: bool,

    /// The schema of the output of `ccxlog events --format json`
    #[arg(long, group = "which")]
    pub(crate) events: bool,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum SchemaCommand {
    /// List the released versions of the event schema, the newest first
    Versions,

    /// Show what changes between two versions of the event schema, and whom it breaks, with an event that shows it
    #[command(after_help = DIFF_HELP)]
    Diff(SchemaDiffArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct SchemaDiffArgs {
    /// The schema that was there before: a released version, a file, or `-` for standard input
    ///
    /// Any schema of the same shape will do: conditions on `eventName` in `allOf`, and objects with fields.
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,

    /// The schema that takes its place, likewise
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,

    /// Also ask about all events that are valid, whether a schema documents them or not
    ///
    /// A schema that lets in unknown fields narrows with each field that it describes, so most additions fail this.
    #[arg(long)]
    pub(crate) strict: bool,

    /// The format
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: SchemaDiffFormat,

    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Write the events that show what breaks to this folder, one in each file
    ///
    /// They are made up from the examples in the schemas.
    #[arg(long, value_name = "DIR")]
    pub(crate) write_examples: Option<PathBuf>,

    /// Don't fail for what is undecided
    #[arg(long)]
    pub(crate) allow_undecided: bool,

    /// Print no notes
    #[arg(long, short)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// The format of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaDiffFormat {
    /// For people, with the lines of the schema
    Human,
    /// One object; `ccxlog schema --schema-diff` describes it
    Json,
    /// For a changelog
    Markdown,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}
