//! Finds and marks the repeated keys of an object once it closes.

use std::borrow::Cow;
use std::ops::Range;

use super::entries::{Entry, Index, Kind, Repeated, offset};
use super::keys::{Again, key_range, key_text};
use super::open::Open;
use super::parser::{Parser, fingerprint};
use super::pointer::push_key;

/// In objects with more keys than this, duplicates are found by hash rather than by comparing each key with each.
const FEW_KEYS: u32 = 32;

impl Parser<'_> {
    /// Finds the repeated keys of an object that was closed, and marks all but the last occurrence. Returns how many keys
    /// repeat another.
    pub(super) fn find_repeated(&mut self, object: &Open) -> u32 {
        let is_small = object.left_out == 0 && object.count <= FEW_KEYS;
        let mut nearest = Vec::new();
        let count = if !is_small {
            self.repeated_by_hash(object, &mut nearest)
        } else if self.has_different_keys(object) {
            // The usual case.
            return 0;
        } else {
            self.repeated_by_text(object, &mut nearest);
            nearest.len()
        };
        nearest.truncate(self.repeated.room());
        if !nearest.is_empty() {
            let base = self.path(false);
            for Again { start, first } in &nearest {
                let pointer = || {
                    let mut pointer = base.clone();
                    push_key(&mut pointer, &key_text(self.text, *start));
                    pointer
                };
                let (range, first) = (key_range(self.text, *start), *first as usize);
                self.repeated.add(pointer, |pointer| Repeated { first, range, pointer });
            }
        }
        self.repeated.count_more(count - nearest.len());
        offset(count)
    }

    /// Returns whether the keys of a small object obviously differ, by their fingerprints.
    fn has_different_keys(&self, object: &Open) -> bool {
        let mut prints = [0_u64; FEW_KEYS as usize];
        for (count, Index(key)) in self.stored_keys(object).enumerate() {
            let entry = &self.entries[key as usize];
            if entry.kind != Kind::String {
                return false;
            }
            let (start, end) = (entry.start as usize, entry.end as usize);
            let print = fingerprint(&self.text.as_bytes()[start + 1..end - 1]);
            if prints[..count].contains(&print) {
                return false;
            }
            prints[count] = print;
        }
        true
    }

    /// Finds the repeated keys of a small object, in the order of the text.
    fn repeated_by_text(&mut self, object: &Open, nearest: &mut Vec<Again>) {
        let name = |key: Index| (key, key_text(self.text, self.entries[key.0 as usize].start));
        let keys: Vec<(Index, Cow<'_, str>)> = self.stored_keys(object).map(name).collect();
        for (count, (again, name)) in keys.iter().enumerate() {
            let mut same = keys[..count].iter().filter(|(_, other)| other == name).map(|(key, _)| key);
            let Some(first) = same.next() else { continue };
            let last = same.next_back().unwrap_or(first);
            let start = |key: &Index| self.entries[key.0 as usize].start;
            nearest.push(Again { start: start(again), first: start(first) });
            self.entries[again.0 as usize].is_again = true;
            self.entries[last.0 as usize].kind = Kind::ShadowedKey;
        }
    }

    /// Finds the repeated keys of a large object. Returns how many there are, and adds the first ones to `nearest`.
    fn repeated_by_hash(&mut self, object: &Open, nearest: &mut Vec<Again>) -> usize {
        let stored: Vec<(u32, Index)> =
            self.stored_keys(object).map(|key| (self.entries[key.0 as usize].start, key)).collect();
        for (start, _) in &stored {
            self.keys.push(self.text, *start);
        }
        let entry_of = |start: u32| {
            let is_past = stored.last().is_none_or(|(last, _)| start > *last);
            let found =
                if is_past { None } else { stored.binary_search_by_key(&start, |(start, _)| *start).ok() };
            found.map(|index| stored[index].1.0 as usize)
        };
        let room = self.repeated.room();
        let (mut count, mut left_out) = (0, object.left_out);
        let mut shadowed = Vec::new();
        let entries = &mut self.entries;
        self.keys.take(
            self.text,
            object.first_key,
            |again| {
                count += 1;
                match entry_of(again.start) {
                    Some(entry) => entries[entry].is_again = true,
                    None => left_out -= 1,
                }
                nearest.push(again);
                if nearest.len() > 2 * room {
                    nearest.sort_unstable();
                    nearest.truncate(room);
                }
            },
            |start| shadowed.extend(entry_of(start)),
        );
        for entry in shadowed {
            self.entries[entry].kind = Kind::ShadowedKey;
        }
        nearest.sort_unstable();
        if let Some(index) = object.entry.filter(|_| left_out > 0) {
            self.partial.push((index, left_out));
        }
        count
    }

    /// The keys of an object that have entries. Its members are the last entries.
    pub(super) fn stored_keys(&self, object: &Open) -> StoredKeys<'_> {
        let first = object.entry.map_or(self.entries.len(), |index| index.0 as usize + 1);
        StoredKeys { entries: &self.entries, rest: first..self.entries.len() }
    }
}

/// The keys of an object that ends with the last entry.
pub(super) struct StoredKeys<'a> {
    entries: &'a [Entry],
    rest: Range<usize>,
}

impl Iterator for StoredKeys<'_> {
    type Item = Index;

    fn next(&mut self) -> Option<Index> {
        let key = self.rest.start;
        (!self.rest.is_empty()).then(|| {
            self.rest.start = self.entries[key + 1].after as usize;
            Index(offset(key))
        })
    }
}
