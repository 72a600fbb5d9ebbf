//! Where something stands in an input.

/// A place in the (decompressed) text of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Bytes before it, from the start of the decompressed input.
    pub offset: u64,
    /// Line, counted from 1. Lines end at LF.
    pub line: u64,
    /// Column, counted from 1 in Unicode scalar values (a byte that isn't UTF-8 counts as one).
    pub column: u64,
}

impl Position {
    /// The first byte of an input.
    pub const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// The place just behind `text`, which begins here.
    #[must_use]
    pub fn after(self, text: &[u8]) -> Self {
        let mut at = self;
        at.offset += text.len() as u64;
        let tail = match text.iter().rposition(|&byte| byte == b'\n') {
            Some(last) => {
                at.line += text.iter().filter(|&&byte| byte == b'\n').count() as u64;
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

/// A stretch of an input, from its first byte to just behind its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: Position,
    /// Just behind the last byte.
    pub end: Position,
}
