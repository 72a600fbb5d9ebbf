//! Visitors: what looks at the records of a run in addition to the findings.
//!
//! Each thread has a visitor of its own, which sees any part of the inputs. A visitor whose result does not depend on the
//! order of records keeps it and hands it over at the end. One whose result does returns it in parts, which a collector
//! takes in the order of the inputs.

use std::any::Any;
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use cloudconnexa_reader::records::{Record, Refused};
use cloudconnexa_report::text::style;
use cloudconnexa_validator::outline::Outline;
use cloudconnexa_validator::rules::Rule;
use cloudconnexa_validator::{Checker, EventView, Finding, Notice, Report, Validator};

use super::origin::Origin;
use crate::levels::InputLevels;
use crate::rejected::Reason;

/// Looks at records on one thread.
pub(crate) trait Visitor: Debug + Send {
    /// Whether it looks at the fields of records, so that they have to be indexed.
    fn needs_fields(&self) -> bool {
        true
    }

    /// Whether it needs a view of valid records. If so, there are neither outlines nor notices, and rules beyond the schema do not
    /// apply.
    fn needs_view(&self) -> bool {
        false
    }

    /// Visits a record.
    fn record(&mut self, record: &VisitedRecord<'_>);

    /// Whether the findings of the record that it visited last are not reported.
    fn suppresses_findings(&self) -> bool {
        false
    }

    /// Learns that the events of `record` were visited, which it wraps.
    fn wrapped(&mut self, _input: &VisitedInput<'_>, _record: &Record<'_>) {}

    /// Visits a finding about what is next to the events of a record that wraps them.
    fn wrapped_fault(&mut self, _input: &VisitedInput<'_>, _finding: &Finding) {}

    /// Visits a record whose end may be missing, and which was therefore not checked.
    fn unfinished_record(&mut self, _input: &VisitedInput<'_>, _record: &Record<'_>) {}

    /// Visits bytes that are not a record.
    fn refused(&mut self, _input: &VisitedInput<'_>, _refused: &Refused<'_>) {}

    /// Visits bytes of a rejected file that stand for `raw_bytes` bytes of an input, and stay as they are.
    fn pass_through(&mut self, _bytes: &[u8], _raw_bytes: u64, _is_end: bool) {}

    /// Counts bytes between records.
    fn between(&mut self, _bytes: u64) {}

    /// Returns what was collected since the last call, for the collector.
    fn take_part(&mut self) -> Option<Part> {
        None
    }

    /// About how many bytes [`take_part`](Self::take_part) would return.
    fn weight(&self) -> usize {
        0
    }

    /// Hands over what was collected: no more records follow.
    fn finish(&mut self) {}
}

/// A part that a visitor has collected, for the collector that was registered with it.
pub(crate) type Part = Box<dyn Any + Send>;

/// Takes the parts of all visitors of one kind, in the order of the inputs.
pub(crate) trait Collector {
    /// Takes the next part.
    fn collect(&mut self, part: Part);

    /// Whether it cannot take any more, so that the run may end.
    fn has_failed(&self) -> bool;
}

/// Makes the visitor of a thread.
pub(crate) type VisitorFn = Box<dyn Fn() -> Box<dyn Visitor> + Send + Sync>;

/// Makes the visitors of threads.
#[derive(Default)]
pub(crate) struct Visitors(Vec<VisitorFn>);

impl Visitors {
    /// Adds one that `make` makes for each thread.
    pub(crate) fn add(&mut self, make: VisitorFn) {
        self.0.push(make);
    }

    /// Makes those of a thread.
    pub(crate) fn make(&self) -> Vec<Box<dyn Visitor>> {
        self.0.iter().map(|make| make()).collect()
    }
}

impl Debug for Visitors {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} visitors", self.0.len())
    }
}

/// The input that visitors are in.
#[derive(Debug)]
pub(crate) struct VisitedInput<'a> {
    /// Its name, which has any length if a rejected file claims it.
    pub(crate) name: &'a Arc<str>,
    pub(super) levels: &'a InputLevels,
    pub(super) validator: &'static Validator,
}

/// A record that was checked.
#[derive(Debug)]
pub(crate) struct VisitedRecord<'a> {
    pub(crate) input: VisitedInput<'a>,
    pub(crate) record: Record<'a>,
    /// Where its bytes come from.
    pub(crate) origin: &'a Origin<'a>,
    /// Its fields, if a visitor needs them and it is an object.
    pub(crate) outline: Option<Outline<'a>>,
    /// A view of it, if a visitor needs one and it is valid.
    pub(crate) view: Option<EventView<'a>>,
    /// Whether none of its findings is an error.
    pub(crate) is_valid: bool,
    /// The notices about it, unless there is a report.
    pub(super) notices: &'a [Notice],
    /// The report and the name of the event, if there is a report already.
    pub(super) report: Option<(&'a Report, Option<&'a str>)>,
}

/// Rules about what the schema does not know.
const UNKNOWN: [&str; 5] =
    ["unknown-event", "unknown-version", "unknown-field", "field-case", "unfamiliar-value"];

impl VisitedInput<'_> {
    /// Returns a checker by the schema of the run.
    pub(crate) fn checker(&self) -> Checker<'static> {
        self.validator.checker()
    }

    /// The reason for which a finding has bytes rejected; `None` if its rule is allowed.
    pub(crate) fn reason<'f>(&self, finding: &'f Finding, event: Option<&str>) -> Option<Reason<'f>> {
        let severity = self.levels.severity(finding.rule(), event)?;
        Some(Reason { finding, severity: style::word(severity) })
    }
}

impl VisitedRecord<'_> {
    /// The kind of a record that is JSON and not an event: the id of a rule, and the key of its finding.
    pub(crate) fn other_kind(&self) -> Option<String> {
        self.report?.0.other_kind()
    }

    /// Whether it has something that the schema does not know: the event, its version, a field or a value of a list.
    pub(crate) fn has_unknown(&self) -> bool {
        let is_unknown = |rule: &Rule| UNKNOWN.contains(&rule.id);
        match self.report {
            Some((report, _)) => report.findings.iter().any(|finding| is_unknown(finding.rule())),
            None => self.notices.iter().any(|notice| is_unknown(notice.rule())),
        }
    }

    /// Calls `f` with the reasons for which the record is rejected, as far as they are findings.
    pub(crate) fn with_reasons(&self, f: impl FnOnce(&[Reason<'_>])) {
        let checked;
        let (report, event) = if let Some(known) = self.report {
            known
        } else {
            let mut report =
                self.input.validator.check(self.record.bytes, self.origin.check_position(&self.record));
            report.findings.iter_mut().for_each(|finding| self.origin.relocate(finding));
            checked = report;
            (&checked, checked.subject.name())
        };
        let reasons = report.findings.iter().filter_map(|finding| self.input.reason(finding, event));
        f(&reasons.collect::<Vec<_>>());
    }
}
