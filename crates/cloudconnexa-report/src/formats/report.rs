//! Reports about a whole run.

use std::io::{self, Write};

use super::{concise, github, gitlab, html, sarif};
use crate::masking::Masking;
use crate::run::RunResults;

/// A report about a whole run, written at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RunFormat {
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality.
    Gitlab,
    /// An HTML page, with or without values of events.
    Html(Masking),
}

impl RunFormat {
    /// Writes the report.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn write(self, out: &mut dyn Write, run: &RunResults<'_>) -> io::Result<()> {
        match self {
            Self::Sarif => sarif::write(out, run),
            Self::Github => github::write(out, run),
            Self::Gitlab => gitlab::write(out, run),
            Self::Html(masking) => html::write(out, run, masking),
        }
    }
}

/// Writes the entries of a report as plain lines, for people, where the report itself could not be written.
///
/// # Errors
/// Returns the error of `out`.
pub fn write_entries(out: &mut dyn Write, run: &RunResults<'_>) -> io::Result<()> {
    run.groups.entries(run.max_entries).list.iter().try_for_each(|entry| concise::entry(out, entry, run))
}
