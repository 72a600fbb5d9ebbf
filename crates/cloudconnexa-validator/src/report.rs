//! The result of checking a record.

use crate::catalog::EventSpec;
use crate::finding::Finding;
use crate::rule::Severity;

/// The event that a record is about.
#[derive(Clone, Debug)]
pub enum Subject {
    /// An event that the schema describes.
    Known(&'static EventSpec),
    /// An event with this name, which the schema does not know.
    Unknown(String),
    /// None: the record has no `eventName` that is a string.
    Nameless,
}

/// The result of checking a record.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The event that the record is about.
    pub subject: Subject,
    /// Everything found, in the order of the text.
    pub findings: Vec<Finding>,
    /// How many repeated fields, unknown fields and huge numbers `findings` leaves out. It holds at most 1,000 of each
    /// kind, as a hostile record can have millions. Whether a record is valid never depends on those left out.
    pub left_out: usize,
}

impl Report {
    /// Returns whether no finding is an error.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity() < Severity::Error)
    }

    /// Creates the report of a record that could not be parsed.
    pub(crate) fn unread(finding: Finding) -> Self {
        Self { subject: Subject::Nameless, findings: vec![finding], left_out: 0 }
    }
}
