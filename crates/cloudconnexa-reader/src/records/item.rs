//! What a splitter hands out: records, refused bytes, and faults between them.

use super::fault::FramingFault;
use crate::position::{Position, Span};

/// The next thing that a [`Splitter`](super::Splitter) finds in an input.
///
/// Records (with the white space [before](Record::before) and [after](Record::after) them on their lines) and refused
/// bytes arrive in the order of the input and do not overlap. Everything else is counted as [`Between`](Self::Between),
/// so every byte is accounted for.
#[derive(Clone, Debug, PartialEq)]
pub enum Item<'a> {
    /// A record to check.
    Record(Record<'a>),
    /// A fault that has no bytes of its own: between the elements of an array, or between two records.
    Fault(Span, FramingFault),
    /// Bytes that are not a record: too many for one, or text around the elements of an array.
    Refused(Refused<'a>),
    /// At the end of the input, or of a part of it: the number of bytes between records that mean nothing. These are white space, a
    /// byte order mark, and the brackets and commas of an array.
    Between(u64),
}

/// One JSON text of an input, as far as brackets and line ends can tell. It may be malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its bytes, without the white space around it. Never empty.
    pub bytes: &'a [u8],
    /// The position of the first byte.
    pub at: Position,
    /// The white space before it on its line, at most the last 4 KiB. Empty for an element of an array.
    pub before: &'a [u8],
    /// The white space after it, including the line end if there is one. Empty for an element of an array.
    pub after: &'a [u8],
    /// Whether it is an element of an array rather than a line or document of its own.
    pub is_element: bool,
}

impl<'a> Record<'a> {
    /// Returns a record with no white space around it.
    #[must_use]
    pub const fn alone(bytes: &'a [u8], at: Position) -> Self {
        Self { bytes, at, before: &[], after: &[], is_element: false }
    }

    /// Returns a record that is all of a line, which a line feed ends.
    #[must_use]
    pub const fn line(bytes: &'a [u8], at: Position) -> Self {
        Self { after: b"\n", ..Self::alone(bytes, at) }
    }
}

/// A piece of refused bytes, of at most 64 KiB: what is refused can be longer than memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused<'a> {
    /// The bytes of the piece.
    pub bytes: &'a [u8],
    /// The position of the first byte.
    pub at: Position,
    /// The number of the piece, from 1. Where pieces end depends on the bytes alone, not on how the input was read.
    pub part: u64,
    /// Why the bytes are refused. Only the last piece has it.
    pub why: Option<(Span, FramingFault)>,
}
