//! A map with a bound, whose entries do not depend on the order of insertion.

use std::collections::HashMap;

use crate::hash::key_hash;

/// A map that keeps the entries with the least hashes of all keys. An entry that is kept has been kept since its key first came: it
/// would have been kept at any earlier point, too.
#[derive(Debug)]
pub(super) struct BoundedMap<T> {
    capacity: usize,
    entries: HashMap<Box<str>, (u64, T)>,
    /// The greatest hash that is kept, with its key, once the map is full.
    greatest: Option<(u64, Box<str>)>,
}

/// The entry of a key, if it is kept, and the entry that was removed for it.
pub(super) struct Slot<'a, T> {
    pub(super) value: Option<&'a mut T>,
    pub(super) evicted: Option<T>,
}

impl<T> BoundedMap<T> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, entries: HashMap::new(), greatest: None }
    }

    pub(super) fn get_or_insert(&mut self, key: &str, make: impl FnOnce() -> T) -> Slot<'_, T> {
        let mut evicted = None;
        if !self.entries.contains_key(key) {
            let hash = key_hash(key);
            if let Some((greatest, name)) = &self.greatest {
                if (hash, key) > (*greatest, name) {
                    return Slot { value: None, evicted: None };
                }
                evicted = self.entries.remove(name).map(|(_, value)| value);
            }
            self.entries.insert(key.into(), (hash, make()));
            if self.entries.len() >= self.capacity {
                let greatest = self.entries.iter().map(|(key, (hash, _))| (*hash, key)).max();
                self.greatest = greatest.map(|(hash, key)| (hash, key.clone()));
            }
        }
        Slot { value: self.entries.get_mut(key).map(|(_, value)| value), evicted }
    }

    pub(super) fn into_entries(self) -> impl Iterator<Item = (String, T)> {
        self.entries.into_iter().map(|(key, (_, value))| (key.into(), value))
    }
}
