//! The texts that a record holds, one in another, and where their bytes are in the record.

use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::sync::Arc;

use cloudconnexa_tape::characters;

/// The index of a text: 0 is the record itself.
pub(super) type LayerIndex = usize;

/// The decoded texts of the strings of a record that may hold events.
#[derive(Clone, Debug, Default)]
pub(super) struct Layers(Vec<Layer>);

/// The decoded text of a string.
#[derive(Clone, Debug)]
struct Layer {
    /// The text that has the string.
    parent: LayerIndex,
    /// Where the string is in it, without quotes.
    inside: Range<usize>,
    text: Arc<str>,
    /// Where every `STRIDE`th byte is in the string, made on the first request: most events have no findings.
    marks: OnceCell<Vec<Character>>,
    /// The last answer, from which the next is usually near.
    last: Cell<Character>,
}

/// A byte of a decoded text, and where it is in the string.
#[derive(Clone, Copy, Debug, Default)]
struct Character {
    decoded: usize,
    raw: usize,
}

const STRIDE: usize = 4096;

impl Layers {
    /// Adds the text of the string that is `inside` the text `parent`, and returns its index.
    pub(super) fn push(&mut self, parent: LayerIndex, inside: Range<usize>, text: Arc<str>) -> LayerIndex {
        self.0.push(Layer { parent, inside, text, marks: OnceCell::new(), last: Cell::default() });
        self.0.len()
    }

    /// Removes a text and those added after it.
    pub(super) fn truncate(&mut self, first: LayerIndex) {
        self.0.truncate(first - 1);
    }

    /// Returns a text, unless it is the record itself.
    pub(super) fn get(&self, index: LayerIndex) -> Option<&str> {
        self.layer(index).map(|layer| &*layer.text)
    }

    /// Returns the offset in `record` of a byte of a text.
    pub(super) fn offset_in_record(&self, record: &str, index: LayerIndex, offset: usize) -> usize {
        let (mut index, mut offset) = (index, offset);
        while let Some(layer) = self.layer(index) {
            let parent = self.get(layer.parent).unwrap_or(record);
            let raw = parent.get(layer.inside.clone()).unwrap_or_default();
            (index, offset) = (layer.parent, layer.inside.start + layer.raw_offset(raw, offset));
        }
        offset
    }

    fn layer(&self, index: LayerIndex) -> Option<&Layer> {
        self.0.get(index.checked_sub(1)?)
    }
}

impl Layer {
    /// Returns where the byte at `decoded` is in the string, which is `raw` without its quotes.
    fn raw_offset(&self, raw: &str, decoded: usize) -> usize {
        let last = self.last.get();
        let from = if (last.decoded..last.decoded + STRIDE).contains(&decoded) {
            last
        } else {
            let marks = self.marks.get_or_init(|| marks(raw));
            marks.get(decoded / STRIDE).or(marks.last()).copied().unwrap_or_default()
        };
        let mut following = characters_of(raw, from);
        let found = following.find(|one| one.decoded >= decoded);
        let found = found.unwrap_or(Character { decoded: self.text.len(), raw: raw.len() });
        self.last.set(found);
        found.raw
    }
}

/// Returns the last character before every `STRIDE`th byte, or at it.
fn marks(raw: &str) -> Vec<Character> {
    let mut marks = vec![Character::default()];
    let mut before = Character::default();
    for character in characters_of(raw, Character::default()) {
        while character.decoded > marks.len() * STRIDE {
            marks.push(before);
        }
        before = character;
    }
    marks
}

/// Returns the characters of a string from one of them on, and the end.
fn characters_of(raw: &str, from: Character) -> impl Iterator<Item = Character> {
    let mut next = Some(from);
    std::iter::from_fn(move || {
        let place = next?;
        let rest = raw.get(place.raw..).unwrap_or_default();
        next = characters(rest).next().map(|character| Character {
            decoded: place.decoded + character.len_utf8(),
            raw: place.raw + written_length(rest, character),
        });
        Some(place)
    })
}

/// Returns how many bytes the first character of a string takes, which is `character`.
fn written_length(rest: &str, character: char) -> usize {
    let bytes = rest.as_bytes();
    match (bytes.first(), bytes.get(1)) {
        (Some(b'\\'), Some(b'u')) if character > '\u{ffff}' => 12,
        (Some(b'\\'), Some(b'u')) => 6,
        (Some(b'\\'), _) => 2,
        _ => character.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_found_in_the_string_that_it_was_decoded_from() {
        let raw = r#"a\"b\u00e9c\ud83e\udd80d\\\/ü🦀\n"#.repeat(1000);
        let text: Arc<str> = characters(&raw).collect::<String>().into();
        let record = format!("{{\"x\":\"{raw}\"}}");
        let mut layers = Layers::default();
        let index = layers.push(0, 6..record.len() - 2, Arc::clone(&text));
        let (mut expected, mut rest) = (6, &*raw);
        let mut all = Vec::new();
        for (offset, character) in text.char_indices() {
            all.push((offset, expected));
            let length = written_length(rest, character);
            (expected, rest) = (expected + length, &rest[length..]);
        }
        all.push((text.len(), record.len() - 2));
        for (offset, expected) in all.iter().chain(all.iter().rev()).chain(all.iter().step_by(997)) {
            assert_eq!(layers.offset_in_record(&record, index, *offset), *expected, "{offset}");
        }
    }
}
