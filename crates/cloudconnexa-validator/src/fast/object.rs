//! Objects that the schema describes, and their keys, which are predicted or looked up.

use std::ops::Range;

use super::accepted::NoticeKind;
use super::scan::Scan;
use super::scanner::{Advance, OUTLINE, START, Scanner, VALIDITY};
use super::table::{Field, NONE, Shape};
use super::window::window;
use crate::scope::Scope;

/// Guesses that may fail one after the other: where keys come in no order, guessing is in vain.
pub(super) const MAX_MISPREDICTS: u8 = 3;

/// An object that is being gone over.
pub(super) struct OpenObject {
    pub(super) shape: &'static Shape,
    /// Its place among the orders of keys.
    pub(super) id: usize,
    /// Behind its opening brace.
    pub(super) start: usize,
    /// How many unknown keys of the objects around it are remembered.
    pub(super) base: usize,
    /// Its fields that were there.
    pub(super) seen: u64,
    /// The last of them.
    pub(super) previous: u8,
}

/// What stands behind a value, or behind the opening brace.
pub(super) enum Next {
    /// The opening quote of a key.
    Key(usize),
    /// The closing brace; the place is the one behind it.
    End(usize),
}

/// A key that was looked up.
pub(super) struct Key {
    /// Its field; `NONE` where the schema has none.
    pub(super) index: u8,
    /// Just behind its closing quote.
    pub(super) end: usize,
}

impl<S: Scan, const KEEP: u8> Scanner<'_, S, KEEP> {
    /// Goes over an object, from behind its opening brace. `id` is its place among the orders of keys.
    #[inline(never)]
    pub(super) fn object(&mut self, start: usize, shape: &'static Shape, id: usize) -> Advance {
        let order = *self.scratch.order.get(id)?;
        let base = self.scratch.keys.len();
        let mut object = OpenObject { shape, id, start, base, seen: 0, previous: START };
        // Where the last one had no order, one guess will do to notice that this one has.
        let mut mispredicts = self.scratch.mispredicts[id].saturating_sub(1);
        // Where a comma has to be, or a brace; first it is the opening one.
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

    /// Behind the colon of the key that is predicted, if it stands at `at`; behind a comma only where `comma` is true.
    #[inline(always)]
    fn after_predicted(&self, predicted: Option<&Field>, at: usize, comma: bool) -> Advance {
        predicted?.after_colon::<S>(self.record, at, comma)
    }

    /// What stands behind a value, at `at`, or behind the opening brace, which is before `start`.
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

    /// Behind the colon that has to follow a key.
    #[inline(always)]
    pub(super) fn colon(&self, at: usize) -> Advance {
        let at = self.skip_space(at);
        (self.byte(at) == b':').then_some(at + 1)
    }

    /// Takes a key, quotes included, that no field has.
    #[inline(never)]
    pub(super) fn unknown_key(&mut self, key: Range<usize>, object: &OpenObject) -> Option<()> {
        self.remember_key(object.base, key.start + 1..key.end - 1)?;
        if KEEP == VALIDITY { Some(()) } else { self.unknown_field(key, object.shape, object.id) }
    }

    /// Looks a key up whose opening quote is at `at`.
    #[inline(never)]
    fn look_up(&mut self, at: usize, shape: &'static Shape) -> Option<Key> {
        let odd = window!(S::not_plain, self.record, at + 1);
        let mut end = at + 1 + odd.trailing_zeros() as usize;
        if odd == 0 || self.byte(end) != b'"' {
            end = self.plain_text(at + 1)? - 1;
        }
        Some(self.key(at, end, shape))
    }

    /// The field whose name is from behind the quote at `at` up to the one at `end`.
    #[inline(always)]
    pub(super) fn key(&self, at: usize, end: usize, shape: &'static Shape) -> Key {
        let index = shape.names.index_within(self.record, at + 1, end);
        let field = shape.fields.get(usize::from(index));
        let is_known = field.is_some_and(|field| field.is_at::<S>(self.record, at));
        Key { index: if is_known { index } else { NONE }, end: end + 1 }
    }

    /// Takes notice of a key, quotes included, that no field has.
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
    /// Takes a field, unless it was there before. Gives its bit.
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
