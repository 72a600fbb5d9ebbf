//! What is wrong, or worth knowing, about a record.

use crate::position::Span;
use crate::rules::{Detail, Rule};
use crate::wording::Values;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing for whoever reads such events, but nothing is to be done about this one: the vendor itself writes it.
    Note,
    /// Valid, but likely not what is meant, or a sign that the format changed.
    Warning,
    /// The record is invalid.
    Error,
}

/// One thing that is wrong, or worth knowing, about a record: data, not text.
///
/// It is put into words when somebody asks: [`text`](Self::text) has values of the event in it, [`masked`](Self::masked)
/// is for reports that others may read. What it keeps for that is bounded, whatever the event holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    place: Place,
    detail: Detail,
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
#[derive(Clone, Debug, PartialEq)]
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
    pub(crate) fn new(place: Place, detail: impl Into<Detail>) -> Self {
        Self { place, detail: detail.into() }
    }

    /// The rule that it is a finding of: its id, severity and explanation.
    pub fn rule(&self) -> &'static Rule {
        self.detail.wording().rule()
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.rule().severity
    }

    /// JSON Pointer (RFC 6901) to the value, within the record; empty for the whole record.
    pub fn pointer(&self) -> &str {
        &self.place.pointer
    }

    /// The offending stretch: the value, the key of an unexpected field, the object that misses a field.
    pub fn span(&self) -> Span {
        self.place.span
    }

    /// What tells it apart from other findings of its [`rule`](Self::rule) at the same [`pointer`](Self::pointer); empty
    /// where nothing does.
    ///
    /// - `missing-field`: the name of the field that is missing
    /// - `syntax`: the kind of fault, in kebab-case, such as `trailing-comma` or `cut-off`
    /// - `schema-violation`: the keyword of JSON Schema
    /// - `unknown-event`: the name of the event, where it can be [one](crate::catalog::is_plausible_name)
    ///
    /// Like the ids of rules it is part of what others keep (baselines, fingerprints): the same defect has the same key
    /// in every release. Beyond names of fields and of events nothing of the event is in it, so that it may stand
    /// wherever [`masked`](Self::masked) may.
    pub fn key(&self) -> &str {
        self.detail.wording().key().unwrap_or_default()
    }

    /// Its wording, with values of the event in it.
    pub fn text(&self) -> Text {
        self.detail.wording().text(&self.place, Values::Shown)
    }

    /// Its wording without any value of the event. Names of fields are told here as well, as in [`pointer`]: what
    /// an unknown field is called is what there is to know about it. So is the name of an unknown event, provided that
    /// it [can be one](crate::catalog::is_plausible_name).
    ///
    /// [`pointer`]: Self::pointer
    pub fn masked(&self) -> Text {
        self.detail.wording().text(&self.place, Values::Masked)
    }
}
