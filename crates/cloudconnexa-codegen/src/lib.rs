//! Generates the checked-in code from the hand-maintained JSON Schema.
//!
//! [`render`] is pure: text in, files out. `cargo xtask codegen` writes the files into the crates that ship.
//!
//! `cloudconnexa-schema` reads the schema and refuses what it does not support; [`names`] refuses names that Rust cannot have;
//! [`lower`] rewrites the if/then branches into the tagged union that typify understands; [`types`], [`catalog`],
//! [`acceptor`] and [`view`] emit Rust, [`columns`] the tables that events convert to, [`mappings`] what they become in OCSF and ECS,
//! [`typescript`] and [`javascript`] the types and tables of the npm package, [`builders`] emits a list for a test,
//! [`dictionary`] tokens for the fuzzer.

#![allow(clippy::format_push_string, reason = "generated text reads best as the line it becomes")]

pub mod acceptor;
pub mod builders;
pub mod catalog;
pub mod columns;
pub mod dictionary;
pub mod javascript;
pub mod lower;
pub mod mappings;
pub mod names;
mod print;
pub mod types;
pub mod typescript;
pub mod view;

use std::fmt;

use cloudconnexa_schema::{Problem, ProblemKind, Schema, SchemaError, sort_problems};

/// A generated file.
#[derive(Debug)]
pub struct File {
    /// The path relative to the root of the workspace, with `/`.
    pub path: &'static str,
    /// The text of the file.
    pub contents: String,
}

/// The path of the hand-maintained schema, relative to the root of the workspace.
pub const SCHEMA: &str = "schema/log-event.schema.json";

/// Everything that keeps code from being generated from a schema.
#[derive(Debug)]
pub struct Error {
    /// The problems, in the order of the file.
    pub problems: Vec<Problem>,
}

impl fmt::Display for Error {
    /// Writes one problem per line, each with its JSON Pointer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{SCHEMA}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<SchemaError> for Error {
    fn from(error: SchemaError) -> Self {
        Self { problems: error.into_problems() }
    }
}

impl Error {
    /// Makes an error of one thing that a tool did not do as expected.
    fn tool(pointer: &str, message: impl Into<String>) -> Self {
        Self { problems: vec![Problem::new(ProblemKind::Unsupported, pointer, message)] }
    }
}

/// Renders every generated file from the text of the schema.
///
/// # Errors
///
/// Returns an error if the schema does not pass [`read`], or if the tables of the fast validator have no room for it. Nothing is
/// rendered then.
pub fn render(text: &str) -> Result<Vec<File>, Error> {
    let schema = read(text)?;
    Ok(vec![
        File { path: "crates/cloudconnexa-events/src/generated/types.rs", contents: types::render(&schema)? },
        File {
            path: "crates/cloudconnexa-events/src/generated/log-event.schema.json",
            contents: text.to_owned(),
        },
        File {
            path: "crates/cloudconnexa-validator/src/generated/catalog.rs",
            contents: catalog::render(&schema)?,
        },
        File {
            path: "crates/cloudconnexa-validator/src/generated/acceptor.rs",
            contents: acceptor::render(&schema)?,
        },
        File {
            path: "crates/cloudconnexa-validator/src/generated/view.rs",
            contents: view::render(&schema)?,
        },
        File { path: "packaging/npm/lib/generated/events.d.ts", contents: typescript::render(&schema)? },
        File { path: "packaging/npm/lib/generated/tables.js", contents: javascript::render(&schema) },
        File { path: "packaging/npm/schema.json", contents: text.to_owned() },
        File { path: "tests/tests/generated/builders.rs", contents: builders::render(&schema)? },
        File { path: "fuzz/dictionaries/log-event.dict", contents: dictionary::render(&schema) },
    ])
}

/// Reads the text of a schema that Rust types can be generated from.
///
/// # Errors
///
/// Returns an error with every problem that the lint of `cloudconnexa-schema` and [`names`] find.
pub fn read(text: &str) -> Result<Schema, Error> {
    let (schema, mut problems) = Schema::parse_lenient(text)?;
    problems.extend(names::check(&schema));
    if problems.is_empty() {
        return Ok(schema);
    }
    sort_problems(&mut problems, schema.document());
    Err(Error { problems })
}
