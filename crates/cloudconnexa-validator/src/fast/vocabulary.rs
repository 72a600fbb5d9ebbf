//! Open vocabularies: finds out whether a string is a known value.

use super::escaped;
use super::names::Names;
use super::needle::Needle;
use super::scan::Scan;

/// The known values of an open vocabulary.
pub(crate) struct Vocabulary {
    pub(crate) values: &'static [Word],
    /// Finds the index of a value.
    pub(crate) names: Names,
}

/// A known value, with a closing quote, so that one comparison covers both.
pub(crate) struct Word(Needle);

impl Word {
    pub(crate) const fn new(word: &str) -> Self {
        Self(Needle::new(&[word.as_bytes(), b"\""]))
    }

    fn text(&self) -> &[u8] {
        &self.0.text()[..self.0.length() - 1]
    }
}

impl Vocabulary {
    /// Returns whether the text from `start` up to the quote at `end` is known.
    #[inline(always)]
    pub(crate) fn has<S: Scan>(&self, record: &[u8], start: usize, end: usize) -> bool {
        let index = self.names.index_within(record, start, end);
        let Some(word) = self.values.get(usize::from(index)) else { return false };
        word.0.length() == end - start + 1 && word.0.is_at::<S>(record, start, true)
    }
}

impl Vocabulary {
    /// Returns whether the inside of a string with valid escapes is a known text.
    pub(crate) fn has_escaped(&self, inside: &[u8]) -> bool {
        let mut room = [0; _];
        let Some(text) = escaped::decoded(inside, &mut room) else { return false };
        let word = self.values.get(usize::from(self.names.index(text)));
        word.is_some_and(|word| word.text() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{self, Kind};
    use crate::fast::scan::{Native, Portable};
    use crate::fast::table;
    use crate::fast::tables::{HEADER, LOGS};

    impl Vocabulary {
        pub(crate) fn words(&self) -> Vec<String> {
            let text = |word: &Word| String::from_utf8(word.text().to_vec()).unwrap();
            self.values.iter().map(text).collect()
        }
    }

    #[test]
    fn known_values_are_found_and_others_are_not() {
        let mut tables = 0;
        let shapes = [&HEADER].into_iter().chain(LOGS.iter().flatten());
        for field in shapes.flat_map(|shape| shape.fields) {
            let table::Kind::Vocabulary(vocabulary) = field.kind else { continue };
            let has = |text: &str| {
                let record = format!("{{\"{}\":\"{text}\"}}", field.name());
                let end = record.len() - 2;
                let start = end - text.len();
                let has = vocabulary.has::<Native>(record.as_bytes(), start, end);
                assert_eq!(vocabulary.has::<Portable>(record.as_bytes(), start, end), has);
                has
            };
            let words = vocabulary.words();
            for word in &words {
                assert!(has(word), "{word}");
                for other in
                    [word[1..].to_owned(), format!("{word}x"), word.to_uppercase(), word.to_lowercase()]
                {
                    assert_eq!(has(&other), words.contains(&other), "{other}");
                }
            }
            for word in &words {
                let units: Vec<_> = word.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
                let escaped = units.concat();
                assert!(vocabulary.has_escaped(escaped.as_bytes()), "{word}");
                assert!(!vocabulary.has_escaped(&escaped.as_bytes()[6..]), "{word}");
            }
            assert!(!has("") && !has("no such value") && !has(&"x".repeat(100)));
            tables += 1;
        }
        let fields =
            catalog::HEADER.iter().chain(catalog::EVENTS.iter().filter_map(|event| event.log).flatten());
        assert_eq!(tables, fields.filter(|field| matches!(field.kind, Kind::Vocabulary(_))).count());
    }
}
