//! The containers that are open while a record is parsed.

use super::entries::{Index, Kind};
use super::keys::key_text;
use super::parser::Parser;
use super::pointer::{push_index, push_key};

/// A container that is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    /// Its entry, if it has one.
    pub(super) entry: Option<Index>,
    pub(super) is_object: bool,
    /// How many of its elements or members are complete.
    pub(super) count: u32,
    /// The offset of the key whose value is not complete.
    pub(super) key: Option<u32>,
    /// Whether that key has an entry.
    pub(super) has_key_entry: bool,
    /// How many keys have none.
    pub(super) left_out: usize,
    /// How many keys without an entry outer objects have.
    pub(super) first_key: usize,
}

impl Parser<'_> {
    /// Opens a container.
    pub(super) fn push_open(&mut self, kind: Kind, entry: Option<Index>) {
        self.open.push(Open {
            entry,
            is_object: kind == Kind::Object,
            count: 0,
            key: None,
            has_key_entry: false,
            left_out: 0,
            first_key: self.keys.len(),
        });
    }

    /// Ends a value.
    pub(super) fn complete_value(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.count += 1;
            open.key = None;
        }
    }

    /// Returns the pointer to the value that is being read, or to the innermost container if that is `between` two values.
    pub(super) fn path(&self, between: bool) -> String {
        let mut pointer = String::new();
        for (depth, open) in self.open.iter().enumerate() {
            let is_last = depth + 1 == self.open.len();
            match open.key {
                Some(key) => push_key(&mut pointer, &key_text(self.text, key)),
                None if !(open.is_object || is_last && between) => {
                    push_index(&mut pointer, open.count as usize);
                }
                None => {}
            }
        }
        pointer
    }
}
