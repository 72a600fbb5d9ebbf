//! Finds the keys that are repeated in an object.

use std::borrow::Cow;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;

use super::string::{decode, scan};

/// A key: a part of the hash of its text, and the offset of its opening quote. Eight bytes, as there can be millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    hash: u32,
    pub(super) start: u32,
}

/// The keys of objects that are open and have many members. Inner objects come after outer ones.
#[derive(Debug, Default)]
pub(super) struct Keys {
    keys: Vec<Key>,
    /// Chosen at random, so that no record can have many keys of the same hash.
    state: RandomState,
}

/// A repeated key among others of the same object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Again {
    pub(super) start: u32,
    pub(super) first: u32,
}

impl Keys {
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Adds the key whose opening quote is at `start`.
    pub(super) fn push(&mut self, text: &str, start: u32) {
        #[expect(clippy::cast_possible_truncation, reason = "part of a hash")]
        let hash = self.state.hash_one(&*key_text(text, start)) as u32;
        self.keys.push(Key { hash, start });
    }

    /// Takes the keys from `first` on, which are those of one object. Calls `repeats` for each that repeats another, and
    /// `shadowed` with the offset of each that is not the last of its text.
    pub(super) fn take(
        &mut self,
        text: &str,
        first: usize,
        mut repeats: impl FnMut(Again),
        mut shadowed: impl FnMut(u32),
    ) {
        let keys = &mut self.keys[first..];
        keys.sort_unstable();
        // Different texts of the same hash are rare.
        let mut groups: Vec<(Cow<'_, str>, u32, u32)> = Vec::new();
        for run in keys.chunk_by(|one, other| one.hash == other.hash).filter(|run| run.len() > 1) {
            groups.clear();
            for key in run {
                let name = key_text(text, key.start);
                if let Some((_, first, last)) = groups.iter_mut().find(|(known, ..)| *known == name) {
                    repeats(Again { start: key.start, first: *first });
                    shadowed(std::mem::replace(last, key.start));
                } else {
                    groups.push((name, key.start, key.start));
                }
            }
        }
        self.keys.truncate(first);
    }
}

/// Returns the text of the key whose opening quote is at `start`, and which is well-formed.
pub(super) fn key_text(text: &str, start: u32) -> Cow<'_, str> {
    let range = key_range(text, start);
    let inner = text.get(range.start + 1..range.end - 1).unwrap_or_default();
    if inner.contains('\\') { decode(inner) } else { Cow::Borrowed(inner) }
}

/// Returns the byte range of the key whose opening quote is at `start`, quotes included.
pub(super) fn key_range(text: &str, start: u32) -> Range<usize> {
    let start = start as usize;
    start..scan(text.as_bytes(), start).map_or(start + 2, |(end, _)| end)
}
