//! The way of a record: bytes, tape, verdict, findings.

use crate::catalog::EventSpec;
use crate::finding::Finding;
use crate::position::Position;

/// The compiled schema. Make one and share it: checking takes `&self`.
#[derive(Debug)]
pub struct Validator {}

/// What a record turned out to be.
#[derive(Clone, Debug)]
pub enum Subject {
    /// An event that the schema describes.
    Known(&'static EventSpec),
    /// An event of this name, which the schema does not know.
    Unknown(String),
    /// Nothing that has an `eventName`.
    Untold,
}

/// What came of checking a record.
#[derive(Clone, Debug)]
pub struct Report {
    /// What event it is.
    pub subject: Subject,
    /// Everything found, in the order of the text.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether nothing found is an error.
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity() < crate::Severity::Error)
    }
}

impl Validator {
    /// Checks one record: a whole JSON text, whose first byte stands at `at`.
    pub fn check(&self, _record: &[u8], _at: Position) -> Report {
        todo!()
    }
}
