//! Counts the values of a vocabulary: known ones without looking for long, others up to a bound.

use super::field::{Counter, Time};
use super::unknown::Bounded;
use crate::profile::{VALUE, VALUES, Values};

/// Slots of the table, many more than there are known values.
const SLOTS: usize = 256;

/// The values of a vocabulary.
#[derive(Debug)]
pub(super) struct Words {
    known: Vec<(String, Counter)>,
    /// For each slot the place of a known value, from 1 on; 0 where there is none.
    slots: [u8; SLOTS],
    others: Bounded<Counter>,
    left_out: u64,
}

impl Words {
    pub(super) fn new(values: impl Iterator<Item = String>) -> Self {
        // More of them than the table takes are found as well, though not so soon.
        let known: Vec<_> = values.map(|value| (value, Counter::default())).collect();
        let mut slots = [0; SLOTS];
        for (place, (value, _)) in known.iter().enumerate().take(SLOTS / 2 - 1) {
            let mut slot = slot(value.as_bytes());
            while slots[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            slots[slot] = u8::try_from(place + 1).unwrap_or_default();
        }
        Self { known, slots, others: Bounded::new(VALUES), left_out: 0 }
    }

    /// Counts a value if it is a known one.
    #[inline]
    pub(super) fn known(&mut self, value: &[u8], time: Time) -> bool {
        let mut slot = slot(value);
        while let Some(place) = usize::from(self.slots[slot]).checked_sub(1) {
            if let Some((known, counter)) = self.known.get_mut(place)
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
    pub(super) fn add(&mut self, value: &str, time: Time) {
        if self.known(value.as_bytes(), time) {
            return;
        }
        if let Some((_, counter)) = self.known.iter_mut().find(|(known, _)| known == value) {
            return counter.add(time);
        }
        if value.len() > VALUE {
            self.left_out += 1;
            return;
        }
        let room = self.others.get_or_insert(value, Counter::default);
        self.left_out += room.evicted.map_or(0, |counter: Counter| counter.count);
        match room.value {
            Some(counter) => counter.add(time),
            None => self.left_out += 1,
        }
    }

    pub(super) fn finish(self) -> Option<Values> {
        let known = self.known.into_iter().filter(|(_, counter)| counter.count > 0);
        let values = Values {
            known: known.map(|(value, counter)| (value, counter.seen())).collect(),
            others: self.others.into_entries().map(|(value, counter)| (value, counter.seen())).collect(),
            left_out: self.left_out,
        };
        (values != Values::default()).then_some(values)
    }
}

/// Where a value is looked for first.
#[inline]
fn slot(value: &[u8]) -> usize {
    let at = |place: usize| value.get(place).copied().map_or(0, usize::from);
    let (length, last) = (value.len(), at(value.len().wrapping_sub(1)));
    let mixed = at(0) ^ last << 3 ^ at(length / 2) << 5 ^ length << 1;
    (mixed ^ mixed >> 8) % SLOTS
}
