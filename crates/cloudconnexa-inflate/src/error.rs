//! Why a gzip file could not be decoded.

use std::{error, fmt, io};

/// Why a gzip file could not be decoded, and where.
///
/// Its text is a lower-case fragment, such as `the gzip data is damaged at byte 4711`. Convert it with `?` where an
/// [`io::Error`] is expected: its kind is then [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) for a truncated file,
/// [`InvalidData`](io::ErrorKind::InvalidData) for any other damage, and that of the source for an error of the source.
#[derive(Debug)]
pub struct Error {
    cause: Cause,
    offset: u64,
    member_start: u64,
}

/// What is wrong with a gzip file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The source could not be read; [`Error::io`] has its error.
    Io,
    /// Bytes that are not gzip follow the last member, or the input does not start with gzip.
    TrailingData,
    /// A member's header is invalid, or differs from its checksum.
    InvalidHeader,
    /// The compressed data is invalid.
    InvalidData,
    /// A member's data differs from its checksum or length. All of it has been returned.
    ChecksumMismatch,
    /// The input ends within a member.
    UnexpectedEnd,
    /// A member inflates to more than [`Limits::max_bytes`](crate::Limits::max_bytes).
    TooManyBytes,
    /// A member inflates by more than [`Limits::max_ratio`](crate::Limits::max_ratio).
    RatioTooHigh,
}

#[derive(Debug)]
pub(crate) enum Cause {
    Io(io::Error),
    TrailingData,
    InvalidHeader,
    InvalidData,
    ChecksumMismatch,
    UnexpectedEnd,
    TooManyBytes { limit: u64 },
    RatioTooHigh { limit: u64, written: u64 },
}

impl Error {
    pub(crate) fn new(cause: Cause, offset: u64, member_start: u64) -> Self {
        Self { cause, offset, member_start }
    }

    /// Returns what is wrong.
    pub fn kind(&self) -> ErrorKind {
        match self.cause {
            Cause::Io(_) => ErrorKind::Io,
            Cause::TrailingData => ErrorKind::TrailingData,
            Cause::InvalidHeader => ErrorKind::InvalidHeader,
            Cause::InvalidData => ErrorKind::InvalidData,
            Cause::ChecksumMismatch => ErrorKind::ChecksumMismatch,
            Cause::UnexpectedEnd => ErrorKind::UnexpectedEnd,
            Cause::TooManyBytes { .. } => ErrorKind::TooManyBytes,
            Cause::RatioTooHigh { .. } => ErrorKind::RatioTooHigh,
        }
    }

    /// Returns how many bytes of the input were used when the error was found: the offset of the first byte that was not.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the offset in the input at which the member that has the error starts.
    ///
    /// For [`ErrorKind::TrailingData`] it is the offset of the first byte that is not gzip.
    pub fn member_start(&self) -> u64 {
        self.member_start
    }

    /// Returns whether decoding can continue with the member that follows: only after a [`ErrorKind::ChecksumMismatch`].
    ///
    /// After any other error the decoder is at its end.
    pub fn is_recoverable(&self) -> bool {
        self.kind() == ErrorKind::ChecksumMismatch
    }

    /// Returns the error of the source, if it is an [`ErrorKind::Io`].
    pub fn io(&self) -> Option<&io::Error> {
        match &self.cause {
            Cause::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cause, offset, member_start: start } = self;
        match cause {
            Cause::Io(error) => error.fmt(f),
            Cause::TrailingData => {
                write!(f, "something that is not gzip follows the gzip data, from byte {start}")
            }
            Cause::InvalidHeader => write!(f, "the gzip header at byte {start} is damaged"),
            Cause::InvalidData => write!(f, "the gzip data is damaged at byte {offset}"),
            Cause::ChecksumMismatch => write!(
                f,
                "wrong checksum: the gzip member from byte {start} to {offset} was damaged since it was written"
            ),
            Cause::UnexpectedEnd => {
                write!(f, "the gzip file ends too early, at byte {offset}: it was cut off")
            }
            Cause::TooManyBytes { limit } => write!(
                f,
                "the gzip member from byte {start} inflates to more than {limit} bytes, which is the limit"
            ),
            Cause::RatioTooHigh { limit, written } => write!(
                f,
                "the gzip member from byte {start} inflates to more than {limit} times its size, {written} bytes of {} \
                 so far",
                offset - start
            ),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        // The text of the source's error is ours already: what follows is its cause.
        self.io().and_then(error::Error::source)
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match error.cause {
            Cause::Io(error) => return error,
            Cause::UnexpectedEnd => io::ErrorKind::UnexpectedEof,
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}
