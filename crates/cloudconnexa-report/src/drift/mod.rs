//! Drift, which is how events differ from what is known: for people and as JSON.

mod comparison;
mod format;
mod human;
mod json;

pub use comparison::{Comparison, DriftDetail};
pub use format::DriftFormat;
pub(crate) use human::share;
#[cfg(feature = "schemars")]
pub use json::schema as json_schema;
