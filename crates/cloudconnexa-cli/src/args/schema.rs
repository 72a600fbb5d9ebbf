//! `ccxlog schema`.

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct SchemaArgs {
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
