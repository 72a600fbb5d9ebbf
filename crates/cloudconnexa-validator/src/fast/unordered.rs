//! Objects whose keys come in no order.

use super::judge::{Judge, OUTLINE, START, Step, Text, VERDICT, offset};
use super::object::{Key, Next, Open, PATIENCE};
use super::scan::Scan;
use super::table::{NONE, Shape};
use super::window::look;

impl<S: Scan, const KEEP: u8> Judge<'_, S, KEEP> {
    /// Goes over what is left of an object whose keys come in no order.
    ///
    /// A branch on what the next field asks for would fail as often as not: texts are gone over here whatever they have
    /// to be, and judged at the end in the order of the fields, where it does not.
    #[inline(never)]
    pub(super) fn unordered(&mut self, mut at: usize, object: &mut Open) -> Step {
        let &mut Open { shape, id, start, .. } = object;
        let mut late = 0;
        let (mut fields, mut in_order) = (0, 0);
        let end = loop {
            let key = match self.next(at, start)? {
                Next::Key(key) => key,
                Next::End(end) => break end,
            };
            let (Key { place, end: key_end }, text) = self.key_and_text(key, shape)?;
            let value =
                if text.is_some() { key_end + 1 } else { self.colon(key_end).map(|at| self.space(at))? };
            let Some(field) = shape.fields.get(usize::from(place)) else {
                self.stranger(key..key_end, object)?;
                at = self.unknown(value, 1)?;
                if KEEP == OUTLINE {
                    self.keep(id, NONE, key..key_end, value..at);
                }
                continue;
            };
            let next = &mut self.memory.order[id][usize::from(object.previous & START)];
            in_order += u32::from(*next == place);
            fields += 1;
            *next = place;
            let bit = object.take(place)?;
            at = match text {
                Some(end) if shape.leading & bit == 0 => {
                    let text = Text { key: offset(key), start: offset(value), end: offset(end) };
                    *self.memory.texts.get_mut(id)?.get_mut(usize::from(place))? = text;
                    late |= bit & (shape.judged | if KEEP == VERDICT { 0 } else { shape.noticed });
                    if KEEP != VERDICT && self.is_null(value, end) {
                        late |= bit;
                    }
                    end
                }
                _ => self.value_apart(value, key, field, id)?,
            };
            if KEEP == OUTLINE {
                self.keep(id, place, key..key_end, value..at);
            }
        };
        // They may have an order after all, but for the first.
        self.memory.failed[id] = if 2 * in_order > fields { 0 } else { PATIENCE };
        self.late(late, object)?;
        Some(end)
    }

    /// Judges the texts of these fields.
    #[inline(always)]
    fn late(&mut self, mut fields: u64, object: &Open) -> Option<()> {
        let notices = self.memory.notices.len();
        while fields != 0 {
            let place = fields.trailing_zeros() as usize;
            fields &= fields - 1;
            let Text { key, start, end } = *self.memory.texts.get(object.id)?.get(place)?;
            let field = object.shape.fields.get(place)?;
            if self.value_apart(start as usize, key as usize, field, object.id)? != end as usize {
                return None;
            }
        }
        self.is_disordered |= self.memory.notices.len() > notices;
        Some(())
    }

    /// Looks a key up whose opening quote is at `at`. If a colon and a plain text that is not long follow, gives also the
    /// place behind that text.
    #[inline(always)]
    fn key_and_text(&mut self, at: usize, shape: &'static Shape) -> Option<(Key, Option<usize>)> {
        let start = at + 1;
        let [low, high] = [start, start + 32].map(|at| look!(S::not_plain, self.record, at));
        let odd = u64::from(low) | u64::from(high) << 32;
        let length = odd.trailing_zeros();
        let end = start + length as usize;
        if odd == 0 || self.byte(end) != b'"' {
            let end = self.plain_text(start)? - 1;
            return Some((self.key(at, end, shape), None));
        }
        // Of what follows the opening quote, if that is the next but one.
        let behind = odd.checked_shr(length + 3).unwrap_or(0);
        let closing = end + 3 + behind.trailing_zeros() as usize;
        let is_text = behind != 0 && self.has(end, b"\":\"") && self.byte(closing) == b'"';
        Some((self.key(at, end, shape), is_text.then_some(closing + 1)))
    }
}
