//! The result of checking a record.

use crate::catalog::{self, EventSpec};
use crate::finding::Finding;
use crate::rule::Severity;

/// Rules whose findings say that a record of JSON is not an event.
const NOT_EVENTS: [&str; 3] = ["wrapped-event", "not-an-event", "renamed-fields"];

/// The event that a record is about.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Subject {
    /// An event that the schema describes.
    Known(&'static EventSpec),
    /// An event with this name, which the schema does not know.
    Unknown(String),
    /// None: the record has no `eventName` that is a string.
    Nameless,
}

/// The result of checking a record.
///
/// With the feature `serde` it serializes as `event`, the name of the event if it may be shown, `valid`, `findings` and
/// `leftOut`. It has no values of the event.
#[derive(Clone, Debug, PartialEq)]
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

    /// Returns what a record is that is JSON and not an event: the id of a rule, and the key of its finding.
    #[must_use]
    pub fn other_kind(&self) -> Option<String> {
        let other = self.findings.iter().find(|finding| NOT_EVENTS.contains(&finding.rule().id))?;
        Some(format!("{}/{}", other.rule().id, other.key()))
    }

    /// Creates the report of a record that could not be parsed.
    pub(crate) fn unread(finding: Finding) -> Self {
        Self { subject: Subject::Nameless, findings: vec![finding], left_out: 0 }
    }
}

impl Subject {
    /// Returns the name of the event, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Known(event) => Some(event.name),
            Self::Unknown(name) => Some(name),
            Self::Nameless => None,
        }
    }

    /// Returns the name of the event, if it is a known one, or one that [looks like it](catalog::is_plausible_name) and so may
    /// be shown where values are not.
    #[must_use]
    pub fn shown_name(&self) -> Option<&str> {
        let is_shown = |name: &&str| matches!(self, Self::Known(_)) || catalog::is_plausible_name(name);
        self.name().filter(is_shown)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Report {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        let mut report = serializer.serialize_struct("Report", 4)?;
        report.serialize_field("event", &self.subject.shown_name())?;
        report.serialize_field("valid", &self.is_valid())?;
        report.serialize_field("findings", &self.findings)?;
        report.serialize_field("leftOut", &self.left_out)?;
        report.end()
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{TEST_MESSAGE, check, with};

    #[test]
    fn only_the_name_of_an_event_is_shown() {
        let name = |json: String| check(json).subject.shown_name().map(str::to_owned);
        assert_eq!(name(TEST_MESSAGE.to_owned()).as_deref(), Some("test-message"));
        assert_eq!(
            name(with(TEST_MESSAGE, "eventName", "\"user-created\"")).as_deref(),
            Some("user-created")
        );
        assert_eq!(name(with(TEST_MESSAGE, "eventName", "\"hunter2!\"")), None);
        assert_eq!(name("{}".to_owned()), None);
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_serialized_report_has_no_values() {
        let report = check(with(TEST_MESSAGE, "timestamp", "\"yesterday\""));
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(
            (&json["event"], &json["valid"], &json["leftOut"]),
            (&"test-message".into(), &false.into(), &0.into())
        );
        assert_eq!(json["findings"].as_array().map(Vec::len), Some(report.findings.len()));
        assert!(!json.to_string().contains("yesterday"), "{json}");
        assert_eq!(
            json["findings"][0]["severity"],
            serde_json::to_value(report.findings[0].severity()).unwrap()
        );
    }
}
