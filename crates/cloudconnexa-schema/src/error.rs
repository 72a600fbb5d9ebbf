//! What is wrong with a schema.

use std::fmt;

use crate::document::Document;

/// Something in a schema that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What kind of problem it is.
    pub kind: ProblemKind,
    /// The JSON Pointer of the node that it is about; the node itself may be missing.
    pub pointer: String,
    /// What is wrong there and what would be right: a fragment that continues "the node at `pointer` …".
    pub message: String,
}

/// The kind of a [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The text is not JSON, or an object has duplicate keys.
    Json,
    /// A node does not have the shape that it has to have there.
    Structure,
    /// A keyword, a type or a format that the model does not cover.
    Unsupported,
    /// A `$ref` that leads nowhere or to the wrong kind of definition, or a definition that nothing refers to.
    Reference,
    /// A missing title or description, or one that cannot be used in documentation.
    Documentation,
    /// An annotation (`x-…`, `deprecated`) with a value that means nothing.
    Annotation,
    /// A list of values that is closed without a reason.
    ClosedList,
    /// A name that cannot be used in generated code, or is taken there.
    Name,
    /// More than generated code has room for.
    Limit,
}

impl Problem {
    /// Makes a problem of the node at `pointer`.
    #[must_use]
    pub fn new(kind: ProblemKind, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { kind, pointer: pointer.into(), message: message.into() }
    }

    /// Returns the kind of the problem.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}: {}", self.pointer, self.message)
    }
}

/// Sorts problems by where they are in the file. Problems of one node keep their order.
pub fn sort_problems(problems: &mut [Problem], document: &Document) {
    problems.sort_by_cached_key(|problem| {
        document.locate_nearest(&problem.pointer).map(|location| location.value.start)
    });
}

/// The reason why a text cannot be used as a schema, with everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    kind: SchemaErrorKind,
    /// The problem to name where there is room for one.
    first: Problem,
    problems: Vec<Problem>,
}

/// The kind of a [`SchemaError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SchemaErrorKind {
    /// The text is not JSON, or an object in it has duplicate keys.
    Json,
    /// The text is JSON, and no schema of log events can be read from it.
    Structure,
    /// A schema of log events can be read from the text, but the lint refuses it.
    Lint,
}

impl SchemaError {
    pub(crate) fn json(error: &serde_json::Error) -> Self {
        let problem = Problem::new(ProblemKind::Json, "", format!("is not JSON: {error}"));
        Self { kind: SchemaErrorKind::Json, first: problem.clone(), problems: vec![problem] }
    }

    /// Makes an error of at least one problem; `fatal` is the one that the others do not matter for.
    pub(crate) fn new(kind: SchemaErrorKind, fatal: Option<Problem>, problems: Vec<Problem>) -> Self {
        let first = fatal.or_else(|| problems.first().cloned());
        let first = first.unwrap_or_else(|| Problem::new(ProblemKind::Structure, "", "cannot be read"));
        Self { kind, first, problems }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> SchemaErrorKind {
        self.kind
    }

    /// Returns everything that is wrong with the schema, in the order of the file. There is at least one problem.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Converts into the problems.
    #[must_use]
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}

impl fmt::Display for SchemaError {
    /// Writes one line, a fragment that continues "the schema …", with the first problem that keeps the schema from being read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { pointer, message, .. } = &self.first;
        if self.kind == SchemaErrorKind::Json {
            return f.write_str(message);
        }
        write!(f, "is not a schema of log events: `{pointer}` {message}")
    }
}

impl std::error::Error for SchemaError {}
