//! Why an input could not be read, or not to its end.

use std::fmt;
use std::io;
use std::sync::Arc;

use cloudconnexa_inflate::{Error as GzipError, ErrorKind as GzipErrorKind};

use crate::file_kind::FileKind;
use crate::source::{is_not_found, is_refused, write_decoded};

/// An input that could not be read, or not to its end.
///
/// Its text names the input and the cause, and for gzip data the byte where it is damaged.
#[derive(Debug)]
pub struct ReadError {
    input: Arc<str>,
    kind: ReadErrorKind,
}

/// What went wrong with an input.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// It could not be opened.
    Open(io::Error),
    /// Reading failed after it was opened.
    Read(io::Error),
    /// Its gzip data is damaged, cut off, or larger than allowed.
    Gzip(GzipError),
    /// It is another kind of file, which holds no JSON text.
    Foreign(FileKind),
    /// Anything else, such as what a [`Splitting`](crate::Splitting) of your own reports. The text names the input.
    Other(String),
}

impl ReadError {
    /// Creates an error about the input of this name.
    #[must_use]
    pub fn new(input: &Arc<str>, kind: ReadErrorKind) -> Self {
        Self { input: Arc::clone(input), kind }
    }

    /// The name of the input.
    #[must_use]
    pub fn input(&self) -> &Arc<str> {
        &self.input
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ReadErrorKind {
        &self.kind
    }

    /// Whether another attempt may succeed: the content of the input is not the cause.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.kind.is_transient()
    }

    /// Whether the input as such was refused; see [`ReadErrorKind::is_refused`].
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.kind.is_refused()
    }
}

impl ReadErrorKind {
    /// Whether another attempt may succeed: the content of the input is not the cause.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Open(_) | Self::Read(_) => true,
            Self::Gzip(error) => error.kind() == GzipErrorKind::Io,
            Self::Foreign(_) | Self::Other(_) => false,
        }
    }

    /// Whether the input as such was refused, whatever its content: access is denied, an object is archived, or its key
    /// cannot be requested. Nothing of it was read, and another attempt fails as well until somebody changes that.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Open(error) if error.kind() == io::ErrorKind::PermissionDenied || is_refused(error))
    }

    /// Whether text is missing after what was read: the last record may be the first part of a longer one.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        match self {
            // All of the text before these errors is there, and what comes after the checksum as well.
            Self::Gzip(error) => !matches!(
                error.kind(),
                GzipErrorKind::ChecksumMismatch | GzipErrorKind::InvalidHeader | GzipErrorKind::TrailingData
            ),
            _ => true,
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.input;
        match &self.kind {
            ReadErrorKind::Open(error) => {
                write!(f, "cannot read `{name}`: {error}")?;
                if error.kind() == io::ErrorKind::NotFound || is_not_found(error) {
                    write_decoded(f, name)?;
                }
                Ok(())
            }
            ReadErrorKind::Read(error) => write!(f, "cannot read `{name}` to its end: {error}"),
            ReadErrorKind::Gzip(error) => write!(f, "cannot read `{name}` to its end: {error}"),
            ReadErrorKind::Foreign(kind) => write!(f, "cannot read `{name}`: it is {kind}"),
            ReadErrorKind::Other(text) => f.write_str(text),
        }
    }
}

/// It has no [`source`](std::error::Error::source): its text includes that of the cause, which
/// [`kind`](ReadError::kind) has as a value.
impl std::error::Error for ReadError {}
