//! The error of this crate: the reason that an object or a list could not be read, with the remedy.

use std::fmt;
use std::sync::Arc;

/// The reason that an object or a list could not be read.
///
/// The message is a lower-case fragment on one line. It names the cause and the remedy, not the object.
#[derive(Clone, Debug)]
pub struct Error {
    text: Arc<str>,
    kind: ErrorKind,
}

/// The kinds of [`Error`]: whether another attempt makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The object does not exist.
    NotFound,
    /// The object was replaced while it was read.
    Changed,
    /// This object is refused, though others may not be: access to it is denied, it is archived, or its key cannot be
    /// requested.
    Refused,
    /// Another attempt may succeed.
    Transient,
    /// Another attempt fails as well, until somebody changes something.
    Permanent,
}

impl Error {
    pub(crate) fn permanent(text: impl Into<String>) -> Self {
        Self::new(ErrorKind::Permanent, text)
    }

    pub(crate) fn transient(text: impl Into<String>) -> Self {
        Self::new(ErrorKind::Transient, text)
    }

    /// The error of an object that was replaced while it was read.
    pub(crate) fn changed() -> Self {
        Self::new(ErrorKind::Changed, "the object was replaced while it was read; read it again")
    }

    pub(crate) fn new(kind: ErrorKind, text: impl Into<String>) -> Self {
        Self { text: one_line(text.into()).into(), kind }
    }

    /// Returns the kind of error.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Appends `more` to the message.
    pub(crate) fn with(&self, more: &str) -> Self {
        Self { text: format!("{}{more}", self.text).into(), kind: self.kind }
    }
}

/// Escapes control characters: keys and responses of servers may contain line ends, or codes that terminals obey.
fn one_line(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let escaped = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(escaped).collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}
