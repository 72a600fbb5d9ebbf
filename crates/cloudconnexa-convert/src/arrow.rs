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

mod events;

use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder as _, BooleanBuilder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};

pub use events::{EventBatchBuilder, EventColumns};

use crate::rows::{NULL, Rows, range_of};
#[cfg(doc)]
use crate::table::Table;
use crate::table::{Column, Kind, Value};

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
#[derive(Debug)]
pub struct BatchBuilder {
    schema: SchemaRef,
    columns: Vec<Builder>,
    rows: usize,
}

#[derive(Debug)]
enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Boolean(BooleanBuilder),
    Timestamp(TimestampMicrosecondBuilder),
}

impl BatchBuilder {
    /// No rows yet, with these columns.
    #[must_use]
    pub fn new(columns: &[Column]) -> Self {
        Self {
            schema: schema(columns),
            columns: columns.iter().map(|column| Builder::new(column.kind)).collect(),
            rows: 0,
        }
    }

    /// Returns the schema of the batches.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Appends rows, which have to have the columns of the builder.
    pub fn append(&mut self, rows: &Rows) {
        let width = self.columns.len();
        debug_assert_eq!(width, rows.columns().len(), "rows of the same columns");
        for (index, column) in self.columns.iter_mut().enumerate() {
            column.extend(rows.cells.iter().skip(index).step_by(width).copied(), &rows.text);
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
        batch(self.schema(), self.columns.iter_mut().map(Builder::finish).collect(), rows)
    }
}

/// Makes a batch of columns that were built by the schema, each with this many values; there may be no column.
fn batch(schema: SchemaRef, columns: Vec<ArrayRef>, rows: usize) -> RecordBatch {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(schema, columns, &options).expect("columns are built by the schema")
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::String | Kind::StringOrEmpty | Kind::Json => Self::Text(StringBuilder::with_capacity(0, 0)),
            Kind::Integer => Self::Integer(Int64Builder::with_capacity(0)),
            Kind::Boolean => Self::Boolean(BooleanBuilder::with_capacity(0)),
            Kind::Timestamp => {
                Self::Timestamp(TimestampMicrosecondBuilder::with_capacity(0).with_timezone(UTC))
            }
        }
    }

    fn extend(&mut self, cells: impl Iterator<Item = u64>, text: &str) {
        let values = cells.map(|cell| (cell != NULL).then_some(cell));
        match self {
            Self::Text(builder) => {
                values.for_each(|value| {
                    builder.append_option(value.and_then(|place| text.get(range_of(place))));
                });
            }
            Self::Integer(builder) => {
                values.for_each(|value| builder.append_option(value.map(u64::cast_signed)));
            }
            Self::Boolean(builder) => {
                values.for_each(|value| builder.append_option(value.map(|value| value != 0)));
            }
            Self::Timestamp(builder) => {
                values.for_each(|value| builder.append_option(value.map(u64::cast_signed)));
            }
        }
    }

    /// Appends a value of the type of the column.
    #[inline]
    fn append(&mut self, value: &Value<'_>) {
        match (self, value) {
            (Self::Text(builder), Value::Text(text)) => builder.append_value(text),
            (Self::Integer(builder), Value::Integer(value)) => builder.append_value(*value),
            (Self::Boolean(builder), Value::Boolean(value)) => builder.append_value(*value),
            (Self::Timestamp(builder), Value::Timestamp(time)) => builder.append_value(time.unix_micros()),
            (builder, _) => builder.append_nulls(1),
        }
    }

    fn append_nulls(&mut self, count: usize) {
        match self {
            Self::Text(builder) => builder.append_nulls(count),
            Self::Integer(builder) => builder.append_nulls(count),
            Self::Boolean(builder) => builder.append_nulls(count),
            Self::Timestamp(builder) => builder.append_nulls(count),
        }
    }

    /// Like [`finish`](Self::finish), but keeps room for as many values, and for an eighth more: the next batch is likely to be about
    /// as large, and growing a column copies it.
    fn finish_with_capacity(&mut self) -> ArrayRef {
        let with_more = |len: usize| len + len / 8;
        let next = match self {
            Self::Text(builder) => Self::Text(StringBuilder::with_capacity(
                with_more(builder.len()),
                with_more(builder.values_slice().len()),
            )),
            Self::Integer(builder) => Self::Integer(Int64Builder::with_capacity(with_more(builder.len()))),
            Self::Boolean(builder) => Self::Boolean(BooleanBuilder::with_capacity(with_more(builder.len()))),
            Self::Timestamp(builder) => Self::Timestamp(
                TimestampMicrosecondBuilder::with_capacity(with_more(builder.len())).with_timezone(UTC),
            ),
        };
        std::mem::replace(self, next).finish()
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Boolean(builder) => Arc::new(builder.finish()),
            Self::Timestamp(builder) => Arc::new(builder.finish()),
        }
    }
}
