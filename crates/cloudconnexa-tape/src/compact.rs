//! Drops entries of fields that are repeated so often that their entries would take too much memory.

use std::borrow::Cow;
use std::collections::HashMap;

use super::entries::{Index, offset};
use super::keys::key_text;
use super::parser::Parser;

/// How many entries there are in addition to twice the limit before some are dropped, so that each time many are.
const SLACK: usize = 1 << 10;

impl Parser<'_> {
    /// Drops the entries beyond the limit of members of the innermost object, except for the first and the last of each key,
    /// if there are too many. What is dropped is still known as repeated.
    pub(super) fn compact(&mut self) {
        if self.entries.len() < self.max_entries.saturating_mul(2).saturating_add(SLACK) {
            return;
        }
        let Some((object, Index(base))) = self.open.last().and_then(|open| Some((*open, open.entry?))) else {
            return;
        };
        let late = |key: &Index| key.0 as usize >= self.max_entries;
        let keys: Vec<Index> = self.stored_keys(&object).filter(late).collect();
        let text = self.text;
        let names: Vec<Cow<'_, str>> =
            keys.iter().map(|key| key_text(text, self.entries[key.0 as usize].start)).collect();
        let mut bounds: HashMap<&str, (Index, Index)> = HashMap::new();
        for (key, name) in keys.iter().zip(&names) {
            bounds.entry(&**name).and_modify(|(_, last)| *last = *key).or_insert((*key, *key));
        }
        let Some(Index(first)) = keys.first() else { return };
        let mut end = *first as usize;
        // The values that are kept, before and after.
        let mut moved: HashMap<Index, Index> = HashMap::new();
        let mut dropped = 0;
        for (key, name) in keys.iter().zip(&names) {
            let range = key.0 as usize..self.entries[key.0 as usize + 1].after as usize;
            if bounds.get(&**name).is_some_and(|(first, last)| key == first || key == last) {
                let by = offset(range.start - end);
                moved.insert(key.value(), Index(key.value().0 - by));
                for index in range {
                    let mut entry = self.entries[index];
                    entry.after -= by;
                    self.entries[end] = entry;
                    end += 1;
                }
            } else {
                self.keys.push(text, self.entries[range.start].start);
                dropped += 1;
            }
        }
        self.entries.truncate(end);
        let partial = std::mem::take(&mut self.partial).into_iter();
        let keep = |(index, count): (Index, usize)| {
            let is_outside = index.0 < base || (index.0 as usize) < self.max_entries;
            if is_outside { Some((index, count)) } else { moved.get(&index).map(|index| (*index, count)) }
        };
        self.partial = partial.filter_map(keep).collect();
        if let Some(open) = self.open.last_mut() {
            open.left_out += dropped;
        }
    }
}
