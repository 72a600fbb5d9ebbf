//! Cuts an input into records: chunks of bytes in, whole records with their positions out, nothing read or written.

mod block;
mod scan;
mod splitter;
#[cfg(test)]
mod tests;
mod text;

pub use block::{boundary, is_array};
pub use splitter::Splitter;

use crate::finding::Finding;
use crate::position::Position;

/// The longest record, in bytes, that a [`Splitter`] hands out unless told otherwise: 16 MiB.
pub const DEFAULT_LIMIT: usize = 16 << 20;

/// What a [`Splitter`] comes upon next.
///
/// Records (with what stands [before](Record::before) and [behind](Record::behind) them on their lines) and refused
/// bytes come in the order of the input, and do not overlap. What is left over is [between](Self::Between) them, so that
/// every byte is accounted for.
#[derive(Clone, Debug, PartialEq)]
pub enum Item<'a> {
    /// A record, to be judged.
    Record(Record<'a>),
    /// Something wrong that has no bytes of its own: between the elements of an array, or between two records.
    Finding(Finding),
    /// Bytes that are no record: too long to be one, or text around the elements of an array.
    Refused(Refused<'a>),
    /// At the end of the input: so many bytes stand between records, and mean nothing. Those are white space, a byte
    /// order mark, and brackets and commas of an array.
    Between(u64),
}

/// One JSON text of an input, as far as brackets and line ends can tell; it may well be malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its bytes, without the white space around it. Never empty.
    pub bytes: &'a [u8],
    /// Where the first of them stands.
    pub at: Position,
    /// The white space in front of it on its line (the last few kilobytes); none in front of an element of an array.
    pub before: &'a [u8],
    /// The white space behind it, with the end of its line if it has one; none behind an element of an array.
    pub behind: &'a [u8],
    /// Whether it is an element of an array, and not a line or a document of its own.
    pub is_element: bool,
}

impl<'a> Record<'a> {
    /// A record with nothing around it.
    #[must_use]
    pub const fn alone(bytes: &'a [u8], at: Position) -> Self {
        Self { bytes, at, before: &[], behind: &[], is_element: false }
    }
}

/// A piece of what is refused: however long that is, no piece is.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused<'a> {
    /// The bytes of the piece.
    pub bytes: &'a [u8],
    /// Where the first of them stands.
    pub at: Position,
    /// Which piece it is, from 1. How bytes are cut into pieces depends on them alone.
    pub part: u64,
    /// In the last piece: why all of them are refused.
    pub finding: Option<Finding>,
}
