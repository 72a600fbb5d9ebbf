//! The formats of drift.

use std::io::{self, Write};

use cloudconnexa_drift::Drift;

use super::comparison::{Comparison, DriftDetail};
use super::{human, json};

/// A format for drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DriftFormat {
    /// For people, with escape codes for colours.
    Human(DriftDetail),
    /// One JSON object.
    Json,
}

impl DriftFormat {
    /// Writes the differences.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn write(self, out: &mut dyn Write, drift: &Drift, comparison: &Comparison<'_>) -> io::Result<()> {
        match self {
            Self::Human(detail) => out.write_all(human::text(drift, comparison, detail).as_bytes()),
            Self::Json => json::write(out, drift, comparison),
        }
    }
}
