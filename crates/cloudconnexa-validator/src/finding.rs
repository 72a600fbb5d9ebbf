//! What is wrong, or worth knowing, about a record.

use crate::position::Span;
use crate::rules::Rule;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Valid, but likely not what is meant, or a sign that the format changed.
    Warning,
    /// The record is invalid.
    Error,
}

/// One thing that is wrong, or worth knowing, about a record: data, not text.
///
/// The texts come in two forms: with values of the event in them, and masked, for reports that others may read.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub(crate) rule: &'static Rule,
    pub(crate) pointer: String,
    pub(crate) span: Span,
    pub(crate) text: Text,
    pub(crate) masked: Text,
}

/// The wording of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Value, rule: a lower-case fragment without a full stop, literals in backticks.
    pub message: String,
    /// A few words for beside the caret; may be empty.
    pub label: String,
    /// The remedy, where one is known.
    pub help: Option<String>,
}

/// Where a finding is: what it is about, and what to point at.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) pointer: String,
    pub(crate) span: Span,
}

impl Text {
    pub(crate) fn new(message: impl Into<String>, label: impl Into<String>, help: Option<String>) -> Self {
        Self { message: message.into(), label: label.into(), help }
    }
}

impl Finding {
    /// A finding whose wording with values differs from that without.
    pub(crate) fn new(rule: &'static Rule, place: Place, text: Text, masked: Text) -> Self {
        Self { rule, pointer: place.pointer, span: place.span, text, masked }
    }

    /// A finding that tells no value.
    pub(crate) fn plain(rule: &'static Rule, place: Place, text: Text) -> Self {
        Self::new(rule, place, text.clone(), text)
    }

    /// The rule that it is a finding of: its id, severity and explanation.
    pub fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.rule.severity
    }

    /// JSON Pointer (RFC 6901) to the value, within the record; empty for the whole record.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The offending stretch: the value, the key of an unexpected field, the object that misses a field.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Its wording, with values of the event in it.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Its wording without any value of the event. Names of fields are told here as well, as in [`pointer`]: what
    /// an unknown field is called is what there is to know about it.
    ///
    /// [`pointer`]: Self::pointer
    pub fn masked(&self) -> &Text {
        &self.masked
    }
}
