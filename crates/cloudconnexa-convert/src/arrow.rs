//! Events as record batches of Arrow: one typed schema for each [`Table`], or one for several.
//!
//! # Examples
//!
//! ```
//! use cloudconnexa_convert::arrow::BatchBuilder;
//! use cloudconnexa_convert::rows::Rows;
//! use cloudconnexa_convert::table::Table;
//! use cloudconnexa_validator::Validator;
//!
//! # let record = include_bytes!("../../../tests/corpus/documented/client-disconnected-v1.json");
//! let validator = Validator::new();
//! let event = validator.checker().view(record).expect("it is valid");
//!
//! let mut rows = Rows::new(Table::named("client_disconnected").expect("there is one"), None);
//! rows.push(&event);
//! let mut builder = BatchBuilder::new(rows.columns());
//! builder.append(&rows);
//! let batch = builder.finish();
//! assert_eq!((batch.num_rows(), batch.schema().field(2).name().as_str()), (1, "timestamp"));
//! ```

mod column;
mod events;

use std::fmt;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};

use column::{ColumnBuilder, GROUP_ROWS, Group};
pub use events::{EventBatchBuilder, EventColumns};

use crate::rows::{NULL, Rows};
#[cfg(doc)]
use crate::table::Table;
use crate::table::{Column, Kind};

/// The time zone of timestamps.
const UTC: &str = "UTC";

/// Returns the schema of columns: text is `Utf8`, integers are `Int64`, times are `Timestamp(Microsecond, UTC)`, and every
/// field may be null.
#[must_use]
pub fn schema(columns: &[Column]) -> SchemaRef {
    let fields = columns.iter().map(|column| {
        let data_type = match column.kind {
            Kind::String | Kind::StringOrEmpty | Kind::Json => DataType::Utf8,
            Kind::Integer => DataType::Int64,
            Kind::Boolean => DataType::Boolean,
            Kind::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
        };
        Field::new(column.name, data_type, true)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Builds record batches of rows of one table.
pub struct BatchBuilder {
    schema: SchemaRef,
    columns: Vec<ColumnBuilder>,
    rows: usize,
}

impl fmt::Debug for BatchBuilder {
    /// Leaves out the values, which are those of events.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchBuilder").field("len", &self.rows).finish_non_exhaustive()
    }
}

impl BatchBuilder {
    /// No rows yet, with these columns.
    #[must_use]
    pub fn new(columns: &[Column]) -> Self {
        Self {
            schema: schema(columns),
            columns: columns.iter().map(|column| ColumnBuilder::new(column.kind)).collect(),
            rows: 0,
        }
    }

    /// Returns the schema of the batches.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Appends rows, which have to have the columns of the builder.
    ///
    /// # Panics
    ///
    /// If the texts of a column have more than 2 GiB.
    pub fn append(&mut self, rows: &Rows) {
        let width = self.columns.len();
        debug_assert_eq!(width, rows.columns().len(), "rows of the same columns");
        let mut group = Group::EMPTY;
        for cells in rows.cells.chunks(width.max(1) * GROUP_ROWS) {
            for (index, column) in self.columns.iter_mut().enumerate() {
                let values = cells.iter().skip(index).step_by(width).enumerate();
                values.filter(|(_, cell)| **cell != NULL).for_each(|(row, cell)| group.set(row, *cell));
                column.append(&group, cells.len() / width, rows.text.as_bytes());
                group.clear();
            }
        }
        self.rows += rows.len();
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

    /// Returns the rows that were appended since the last call.
    ///
    /// # Panics
    ///
    /// Never: all columns have the types of the schema, and one value for each row.
    #[must_use]
    pub fn finish(&mut self) -> RecordBatch {
        let rows = std::mem::take(&mut self.rows);
        batch(self.schema(), self.columns.iter_mut().map(ColumnBuilder::finish).collect(), rows)
    }
}

/// Makes a batch of columns that were built by the schema, each with this many values; there may be no column.
fn batch(schema: SchemaRef, columns: Vec<ArrayRef>, rows: usize) -> RecordBatch {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(schema, columns, &options).expect("columns are built by the schema")
}
