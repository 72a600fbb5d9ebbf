//! A list of what a hostile record can have any number of.

/// The most to list of each kind.
const MAX_LISTED: usize = 1000;

/// The most bytes of pointers to list of each kind: a single long key can be in all of them.
const MAX_POINTER_BYTES: usize = 1 << 20;

/// The first items of a kind up to a limit, and the number of all.
#[derive(Debug)]
pub struct Listed<T> {
    items: Vec<T>,
    count: usize,
    pointer_bytes: usize,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { items: Vec::new(), count: 0, pointer_bytes: 0 }
    }
}

impl<T> Listed<T> {
    /// Adds an item; `make` makes it from its pointer, unless there are too many.
    pub(super) fn add(&mut self, pointer: impl FnOnce() -> String, make: impl FnOnce(String) -> T) {
        self.count += 1;
        if self.room() > 0 {
            let pointer = pointer();
            self.pointer_bytes += pointer.len();
            self.items.push(make(pointer));
        }
    }

    /// Adds items that nobody wants to see.
    pub(super) fn count_more(&mut self, count: usize) {
        self.count += count;
    }

    /// How many more can be listed, at most.
    pub(super) fn room(&self) -> usize {
        if self.pointer_bytes < MAX_POINTER_BYTES { MAX_LISTED - self.items.len() } else { 0 }
    }

    /// The items that are listed.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many items there are in addition to those that are listed.
    pub fn left_out(&self) -> usize {
        self.count - self.items.len()
    }
}
