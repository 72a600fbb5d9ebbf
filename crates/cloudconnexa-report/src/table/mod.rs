//! Tables of any columns: one row per line as JSON or CSV, or aligned for people.

mod cell;
mod human;
#[cfg(test)]
mod tests;

pub use cell::Cell;

use std::io::{self, Write};

use crate::sessions::{FormulaGuard, write_csv_text};

/// The columns of a table, and how its rows are written.
///
/// ```
/// use cloudconnexa_report::sessions::FormulaGuard;
/// use cloudconnexa_report::table::{Cell, Columns};
///
/// let columns = Columns::new(["domain", "count"]);
/// let row = || [Cell::Text("example.com".into()), Cell::Number(3)];
/// let mut out = Vec::new();
/// columns.write_json(&mut out, row())?;
/// columns.write_csv_header(&mut out)?;
/// columns.write_csv(&mut out, row(), FormulaGuard::On)?;
/// assert_eq!(out, b"{\"domain\":\"example.com\",\"count\":3}\ndomain,count\r\nexample.com,3\r\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Columns {
    names: Vec<String>,
    /// What comes before the value of each column in JSON.
    keys: Vec<String>,
}

impl Columns {
    /// Creates columns with these names, which should differ.
    pub fn new<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let key = |(index, name): (usize, &String)| {
            let start = if index == 0 { '{' } else { ',' };
            format!("{start}{}:", serde_json::Value::from(&**name))
        };
        let keys = names.iter().enumerate().map(key).collect();
        Self { names, keys }
    }

    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Writes a row as a line of JSON: an object with a key for each column.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn write_json<'a>(
        &self,
        out: &mut impl Write,
        cells: impl IntoIterator<Item = Cell<'a>>,
    ) -> io::Result<()> {
        for (key, cell) in self.keys.iter().zip(cells) {
            out.write_all(key.as_bytes())?;
            cell.write_json(out)?;
        }
        out.write_all(b"}\n")
    }

    /// Writes the names of the columns as a line of CSV.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn write_csv_header(&self, out: &mut impl Write) -> io::Result<()> {
        self.write_csv(out, self.names.iter().map(|name| Cell::Text(name.into())), FormulaGuard::On)
    }

    /// Writes a row as a line of CSV.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn write_csv<'a>(
        &self,
        out: &mut impl Write,
        cells: impl IntoIterator<Item = Cell<'a>>,
        guard: FormulaGuard,
    ) -> io::Result<()> {
        write_csv_row(out, cells.into_iter().take(self.names.len()), guard)
    }

    /// Returns rows as a table for people: aligned, with numbers on the right, and nothing that a terminal would act on.
    pub fn render(&self, rows: &[Vec<Cell<'_>>]) -> String {
        human::render(&self.names, rows)
    }
}

/// Appends cells as a line of CSV.
///
/// # Panics
///
/// Never: a vector takes everything.
pub fn push_csv_row<'a>(line: &mut Vec<u8>, cells: impl IntoIterator<Item = Cell<'a>>, guard: FormulaGuard) {
    write_csv_row(line, cells, guard).expect("writing to a vector succeeds");
}

/// Writes cells as a line of CSV.
fn write_csv_row<'a>(
    out: &mut impl Write,
    cells: impl IntoIterator<Item = Cell<'a>>,
    guard: FormulaGuard,
) -> io::Result<()> {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        match cell {
            Cell::Number(number) => write!(out, "{number}")?,
            cell if cell.is_text() => write_csv_text(out, &cell.text(), guard)?,
            // A negative number is not a formula.
            cell => write_csv_text(out, &cell.text(), FormulaGuard::Off)?,
        }
    }
    out.write_all(b"\r\n")
}
