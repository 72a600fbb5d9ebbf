//! How severe findings are, for all commands that list them.

use super::headings::SEVERITIES;

#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct SeverityArgs {
    /// Make findings of these rules errors; `warnings` means all warnings
    #[arg(long, value_name = "ID,…", value_delimiter = ',', help_heading = SEVERITIES)]
    pub(crate) deny: Vec<String>,

    /// Make findings of these rules warnings, also notes, which are not reported otherwise
    #[arg(long, value_name = "ID,…", value_delimiter = ',', help_heading = SEVERITIES)]
    pub(crate) warn: Vec<String>,

    /// Neither show nor count findings of these rules
    #[arg(long, value_name = "ID,…", value_delimiter = ',', help_heading = SEVERITIES)]
    pub(crate) allow: Vec<String>,

    /// Make every warning an error; the same as `--deny warnings`
    #[arg(long, help_heading = SEVERITIES)]
    pub(crate) strict: bool,
}
