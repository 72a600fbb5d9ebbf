//! Accepts valid records, on the fast path.

use cloudconnexa_reader::Position;
use cloudconnexa_reader::records::Record;
use cloudconnexa_report::{EventLabel, MAX_NAME_BYTES, ValidityCounts, shorten};
use cloudconnexa_validator::unwrap::Unwrapper;
use cloudconnexa_validator::{Accepted, FastCheck, Severity};

use super::checker::{RecordChecker, visited};
use super::context::{CheckContext, CurrentInput};
use super::notices::NoticeScope;
use super::origin::Origin;
use super::result::BlockResult;
use super::visitor::VisitedRecord;

/// The result of the fast tier for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is valid and counted; nothing is left to do.
    Accepted,
    /// It is valid, but has warnings or notes to report.
    Proven,
    /// It may be valid or not.
    Undecided,
}

/// A record, or a text that may start with one.
#[derive(Clone, Copy)]
enum Candidate<'a> {
    Record(Record<'a>),
    /// A text whose first line may be a record, and its position.
    Line(&'a [u8], Position),
}

impl RecordChecker {
    /// Accepts a record that the fast tier proves valid, unless it has something new to report.
    pub(super) fn accept(
        &mut self,
        record: Record<'_>,
        origin: &Origin<'_>,
        result: &mut BlockResult,
    ) -> Verdict {
        self.accept_candidate(Candidate::Record(record), origin, result).0
    }

    /// Accepts the first line of a text like [`accept`](Self::accept), and returns its length without the line feed. `None` leaves
    /// it to be split, and then to be checked.
    pub(super) fn accept_line(
        &mut self,
        text: &[u8],
        at: Position,
        result: &mut BlockResult,
    ) -> Option<usize> {
        // With `--unwrap=WHERE`, the event may be inside a valid one.
        if !self.context.unwrapper.as_ref().is_none_or(Unwrapper::is_automatic) {
            return None;
        }
        let candidate = Candidate::Line(text, at);
        let (verdict, len) = self.accept_candidate(candidate, &Origin::Input, result);
        (verdict == Verdict::Accepted).then_some(len)
    }

    /// Accepts a candidate, and returns the length of the record, 0 if that is undecided.
    #[inline]
    fn accept_candidate(
        &mut self,
        candidate: Candidate<'_>,
        origin: &Origin<'_>,
        result: &mut BlockResult,
    ) -> (Verdict, usize) {
        if self.needs_view {
            return self.accept_view(candidate, origin, result);
        }
        let needs_outline = self.needs_fields || self.context.semantics.is_some();
        let checked = match candidate {
            Candidate::Record(record) => {
                let checked = if needs_outline {
                    self.checker.fast_check_with_outline(record.bytes)
                } else {
                    self.checker.fast_check(record.bytes)
                };
                match checked {
                    FastCheck::Valid(accepted) => Some((record, accepted)),
                    FastCheck::Undecided => None,
                }
            }
            Candidate::Line(text, at) => {
                let checked = if needs_outline {
                    self.checker.fast_check_line_with_outline(text)
                } else {
                    self.checker.fast_check_line(text)
                };
                checked.map(|(bytes, accepted)| (Record::line(bytes, at), accepted))
            }
        };
        let Some((record, accepted)) = checked else { return (Verdict::Undecided, 0) };
        let len = record.bytes.len();
        if !follows_rules(&self.context, &self.input, &accepted, record) {
            return (Verdict::Proven, len);
        }
        let scope = NoticeScope {
            context: &self.context,
            input: &self.input,
            origin,
            kinds_listed: self.findings.kinds_listed(),
        };
        let Some(severity) = self.notices.count(scope, &accepted, record, result) else {
            return (Verdict::Proven, len);
        };
        let is_valid = severity < Some(Severity::Error);
        let validity = ValidityCounts::one(is_valid);
        if let Some(event) = accepted.event() {
            result.counts.add_events(EventLabel::Known(event.name), validity);
        } else {
            let name = String::from_utf8_lossy(&record.bytes[accepted.name()]);
            result.counts.add_events(EventLabel::Unknown(&shorten(&name, MAX_NAME_BYTES)), validity);
        }
        if self.visitors.is_empty() && !self.context.is_stateful {
            return (Verdict::Accepted, len);
        }
        let outline = accepted.outline(record.bytes);
        if let (Some(semantics), Some(outline)) = (&self.context.semantics, &outline)
            && self.context.is_stateful
        {
            let step = semantics.stream_event(outline, origin.check_position(&record));
            result.push_step(&self.input.name, origin.relocated(step));
        }
        let input = visited(&self.input, &self.context);
        let visited = VisitedRecord {
            input,
            record,
            origin,
            outline,
            view: None,
            is_valid,
            notices: accepted.notices(),
            report: None,
        };
        self.visitors.iter_mut().for_each(|visitor| visitor.record(&visited));
        (Verdict::Accepted, len)
    }

    /// Accepts a record that is valid, and has visitors read it in a view.
    fn accept_view(
        &mut self,
        candidate: Candidate<'_>,
        origin: &Origin<'_>,
        result: &mut BlockResult,
    ) -> (Verdict, usize) {
        let checked = match candidate {
            Candidate::Record(record) => self.checker.view(record.bytes).map(|view| (record, view)),
            Candidate::Line(text, at) => {
                self.checker.view_line(text).map(|view| (Record::line(view.record(), at), view))
            }
        };
        let Some((record, view)) = checked else { return (Verdict::Undecided, 0) };
        let name = view.name();
        let label = match view.event() {
            Some(event) => EventLabel::Known(event.name),
            None => EventLabel::Unknown(&shorten(&name, MAX_NAME_BYTES)),
        };
        result.counts.add_events(label, ValidityCounts::one(true));
        let input = visited(&self.input, &self.context);
        let (view, outline) = (Some(view), None);
        let visited = VisitedRecord {
            input,
            record,
            origin,
            outline,
            view,
            is_valid: true,
            notices: &[],
            report: None,
        };
        self.visitors.iter_mut().for_each(|visitor| visitor.record(&visited));
        (Verdict::Accepted, record.bytes.len())
    }
}

/// Returns whether no rule about single records beyond the schema has a finding.
fn follows_rules(
    context: &CheckContext,
    input: &CurrentInput,
    accepted: &Accepted<'_>,
    record: Record<'_>,
) -> bool {
    let Some(semantics) = &context.semantics else { return true };
    let event = accepted.event().map(|event| event.name);
    let applies = |rule| event.is_none() || input.levels.severity(rule, event).is_some();
    accepted
        .outline(record.bytes)
        .is_none_or(|outline| semantics.check(&outline, record.at, applies).is_empty())
}
