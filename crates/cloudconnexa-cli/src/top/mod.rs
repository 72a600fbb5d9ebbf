//! Counts events by the values of fields: exactly, or not at all.

mod key;
mod rows;
#[cfg(test)]
mod tests;

pub(crate) use rows::Rows;

use std::collections::HashMap;

use cloudconnexa_validator::outline::Outline;

use crate::args::Period;
use crate::filter::{EventFields, Field, event_time, whole_number};
use key::Key;

/// How many bytes the values of a group may have on average.
const MAX_KEY_BYTES: usize = 256;

/// The fields that events are counted by, and those that are summed.
#[derive(Debug)]
pub(crate) struct Grouping {
    pub(crate) by: Vec<Field>,
    pub(crate) sum: Vec<Field>,
    pub(crate) per: Option<Period>,
    pub(crate) max_groups: usize,
}

/// Groups of events with the same values, and their counts.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    tallies: HashMap<Box<[u8]>, Tally>,
    key_bytes: usize,
}

/// The events of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tally {
    count: u64,
    /// Of each field that is summed.
    sums: Box<[i128]>,
}

/// Counts of events and values that are in no group or sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// Events that have none of the fields.
    pub(crate) without_fields: u64,
    /// Events without a time that can be read, if there are periods.
    pub(crate) without_time: u64,
    /// Values that are not whole numbers.
    pub(crate) not_summed: u64,
}

impl LeftOut {
    pub(crate) fn add(&mut self, other: Self) {
        self.without_fields += other.without_fields;
        self.without_time += other.without_time;
        self.not_summed += other.not_summed;
    }
}

impl Period {
    /// How long it is, in microseconds.
    fn micros(self) -> i64 {
        match self {
            Self::Hour => 3_600_000_000,
            Self::Day => 86_400_000_000,
        }
    }
}

impl Grouping {
    /// Adds an event to its group. `buffer` is scratch memory.
    pub(crate) fn add(
        &self,
        outline: &Outline<'_>,
        buffer: &mut Vec<u8>,
        groups: &mut Groups,
        left_out: &mut LeftOut,
    ) {
        let mut key = Key::new(buffer);
        if let Some(period) = self.per {
            let Some(time) = event_time(outline) else {
                left_out.without_time += 1;
                return;
            };
            key.push_time(time - time.rem_euclid(period.micros()));
        }
        let event = EventFields::new(outline);
        let mut has_any = false;
        for field in &self.by {
            let value = field.value(&event).filter(|value| !value.is_null());
            has_any |= value.is_some();
            match value {
                Some(value) if value.is_text() => key.push_text(&value.text()),
                Some(value) => key.push_json(&value.text()),
                None => key.push_missing(),
            }
        }
        if !has_any {
            left_out.without_fields += 1;
            return;
        }
        groups.update(buffer, self.sum.len(), |tally| {
            tally.count += 1;
            for (field, sum) in self.sum.iter().zip(&mut tally.sums) {
                let Some(value) = field.value(&event).filter(|value| !value.is_null()) else { continue };
                match whole_number(&value.text()).filter(|_| value.is_number()) {
                    Some(number) => *sum += number,
                    None => left_out.not_summed += 1,
                }
            }
        });
    }
}

impl Groups {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.tallies.len()
    }

    /// How many bytes their values take.
    pub(crate) fn key_bytes(&self) -> usize {
        self.key_bytes
    }

    /// Updates the group with these values, which may be a new one.
    fn update(&mut self, key: &[u8], sums: usize, update: impl FnOnce(&mut Tally)) {
        // Most events are in a group that there is already, and need no key of their own.
        if let Some(tally) = self.tallies.get_mut(key) {
            return update(tally);
        }
        let mut tally = Tally { count: 0, sums: vec![0; sums].into() };
        update(&mut tally);
        self.key_bytes += key.len();
        self.tallies.insert(key.into(), tally);
    }

    /// Adds the events of other groups. Returns `false`, and keeps no more than before, if there are then more than `max`
    /// groups, or if their values are too long.
    pub(crate) fn merge(&mut self, other: Self, max: usize) -> bool {
        for (key, tally) in other.tallies {
            if let Some(known) = self.tallies.get_mut(&key) {
                known.count += tally.count;
                known.sums.iter_mut().zip(&tally.sums).for_each(|(sum, other)| *sum += other);
                continue;
            }
            let key_bytes = self.key_bytes + key.len();
            if self.tallies.len() >= max || key_bytes > max.saturating_mul(MAX_KEY_BYTES) {
                return false;
            }
            self.key_bytes = key_bytes;
            self.tallies.insert(key, tally);
        }
        true
    }
}
