//! Remembers the last N hashes, to recognize one that comes again.

use std::collections::{HashMap, VecDeque};

/// The last N hashes seen, each with a value.
#[derive(Debug)]
pub(crate) struct Recent<V> {
    capacity: usize,
    known: HashMap<u64, V>,
    order: VecDeque<u64>,
    forgotten: u64,
}

impl<V> Recent<V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), known: HashMap::new(), order: VecDeque::new(), forgotten: 0 }
    }

    /// Returns how many hashes have been forgotten.
    pub(crate) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Returns the value of the first occurrence of `hash`. If this is the first, remembers it with `value`.
    pub(crate) fn observe(&mut self, hash: u64, value: V) -> Option<&V> {
        use std::collections::hash_map::Entry;

        // A known hash keeps its turn to be forgotten.
        if self.known.contains_key(&hash) {
            return self.known.get(&hash);
        }
        if self.order.len() == self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
            self.forgotten += 1;
        }
        self.order.push_back(hash);
        if let Entry::Vacant(vacant) = self.known.entry(hash) {
            vacant.insert(value);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn only_the_last_hashes_are_known() {
        let mut recent = Recent::new(2);
        assert_eq!(recent.observe(1, "a"), None);
        assert_eq!(recent.observe(2, "b"), None);
        assert_eq!(recent.observe(1, "c"), Some(&"a"));
        assert_eq!(recent.observe(3, "d"), None);
        assert_eq!(recent.forgotten(), 1);
        assert_eq!(recent.observe(2, "e"), Some(&"b"));
        assert_eq!(recent.observe(1, "f"), None);
    }
}
