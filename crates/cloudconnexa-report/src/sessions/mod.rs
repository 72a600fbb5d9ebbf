//! The table of sessions: one line per session, as JSON or CSV.

mod csv;
mod row;

pub(crate) use csv::write_csv_text;
pub use csv::{FormulaGuard, write_csv_header};
#[cfg(feature = "schemars")]
pub use row::schema as json_schema;
pub use row::{Cell, SESSION_COLUMNS, SessionRow};
