//! Tables for people.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr as _;

use super::Cell;
use crate::text::{count, printable};

/// The widest that a value makes its column. A longer one moves the cells after it.
const MAX_WIDTH: usize = 60;

/// Returns the rows of a table below the names of its columns.
pub(super) fn render(names: &[String], rows: &[Vec<Cell<'_>>]) -> String {
    let mut widths: Vec<usize> = names.iter().map(|name| name.width()).collect();
    let texts: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(text).collect()).collect();
    for row in &texts {
        for (width, text) in widths.iter_mut().zip(row) {
            *width = (*width).max(text.width().min(MAX_WIDTH));
        }
    }
    let is_number =
        |column: usize| rows.first().is_some_and(|row| matches!(row.get(column), Some(Cell::Number(_))));
    let mut out = String::new();
    let names: Vec<_> = names.iter().map(|name| printable(name).into_owned()).collect();
    for row in std::iter::once(&names).chain(&texts) {
        let mut line = String::new();
        for (column, (text, width)) in row.iter().zip(&widths).enumerate() {
            let padding = " ".repeat(width.saturating_sub(text.width()));
            let gap = if column == 0 { "" } else { "  " };
            let parts = if is_number(column) { [gap, &padding, text] } else { [gap, text, &padding] };
            line.extend(parts);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn text(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Missing => "-".to_owned(),
        Cell::Number(number) => match u64::try_from(*number) {
            Ok(number) => count(number),
            Err(_) => number.to_string(),
        },
        cell => {
            let text = cell.text();
            let text = if text.is_empty() { Cow::Borrowed("\"\"") } else { text };
            printable(&text).into_owned()
        }
    }
}
