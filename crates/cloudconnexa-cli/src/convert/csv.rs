//! Tables as CSV.

use cloudconnexa_convert::table::{self, Column, Kind, Selection, TABLES, Table, Value};
use cloudconnexa_report::sessions::FormulaGuard;
use cloudconnexa_report::table::{Cell, push_csv_row};
use cloudconnexa_validator::EventView;

/// How tables are written as CSV.
#[derive(Clone, Debug)]
pub(crate) struct CsvForm {
    /// The selected columns; `None` for all.
    wanted: Option<Selection>,
    guard: FormulaGuard,
}

/// Lines of CSV, for each table.
#[derive(Debug)]
pub(crate) struct CsvLines {
    form: CsvForm,
    tables: Vec<Vec<u8>>,
}

impl CsvForm {
    pub(crate) fn new(wanted: Option<Selection>, guard: FormulaGuard) -> Self {
        Self { wanted, guard }
    }

    /// Returns the header line of a table.
    pub(crate) fn header(&self, table: &'static Table) -> Vec<u8> {
        let mut line = Vec::new();
        let names = table.columns_of(self.wanted.as_ref()).map(|column| Cell::Text(column.name.into()));
        push_csv_row(&mut line, names, self.guard);
        line
    }

    /// Creates an empty buffer of lines.
    pub(super) fn lines(&self) -> CsvLines {
        CsvLines { form: self.clone(), tables: vec![Vec::new(); TABLES.len()] }
    }
}

impl CsvLines {
    pub(super) fn push(&mut self, event: &EventView<'_>) {
        let index = table::index_of(event);
        let cells = TABLES[index].columns_of(self.form.wanted.as_ref()).map(|column| cell(column, event));
        push_csv_row(&mut self.tables[index], cells, self.form.guard);
    }

    pub(super) fn take(&mut self) -> Vec<Vec<u8>> {
        self.tables.iter_mut().map(std::mem::take).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.tables.iter().map(Vec::len).sum()
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
