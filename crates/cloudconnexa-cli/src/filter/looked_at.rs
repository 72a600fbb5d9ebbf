//! Counts of records that a filter could look at in part, or not at all.

use cloudconnexa_reader::records::Refused;

use crate::check::VisitedRecord;

/// Counts of records that are not valid events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LookedAt {
    /// Invalid events, which were looked at as far as they can be read.
    pub(crate) invalid: u64,
    /// Records that are not JSON objects or too long, and text between records: not looked at.
    pub(crate) not: u64,
}

impl LookedAt {
    /// Counts a record. One that is wanted although it has no fields was looked at.
    pub(crate) fn count(&mut self, record: &VisitedRecord<'_>, is_wanted: bool) {
        if record.outline.is_some() || is_wanted {
            self.invalid += u64::from(!record.is_valid);
        } else {
            self.not += 1;
        }
    }

    /// Counts bytes that are not a record.
    pub(crate) fn count_refused(&mut self, refused: &Refused<'_>) {
        self.not += u64::from(refused.why.is_some());
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.invalid += other.invalid;
        self.not += other.not;
    }
}
