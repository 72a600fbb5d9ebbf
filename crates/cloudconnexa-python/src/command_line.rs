//! The command line, which is in the same wheel, and what it knows of events.

use std::ffi::OsString;

use cloudconnexa_convert::table::{Column, Kind, Source, TABLES, Table};
use cloudconnexa_report::reference::{self, Reference};
use cloudconnexa_validator::catalog;
use pyo3::prelude::*;

use crate::error::Error;

/// Runs `ccxlog` with these arguments, the first of which is the name of the program. Returns the exit code.
#[pyfunction]
pub(crate) fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| ccxlog::run(arguments))
}

/// Returns what `ccxlog events --format json` prints.
#[pyfunction]
pub(crate) fn reference_json() -> PyResult<String> {
    let mut text = Vec::new();
    let written = reference::write_json(&mut text, &Reference::built_in());
    written.map_err(|error| Error::new_err(format!("internal error: {error}")))?;
    String::from_utf8(text).map_err(|error| Error::new_err(format!("internal error: {error}")))
}

/// The columns of a table: name, type, JSON Pointer and description.
type Columns = Vec<(&'static str, &'static str, Option<String>, &'static str)>;

/// Returns the tables: each with its name, its event, its description and its columns.
#[pyfunction]
pub(crate) fn tables() -> Vec<(&'static str, Option<&'static str>, &'static str, Columns)> {
    let column = |table: &'static Table, column: &'static Column| {
        (column.name, type_name(column.kind), pointer(table, column), table.description_of(column))
    };
    let table = |table: &'static Table| {
        let columns = table.columns.iter().map(|one| column(table, one)).collect();
        (table.name, table.event, table.description(), columns)
    };
    TABLES.iter().map(table).collect()
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
        Kind::Timestamp => "timestamp",
        Kind::Json => "json",
        _ => "string",
    }
}

fn pointer(table: &Table, column: &Column) -> Option<String> {
    let log = table.event.and_then(catalog::event).and_then(|event| event.log);
    match column.source {
        Source::EventName => Some("/eventName".to_owned()),
        Source::Header(index) => Some(format!("/{}", catalog::HEADER.get(index)?.name)),
        Source::Log(index) => Some(format!("/log/{}", log?.get(index)?.name)),
        Source::WholeLog => Some("/log".to_owned()),
        _ => None,
    }
}
