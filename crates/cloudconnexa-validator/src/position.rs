//! Positions in an input, and how to find them in a record.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

pub use cloudconnexa_reader::{Position, Span};

/// Finds the position of any byte of a record in UTF-8, without counting from its start each time.
#[derive(Debug)]
pub(crate) struct Locator<'a> {
    record: &'a [u8],
    at: Position,
    /// The position of every `STRIDE`th byte, made on the first request: most records have no findings.
    marks: OnceCell<Vec<Position>>,
    /// The last answer, from which the next is usually near: most requests come in the order of the text.
    last: Cell<(usize, Position)>,
}

impl<'a> Locator<'a> {
    const STRIDE: usize = 4096;

    pub(crate) fn new(record: &'a [u8], at: Position) -> Self {
        Self { record, at, marks: OnceCell::new(), last: Cell::new((0, at)) }
    }

    /// Returns the position of the byte at `offset` of the record.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let mark = offset / Self::STRIDE * Self::STRIDE;
        let (known, at) = match self.last.get() {
            (known, at) if (mark..=offset).contains(&known) => (known, at),
            _ => (mark, self.marks()[mark / Self::STRIDE]),
        };
        let position = after_chunk(at, &self.record[known..offset]);
        self.last.set((offset, position));
        position
    }

    fn marks(&self) -> &[Position] {
        self.marks.get_or_init(|| {
            let mut marks = vec![self.at];
            for chunk in self.record.chunks_exact(Self::STRIDE) {
                marks.extend(marks.last().map(|&last| after_chunk(last, chunk)));
            }
            marks
        })
    }

    /// Returns the span of a range of the record.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        let start = self.position(range.start);
        let is_near = range.len() < Self::STRIDE;
        let end = if is_near { after_chunk(start, &self.record[range]) } else { self.position(range.end) };
        Span { start, end }
    }
}

/// Like [`Position::after`], for a chunk of UTF-8 that may start or end within a character.
pub(crate) fn after_chunk(mut at: Position, chunk: &[u8]) -> Position {
    at.offset += chunk.len() as u64;
    let tail = match memchr::memrchr(b'\n', chunk) {
        Some(last) => {
            at.line += memchr::memchr_iter(b'\n', chunk).count() as u64;
            at.column = 1;
            &chunk[last + 1..]
        }
        None => chunk,
    };
    at.column += characters(tail);
    at
}

/// Counts the first bytes of characters.
fn characters(text: &[u8]) -> u64 {
    // At most 255 at a time, so that the sums are bytes, which vectorise best.
    let count = |bytes: &[u8]| bytes.iter().fold(0, |sum, byte| sum + u8::from(!matches!(byte, 0x80..0xC0)));
    text.chunks(255).map(|bytes| u64::from(count(bytes))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locator_agrees_with_counting_from_the_start() {
        let text = "ü🦀 {\"key\": 1}\n\r\n".repeat(1000);
        let at = Position { offset: 3, line: 2, column: 4 };
        let locator = Locator::new(text.as_bytes(), at);
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            assert_eq!(locator.position(offset), at.after(&text.as_bytes()[..offset]), "{offset}");
        }
    }
}
