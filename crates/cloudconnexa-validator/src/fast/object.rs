//! Objects that the schema describes.
//!
//! A producer writes its keys in the same order each time. So each object remembers, for each field, which one followed it
//! last time, and compares the next key with that prediction. One comparison covers the comma, the quotes, the name and the
//! colon. Only if it fails, the key is looked up in a perfect hash. After `MAX_MISPREDICTS` wrong predictions in a row there
//! is no order to learn, and `unordered.rs` takes over.

use std::ops::Range;

use super::accepted::NoticeKind;
use super::scan::Scan;
use super::scanner::{Advance, OUTLINE, START, Scanner, VALIDITY};
use super::table::{Field, NONE, Shape};
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
        let mut object = OpenObject { shape, id, start, base, seen: 0, previous: START };
        // If the last object was unordered, a single wrong prediction suffices to treat this one likewise. A right one
        // resets the count.
        let mut mispredicts = self.scratch.mispredicts[id].saturating_sub(1);
        // The offset at which a comma or a closing brace must be; at first that of the opening brace. A predicted key is
        // compared from here, including the byte before its quote.
        let mut at = start - 1;
        let end = loop {
            if mispredicts == MAX_MISPREDICTS {
                let end = self.unordered(at, &mut object)?;
                mispredicts = self.scratch.mispredicts[id];
                break end;
            }
            let is_first = at < start;
            let mut index = order[usize::from(object.previous & START)];
            let predicted = shape.fields.get(usize::from(index));
            let mut key_end = 0;
            let key;
            if let Some(after) = self.after_predicted(predicted, at, !is_first) {
                (key, at) = (at + 1, after);
                mispredicts = 0;
            } else {
                key = match self.next(at, start)? {
                    Next::Key(key) => key,
                    Next::End(end) => break end,
                };
                let is_spaced = key > at + 1;
                if is_spaced && let Some(after) = self.after_predicted(predicted, key - 1, false) {
                    at = after;
                    mispredicts = 0;
                } else {
                    let found = self.look_up(key, shape)?;
                    at = self.colon(found.end)?;
                    (index, key_end) = (found.index, found.end);
                    if index == NONE {
                        self.unknown_key(key..key_end, &object)?;
                    } else {
                        self.scratch.order[id][usize::from(object.previous & START)] = index;
                        mispredicts += 1;
                    }
                }
            }
            at = self.skip_space(at);
            let value = at;
            let Some(field) = shape.fields.get(usize::from(index)) else {
                at = self.unknown(at, 1)?;
                if KEEP == OUTLINE {
                    self.push_slot(id, NONE, key..key_end, value..at);
                }
                continue;
            };
            object.take(index)?;
            at = self.value(at, key, field, id)?;
            if KEEP == OUTLINE {
                self.push_slot(id, index, key..key + field.quoted_length(), value..at);
            }
        };
        self.scratch.mispredicts[id] = mispredicts;
        self.scratch.keys.truncate(base);
        (object.seen & shape.required == shape.required).then_some(end)
    }

    /// Returns the offset after the colon of the predicted key, if that key is at `at`. With `comma`, a comma must come first.
    #[inline(always)]
    fn after_predicted(&self, predicted: Option<&Field>, at: usize, comma: bool) -> Advance {
        predicted?.after_colon::<S>(self.record, at, comma)
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
        if KEEP == VALIDITY { Some(()) } else { self.unknown_field(key, object.shape, object.id) }
    }

    /// Looks up the key whose opening quote is at `at`.
    #[inline(never)]
    fn look_up(&mut self, at: usize, shape: &'static Shape) -> Option<Key> {
        let odd = window!(S::not_plain, self.record, at + 1);
        let mut end = at + 1 + odd.trailing_zeros() as usize;
        if odd == 0 || self.byte(end) != b'"' {
            end = self.plain_text(at + 1)? - 1;
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
