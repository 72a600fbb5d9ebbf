//! Splits the records of a run into accepted and rejected bytes.

use std::cell::RefCell;
use std::rc::Rc;

use cloudconnexa_reader::records::{Record, Refused};
use cloudconnexa_validator::Finding;

use crate::check::{Collector, Part, RunBuilder, VisitedInput, VisitedRecord, Visitor};
use crate::rejected::{self, Reason, RejectedEntry};
use crate::split_outputs::SplitOutputs;

/// Splits a run into `outputs`.
pub(crate) fn register(builder: RunBuilder, outputs: &Rc<RefCell<SplitOutputs>>) -> RunBuilder {
    let make = || Box::<SplitVisitor>::default() as Box<dyn Visitor>;
    builder.collected_visitor(Box::new(make), Box::new(OutputCollector(Rc::clone(outputs))))
}

/// Records, or pieces of rejected bytes, and their size as they came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) records: u64,
    pub(crate) bytes: u64,
}

/// Where all bytes of the inputs went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SplitCounts {
    pub(crate) accepted: Share,
    pub(crate) rejected: Share,
    /// White space and the punctuation of arrays, in bytes.
    pub(crate) between: u64,
    /// Line ends added after accepted records that had none.
    pub(crate) added: u64,
}

impl SplitCounts {
    /// Bytes that came in.
    pub(crate) fn bytes(&self) -> u64 {
        self.accepted.bytes + self.rejected.bytes + self.between
    }

    pub(crate) fn add(&mut self, other: Self) {
        for (share, other) in [(&mut self.accepted, other.accepted), (&mut self.rejected, other.rejected)] {
            share.records += other.records;
            share.bytes += other.bytes;
        }
        self.between += other.between;
        self.added += other.added;
    }
}

/// A part of both outputs.
#[derive(Debug, Default)]
pub(crate) struct Partition {
    /// Records, each but the last with a line end.
    pub(crate) accepted: Vec<u8>,
    pub(crate) rejected: Vec<u8>,
    pub(crate) counts: SplitCounts,
}

impl Partition {
    fn accept(&mut self, record: &Record<'_>) {
        self.end_line();
        let before = self.accepted.len();
        for bytes in [record.before, record.bytes, record.after] {
            self.accepted.extend_from_slice(bytes);
        }
        self.counts.accepted.records += 1;
        self.counts.accepted.bytes += (self.accepted.len() - before) as u64;
        if record.is_element {
            self.end_line();
        }
    }

    /// Rejects a record with everything on its lines.
    fn reject_record(&mut self, source: &str, record: &Record<'_>, reasons: &[Reason<'_>]) {
        let indent = record.before.len() as u64;
        let raw = [record.before, record.bytes, record.after].concat();
        // The bytes before the record are blanks on the same line.
        let mut at = record.at;
        at.offset -= indent;
        at.column -= indent;
        self.reject(
            &RejectedEntry { source, at, is_element: record.is_element, part: None, raw: &raw },
            reasons,
        );
    }

    fn reject(&mut self, entry: &RejectedEntry<'_>, reasons: &[Reason<'_>]) {
        rejected::write(&mut self.rejected, entry, reasons);
        self.counts.rejected.records += u64::from(entry.part.is_none_or(|(_, more)| !more));
        self.counts.rejected.bytes += entry.raw.len() as u64;
    }

    fn end_line(&mut self) {
        if self.accepted.last().is_some_and(|last| *last != b'\n') {
            self.accepted.push(b'\n');
            self.counts.added += 1;
        }
    }
}

#[derive(Debug, Default)]
struct SplitVisitor {
    partition: Partition,
}

impl Visitor for SplitVisitor {
    fn needs_fields(&self) -> bool {
        false
    }

    fn record(&mut self, record: &VisitedRecord<'_>) {
        if record.is_valid {
            return self.partition.accept(&record.record);
        }
        record.with_reasons(|reasons| {
            self.partition.reject_record(record.input.name, &record.record, reasons);
        });
    }

    fn unfinished_record(&mut self, input: &VisitedInput<'_>, record: &Record<'_>) {
        self.partition.reject_record(input.name, record, &[]);
    }

    fn refused(&mut self, input: &VisitedInput<'_>, refused: &Refused<'_>) {
        let is_whole = refused.part == 1 && refused.why.is_some();
        let entry = RejectedEntry {
            source: input.name,
            at: refused.at,
            is_element: false,
            part: (!is_whole).then_some((refused.part, refused.why.is_none())),
            raw: refused.bytes,
        };
        let finding = refused.why.map(|(span, fault)| Finding::framing(span, fault));
        let reason = finding.as_ref().and_then(|finding| input.reason(finding, None));
        self.partition.reject(&entry, reason.as_slice());
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
