//! What happens to inputs while they are read.

use crate::error::ReadError;
use crate::unfinished::Unfinished;

/// Something that happened to an input while it was read.
///
/// It is reported when it happens, which may be before the last records that were read earlier are handed over.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadEvent {
    /// Something could not be read. With gzip data, more may follow after a damaged member.
    Error(ReadError),
    /// The input has ended: nothing more comes from it.
    End(InputEnd),
    /// The input could not be read to its end so far; another attempt goes on where this one ended.
    Unfinished(Box<Unfinished>),
    /// The input was not read at all, because the run was asked to stop.
    Skipped,
    /// The input was replaced; nothing more comes from its old content.
    Replaced {
        /// Bytes of the old content that were read, decompressed.
        bytes: u64,
    },
}

/// How an input ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputEnd {
    /// Bytes that were read, decompressed.
    pub bytes: u64,
    /// Whether it could be opened.
    pub was_opened: bool,
    /// Whether all of it was read; if not, an error was reported before.
    pub is_complete: bool,
    /// Whether it holds nothing but white space. A file that may still grow never counts as empty.
    pub is_empty: bool,
}

impl InputEnd {
    /// The end of an input that was opened, and is not empty or may still grow.
    #[must_use]
    pub fn opened(bytes: u64, is_complete: bool) -> Self {
        Self { bytes, was_opened: true, is_complete, is_empty: false }
    }

    /// The same, with [`is_empty`](Self::is_empty).
    #[must_use]
    pub fn with_empty(self, is_empty: bool) -> Self {
        Self { is_empty, ..self }
    }

    /// The end of an input that could not be opened.
    #[must_use]
    pub fn unopened() -> Self {
        Self { bytes: 0, was_opened: false, is_complete: false, is_empty: false }
    }
}
