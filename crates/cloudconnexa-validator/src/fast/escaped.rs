//! Texts that are spelled with escapes, and known ones among them.

use cloudconnexa_tape::characters;

use super::object::Key;
use super::scan::Scan;
use super::scanner::Scanner;
use super::table::Shape;

/// Room for the longest name of a field and the longest value of a vocabulary.
pub(super) type Room = [u8; 64];

/// Decodes the inside of a string, whose escapes have to be valid. Returns `None` if it is longer than any known text.
pub(super) fn decoded<'a>(inside: &[u8], room: &'a mut Room) -> Option<&'a [u8]> {
    let mut length = 0;
    for character in characters(str::from_utf8(inside).ok()?) {
        let rest = room.get_mut(length..).filter(|rest| rest.len() >= character.len_utf8())?;
        length += character.encode_utf8(rest).len();
    }
    room.get(..length)
}

impl<S: Scan, const KEEP: u8> Scanner<'_, S, KEEP> {
    /// Looks up the key whose opening quote is at `at`, and which is not plain.
    ///
    /// Only a known one is found: unknown keys are compared as they are spelled, so that a second spelling of one would not be
    /// noticed.
    #[cold]
    #[inline(never)]
    pub(super) fn escaped_key(&mut self, at: usize, shape: &'static Shape) -> Option<Key> {
        let end = self.rest(at + 1)?;
        let mut room = [0; _];
        let name = decoded(self.record.get(at + 1..end - 1)?, &mut room)?;
        let index = shape.names.index(name);
        let field = shape.fields.get(usize::from(index))?;
        (field.name().as_bytes() == name).then_some(Key { index, end })
    }
}

#[cfg(test)]
mod tests {
    use super::decoded;
    use crate::fast::tables::{HEADER, LOGS};

    #[test]
    fn every_known_name_fits_whatever_its_spelling() {
        for shape in [&HEADER].into_iter().chain(LOGS.iter().flatten()) {
            for field in shape.fields {
                let units: Vec<_> =
                    field.name().chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
                let mut room = [0; _];
                assert_eq!(decoded(units.concat().as_bytes(), &mut room), Some(field.name().as_bytes()));
            }
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_no_known_one() {
        let mut room = [0; _];
        assert_eq!(decoded(&[b'a'; 64], &mut room), Some(&[b'a'; 64][..]));
        assert_eq!(decoded(&[b'a'; 65], &mut room), None);
        assert_eq!(decoded("é".repeat(33).as_bytes(), &mut room), None);
    }
}
