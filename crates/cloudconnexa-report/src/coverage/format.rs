//! The formats of coverage.

use std::io::{self, Write};

use super::results::CoverageResults;
use super::{human, json, lcov};

/// A format for coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CoverageFormat<'a> {
    /// A table, and what is missing, with escape codes for colours.
    Human {
        /// Columns of the terminal.
        width: usize,
    },
    /// One JSON document with all points.
    Json,
    /// A tracefile of lcov about the lines of the schema.
    Lcov {
        /// The path of the schema's text.
        schema_path: &'a str,
    },
}

impl CoverageFormat<'_> {
    /// Writes the coverage.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn write(self, out: &mut dyn Write, run: &CoverageResults<'_>) -> io::Result<()> {
        match self {
            Self::Human { width } => out.write_all(human::text(run.report, width).as_bytes()),
            Self::Json => json::write(out, run),
            Self::Lcov { schema_path } => lcov::write(out, run.report, schema_path),
        }
    }
}
