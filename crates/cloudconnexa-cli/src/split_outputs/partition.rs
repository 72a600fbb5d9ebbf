//! A part of the accepted and rejected bytes of a split, and their counts.

use cloudconnexa_reader::records::{Record, Refused};
use cloudconnexa_validator::Finding;

use crate::check::VisitedInput;
use crate::record_lines::{end_line, push_record};
use crate::rejected::{self, Reason, RejectedEntry};

/// Records, or pieces of rejected bytes, and their size as they came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) records: u64,
    pub(crate) bytes: u64,
}

/// Counts of the bytes and records in each output, which add up to the inputs.
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
    pub(crate) fn accept(&mut self, record: &Record<'_>) {
        self.counts.added += push_record(&mut self.accepted, record);
        self.count_accepted(record, 1);
    }

    /// Counts a record as accepted, with the number of events in it.
    pub(crate) fn count_accepted(&mut self, record: &Record<'_>, events: u64) {
        self.counts.accepted.records += events;
        self.counts.accepted.bytes += (record.before.len() + record.bytes.len() + record.after.len()) as u64;
    }

    /// Accepts the events of a record that wraps them. `lines` has one line for each.
    pub(crate) fn accept_wrapped(&mut self, record: &Record<'_>, lines: &[u8], events: u64) {
        self.counts.added += end_line(&mut self.accepted);
        self.accepted.extend_from_slice(lines);
        self.count_accepted(record, events);
    }

    /// Rejects a record with everything on its lines. There are `more_findings` than the reasons.
    pub(crate) fn reject_record(
        &mut self,
        source: &str,
        record: &Record<'_>,
        reasons: &[Reason<'_>],
        more_findings: usize,
    ) {
        let indent = record.before.len() as u64;
        let raw = [record.before, record.bytes, record.after].concat();
        // The bytes before the record are blanks on the same line.
        let mut at = record.at;
        at.offset -= indent;
        at.column -= indent;
        self.reject(
            &RejectedEntry {
                source,
                at,
                is_element: record.is_element,
                part: None,
                raw: &raw,
                more_findings,
            },
            reasons,
        );
    }

    /// Rejects bytes that are not a record.
    pub(crate) fn refuse(&mut self, input: &VisitedInput<'_>, refused: &Refused<'_>) {
        let is_whole = refused.part == 1 && refused.why.is_some();
        let entry = RejectedEntry {
            source: input.name,
            at: refused.at,
            is_element: false,
            part: (!is_whole).then_some((refused.part, refused.why.is_none())),
            raw: refused.bytes,
            more_findings: 0,
        };
        let finding = refused.why.map(|(span, fault)| Finding::framing(span, fault));
        let reason = finding.as_ref().and_then(|finding| input.reason(finding, None));
        self.reject(&entry, reason.as_slice());
    }

    pub(crate) fn reject(&mut self, entry: &RejectedEntry<'_>, reasons: &[Reason<'_>]) {
        rejected::write(&mut self.rejected, entry, reasons);
        self.counts.rejected.records += u64::from(entry.part.is_none_or(|(_, more)| !more));
        self.counts.rejected.bytes += entry.raw.len() as u64;
    }
}
