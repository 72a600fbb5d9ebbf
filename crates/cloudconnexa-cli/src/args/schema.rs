//! `ccxlog schema`.

pub(super) const HELP: &str = "\
Examples:
  ccxlog schema                              the schema of the events
  ccxlog schema --event client-connected     of one event
  ccxlog schema versions                     which versions there are
  ccxlog schema --version 0.1.0              as it was released";

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct SchemaArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SchemaCommand>,

    /// This released version, instead of the one that ccxlog validates with
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["config", "report", "coverage", "drift", "profile", "sessions"])]
    pub(crate) version: Option<String>,

    /// Only this event, in one self-contained schema
    #[arg(long, value_name = "NAME", group = "which")]
    pub(crate) event: Option<String>,

    /// Without the keywords that start with `x-`, which validators in strict mode may refuse
    #[arg(long)]
    pub(crate) plain: bool,

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
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum SchemaCommand {
    /// List the released versions of the event schema, the newest first
    Versions,
}
