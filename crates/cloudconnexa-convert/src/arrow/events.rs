//! Events of several tables as record batches that have the columns of all of them.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use cloudconnexa_validator::EventView;

use super::{Builder, batch, schema};
use crate::table::{self, Column, Selection, TABLES, Table, Value};

/// The columns of several tables as one table.
///
/// Columns of the same name are one column. The order is that of the first table, then that of columns which only later
/// tables have, so it depends on the selected tables: use names, not positions.
///
/// # Examples
///
/// ```
/// use cloudconnexa_convert::arrow::EventColumns;
/// use cloudconnexa_convert::table::Table;
///
/// let tables = ["client_connected", "client_disconnected"].map(|name| Table::named(name).expect("there is one"));
/// let columns = EventColumns::new(&tables, None);
/// let named = |name| columns.schema().fields().iter().filter(|field| field.name() == name).count();
/// assert_eq!((named("timestamp"), named("session_bytes_in")), (1, 1));
/// ```
#[derive(Debug)]
pub struct EventColumns {
    columns: Vec<Column>,
    /// For each of [`TABLES`], its columns, each with its place in `columns`; `None` if the table is not selected.
    tables: Vec<Option<Vec<(Column, usize)>>>,
    schema: SchemaRef,
}

impl EventColumns {
    /// The columns of `tables` that are wanted.
    #[must_use]
    pub fn new(tables: &[&'static Table], wanted: Option<&Selection>) -> Self {
        let mut columns: Vec<Column> = Vec::new();
        let mut places = HashMap::new();
        let mut with_place = |column: &Column| {
            let place = *places.entry(column.name).or_insert_with(|| {
                columns.push(*column);
                columns.len() - 1
            });
            (*column, place)
        };
        let tables = TABLES.iter().map(|table| {
            let is_selected = tables.iter().any(|selected| selected.name == table.name);
            is_selected.then(|| table.columns_of(wanted).map(&mut with_place).collect())
        });
        let tables = tables.collect();
        let schema = schema(&columns);
        Self { columns, tables, schema }
    }

    /// Returns the columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the schema of the batches.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// Builds record batches of events of several tables, in the order of the events.
///
/// Only values take time: a column is filled up with nulls when its next value comes.
#[derive(Debug)]
pub struct EventBatchBuilder {
    columns: Arc<EventColumns>,
    builders: Vec<FilledBuilder>,
    rows: usize,
    bytes: usize,
}

/// A builder that may have fewer values than there are rows.
#[derive(Debug)]
struct FilledBuilder {
    builder: Builder,
    len: usize,
}

impl FilledBuilder {
    #[inline]
    fn fill(&mut self, rows: usize) {
        if self.len < rows {
            self.builder.append_nulls(rows - self.len);
            self.len = rows;
        }
    }
}

impl EventBatchBuilder {
    /// No rows yet, with these columns.
    #[must_use]
    pub fn new(columns: &Arc<EventColumns>) -> Self {
        let builder = |column: &Column| FilledBuilder { builder: Builder::new(column.kind), len: 0 };
        let builders = columns.columns.iter().map(builder).collect();
        Self { columns: Arc::clone(columns), builders, rows: 0, bytes: 0 }
    }

    /// Appends an event. Returns `false`, and appends nothing, if its table is not one of the selected ones.
    #[inline]
    pub fn push(&mut self, event: &EventView<'_>) -> bool {
        let Some(columns) = &self.columns.tables[table::index_of(event)] else { return false };
        let fields = event.reader();
        for (column, place) in columns {
            let value = column.read(fields);
            if value != Value::Null {
                let filled = &mut self.builders[*place];
                filled.fill(self.rows);
                filled.builder.append(&value);
                filled.len += 1;
            }
        }
        self.bytes += event.record().len();
        self.rows += 1;
        true
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Returns the size in bytes of the records that the rows come from.
    #[must_use]
    pub fn record_bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the rows that were appended since the last call.
    ///
    /// # Panics
    ///
    /// Never: all columns have the types of the schema, and one value for each row.
    #[must_use]
    pub fn finish(&mut self) -> RecordBatch {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        let arrays = self.builders.iter_mut().map(|filled| {
            filled.fill(rows);
            filled.len = 0;
            filled.builder.finish_with_capacity()
        });
        batch(self.columns.schema(), arrays.collect(), rows)
    }
}
