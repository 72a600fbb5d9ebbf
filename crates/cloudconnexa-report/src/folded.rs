//! Findings that say what the records of an input are: one for all records of a kind.

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::{Finding, Position, Severity, Span};

use crate::finding::ReportedFinding;
use crate::fingerprint::Fingerprint;

/// How much of a record is kept for showing where the first finding is, in bytes.
const MAX_RECORD_BYTES: usize = 1 << 12;

/// How many kinds of records are kept apart. There are fewer.
const MAX_KINDS: usize = 1 << 8;

/// The findings of one input that say what its records are.
#[derive(Clone, Debug, Default)]
pub struct FoldedFindings(Vec<FoldedFinding>);

/// A finding, and how many records it is about.
#[derive(Clone, Debug)]
pub struct FoldedFinding {
    finding: Finding,
    severity: Severity,
    fingerprint: Fingerprint,
    /// The start of the first record, if the finding is in it, and where it is.
    record: Option<(Box<[u8]>, Position)>,
    records: u64,
}

impl FoldedFindings {
    /// Adds a finding about one record.
    pub fn add(&mut self, found: &ReportedFinding<'_>) {
        match self.get(found.finding, found.severity) {
            Some(known) => known.records += found.records,
            None => self.push(FoldedFinding::new(found)),
        }
    }

    /// Adds the findings of a later part of the same input.
    pub fn append(&mut self, later: Self) {
        for new in later.0 {
            match self.get(&new.finding, new.severity) {
                Some(known) => known.records += new.records,
                None => self.push(new),
            }
        }
    }

    /// Takes the findings of kinds that this has not seen, each about its first record, and all others away.
    #[must_use]
    pub fn take_new(&mut self, later: &mut Self) -> Self {
        let mut new = Self::default();
        for mut found in std::mem::take(later).0 {
            if self.get(&found.finding, found.severity).is_none() {
                found.records = 1;
                self.push(found.clone());
                new.push(found);
            }
        }
        new
    }

    /// Returns the findings, in the order of the input.
    pub fn into_findings(self) -> impl Iterator<Item = FoldedFinding> {
        self.0.into_iter()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn get(&mut self, finding: &Finding, severity: Severity) -> Option<&mut FoldedFinding> {
        let is_same = |known: &FoldedFinding| {
            std::ptr::eq(known.finding.rule(), finding.rule())
                && known.finding.key() == finding.key()
                && known.severity == severity
        };
        self.0.iter_mut().find(|known| is_same(known))
    }

    fn push(&mut self, new: FoldedFinding) {
        if self.0.len() < MAX_KINDS {
            self.0.push(new);
        }
    }
}

impl FoldedFinding {
    fn new(found: &ReportedFinding<'_>) -> Self {
        let record = found.record.and_then(|record| Some((window(record, found.finding.span())?, record.at)));
        Self {
            finding: found.finding.clone(),
            severity: found.severity,
            fingerprint: found.fingerprint,
            record,
            records: found.records,
        }
    }

    /// Returns the finding.
    pub fn finding(&self) -> &Finding {
        &self.finding
    }

    /// Returns the finding as lists show it. `input` is the name of the input.
    pub fn reported<'a>(&'a self, input: &'a str) -> ReportedFinding<'a> {
        let mut found = ReportedFinding::new(&self.finding, input, self.fingerprint);
        found.severity = self.severity;
        found.record = self.record.as_ref().map(|(bytes, at)| Record::alone(bytes, *at));
        found.records = self.records;
        found
    }
}

/// Returns the start of a record, if the place of the finding is within.
fn window(record: Record<'_>, span: Span) -> Option<Box<[u8]>> {
    let start = usize::try_from(span.start.offset.checked_sub(record.at.offset)?).ok()?;
    let kept = &record.bytes[..record.bytes.len().min(MAX_RECORD_BYTES)];
    (start < kept.len()).then(|| kept.into())
}

#[cfg(test)]
mod tests;
