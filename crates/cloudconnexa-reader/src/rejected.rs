//! Bytes of a source that are not what the caller asked for.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::position::Position;
use crate::records::FramingFault;

/// Bytes of a source that are not a record, or not an event.
///
/// Its text names source, line, column and cause, and repeats none of the bytes unless the cause does.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rejected {
    /// The name of the source.
    pub source: Arc<str>,
    /// The position of the first byte, in the decompressed text of the source.
    pub position: Position,
    /// The bytes as they came; none where only punctuation between records is wrong.
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
    /// They are a part of something that is rejected in several parts, as it is too large for one; the cause is that of the
    /// last part, which follows.
    Part,
    /// The record could not be parsed.
    Parse(Box<dyn Error + Send + Sync>),
    /// The record could not be parsed, and its end may be missing, because the source could not be read on.
    CutOff(Box<dyn Error + Send + Sync>),
}

impl Rejected {
    /// The line of the first byte, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.position.line
    }

    /// The offset of the first byte in the decompressed text of the source.
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

impl Error for Rejected {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Cause::Parse(error) | Cause::CutOff(error) => Some(&**error),
            Cause::Framing(_) | Cause::Part => None,
        }
    }
}
