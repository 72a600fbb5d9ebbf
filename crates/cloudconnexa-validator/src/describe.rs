//! How a rule describes a defect: its message, with or without values of the event.

use crate::position::Span;
use crate::rule::Rule;

/// A defect, as a rule remembers it, and its text. Each rule has one type, in its file.
pub(crate) trait Describe {
    fn rule(&self) -> &'static Rule;

    fn text(&self, location: &Location, masking: Masking) -> Text;

    /// See [`Finding::key`](crate::Finding::key).
    fn key(&self) -> Option<&str> {
        None
    }
}

/// Whether a text may contain values of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Masking {
    /// Values are shown.
    Shown,
    /// Values are left out, for reports that others may read. Names of fields remain.
    Masked,
}

/// The text of a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Text {
    /// The defect: a lower-case fragment without a full stop, literals in backticks.
    pub message: String,
    /// A few words to print next to the caret. May be empty.
    pub label: String,
    /// How to fix it, if that is known.
    pub help: Option<String>,
}

impl Text {
    pub(crate) fn new(message: impl Into<String>, label: impl Into<String>, help: Option<String>) -> Self {
        Self { message: message.into(), label: label.into(), help }
    }
}

/// The location of a finding in the record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Location {
    /// JSON Pointer to the value that the finding is about.
    pub(crate) pointer: String,
    /// The bytes to point at.
    pub(crate) span: Span,
}
