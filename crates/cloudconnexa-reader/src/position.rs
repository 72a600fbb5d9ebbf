//! Positions in the text of an input.

use std::fmt;

/// A position in the decompressed text of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Bytes before it, from the start of the decompressed input.
    pub offset: u64,
    /// Line, counted from 1. Lines end at LF.
    pub line: u64,
    /// Column, counted from 1 in Unicode scalar values; a byte that is not UTF-8 counts as one.
    pub column: u64,
}

impl Position {
    /// The first byte of an input.
    pub const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// Returns the position just after `text`, which starts here.
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

impl fmt::Display for Position {
    /// Writes `line:column`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A range of an input, from its first byte to just after its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: Position,
    /// Just after the last byte.
    pub end: Position,
}

impl fmt::Display for Span {
    /// Writes `line:column..line:column`, the end exclusive.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::Position;

    #[test]
    fn columns_count_characters() {
        let at = Position { offset: 100, line: 7, column: 5 };
        assert_eq!(at.after(b""), at);
        assert_eq!(at.after("ü🦀".as_bytes()), Position { offset: 106, line: 7, column: 7 });
        assert_eq!(at.after("a\r\nb\nü".as_bytes()), Position { offset: 107, line: 9, column: 2 });
        assert_eq!(at.after(b"a\xff\xfeb"), Position { offset: 104, line: 7, column: 9 });
    }
}
