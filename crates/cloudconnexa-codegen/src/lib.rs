//! The build crate: the hand-maintained JSON Schema in, checked-in Rust out.
//!
//! [`render`] is pure: text in, files out. `cargo xtask codegen` writes what it gives into the crates that ship.
//!
//! The way of a schema: [`ordered`] reads it without losing its order; [`lint`] refuses, by name and pointer, what the
//! rest does not implement; [`model`] is what passed; [`lower`] rewrites the if/then chain into the tagged union that
//! typify understands; [`types`], [`catalog`] and [`acceptor`] write Rust, [`dictionary`]
//! words for the fuzzer.

#![allow(clippy::format_push_string, reason = "generated text reads best as the line it becomes")]

pub mod acceptor;
pub mod catalog;
pub mod dictionary;
pub mod lint;
pub mod lower;
pub mod model;
pub mod ordered;
mod print;
pub mod types;

use std::fmt;

/// A generated file.
#[derive(Debug)]
pub struct File {
    /// Its path from the root of the workspace, with `/`.
    pub path: &'static str,
    /// What has to stand in it.
    pub contents: String,
}

/// Where the hand-maintained schema lies, from the root of the workspace.
pub const SCHEMA: &str = "schema/log-event.schema.json";

/// What is wrong with a schema: everything at once, each with the JSON Pointer of the place.
#[derive(Debug)]
pub struct Error {
    /// The problems, in the order of the schema.
    pub problems: Vec<lint::Problem>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{SCHEMA}#{}: {}", problem.pointer, problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Renders every generated file from the text of the schema.
///
/// Fails when the schema is not JSON or breaks a rule of [`lint`]; nothing is rendered then.
pub fn render(schema: &str) -> Result<Vec<File>, Error> {
    let model = read(schema)?;
    Ok(vec![
        File { path: "crates/cloudconnexa-events/src/generated/types.rs", contents: types::render(&model)? },
        File {
            path: "crates/cloudconnexa-events/src/generated/log-event.schema.json",
            contents: schema.to_owned(),
        },
        File {
            path: "crates/cloudconnexa-validator/src/generated/catalog.rs",
            contents: catalog::render(&model)?,
        },
        File {
            path: "crates/cloudconnexa-validator/src/generated/acceptor.rs",
            contents: acceptor::render(&model)?,
        },
        File { path: "fuzz/dictionaries/log-event.dict", contents: dictionary::render(&model) },
    ])
}

/// Reads and checks the text of a schema.
pub fn read(schema: &str) -> Result<model::Model, Error> {
    let json = ordered::parse(schema)
        .map_err(|error| Error::one("", format!("not JSON without duplicate keys: {error}")))?;
    lint::check(&json)
}

impl Error {
    fn one(pointer: &str, message: String) -> Self {
        Self { problems: vec![lint::Problem { pointer: pointer.to_owned(), message }] }
    }
}
