//! Rows as CSV by RFC 4180.

use std::io::{self, Write};

use super::row::{Cell, SESSION_COLUMNS, SessionRow};

/// Whether CSV protects spreadsheets from text that they would take for a formula.
///
/// Names of people and devices are whatever somebody typed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FormulaGuard {
    /// Text that looks like a formula gets an apostrophe before it.
    #[default]
    On,
    /// Text stays as it is.
    Off,
}

/// Characters that a spreadsheet takes for the start of a formula, or removes from before one. East Asian versions take
/// full-width signs for the usual ones.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Writes the line with the names of the columns.
///
/// # Errors
/// Returns the error of `out`.
pub fn write_csv_header(out: &mut impl Write) -> io::Result<()> {
    out.write_all(SESSION_COLUMNS.join(",").as_bytes())?;
    out.write_all(b"\r\n")
}

pub(super) fn write(out: &mut impl Write, row: &SessionRow<'_>, guard: FormulaGuard) -> io::Result<()> {
    for (index, cell) in row.cells().into_iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        match cell {
            Cell::Null => {}
            Cell::Text(text) => write_csv_text(out, text, guard)?,
            Cell::Integer(number) => write!(out, "{number}")?,
            Cell::Boolean(answer) => write!(out, "{answer}")?,
        }
    }
    out.write_all(b"\r\n")
}

/// Writes text as a field, in quotes if it needs them.
pub(crate) fn write_csv_text(out: &mut impl Write, text: &str, guard: FormulaGuard) -> io::Result<()> {
    let is_formula = guard == FormulaGuard::On && text.starts_with(FORMULA);
    if !is_formula && !text.contains(['"', ',', '\r', '\n']) {
        return out.write_all(text.as_bytes());
    }
    let apostrophe = if is_formula { "'" } else { "" };
    write!(out, "\"{apostrophe}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests;
