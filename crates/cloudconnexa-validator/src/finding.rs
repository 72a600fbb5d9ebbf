//! Findings: what is wrong with a record, or worth knowing about it.

use std::fmt;

use cloudconnexa_reader::records::FramingFault;

use crate::describe::{Location, Masking, Text};
use crate::position::{Position, Span};
use crate::rule::{Rule, Severity};
use crate::rules::empty_input::EmptyInput;
use crate::rules::syntax::Syntax;
use crate::rules::too_long::TooLong;
use crate::rules::{Detail, framing, is_folded};

/// One thing that is wrong with a record, or worth knowing about it.
///
/// A finding is data; its text is made on request. [`text`](Self::text) may contain values of the event,
/// [`masked`](Self::masked) never does and is for reports that others may read. What a finding keeps for that is
/// bounded, whatever the event holds.
///
/// Displays as one line, masked: `3:16: error: wrong-format: … [/timestamp]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    location: Location,
    detail: Detail,
}

impl Finding {
    pub(crate) fn new(location: Location, detail: impl Into<Detail>) -> Self {
        Self { location, detail: detail.into() }
    }

    /// Creates the finding for a record that is longer than `limit` bytes.
    ///
    /// For code that reads inputs: [`Validator::check`](crate::Validator::check) knows no limit below 4 GiB.
    #[must_use]
    pub fn too_long(span: Span, limit: u64) -> Self {
        Self::new(Location { pointer: String::new(), span }, TooLong { limit })
    }

    /// Creates the finding for an input that holds no records and no other text: it has no bytes, or only white space.
    ///
    /// For code that reads inputs: [`Validator::check`](crate::Validator::check) reports an empty record as `syntax`.
    #[must_use]
    pub fn empty_input() -> Self {
        let span = Span { start: Position::START, end: Position::START };
        Self::new(Location { pointer: String::new(), span }, EmptyInput)
    }

    /// Creates the finding for a fault that the splitter of `cloudconnexa-reader` reports, such as a missing comma between
    /// two elements of an array.
    #[must_use]
    pub fn framing(span: Span, fault: FramingFault) -> Self {
        match fault {
            FramingFault::TooLong { limit } => Self::too_long(span, limit),
            fault => Self::new(Location { pointer: String::new(), span }, Syntax::Framing(fault)),
        }
    }

    /// Replaces each position, for a finding about a text that is decoded from the input.
    pub(crate) fn relocate(&mut self, position: impl Fn(Position) -> Position) {
        let Span { start, end } = self.location.span;
        self.location.span = Span { start: position(start), end: position(end) };
        if let Detail::DuplicateField(field) = &mut self.detail {
            field.first = position(field.first);
        }
    }

    /// Changes the JSON Pointer to the value.
    pub(crate) fn rename(&mut self, pointer: String) {
        self.location.pointer = pointer;
    }

    /// The rule that reports it, with its id, severity and explanation.
    pub fn rule(&self) -> &'static Rule {
        self.detail.describe().rule()
    }

    /// The severity of its rule.
    pub fn severity(&self) -> Severity {
        self.rule().severity
    }

    /// Whether lists have one finding for all that have the same rule and [key](Self::key) in an input, with their number.
    ///
    /// True for rules that say [what records are](crate::rules::is_folded), and for faults of [framing](Self::framing) that
    /// a tool repeats throughout a file: what separates events, NUL bytes and byte order marks.
    pub fn is_folded(&self) -> bool {
        match &self.detail {
            Detail::Syntax(Syntax::Framing(fault)) => framing::is_folded(*fault),
            _ => is_folded(self.rule()),
        }
    }

    /// JSON Pointer (RFC 6901) to the value within the record. Empty for the whole record.
    pub fn pointer(&self) -> &str {
        &self.location.pointer
    }

    /// The bytes to point at: the value, the key of an unexpected field, or the opening brace of the object that lacks a
    /// field.
    pub fn span(&self) -> Span {
        self.location.span
    }

    /// The text that distinguishes it from other findings of the same [`rule`](Self::rule) at the same
    /// [`pointer`](Self::pointer). Empty if there can be only one.
    ///
    /// - `missing-field`: the name of the missing field
    /// - `syntax`: the kind of fault in kebab-case, such as `trailing-comma` or `cut-off`
    /// - `schema-violation`: the keyword of JSON Schema
    /// - `unknown-event`: the name of the event, if it is a [plausible one](crate::catalog::is_plausible_name)
    ///
    /// Keys are stable, like the ids of rules: baselines and fingerprints keep them, so the same defect has the same key
    /// in every release. Besides names of fields and events a key contains nothing of the event. It may appear wherever
    /// [`masked`](Self::masked) may.
    pub fn key(&self) -> &str {
        self.detail.describe().key().unwrap_or_default()
    }

    /// Its text, with values of the event.
    pub fn text(&self) -> Text {
        self.describe(Masking::Shown)
    }

    /// Its text, without values of the event.
    ///
    /// Names of fields appear, as they do in [`pointer`](Self::pointer): the name is all there is to report about an
    /// unknown field. So does the name of an unknown event, if it is a
    /// [plausible one](crate::catalog::is_plausible_name).
    pub fn masked(&self) -> Text {
        self.describe(Masking::Masked)
    }

    /// Its text: [`text`](Self::text) or [`masked`](Self::masked).
    pub fn describe(&self, masking: Masking) -> Text {
        self.detail.describe().text(&self.location, masking)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, rule) = (self.span().start, self.rule());
        write!(f, "{start}: {}: {}: {}", rule.severity, rule.id, self.masked().message)?;
        if self.pointer().is_empty() { Ok(()) } else { write!(f, " [{}]", self.pointer()) }
    }
}

/// Serializes the fields that `ccxlog validate --format json` has for a finding, and as there by default, without values of
/// the event: `id`, `severity`, `line`, `column`, `endLine`, `endColumn`, `offset`, `length`, `pointer`, `message`, `help`.
#[cfg(feature = "serde")]
impl serde::Serialize for Finding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        let (text, Span { start, end }) = (self.masked(), self.span());
        let mut finding = serializer.serialize_struct("Finding", 11)?;
        finding.serialize_field("id", self.rule().id)?;
        finding.serialize_field("severity", &self.severity())?;
        finding.serialize_field("line", &start.line)?;
        finding.serialize_field("column", &start.column)?;
        finding.serialize_field("endLine", &end.line)?;
        finding.serialize_field("endColumn", &end.column)?;
        finding.serialize_field("offset", &start.offset)?;
        finding.serialize_field("length", &end.offset.saturating_sub(start.offset))?;
        finding.serialize_field("pointer", self.pointer())?;
        finding.serialize_field("message", &text.message)?;
        finding.serialize_field("help", &text.help)?;
        finding.end()
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{TEST_MESSAGE, check, with};

    #[test]
    fn a_finding_displays_as_one_masked_line() {
        let report = check(with(TEST_MESSAGE, "timestamp", "\"yesterday\""));
        let finding = report.findings.iter().find(|finding| finding.rule().id == "wrong-format").unwrap();
        assert_eq!(
            finding.to_string(),
            "3:16: error: wrong-format: `timestamp` is a string, but must be a date-time by RFC 3339 [/timestamp]"
        );
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_serialized_finding_has_no_values() {
        let report = check(with(TEST_MESSAGE, "timestamp", "\"yesterday\""));
        let finding = report.findings.iter().find(|finding| finding.rule().id == "wrong-format").unwrap();
        let json = serde_json::to_value(finding).unwrap();
        assert_eq!(json["id"], "wrong-format");
        assert_eq!(json["severity"], "error");
        assert_eq!((&json["line"], &json["endColumn"], &json["length"]), (&3.into(), &27.into(), &11.into()));
        assert!(!json.to_string().contains("yesterday"), "{json}");
    }
}
