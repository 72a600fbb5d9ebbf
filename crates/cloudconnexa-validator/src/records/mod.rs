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
#[derive(Clone, Debug, PartialEq)]
pub enum Item<'a> {
    /// A record, to be judged.
    Record(Record<'a>),
    /// Something wrong that stands in no record: around the elements of an array, or too long to be one.
    Finding(Finding),
}

/// One JSON text of an input, as far as brackets and line ends can tell; it may well be malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its bytes, without the white space around it. Never empty.
    pub bytes: &'a [u8],
    /// Where the first of them stands.
    pub at: Position,
}
