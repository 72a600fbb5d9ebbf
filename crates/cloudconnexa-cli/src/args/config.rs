//! Which config file is used, for all commands that have settings.

use std::path::PathBuf;

#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ConfigArgs {
    /// Use this config file, instead of the nearest `ccxlog.toml` in the working directory or above it
    ///
    /// The search ends at the root of the repository, and below the first folder of another user.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Use no config file
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,
}
