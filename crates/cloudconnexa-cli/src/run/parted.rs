//! What is accepted and what is rejected, as bytes and as counts.

use cloudconnexa_reader::records::Record;

use crate::rejected::{self, Reason, RejectedEntry};

/// Records, or what is rejected with them, and their bytes as they came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) records: u64,
    pub(crate) bytes: u64,
}

/// All bytes that came in are in one of these, but for those that were added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) accepted: Share,
    pub(crate) rejected: Share,
    /// White space and the punctuation of arrays.
    pub(crate) between: u64,
    /// Line ends behind accepted records that had none.
    pub(crate) added: u64,
}

impl Counts {
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

/// A stretch of both outputs.
#[derive(Debug, Default)]
pub(crate) struct Parted {
    /// Records, each but the last with a line end.
    pub(crate) accepted: Vec<u8>,
    pub(crate) rejected: Vec<u8>,
    pub(crate) counts: Counts,
}

impl Parted {
    /// How much memory it takes.
    pub(super) fn weight(&self) -> usize {
        self.accepted.len() + self.rejected.len()
    }

    pub(super) fn accept(&mut self, record: &Record<'_>) {
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

    /// Rejects a record, or a piece of what is none.
    pub(super) fn reject(&mut self, entry: &RejectedEntry<'_>, findings: &[Reason<'_>]) {
        rejected::write(&mut self.rejected, entry, findings);
        self.counts.rejected.records += u64::from(entry.part.is_none_or(|(_, more)| !more));
        self.counts.rejected.bytes += entry.raw.len() as u64;
    }

    /// Takes over what a rejected file holds, to the letter; `raw` of its bytes are those of an input.
    pub(super) fn carry(&mut self, bytes: &[u8], raw: u64, is_end: bool) {
        self.rejected.extend_from_slice(bytes);
        if is_end && bytes.last().is_some_and(|last| *last != b'\n') {
            self.rejected.push(b'\n');
        }
        self.counts.rejected.records += u64::from(is_end);
        self.counts.rejected.bytes += raw;
    }

    /// Takes in what comes behind.
    pub(super) fn append(&mut self, later: Self) {
        if !later.accepted.is_empty() {
            self.end_line();
        }
        self.accepted.extend(later.accepted);
        self.rejected.extend(later.rejected);
        self.counts.add(later.counts);
    }

    fn end_line(&mut self) {
        if self.accepted.last().is_some_and(|last| *last != b'\n') {
            self.accepted.push(b'\n');
            self.counts.added += 1;
        }
    }
}
