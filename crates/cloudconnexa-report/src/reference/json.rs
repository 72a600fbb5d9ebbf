//! The reference as one JSON document.

use std::io::{self, Write};

use super::model::Reference;

/// Writes the reference as JSON. [`json_schema`](super::json_schema) describes it.
///
/// # Errors
///
/// Returns the error of `out`.
pub fn write_json(out: &mut dyn Write, reference: &Reference) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, reference)?;
    writeln!(out)
}

/// Returns the JSON Schema of what [`write_json`] writes.
#[cfg(feature = "schemars")]
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Reference>()
}
