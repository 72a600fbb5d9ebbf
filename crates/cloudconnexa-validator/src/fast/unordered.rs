//! Objects whose keys come in no order, as hash maps write them.

use super::object::{Key, MAX_MISPREDICTS, Next, OpenObject};
use super::scan::Scan;
use super::scanner::{Advance, OUTLINE, START, Scanner, Text, VIEW, offset};
use super::table::{NONE, Shape};
use super::window::window;

impl<S: Scan, const KEEP: u8> Scanner<'_, S, KEEP> {
    /// Scans the rest of an object whose keys come in no order.
    ///
    /// With random keys, the branch on the kind of each field would be mispredicted about every other time, which costs more
    /// than the check itself. So strings are only scanned here, whatever their fields ask for, and checked after the last
    /// key in the order of the schema, which is the same for each record and therefore well predicted.
    #[inline(never)]
    pub(super) fn unordered(&mut self, mut at: usize, object: &mut OpenObject) -> Advance {
        let &mut OpenObject { shape, id, start, .. } = object;
        let mut deferred = 0;
        let (mut fields, mut in_order) = (0, 0);
        let end = loop {
            let key = match self.next(at, start)? {
                Next::Key(key) => key,
                Next::End(end) => break end,
            };
            let (Key { index, end: key_end }, text) = self.key_and_text(key, shape)?;
            let value = if text.is_some() {
                key_end + 1
            } else {
                self.colon(key_end).map(|at| self.skip_space(at))?
            };
            let Some(field) = shape.fields.get(usize::from(index)) else {
                self.unknown_key(key..key_end, object)?;
                at = self.unknown(value, 1)?;
                if Self::KEEPS_UNKNOWN {
                    self.push_slot(id, NONE, key..key_end, value..at);
                }
                continue;
            };
            let next = &mut self.scratch.order[id][usize::from(object.previous & START)];
            in_order += u32::from(*next == index);
            fields += 1;
            *next = index;
            let bit = object.take(index)?;
            at = match text {
                Some(end) if shape.leading & bit == 0 => {
                    let text = Text { key: offset(key), start: offset(value), end: offset(end) };
                    *self.scratch.texts.get_mut(id)?.get_mut(usize::from(index))? = text;
                    deferred |=
                        bit & (shape.constrained | if Self::KEEPS_NOTICES { shape.notable } else { 0 });
                    if Self::KEEPS_NOTICES && self.is_null(value, end) {
                        deferred |= bit;
                    }
                    end
                }
                _ => self.value_outlined(value, key, field, id)?,
            };
            if KEEP == OUTLINE {
                self.push_slot(id, index, key..key_end, value..at);
            } else if KEEP == VIEW {
                let scope = usize::from(id != 0);
                self.scratch.placed.start(scope, index, value);
                self.scratch.placed.end(scope, index, at);
            }
        };
        // If most keys were where they were last time, there is an order after all, except at the start.
        self.scratch.mispredicts[id] = if 2 * in_order > fields { 0 } else { MAX_MISPREDICTS };
        self.check_deferred(deferred, object)?;
        Some(end)
    }

    /// Checks the deferred strings of these fields.
    #[inline(always)]
    fn check_deferred(&mut self, mut fields: u64, object: &OpenObject) -> Option<()> {
        let notices = self.scratch.notices.len();
        while fields != 0 {
            let index = fields.trailing_zeros() as usize;
            fields &= fields - 1;
            let Text { key, start, end } = *self.scratch.texts.get(object.id)?.get(index)?;
            let field = object.shape.fields.get(index)?;
            if self.value_outlined(start as usize, key as usize, field, object.id)? != end as usize {
                return None;
            }
        }
        self.is_disordered |= self.scratch.notices.len() > notices;
        Some(())
    }

    /// Looks up the key whose opening quote is at `at`. If a colon and a short plain string follow directly, also returns
    /// the offset after that string.
    ///
    /// Reading 64 bytes at once usually covers key and value, without a branch on the length of either.
    #[inline(always)]
    fn key_and_text(&mut self, at: usize, shape: &'static Shape) -> Option<(Key, Option<usize>)> {
        let start = at + 1;
        let [low, high] = [start, start + 32].map(|at| window!(S::not_plain, self.record, at));
        let odd = u64::from(low) | u64::from(high) << 32;
        let length = odd.trailing_zeros();
        let end = start + length as usize;
        if odd == 0 || self.byte(end) != b'"' {
            let key = match self.plain_text(start) {
                Some(after) => self.key(at, after - 1, shape),
                None => self.escaped_key(at, shape)?,
            };
            return Some((key, None));
        }
        // The bits after the `":"` that would follow the key.
        let after = odd.checked_shr(length + 3).unwrap_or(0);
        let closing = end + 3 + after.trailing_zeros() as usize;
        let is_text = after != 0 && self.starts_with(end, b"\":\"") && self.byte(closing) == b'"';
        Some((self.key(at, end, shape), is_text.then_some(closing + 1)))
    }
}
