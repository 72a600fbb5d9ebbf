//! The hand-maintained files that tests start from.

use cloudconnexa_codegen::{SCHEMA, read};
use cloudconnexa_schema::Schema;

/// Reads a file, by its path relative to the root of the workspace.
pub(crate) fn file(path: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    std::fs::read_to_string(format!("{root}/{path}")).expect("the file can be read").replace("\r\n", "\n")
}

/// Reads the schema.
pub(crate) fn schema() -> Schema {
    read(&file(SCHEMA)).expect("the schema is supported")
}
