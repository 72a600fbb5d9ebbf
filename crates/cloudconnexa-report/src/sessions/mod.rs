//! The table of sessions: one line per session, as JSON or CSV.

mod csv;
mod row;

pub use csv::{FormulaGuard, write_csv_header};
#[cfg(feature = "schemars")]
pub use row::schema as json_schema;
pub use row::{SESSION_COLUMNS, SessionRow};
