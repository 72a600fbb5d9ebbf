//! The formats of a comparison of schemas.

use std::io::{self, Write};

use super::view::SchemaDiff;
use super::{github, human, json, markdown, sarif};

/// A format for what changes between two schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SchemaDiffFormat {
    /// For people, with escape codes for colours.
    Human,
    /// One JSON object.
    Json,
    /// Markdown, for a changelog.
    Markdown,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
}

impl SchemaDiffFormat {
    /// Writes what changes.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn write(self, out: &mut dyn Write, diff: &SchemaDiff<'_>) -> io::Result<()> {
        match self {
            Self::Human => human::write(out, diff),
            Self::Json => json::write(out, diff),
            Self::Markdown => markdown::write(out, diff),
            Self::Sarif => sarif::write(out, diff),
            Self::Github => github::write(out, diff),
        }
    }
}
