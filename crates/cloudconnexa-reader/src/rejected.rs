//! Rejected bytes: what is not a record, or not one that the caller can use.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::position::Position;
use crate::records::FramingFault;

/// Bytes of a source that are not a record, or not an event.
///
/// Its text is `source:line:column: cause`. Positions within the cause of a parser count from the start of the record. The
/// text repeats none of the bytes unless the cause does.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rejected {
    /// The name of the source.
    pub source: Arc<str>,
    /// The position of the first byte, in the decompressed text of the source.
    pub position: Position,
    /// The bytes, unchanged. Empty if only punctuation between records is wrong.
    pub bytes: Vec<u8>,
    /// Why they are rejected.
    pub cause: Cause,
}

/// Why bytes are rejected.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// They are not a record, or something is wrong between two records.
    Framing(FramingFault),
    /// They are part of something too large to be rejected at once, such as a record over the limit. More parts follow,
    /// and the last one has the cause.
    Part,
    /// The record could not be parsed, or the function of [`Reader::try_map`](crate::Reader::try_map) returned an error.
    Parse(Box<dyn Error + Send + Sync>),
    /// The record could not be parsed, and its end may be missing, because the source could not be read any further.
    CutOff(Box<dyn Error + Send + Sync>),
}

impl Rejected {
    /// The line of the first byte, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.position.line
    }

    /// The offset of the first byte in the decompressed text of the source, counted from 0.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.position.offset
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Framing(fault) => fault.fmt(f),
            Self::Part => f.write_str("part of a record that is rejected"),
            Self::Parse(error) => error.fmt(f),
            Self::CutOff(error) => write!(f, "the input breaks off: {error}"),
        }
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.source, self.position, self.cause)
    }
}

/// It has no [`source`](Error::source): its text includes that of the [`cause`](Rejected::cause).
impl Error for Rejected {}
