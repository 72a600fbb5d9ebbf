//! A finding with the context that reports add to it.

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::catalog::is_plausible_name;
use cloudconnexa_validator::rules::is_recognition_rule;
use cloudconnexa_validator::{Finding, Severity, Text};

use crate::fingerprint::Fingerprint;
use crate::masking::Masking;
use crate::text::count;

/// A finding on its way into a list: where it was found, and how severe it is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ReportedFinding<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// Its severity, which a configuration may have changed.
    pub severity: Severity,
    /// The name of the input.
    pub input: &'a str,
    /// The record, if the finding is within one: the human format shows its line.
    pub record: Option<Record<'a>>,
    /// The name of the event, if it has one.
    pub event: Option<&'a str>,
    /// JSON Pointer to the value; shortened if it is extremely long.
    pub pointer: &'a str,
    /// Identifies it in other runs.
    pub fingerprint: Fingerprint,
    /// How many records or places of the input it is about. More than one only if the finding
    /// [is folded](Finding::is_folded).
    pub records: u64,
}

impl<'a> ReportedFinding<'a> {
    /// Creates one with the severity of its rule, outside of records and events.
    pub fn new(finding: &'a Finding, input: &'a str, fingerprint: Fingerprint) -> Self {
        Self {
            finding,
            severity: finding.severity(),
            input,
            record: None,
            event: None,
            pointer: finding.pointer(),
            fingerprint,
            records: 1,
        }
    }

    pub(crate) fn text(&self, masking: Masking) -> Text {
        masking.text(self.finding)
    }

    /// Returns the number of records or places, in words, if it is about more than one.
    pub(crate) fn records_phrase(&self) -> Option<String> {
        let is_about_records = is_recognition_rule(self.finding.rule());
        let what = if is_about_records { "records" } else { "places" };
        (self.records > 1).then(|| format!("{} {what} of this input are like this one", count(self.records)))
    }

    /// Returns the name of the event, unless values are masked and it could be anything but a name.
    pub(crate) fn event_name(&self, masking: Masking) -> Option<&'a str> {
        self.event.filter(|name| masking == Masking::Shown || is_plausible_name(name))
    }
}
