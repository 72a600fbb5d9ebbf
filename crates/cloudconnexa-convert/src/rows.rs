//! Events as rows of tables, by day: what threads collect on their own, and hand over in few allocations.
//!
//! # Examples
//!
//! ```
//! use cloudconnexa_convert::rows::PartitionedRows;
//! use cloudconnexa_validator::Validator;
//!
//! # let record = include_bytes!("../../../tests/corpus/documented/client-disconnected-v1.json");
//! let validator = Validator::new();
//! let event = validator.checker().view(record).expect("it is valid");
//!
//! let mut rows = PartitionedRows::new(None);
//! rows.push(&event);
//! let partitions = rows.take();
//! assert_eq!(partitions[0].key.to_string(), "client_disconnected/event_day=2023-12-20");
//! assert_eq!(partitions[0].rows.len(), 1);
//! ```

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use cloudconnexa_events::UtcMicros;
use cloudconnexa_validator::EventView;

use crate::table::{self, Column, DAY_COLUMN, Selection, TABLES, Table, Value};

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// What stands for null among the numbers of cells: neither a length nor an integer of a table, nor a time.
pub(crate) const NULL: u64 = 1 << 63;

/// A table and a day: that of the `timestamp` of events, in UTC.
///
/// Keys are in the order of the tables, then of days. As text, a key is a folder as Hive names them:
/// `client_disconnected/event_day=2026-11-30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartitionKey {
    table: usize,
    /// Days since 1970.
    day: i64,
}

/// Rows of one table and day.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Partition {
    /// The table and the day.
    pub key: PartitionKey,
    /// The rows, in the order of the events.
    pub rows: Rows,
}

/// Rows of a table.
#[derive(Clone)]
pub struct Rows {
    pub(crate) columns: Arc<[Column]>,
    /// A number for each cell, row by row: the length of a text, or the value of anything else.
    pub(crate) cells: Vec<u64>,
    /// The texts of all cells.
    pub(crate) text: String,
    len: usize,
}

/// Collects events of any kind as rows, by table and day.
#[derive(Debug)]
pub struct PartitionedRows {
    /// The columns of each table.
    columns: Vec<Arc<[Column]>>,
    rows: HashMap<PartitionKey, Rows>,
    bytes: usize,
    /// The sizes of the last rows of each table, as those to come are likely to be as large.
    sizes: Vec<(usize, usize)>,
}

impl PartitionKey {
    /// Returns the partition that an event belongs to.
    #[must_use]
    #[inline]
    pub fn of(event: &EventView<'_>) -> Self {
        Self { table: table::index_of(event), day: Self::day_of(event) }
    }

    /// Returns the day of an event, in days since 1970.
    pub(crate) fn day_of(event: &EventView<'_>) -> i64 {
        table::time_of(event).unix_micros().div_euclid(MICROS_PER_DAY)
    }

    pub(crate) fn day_text(day: i64) -> String {
        let mut text = UtcMicros::from_unix_micros(day.saturating_mul(MICROS_PER_DAY)).to_string();
        text.truncate(text.find('T').unwrap_or(text.len()));
        text
    }

    /// Returns the table.
    #[must_use]
    pub fn table(self) -> &'static Table {
        &TABLES[self.table]
    }

    #[cfg(feature = "parquet")]
    pub(crate) fn table_index(self) -> usize {
        self.table
    }

    /// Returns the day, such as `2026-11-30`.
    #[must_use]
    pub fn day(self) -> String {
        Self::day_text(self.day)
    }
}

impl fmt::Display for PartitionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{DAY_COLUMN}={}", self.table().name, self.day())
    }
}

impl Rows {
    /// No rows yet, with the columns that are wanted.
    #[must_use]
    pub fn new(table: &'static Table, wanted: Option<&Selection>) -> Self {
        Self::with_columns(table.columns_of(wanted).copied().collect())
    }

    pub(crate) fn with_columns(columns: Arc<[Column]>) -> Self {
        Self { columns, cells: Vec::new(), text: String::new(), len: 0 }
    }

    /// Appends an event, which has to be one of the table: the row of another is null, or holds other fields.
    pub fn push(&mut self, event: &EventView<'_>) {
        let fields = event.reader();
        for column in &*self.columns {
            self.cells.push(match column.read(fields) {
                Value::Null => NULL,
                Value::Text(text) => {
                    self.text.push_str(&text);
                    text.len() as u64
                }
                Value::Integer(value) => value.cast_unsigned(),
                Value::Boolean(value) => u64::from(value),
                Value::Timestamp(time) => time.unix_micros().cast_unsigned(),
            });
        }
        self.len += 1;
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns about how many bytes of memory they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.cells.len() * 8 + self.text.len()
    }
}

impl fmt::Debug for Rows {
    /// Leaves out the values, which are those of events.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("len", &self.len).finish_non_exhaustive()
    }
}

impl PartitionedRows {
    /// No rows yet, with the columns that are wanted.
    #[must_use]
    pub fn new(wanted: Option<&Selection>) -> Self {
        let columns = TABLES.iter().map(|table| table.columns_of(wanted).copied().collect()).collect();
        Self { columns, rows: HashMap::new(), bytes: 0, sizes: vec![(0, 0); TABLES.len()] }
    }

    /// Appends an event.
    pub fn push(&mut self, event: &EventView<'_>) {
        let key = PartitionKey::of(event);
        let rows = self.rows.entry(key).or_insert_with(|| {
            let mut rows = Rows::with_columns(Arc::clone(&self.columns[key.table]));
            // For one day of the table. Another is rare, and small.
            let (cells, text) = std::mem::take(&mut self.sizes[key.table]);
            rows.cells.reserve(cells);
            rows.text.reserve(text);
            rows
        });
        let before = rows.bytes();
        rows.push(event);
        self.bytes += rows.bytes() - before;
    }

    /// Returns about how many bytes of memory the rows take that were collected since the last [`take`](Self::take).
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the rows that were collected since the last call, in the order of their keys.
    #[must_use]
    pub fn take(&mut self) -> Vec<Partition> {
        self.bytes = 0;
        let rows = std::mem::take(&mut self.rows);
        let mut partitions: Vec<_> = rows.into_iter().map(|(key, rows)| Partition { key, rows }).collect();
        partitions.sort_unstable_by_key(|partition| partition.key);
        for Partition { key, rows } in &partitions {
            let (cells, text) = &mut self.sizes[key.table];
            (*cells, *text) = (rows.cells.len().max(*cells), rows.text.len().max(*text));
        }
        partitions
    }
}
