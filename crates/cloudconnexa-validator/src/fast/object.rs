//! Objects that the schema describes.
//!
//! A producer writes its keys in the same order each time. So each object remembers, for each field, which one followed it
//! last time, and compares the next key with that prediction. One comparison covers the comma, the quotes, the name and the
//! colon. Only if it fails, the key is looked up in a perfect hash. After `MAX_MISPREDICTS` wrong predictions in a row there
//! is no order to learn, and `unordered.rs` takes over.

use std::ops::Range;

use super::accepted::NoticeKind;
use super::scan::Scan;
use super::scanner::{Advance, OUTLINE, START, Scanner, VIEW};
use super::table::{NONE, Shape};
use super::window::window;
use crate::scope::Scope;

/// How many predictions in a row may be wrong before the object counts as unordered.
pub(super) const MAX_MISPREDICTS: u8 = 3;

/// An object that is being scanned.
pub(super) struct OpenObject {
    pub(super) shape: &'static Shape,
    /// Its id: 0 for the header, else 1 + the index of the event.
    pub(super) id: usize,
    /// The offset after its opening brace.
    pub(super) start: usize,
    /// How many unknown keys of enclosing objects are remembered.
    pub(super) base: usize,
    /// The fields seen so far, one bit each.
    pub(super) seen: u64,
    /// The field seen last.
    pub(super) previous: u8,
}

/// The token after a value or the opening brace.
pub(super) enum Next {
    /// The opening quote of a key.
    Key(usize),
    /// The end of the object, with the offset after the closing brace.
    End(usize),
}

/// The next key of an object, or its end.
enum NextKey {
    Found(FoundKey),
    /// The offset after the closing brace.
    End(usize),
}

/// A key that was found without or in spite of a prediction.
struct FoundKey {
    /// The index of its field, or `NONE` if it is unknown.
    index: u8,
    is_predicted: bool,
    /// Where it is, with its quotes.
    key: Range<usize>,
    /// The offset after its colon.
    after: usize,
}

/// A key that was looked up.
pub(super) struct Key {
    /// The index of its field, or `NONE` if it is unknown.
    pub(super) index: u8,
    /// The offset after its closing quote.
    pub(super) end: usize,
}

impl<S: Scan, const KEEP: u8> Scanner<'_, S, KEEP> {
    /// Scans an object from after its opening brace.
    #[inline(never)]
    pub(super) fn object(&mut self, start: usize, shape: &'static Shape, id: usize) -> Advance {
        let order = *self.scratch.order.get(id)?;
        let base = self.scratch.keys.len();
        let scope = usize::from(id != 0);
        let mut object = OpenObject { shape, id, start, base, seen: 0, previous: START };
        // If the last object was unordered, a single wrong prediction suffices to treat this one likewise. A right one
        // resets the count.
        let mut mispredicts = self.scratch.mispredicts[id].saturating_sub(1);
        // The offset at which a comma or a closing brace must be; at first that of the opening brace. A predicted key is
        // compared from here, including the byte before its quote.
        let mut at = start - 1;
        let end = loop {
            let is_first = at < start;
            let mut index = order[usize::from(object.previous & START)];
            let mut key = at + 1..at + 1;
            let field = if let Some(field) = shape.fields.get(usize::from(index))
                && let Some(after) = field.after_colon::<S>(self.record, at, !is_first)
            {
                (at, key.end, mispredicts) = (after, after - 1, 0);
                field
            } else {
                if !is_first && self.byte(at) == b'}' {
                    break at + 1;
                }
                if mispredicts == MAX_MISPREDICTS {
                    let end = self.unordered(at, &mut object)?;
                    mispredicts = self.scratch.mispredicts[id];
                    break end;
                }
                let found = match self.find_key(at, index, &object)? {
                    NextKey::End(end) => break end,
                    NextKey::Found(found) => found,
                };
                (at, index, key) = (found.after, found.index, found.key);
                let Some(field) = shape.fields.get(usize::from(index)) else {
                    let value = self.skip_space(at);
                    at = self.unknown(value, 1)?;
                    if Self::KEEPS_UNKNOWN {
                        self.push_slot(id, NONE, key, value..at);
                    }
                    continue;
                };
                mispredicts = if found.is_predicted { 0 } else { mispredicts + 1 };
                field
            };
            object.take(index)?;
            let value = self.skip_space(at);
            if KEEP == VIEW {
                self.scratch.placed.start(scope, index, value);
            }
            at = self.value(value, key.start, field, id)?;
            if KEEP == OUTLINE {
                self.push_slot(id, index, key, value..at);
            } else if KEEP == VIEW {
                self.scratch.placed.end(scope, index, at);
            }
        };
        self.scratch.mispredicts[id] = mispredicts;
        self.scratch.keys.truncate(base);
        let is_complete = object.seen & shape.required == shape.required;
        if KEEP == VIEW && is_complete {
            self.scratch.placed.seen[scope] = object.seen;
        }
        is_complete.then_some(end)
    }

    /// Finds the next key, which is not the predicted one or has white space before it. Not inlined, or the compiler prepares
    /// for it before each key.
    #[inline(never)]
    fn find_key(&mut self, at: usize, predicted: u8, object: &OpenObject) -> Option<NextKey> {
        let shape = object.shape;
        let key = match self.next(at, object.start)? {
            Next::Key(key) => key,
            Next::End(end) => return Some(NextKey::End(end)),
        };
        let field = shape.fields.get(usize::from(predicted));
        let is_spaced = key > at + 1;
        if is_spaced
            && let Some(after) = field.and_then(|it| it.after_colon::<S>(self.record, key - 1, false))
        {
            let found = FoundKey { index: predicted, is_predicted: true, key: key..after - 1, after };
            return Some(NextKey::Found(found));
        }
        let Key { index, end } = self.look_up(key, shape)?;
        let after = self.colon(end)?;
        if index == NONE {
            self.unknown_key(key..end, object)?;
        } else {
            self.scratch.order[object.id][usize::from(object.previous & START)] = index;
        }
        Some(NextKey::Found(FoundKey { index, is_predicted: false, key: key..end, after }))
    }

    /// Returns what follows: a key or the end. `at` is after a value, or before `start` for the opening brace.
    #[inline(always)]
    pub(super) fn next(&self, at: usize, start: usize) -> Option<Next> {
        let is_first = at < start;
        let mut at = self.skip_space(if is_first { start } else { at });
        match self.byte(at) {
            b'}' => return Some(Next::End(at + 1)),
            b',' if !is_first => at = self.skip_space(at + 1),
            _ if is_first => {}
            _ => return None,
        }
        (self.byte(at) == b'"').then_some(Next::Key(at))
    }

    /// Scans the colon that must follow a key.
    #[inline(always)]
    pub(super) fn colon(&self, at: usize) -> Advance {
        let at = self.skip_space(at);
        (self.byte(at) == b':').then_some(at + 1)
    }

    /// Handles an unknown key. Its range includes the quotes.
    #[inline(never)]
    pub(super) fn unknown_key(&mut self, key: Range<usize>, object: &OpenObject) -> Option<()> {
        self.remember_key(object.base, key.start + 1..key.end - 1)?;
        if Self::KEEPS_NOTICES { self.unknown_field(key, object.shape, object.id) } else { Some(()) }
    }

    /// Looks up the key whose opening quote is at `at`.
    #[inline(never)]
    fn look_up(&mut self, at: usize, shape: &'static Shape) -> Option<Key> {
        let odd = window!(S::not_plain, self.record, at + 1);
        let mut end = at + 1 + odd.trailing_zeros() as usize;
        if odd == 0 || self.byte(end) != b'"' {
            match self.plain_text(at + 1) {
                Some(after) => end = after - 1,
                None => return self.escaped_key(at, shape),
            }
        }
        Some(self.key(at, end, shape))
    }

    /// Returns the field whose name is between the quotes at `at` and `end`.
    #[inline(always)]
    pub(super) fn key(&self, at: usize, end: usize, shape: &'static Shape) -> Key {
        let index = shape.names.index_within(self.record, at + 1, end);
        let field = shape.fields.get(usize::from(index));
        let is_known = field.is_some_and(|field| field.is_at::<S>(self.record, at));
        Key { index: if is_known { index } else { NONE }, end: end + 1 }
    }

    /// Adds a notice about an unknown key. Its range includes the quotes.
    #[inline(never)]
    fn unknown_field(&mut self, key: Range<usize>, shape: &'static Shape, id: usize) -> Option<()> {
        let name = &self.record[key.start + 1..key.end - 1];
        let known = shape.fields.iter().find(|field| field.is_in_another_case(name));
        let kind = match known {
            Some(field) => NoticeKind::FieldCase(Scope::of(id), field.name()),
            None => NoticeKind::UnknownField(Scope::of(id)),
        };
        self.notice(kind, key)
    }
}

impl OpenObject {
    /// Marks a field as seen and returns its bit. Returns `None` if it was seen before.
    #[inline(always)]
    pub(super) fn take(&mut self, index: u8) -> Option<u64> {
        let bit = 1 << (index & START);
        if self.seen & bit != 0 {
            return None;
        }
        self.seen |= bit;
        self.previous = index;
        Some(bit)
    }
}
