//! Counts the values of a vocabulary: known ones by a small hash table, others up to a bound.

use super::bounded_map::BoundedMap;
use super::field::{Counter, RecordTime};
use crate::profile::{MAX_UNKNOWN_VALUES, MAX_VALUE_BYTES, ValueCounts};

/// The number of slots in the table, many more than there are known values.
const SLOTS: usize = 256;

/// Counts the values of a vocabulary.
#[derive(Debug)]
pub(super) struct VocabularyCounter {
    known: Vec<(String, Counter)>,
    /// For each slot the index of a known value plus 1, or 0 for an empty slot.
    slots: [u8; SLOTS],
    others: BoundedMap<Counter>,
    left_out: u64,
}

impl VocabularyCounter {
    pub(super) fn new(values: impl Iterator<Item = String>) -> Self {
        // Values that the table has no slot for are found by the linear search in `add`.
        let known: Vec<_> = values.map(|value| (value, Counter::default())).collect();
        let mut slots = [0; SLOTS];
        for (index, (value, _)) in known.iter().enumerate().take(SLOTS / 2 - 1) {
            let mut slot = slot(value.as_bytes());
            while slots[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            slots[slot] = u8::try_from(index + 1).unwrap_or_default();
        }
        Self { known, slots, others: BoundedMap::new(MAX_UNKNOWN_VALUES), left_out: 0 }
    }

    /// Counts a value if it is a known one, and returns whether it is.
    #[inline]
    pub(super) fn count_known(&mut self, value: &[u8], time: RecordTime) -> bool {
        let mut slot = slot(value);
        while let Some(index) = usize::from(self.slots[slot]).checked_sub(1) {
            if let Some((known, counter)) = self.known.get_mut(index)
                && known.as_bytes() == value
            {
                counter.add(time);
                return true;
            }
            slot = (slot + 1) % SLOTS;
        }
        false
    }

    /// Counts any value.
    pub(super) fn add(&mut self, value: &str, time: RecordTime) {
        if self.count_known(value.as_bytes(), time) {
            return;
        }
        if let Some((_, counter)) = self.known.iter_mut().find(|(known, _)| known == value) {
            return counter.add(time);
        }
        if value.len() > MAX_VALUE_BYTES {
            self.left_out += 1;
            return;
        }
        let slot = self.others.get_or_insert(value, Counter::default);
        self.left_out += slot.evicted.map_or(0, |counter: Counter| counter.count);
        match slot.value {
            Some(counter) => counter.add(time),
            None => self.left_out += 1,
        }
    }

    pub(super) fn finish(self) -> Option<ValueCounts> {
        let known = self.known.into_iter().filter(|(_, counter)| counter.count > 0);
        let values = ValueCounts {
            known: known.map(|(value, counter)| (value, counter.occurrences())).collect(),
            others: self
                .others
                .into_entries()
                .map(|(value, counter)| (value, counter.occurrences()))
                .collect(),
            left_out: self.left_out,
        };
        (values != ValueCounts::default()).then_some(values)
    }
}

/// Returns the slot at which the search for a value starts.
#[inline]
fn slot(value: &[u8]) -> usize {
    let at = |index: usize| value.get(index).copied().map_or(0, usize::from);
    let (length, last) = (value.len(), at(value.len().wrapping_sub(1)));
    let mixed = at(0) ^ last << 3 ^ at(length / 2) << 5 ^ length << 1;
    (mixed ^ mixed >> 8) % SLOTS
}
