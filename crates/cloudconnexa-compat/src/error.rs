//! Why schemas cannot be compared.

use std::fmt;

/// Which of two schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The one that was there before.
    Old,
    /// The one that takes its place.
    New,
}

/// A schema that cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareError {
    side: Side,
    kind: CompareErrorKind,
    message: String,
}

/// What is wrong with a schema that cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CompareErrorKind {
    /// It is not JSON, or not a JSON Schema.
    NotASchema,
    /// It is a JSON Schema, but does not describe events as this crate expects.
    Shape,
    /// It is too large, or becomes too large once its references are resolved.
    TooLarge,
    /// A definition refers to itself.
    Recursive,
}

impl CompareError {
    pub(crate) fn new(side: Side, fault: Fault) -> Self {
        Self { side, kind: fault.kind, message: fault.message }
    }

    /// Returns which schema it is.
    #[must_use]
    pub fn side(&self) -> Side {
        self.side
    }

    /// Returns what is wrong, for programs.
    #[must_use]
    pub fn kind(&self) -> CompareErrorKind {
        self.kind
    }
}

impl fmt::Display for CompareError {
    /// Writes a sentence without its subject, which is the schema.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CompareError {}

/// What is wrong with a schema, before it is known which of the two it is.
#[derive(Debug)]
pub(crate) struct Fault {
    kind: CompareErrorKind,
    message: String,
}

impl Fault {
    pub(crate) fn not_a_schema(message: impl fmt::Display) -> Self {
        Self { kind: CompareErrorKind::NotASchema, message: format!("is not a JSON Schema: {message}") }
    }

    pub(crate) fn shape(pointer: &str, message: impl fmt::Display) -> Self {
        let message = format!("is not a schema of log events: `#{pointer}` {message}");
        Self { kind: CompareErrorKind::Shape, message }
    }

    pub(crate) fn too_large(message: impl fmt::Display) -> Self {
        Self { kind: CompareErrorKind::TooLarge, message: format!("is too large to compare: {message}") }
    }

    pub(crate) fn recursive(name: &str) -> Self {
        let message = format!(
            "is recursive: `#/$defs/{name}` refers to itself, directly or not; events have no such structure"
        );
        Self { kind: CompareErrorKind::Recursive, message }
    }
}
