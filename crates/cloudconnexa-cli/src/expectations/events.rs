//! Checks the records of a fixture, or the events inside them.

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::semantics::StreamEvent;
use cloudconnexa_validator::unwrap::Part;
use cloudconnexa_validator::{Checker, Finding, Subject};

use super::FixtureTester;

/// An event that was checked.
#[derive(Debug)]
pub(super) struct CheckedEvent {
    subject: Option<Subject>,
    pub(super) findings: Vec<Finding>,
    /// The part of it that rules about several records need.
    pub(super) step: Option<StreamEvent>,
}

impl CheckedEvent {
    /// The name of the event.
    pub(super) fn event(&self) -> Option<&str> {
        self.subject.as_ref()?.name()
    }

    /// The name of an event that the schema does not know.
    pub(super) fn unknown_name(&self) -> Option<&str> {
        match &self.subject {
            Some(Subject::Unknown(name)) => Some(name),
            _ => None,
        }
    }
}

impl FixtureTester {
    /// Checks a record, or the events inside it, and calls `take` for each.
    pub(super) fn check_record(
        &self,
        checker: &mut Checker<'_>,
        record: Record<'_>,
        mut take: impl FnMut(CheckedEvent),
    ) {
        let is_event = |may_be: bool| may_be && self.validator.is_valid(record.bytes);
        let unwrapped = self
            .unwrapper
            .as_ref()
            .filter(|unwrapper| !is_event(unwrapper.is_automatic()))
            .and_then(|unwrapper| unwrapper.unwrap(record.bytes, record.at))
            .filter(|unwrapped| !is_event(unwrapped.is_ambiguous()));
        let Some(unwrapped) = unwrapped else {
            return take(self.check_event(checker, record, None));
        };
        for part in unwrapped.parts() {
            take(if let Some(fault) = part.fault() {
                let findings = vec![Finding::framing(part.span(0..part.bytes().len()), fault)];
                CheckedEvent { subject: None, findings, step: None }
            } else {
                let event = Record::alone(part.bytes(), part.check_position());
                self.check_event(checker, event, Some(&part))
            });
        }
    }

    /// Checks an event. Positions are relocated by the part of a record that it is.
    fn check_event(
        &self,
        checker: &mut Checker<'_>,
        event: Record<'_>,
        part: Option<&Part<'_>>,
    ) -> CheckedEvent {
        let report = self.validator.check(event.bytes, event.at);
        let (mut findings, mut step) = (report.findings, None);
        if let Some(outline) = checker.outline(event.bytes) {
            findings.extend(self.semantics.check(&outline, event.at, |_| true));
            step = Some(self.semantics.stream_event(&outline, event.at));
        }
        if let Some(part) = part {
            for finding in &mut findings {
                part.relocate(finding);
            }
            if let Some(step) = &mut step {
                part.relocate_event(step);
            }
        }
        CheckedEvent { subject: Some(report.subject), findings, step }
    }
}
