//! Lists, which have each finding as it comes.

use std::io::{self, Write};

use super::{concise, human, json};
use crate::finding::ReportedFinding;
use crate::masking::Masking;
use crate::run::{Problem, RunResults};

/// How a list of findings looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListFormat {
    /// For people: the line with the value underlined, and help. Contains escape codes for colours.
    Human {
        /// Columns of the terminal.
        width: usize,
    },
    /// One line per finding. Contains escape codes for colours.
    Concise,
    /// One JSON object per finding, and a summary after the last.
    Json,
}

/// Writes a list of findings, one at a time.
///
/// It keeps nothing, so that several threads can each write their part with a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FindingWriter {
    /// How the list looks.
    pub format: ListFormat,
    /// Whether it shows values of events.
    pub masking: Masking,
}

impl FindingWriter {
    /// Creates a writer.
    pub const fn new(format: ListFormat, masking: Masking) -> Self {
        Self { format, masking }
    }

    /// Writes a finding.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn finding(&self, out: &mut impl Write, found: &ReportedFinding<'_>) -> io::Result<()> {
        match self.format {
            ListFormat::Human { width } => human::finding(out, width, self.masking, found),
            ListFormat::Concise => concise::finding(out, self.masking, found),
            ListFormat::Json => json::finding(out, self.masking, found),
        }
    }

    /// Writes a problem, such as why an input could not be read to its end.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn problem(&self, out: &mut dyn Write, problem: &Problem) -> io::Result<()> {
        match self.format {
            ListFormat::Human { .. } | ListFormat::Concise => concise::problem(out, problem),
            ListFormat::Json => json::problem(out, problem),
        }
    }

    /// Writes what follows the last finding.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn finish(&self, out: &mut dyn Write, run: &RunResults<'_>) -> io::Result<()> {
        match self.format {
            ListFormat::Human { .. } | ListFormat::Concise => Ok(()),
            ListFormat::Json => json::end(out, self.masking, run),
        }
    }
}
