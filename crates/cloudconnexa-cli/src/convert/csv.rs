//! Tables as CSV.

use cloudconnexa_convert::table::{Column, Kind, Table, Value};
use cloudconnexa_report::sessions::FormulaGuard;
use cloudconnexa_report::table::{Cell, Columns};
use cloudconnexa_validator::EventView;

/// How tables are written as CSV.
#[derive(Debug)]
pub(crate) struct CsvForm {
    /// The columns that are wanted; all if there are none.
    wanted: Vec<String>,
    guard: FormulaGuard,
}

impl CsvForm {
    pub(crate) fn new(wanted: &[String], guard: FormulaGuard) -> Self {
        Self { wanted: wanted.to_vec(), guard }
    }

    fn columns(&self, table: &'static Table) -> impl Iterator<Item = &'static Column> {
        let is_wanted = |column: &&Column| {
            self.wanted.is_empty() || self.wanted.iter().any(|wanted| wanted == column.name)
        };
        table.columns.iter().filter(is_wanted)
    }

    /// Returns the line with the names of the columns of a table.
    pub(crate) fn header(&self, table: &'static Table) -> Vec<u8> {
        let mut line = Vec::new();
        let columns = Columns::new(self.columns(table).map(|column| column.name));
        columns.write_csv_header(&mut line).expect("a buffer takes what is written");
        line
    }

    /// Appends the line of an event of a table.
    pub(super) fn push(&self, lines: &mut Vec<u8>, table: &'static Table, event: &EventView<'_>) {
        let cells = self.columns(table).map(|column| cell(column, event));
        let written = cloudconnexa_report::table::write_csv_row(lines, cells, self.guard);
        written.expect("a buffer takes what is written");
    }
}

fn cell<'a>(column: &Column, event: &EventView<'a>) -> Cell<'a> {
    match column.value(event) {
        Value::Text(json) if column.kind == Kind::Json => Cell::Json(json),
        Value::Text(text) => Cell::Text(text),
        Value::Integer(number) => Cell::Number(number.into()),
        Value::Boolean(value) => Cell::Json(if value { "true".into() } else { "false".into() }),
        Value::Timestamp(time) => Cell::Json(time.to_string().into()),
        _ => Cell::Missing,
    }
}
