//! Why a text is not an event.

use std::fmt;

/// Why a text is not an event: where the first problem stands, and what it is.
///
/// The message names fields; of values it repeats only what is needed to understand it.
#[derive(Debug)]
pub struct Error(Repr);

#[derive(Debug)]
enum Repr {
    Json(serde_json::Error),
    Utf8(std::str::Utf8Error),
}

impl Error {
    pub(crate) fn utf8(error: std::str::Utf8Error) -> Self {
        Self(Repr::Utf8(error))
    }

    /// Line of the problem, counted from 1; 0 where it has no place in a text.
    pub fn line(&self) -> usize {
        match &self.0 {
            Repr::Json(error) => error.line(),
            Repr::Utf8(_) => 0,
        }
    }

    /// Column of the problem, counted from 1 in bytes; 0 where it has no place in a text.
    pub fn column(&self) -> usize {
        match &self.0 {
            Repr::Json(error) => error.column(),
            Repr::Utf8(_) => 0,
        }
    }

    /// Whether the text ended too early: a truncated line, for instance.
    pub fn is_eof(&self) -> bool {
        matches!(&self.0, Repr::Json(error) if error.is_eof())
    }

    /// Whether the text is well-formed JSON, but not an event.
    pub fn is_data(&self) -> bool {
        matches!(&self.0, Repr::Json(error) if error.is_data())
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
