//! Inputs that could not be read to their ends so far.

use std::sync::Arc;

use crate::error::{ReadError, ReadErrorKind};
use crate::records::Splitter;
use crate::source::Source;

/// An input that could not be read to its end so far.
#[expect(clippy::struct_excessive_bools, reason = "independent facts about the attempts")]
#[derive(Debug)]
pub struct Unfinished {
    pub(crate) source: Source,
    pub(crate) name: Arc<str>,
    pub(crate) errors: Vec<ReadError>,
    pub(crate) is_transient: bool,
    pub(crate) is_truncated_gzip: bool,
    pub(crate) was_opened: bool,
    /// Bytes of its text that are split; the next attempt goes on after them.
    pub(crate) bytes: u64,
    pub(crate) splitter: Option<Splitter>,
    pub(crate) is_cut_off: bool,
    /// Whether the last attempt found nothing but white space.
    pub(crate) is_blank: bool,
}

impl Unfinished {
    /// An input that nobody has tried to read.
    #[must_use]
    pub fn new(source: &Source) -> Self {
        Self {
            source: source.clone(),
            name: source.name().into(),
            errors: Vec::new(),
            is_transient: true,
            is_truncated_gzip: false,
            was_opened: false,
            bytes: 0,
            splitter: None,
            is_cut_off: false,
            is_blank: false,
        }
    }

    /// An input that is never read, because of `error`.
    #[must_use]
    pub fn refused(source: &Source, error: String) -> Self {
        let mut refused = Self::new(source);
        refused.is_transient = false;
        refused.errors = vec![ReadError::new(&refused.name, ReadErrorKind::Other(error))];
        refused
    }

    /// The name of the input.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Why the last attempt ended: at least one error, once there was an attempt.
    #[must_use]
    pub fn errors(&self) -> &[ReadError] {
        &self.errors
    }

    /// Whether the same content may be read by another attempt.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.is_transient
    }

    /// Whether it is a gzip file that lacks its end, of which nothing was handed out.
    #[must_use]
    pub fn is_truncated_gzip(&self) -> bool {
        self.is_truncated_gzip
    }

    /// Whether some of it was handed out.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.splitter.is_some()
    }
}
