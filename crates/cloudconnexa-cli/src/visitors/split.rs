//! Splits the records of a run into accepted and rejected bytes.

use std::cell::RefCell;
use std::rc::Rc;

use cloudconnexa_reader::records::{Record, Refused};
use cloudconnexa_validator::Finding;

use crate::check::{Collector, Part, RunBuilder, VisitedInput, VisitedRecord, Visitor};
use crate::record_lines::push_wrapped;
use crate::rejected::{MAX_FINDINGS, Reason};
use crate::split_outputs::{Partition, SplitOutputs};

/// Splits a run into `outputs`.
pub(crate) fn register(builder: RunBuilder, outputs: &Rc<RefCell<SplitOutputs>>) -> RunBuilder {
    let make = || Box::<SplitVisitor>::default() as Box<dyn Visitor>;
    builder.collected_visitor(Box::new(make), Box::new(OutputCollector(Rc::clone(outputs))))
}

#[derive(Debug, Default)]
struct SplitVisitor {
    partition: Partition,
    wrapped: WrappedEvents,
}

/// The events of a record that wraps them. As long as one of them may be invalid, none of them is accepted: the record is
/// rejected as a whole then, so that each event ends up in one output.
#[derive(Debug, Default)]
pub(super) struct WrappedEvents {
    /// Valid events, as lines.
    lines: Vec<u8>,
    valid: u64,
    /// Why the record is rejected, if it is.
    reasons: Vec<(Finding, &'static str)>,
    more_reasons: usize,
    is_rejected: bool,
}

impl WrappedEvents {
    /// Adds a valid event.
    pub(super) fn accept(&mut self, event: &[u8]) {
        push_wrapped(&mut self.lines, event);
        self.valid += 1;
    }

    /// Adds reasons for which the record is rejected.
    pub(super) fn reject(&mut self, reasons: &[Reason<'_>]) {
        self.is_rejected = true;
        let room = MAX_FINDINGS - self.reasons.len();
        let listed = reasons.iter().take(room);
        self.reasons.extend(listed.map(|reason| (reason.finding.clone(), reason.severity)));
        self.more_reasons += reasons.len().saturating_sub(room);
    }

    /// Returns the events of the record, a line each, and their number; `None` if the record was rejected.
    pub(super) fn finish(
        self,
        input: &VisitedInput<'_>,
        record: &Record<'_>,
        partition: &mut Partition,
    ) -> Option<(Vec<u8>, u64)> {
        if !self.is_rejected {
            return Some((self.lines, self.valid));
        }
        let reasons: Vec<_> =
            self.reasons.iter().map(|(finding, severity)| Reason { finding, severity }).collect();
        partition.reject_record(input.name, record, &reasons, self.more_reasons);
        None
    }
}

impl Visitor for SplitVisitor {
    fn needs_fields(&self) -> bool {
        false
    }

    fn record(&mut self, record: &VisitedRecord<'_>) {
        let is_wrapped = record.origin.is_wrapped();
        if record.is_valid {
            if is_wrapped {
                self.wrapped.accept(record.record.bytes);
            } else {
                self.partition.accept(&record.record);
            }
            return;
        }
        record.with_reasons(|reasons| {
            if is_wrapped {
                self.wrapped.reject(reasons);
            } else {
                self.partition.reject_record(record.input.name, &record.record, reasons, 0);
            }
        });
    }

    fn wrapped_fault(&mut self, input: &VisitedInput<'_>, finding: &Finding) {
        self.wrapped.reject(input.reason(finding, None).as_slice());
    }

    fn wrapped(&mut self, input: &VisitedInput<'_>, record: &Record<'_>) {
        let wrapped = std::mem::take(&mut self.wrapped);
        if let Some((lines, events)) = wrapped.finish(input, record, &mut self.partition) {
            self.partition.accept_wrapped(record, &lines, events);
        }
    }

    fn unfinished_record(&mut self, input: &VisitedInput<'_>, record: &Record<'_>) {
        self.partition.reject_record(input.name, record, &[], 0);
    }

    fn refused(&mut self, input: &VisitedInput<'_>, refused: &Refused<'_>) {
        self.partition.refuse(input, refused);
    }

    /// Takes over what a rejected file holds, to the letter.
    fn pass_through(&mut self, bytes: &[u8], raw_bytes: u64, is_end: bool) {
        let Partition { rejected, counts, .. } = &mut self.partition;
        rejected.extend_from_slice(bytes);
        if is_end && bytes.last().is_some_and(|last| *last != b'\n') {
            rejected.push(b'\n');
        }
        counts.rejected.records += u64::from(is_end);
        counts.rejected.bytes += raw_bytes;
    }

    fn between(&mut self, bytes: u64) {
        self.partition.counts.between += bytes;
    }

    fn take_part(&mut self) -> Option<Part> {
        Some(Box::new(std::mem::take(&mut self.partition)))
    }

    fn weight(&self) -> usize {
        self.partition.accepted.len() + self.partition.rejected.len()
    }
}

struct OutputCollector(Rc<RefCell<SplitOutputs>>);

impl Collector for OutputCollector {
    fn collect(&mut self, part: Part) {
        if let Ok(partition) = part.downcast::<Partition>() {
            self.0.borrow_mut().add(*partition);
        }
    }

    fn has_failed(&self) -> bool {
        self.0.borrow().has_failed()
    }
}
