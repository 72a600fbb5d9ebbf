//! The error of parsing an event.

use std::fmt;
use std::str::Utf8Error;

/// The reason that a text is not an event: the first problem, and its position.
///
/// The message names fields. Of values it repeats only what is needed to understand the problem.
///
/// ```
/// use cloudconnexa_events::{ErrorKind, Event};
///
/// let error = r#"{"eventName": "test-mess"#.parse::<Event>().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Truncated);
/// assert_eq!((error.line(), error.column()), (1, 24));
/// ```
#[derive(Debug)]
pub struct Error(Repr);

#[derive(Debug)]
enum Repr {
    Json(serde_json::Error),
    Utf8(Utf8Error),
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The text is not JSON.
    Syntax,
    /// The text ends too early, such as a line that was cut off.
    Truncated,
    /// The text is JSON, but not an event that the schema accepts.
    Data,
    /// A reader failed, where `serde_json` reads from one.
    Io,
}

impl Error {
    pub(crate) fn utf8(error: Utf8Error) -> Self {
        Self(Repr::Utf8(error))
    }

    /// Returns the kind of error.
    pub fn kind(&self) -> ErrorKind {
        match &self.0 {
            Repr::Utf8(_) => ErrorKind::NotUtf8,
            Repr::Json(error) => match error.classify() {
                serde_json::error::Category::Io => ErrorKind::Io,
                serde_json::error::Category::Syntax => ErrorKind::Syntax,
                serde_json::error::Category::Data => ErrorKind::Data,
                serde_json::error::Category::Eof => ErrorKind::Truncated,
            },
        }
    }

    /// Returns the line of the problem, counted from 1, or 0 if the problem has no position.
    pub fn line(&self) -> usize {
        match &self.0 {
            Repr::Json(error) => error.line(),
            Repr::Utf8(_) => 0,
        }
    }

    /// Returns the column of the problem in bytes, counted from 1, or 0 if the problem has no position.
    pub fn column(&self) -> usize {
        match &self.0 {
            Repr::Json(error) => error.column(),
            Repr::Utf8(_) => 0,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Json(error) => error.fmt(f),
            Repr::Utf8(error) => write!(f, "not UTF-8 from byte {} on", error.valid_up_to()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Repr::Json(error) => Some(error),
            Repr::Utf8(error) => Some(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self(Repr::Json(error))
    }
}
