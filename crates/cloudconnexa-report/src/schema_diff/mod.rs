//! What changes between two versions of the schema: for people, for a changelog, and for programs.

mod format;
mod github;
mod human;
mod json;
mod markdown;
mod sarif;
mod table;
mod view;

pub use format::SchemaDiffFormat;
#[cfg(feature = "schemars")]
pub use json::schema as json_schema;
pub use view::{SchemaDiff, SchemaSide};
