//! Objects that the schema describes: their keys, foreseen or looked up, and the values of their fields.

use std::ops::Range;

use super::accepted::{Noticed, Owner};
use super::judge::{Judge, OUTLINE, START, Step, VERDICT};
use super::scan::Scan;
use super::table::{Field, Kind, NONE, Shape};
use super::vocabulary::Vocabulary;
use super::window::look;
use crate::rules::string_null::NULL;

/// A key that was looked up.
struct Key {
    /// Its field; `NONE` where the schema has none.
    place: u8,
    /// Just behind its closing quote.
    end: usize,
}

/// Guesses that may fail one after the other: where keys come in no order, guessing is in vain.
const PATIENCE: u8 = 3;

impl<S: Scan, const KEEP: u8> Judge<'_, S, KEEP> {
    /// Goes over an object, from behind its opening brace. `id` is its place among the orders of keys.
    #[inline(never)]
    pub(super) fn object(&mut self, start: usize, shape: &'static Shape, id: usize) -> Step {
        let order = *self.memory.order.get(id)?;
        let base = self.memory.keys.len();
        let mut previous = START;
        let mut seen = 0_u64;
        // Where the last one had no order, one guess will do to notice that this one has.
        let mut failed = self.memory.failed[id].saturating_sub(1);
        // Where a comma has to be, or a brace; first it is the opening one.
        let mut at = start - 1;
        let end = loop {
            let is_first = at < start;
            let mut place = order[usize::from(previous & START)];
            let foreseen = if failed < PATIENCE { shape.fields.get(usize::from(place)) } else { None };
            let behind =
                |at, comma| foreseen.and_then(|field| field.behind_colon::<S>(self.record, at, comma));
            let mut key_end = 0;
            let key;
            if let Some(behind) = behind(at, !is_first) {
                (key, at) = (at + 1, behind);
                failed = 0;
            } else {
                let separator = at;
                at = self.space(if is_first { start } else { at });
                match self.byte(at) {
                    b'}' => break at + 1,
                    b',' if !is_first => at = self.space(at + 1),
                    _ if is_first => {}
                    _ => return None,
                }
                if self.byte(at) != b'"' {
                    return None;
                }
                key = at;
                let is_spaced = key > separator + 1;
                if is_spaced && let Some(behind) = behind(key - 1, false) {
                    at = behind;
                    failed = 0;
                } else {
                    let found = self.key(key, shape)?;
                    at = self.space(found.end);
                    if self.byte(at) != b':' {
                        return None;
                    }
                    at += 1;
                    place = found.place;
                    if place == NONE {
                        self.remember(base, key + 1..found.end - 1)?;
                        if KEEP != VERDICT {
                            self.unknown_field(key..found.end, shape, id)?;
                        }
                        key_end = found.end;
                    } else {
                        self.memory.order[id][usize::from(previous & START)] = place;
                        failed = (failed + 1).min(PATIENCE);
                    }
                }
            }
            at = self.space(at);
            let value = at;
            let Some(field) = shape.fields.get(usize::from(place)) else {
                at = self.unknown(at, 1)?;
                if KEEP == OUTLINE {
                    self.keep(id, NONE, key..key_end, value..at);
                }
                continue;
            };
            let bit = 1 << (place & START);
            if seen & bit != 0 {
                return None;
            }
            seen |= bit;
            previous = place;
            at = self.value(at, key, field, id)?;
            if KEEP == OUTLINE {
                self.keep(id, place, key..key + field.quoted_length(), value..at);
            }
        };
        self.memory.failed[id] = failed;
        self.memory.keys.truncate(base);
        (seen & shape.required == shape.required).then_some(end)
    }

    /// Looks a key up whose opening quote is at `at`.
    #[inline(always)]
    fn key(&mut self, at: usize, shape: &'static Shape) -> Option<Key> {
        let odd = look!(S::not_plain, self.record, at + 1);
        let mut end = at + 1 + odd.trailing_zeros() as usize;
        if odd == 0 || self.byte(end) != b'"' {
            end = self.plain_text(at + 1)? - 1;
        }
        let place = shape.names.place_within(self.record, at + 1, end);
        let field = shape.fields.get(usize::from(place));
        let is_known = field.is_some_and(|field| field.is_at::<S>(self.record, at));
        Some(Key { place: if is_known { place } else { NONE }, end: end + 1 })
    }

    /// Takes notice of a key, quotes included, that no field has.
    #[inline(never)]
    fn unknown_field(&mut self, key: Range<usize>, shape: &'static Shape, id: usize) -> Option<()> {
        let name = &self.record[key.start + 1..key.end - 1];
        let known = shape.fields.iter().find(|field| field.is_in_another_case(name));
        let noticed = match known {
            Some(field) => Noticed::FieldCase(Owner::of(id), field.name()),
            None => Noticed::UnknownField(Owner::of(id)),
        };
        self.notice(noticed, key)
    }

    /// The value of a field, whose key is at `key`, in the object that is `id` among the orders of keys.
    #[inline(always)]
    fn value(&mut self, at: usize, key: usize, field: &'static Field, id: usize) -> Step {
        // Two fields of three, and a branch is foreseen more often than a jump to one of many places.
        if let Kind::Text = field.kind {
            return self.free_text(at, field, id);
        }
        let mut kind = &field.kind;
        if let Kind::Deprecated(name, deprecated) = kind {
            self.notice(Noticed::DeprecatedField(Owner::of(id), name), key..key + name.len() + 2)?;
            kind = deprecated;
        }
        match *kind {
            Kind::NullableText if self.has(at, b"null") => Some(at + 4),
            Kind::Text | Kind::NullableText => self.free_text(at, field, id),
            Kind::Vocabulary(vocabulary) => self.word(at, vocabulary, field, id),
            Kind::Boolean if self.has(at, b"true") => Some(at + 4),
            Kind::Boolean if self.has(at, b"false") => Some(at + 5),
            // No field is deprecated twice over.
            Kind::Boolean | Kind::Deprecated(..) => None,
            Kind::Integer { minimum, maximum } => self.integer(at, minimum, maximum).map(|(end, _)| end),
            Kind::Version { minimum, maximum } => self.version(at, minimum, maximum),
            Kind::DateTime => self.date_time(at),
            Kind::Uuid => self.uuid(at),
            Kind::Ipv4 => self.ipv4(at),
            Kind::Ipv6 => self.ipv6(at),
            Kind::IpOrEmpty if self.has(at, b"\"\"") => Some(at + 2),
            Kind::Ip | Kind::IpOrEmpty => self.ip(at),
            Kind::Constant(values) => self.constant(at, values),
            Kind::EventName => self.event_name(at),
            Kind::Log => self.log(key, at),
        }
    }

    /// Any text, whose opening quote has to be at `at`.
    #[inline(always)]
    fn free_text(&mut self, at: usize, field: &'static Field, id: usize) -> Step {
        let end = self.quoted(at)?;
        if KEEP != VERDICT && end - at == NULL.len() && self.has(at, NULL.as_bytes()) {
            self.notice(Noticed::StringNull(Owner::of(id), field.name()), at..end)?;
        }
        Some(end)
    }

    /// A text out of an open vocabulary.
    #[inline(always)]
    fn word(&mut self, at: usize, vocabulary: &Vocabulary, field: &'static Field, id: usize) -> Step {
        let end = self.quoted(at)?;
        if KEEP == VERDICT || vocabulary.has::<S>(self.record, at + 1, end - 1) {
            return Some(end);
        }
        self.other_word(at..end, vocabulary, field, id)
    }

    #[inline(never)]
    fn other_word(
        &mut self,
        range: Range<usize>,
        vocabulary: &Vocabulary,
        field: &'static Field,
        id: usize,
    ) -> Step {
        let noticed = match &self.record[range.clone()] {
            b"\"\"" => return Some(range.end),
            text if text == NULL.as_bytes() => Noticed::StringNull(Owner::of(id), field.name()),
            text if text.contains(&b'\\') && vocabulary.has_escaped(&text[1..text.len() - 1]) => {
                return Some(range.end);
            }
            _ => Noticed::UnfamiliarValue(Owner::of(id), field.name()),
        };
        self.notice(noticed, range.clone())?;
        Some(range.end)
    }

    #[inline(always)]
    fn uuid(&self, at: usize) -> Step {
        let is_quoted = self.byte(at) == b'"' && self.byte(at + 37) == b'"';
        (is_quoted && look!(S::is_uuid, self.record, at + 1)).then_some(at + 38)
    }

    #[inline(always)]
    fn constant(&self, at: usize, values: &[&str]) -> Step {
        if self.byte(at) != b'"' {
            return None;
        }
        values.iter().find_map(|value| {
            let end = at + 1 + value.len();
            (self.has(at + 1, value.as_bytes()) && self.byte(end) == b'"').then_some(end + 1)
        })
    }
}
