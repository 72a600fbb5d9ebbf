//! A compiled schema that validates tapes.

use jsonschema::ValidationError;
use serde_json::Value;

use crate::engine::TapeJson;
use crate::entries::Tape;

/// The name of a format, and the function that replaces the built-in check of it.
pub type FormatCheck = (&'static str, fn(&str) -> bool);

/// A JSON Schema, compiled with formats asserted and nothing fetched from anywhere.
///
/// ```
/// use cloudconnexa_tape::{CompiledSchema, Tape};
///
/// let schema = CompiledSchema::new(&serde_json::json!({ "required": ["name"] }), &[])?;
/// assert!(schema.is_valid(&Tape::parse(r#"{"name": null}"#).unwrap()));
/// assert_eq!(schema.errors(&Tape::parse("{}").unwrap()).len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// Its functions are not generic: jsonschema is compiled for tapes here, and not again in each crate that validates.
#[derive(Debug)]
pub struct CompiledSchema(jsonschema::Validator<TapeJson>);

impl CompiledSchema {
    /// Compiles a schema.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not a valid JSON Schema, if it has an unknown format, or if it refers to another document.
    pub fn new(schema: &Value, formats: &[FormatCheck]) -> Result<Self, ValidationError<'static>> {
        let mut options = jsonschema::options_for::<TapeJson>()
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .offline();
        for &(name, check) in formats {
            options = options.with_format(name, check);
        }
        options.build(schema).map(Self)
    }

    /// Returns whether a document is valid.
    pub fn is_valid(&self, tape: &Tape<'_>) -> bool {
        self.0.is_valid(tape.root())
    }

    /// Returns every violation, in the order of the schema.
    pub fn errors<'a>(&'a self, tape: &'a Tape<'a>) -> Vec<ValidationError<'a>> {
        self.0.iter_errors(tape.root()).collect()
    }
}
