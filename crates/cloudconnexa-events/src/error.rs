//! The error of parsing an event.

use std::fmt;
use std::str::Utf8Error;

use crate::pointer;

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
///
/// let error = r#"{"eventName": "test-message", "timestamp": "now"}"#.parse::<Event>().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Data);
/// assert_eq!(error.pointer(), Some("/timestamp"));
/// ```
#[derive(Debug)]
pub struct Error {
    repr: Repr,
    pointer: Option<String>,
}

#[derive(Debug)]
enum Repr {
    Json(serde_json::Error),
    /// With the line and the column of the first byte that is not UTF-8.
    Utf8(Utf8Error, usize, usize),
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
    /// Makes the error of `bytes` that are not UTF-8.
    pub(crate) fn utf8(error: Utf8Error, bytes: &[u8]) -> Self {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = valid.split(|&byte| byte == b'\n').count();
        let column = 1 + valid.iter().rev().take_while(|&&byte| byte != b'\n').count();
        Self { repr: Repr::Utf8(error, line, column), pointer: None }
    }

    /// Makes the error of a text that was parsed.
    pub(crate) fn json(error: serde_json::Error, text: &str) -> Self {
        let pointer = error.is_data().then(|| pointer::at(text, error.line(), error.column()));
        Self { pointer, ..Self::from(error) }
    }

    /// Returns the kind of error.
    pub fn kind(&self) -> ErrorKind {
        match &self.repr {
            Repr::Utf8(..) => ErrorKind::NotUtf8,
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
        match &self.repr {
            Repr::Json(error) => error.line(),
            Repr::Utf8(_, line, _) => *line,
        }
    }

    /// Returns the column of the problem in bytes, counted from 1, or 0 if the problem has no position.
    pub fn column(&self) -> usize {
        match &self.repr {
            Repr::Json(error) => error.column(),
            Repr::Utf8(_, _, column) => *column,
        }
    }

    /// Returns the JSON Pointer (RFC 6901) of the value that is wrong, or of the object that lacks a field: `/timestamp`, or
    /// the empty text for the event itself.
    ///
    /// `None` if the text is not JSON, and for an error of `serde_json` that was converted, as it does not have the text.
    pub fn pointer(&self) -> Option<&str> {
        self.pointer.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.repr {
            Repr::Json(error) => error.fmt(f),
            Repr::Utf8(error, ..) => write!(f, "not UTF-8 from byte {} on", error.valid_up_to()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.repr {
            Repr::Json(error) => Some(error),
            Repr::Utf8(error, ..) => Some(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self { repr: Repr::Json(error), pointer: None }
    }
}
