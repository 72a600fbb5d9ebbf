//! Pieces of inputs, small enough to be held, and judged by whoever has time.

use std::ops::Range;
use std::sync::Arc;

use cloudconnexa_validator::Finding;
use cloudconnexa_validator::Position;
use cloudconnexa_validator::records::{Item, Refused};

/// How much of an input is handed over at once.
pub(super) const BLOCK: usize = 1 << 18;

/// How many pieces are handed over at once: a finding takes far more memory than the bytes that it is about.
const PIECES: usize = 1 << 12;

/// How much is cut before a look at how much came of it.
pub(super) const SLICE: usize = 1 << 12;

/// Some records of one input.
#[derive(Debug)]
pub(super) struct Block {
    /// What the input is called.
    pub(super) input: Arc<str>,
    /// Memory with the text in it, to be given back.
    pub(super) memory: Vec<u8>,
    pub(super) content: Content,
    /// The input broke off behind this: a last record that is not valid may be the first part of one that is.
    pub(super) breaks_off: bool,
}

#[derive(Debug)]
pub(super) enum Content {
    /// Whole records, still to be cut, from the first byte of `range` on, which stands at `at`.
    Uncut { range: Range<usize>, at: Position },
    /// What a splitter found.
    Cut(Vec<Piece>),
}

/// What a [`Item`] is, without the text.
#[derive(Debug)]
pub(super) enum Piece {
    /// The record is in the middle of `range`: it begins after `before` bytes and ends `after` bytes before its end.
    Record {
        range: Range<usize>,
        at: Position,
        before: usize,
        after: usize,
        is_element: bool,
    },
    Finding(Finding),
    Refused {
        range: Range<usize>,
        at: Position,
        part: u64,
        finding: Option<Finding>,
    },
    Between(u64),
    /// Text of a rejected file that stays in it, and how many bytes of an input stand in it.
    Carried {
        range: Range<usize>,
        raw: u64,
        is_end: bool,
    },
}

/// What a splitter finds, kept until it is enough for a block.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) text: Vec<u8>,
    pub(super) pieces: Vec<Piece>,
}

impl Batch {
    pub(super) fn add(&mut self, item: Item<'_>) {
        let piece = match item {
            Item::Record(record) => {
                let start = self.text.len();
                for bytes in [record.before, record.bytes, record.after] {
                    self.text.extend_from_slice(bytes);
                }
                Piece::Record {
                    range: start..self.text.len(),
                    at: record.at,
                    before: record.before.len(),
                    after: record.after.len(),
                    is_element: record.is_element,
                }
            }
            Item::Finding(finding) => Piece::Finding(finding),
            Item::Refused(Refused { bytes, at, part, finding }) => {
                Piece::Refused { range: self.keep(bytes), at, part, finding }
            }
            Item::Between(length) => Piece::Between(length),
        };
        self.pieces.push(piece);
    }

    /// Adds text of a rejected file that stays in it.
    pub(super) fn carry(&mut self, text: &[u8], raw: u64, is_end: bool) {
        let range = self.keep(text);
        self.pieces.push(Piece::Carried { range, raw, is_end });
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.text.len();
        self.text.extend_from_slice(bytes);
        start..self.text.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.text.len() >= BLOCK || self.pieces.len() >= PIECES
    }
}
