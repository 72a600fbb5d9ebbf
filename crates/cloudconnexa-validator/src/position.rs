//! Positions in an input, and how to find them in a record.

use std::cell::{Cell, OnceCell};
use std::fmt;
use std::ops::Range;

/// A position in the decompressed text of an input. Displays as `line:column`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Offset in bytes, counted from 0.
    pub offset: u64,
    /// Line, counted from 1. Lines end with LF.
    pub line: u64,
    /// Column, counted from 1 in Unicode scalar values. A byte that is not UTF-8 counts as one.
    pub column: u64,
}

impl Position {
    /// The position of the first byte of an input.
    pub const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// Returns the position directly after `text`, which starts at `self`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cloudconnexa_validator::Position;
    ///
    /// let end = Position::START.after(b"{\n  ");
    /// assert_eq!((end.offset, end.line, end.column), (4, 2, 3));
    /// assert_eq!(end.to_string(), "2:3");
    /// ```
    #[must_use]
    pub fn after(self, text: &[u8]) -> Self {
        let mut at = self;
        at.offset += text.len() as u64;
        let tail = match memchr::memrchr(b'\n', text) {
            Some(last) => {
                at.line += memchr::memchr_iter(b'\n', text).count() as u64;
                at.column = 1;
                &text[last + 1..]
            }
            None => text,
        };
        at.column += tail
            .utf8_chunks()
            .map(|chunk| (chunk.valid().chars().count() + chunk.invalid().len()) as u64)
            .sum::<u64>();
        at
    }
}

/// A range of an input. Displays as `line:column..line:column`, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The position of the first byte.
    pub start: Position,
    /// The position directly after the last byte.
    pub end: Position,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

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
    // The first byte of each character.
    at.column += tail.iter().filter(|byte| !matches!(byte, 0x80..0xC0)).count() as u64;
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let at = Position { offset: 100, line: 7, column: 5 };
        assert_eq!(at.after(b""), at);
        assert_eq!(at.after("ü🦀".as_bytes()), Position { offset: 106, line: 7, column: 7 });
        assert_eq!(at.after("a\r\nb\nü".as_bytes()), Position { offset: 107, line: 9, column: 2 });
        assert_eq!(at.after(b"a\xff\xfeb"), Position { offset: 104, line: 7, column: 9 });
    }

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
