//! Events as rows of tables, by day. A row takes no allocation of its own, so threads can collect and exchange rows cheaply.
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

use std::fmt;
#[cfg(feature = "arrow")]
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_events::UtcMicros;
use cloudconnexa_validator::EventView;

use crate::table::{self, Column, DAY_COLUMN, Selection, TABLES, Table, Value};

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A null cell. No text, integer from 0 to 2⁶³ − 1 or time has the same value.
pub(crate) const NULL: u64 = 1 << 63;

/// The maximum size of the text in rows: places have 31 bits.
const MAX_TEXT_BYTES: usize = 1 << 31;

/// Packs the start and the length of a text into a cell.
#[inline]
pub(crate) fn place(start: usize, length: usize) -> u64 {
    (start as u64) << 32 | length as u64
}

/// Returns where the text of a cell is.
#[inline]
#[cfg(feature = "arrow")]
pub(crate) fn range_of(place: u64) -> Range<usize> {
    #[expect(clippy::cast_possible_truncation, reason = "`place` packs two numbers of 32 bits")]
    let (start, length) = ((place >> 32) as u32 as usize, place as u32 as usize);
    start..start + length
}

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
    /// The cells, row by row: the place of a text, or any other value itself.
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
    /// The rows of each table, by day.
    rows: Vec<Vec<(i64, Rows)>>,
    bytes: usize,
    spare: SpareRows,
}

/// A pool of buffers of rows, for later rows of the same table. Allocating buffers costs more than filling them.
///
/// Clones share the pool. Its size is bounded.
#[derive(Clone)]
pub struct SpareRows(Arc<Mutex<Vec<Vec<Spare>>>>);

/// The buffers of cells and of text.
type Spare = (Vec<u64>, String);

/// The maximum number of buffers for each table, and of bytes in each.
const MAX_SPARE: usize = 16;
const MAX_SPARE_BYTES: usize = 1 << 20;

impl SpareRows {
    /// Returns the buffers of rows to the pool.
    pub fn put(&self, partition: Partition) {
        let Partition { key, rows } = partition;
        if rows.capacity() > MAX_SPARE_BYTES {
            return;
        }
        let Rows { mut cells, mut text, .. } = rows;
        cells.clear();
        text.clear();
        let mut tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let spare = &mut tables[key.table];
        if spare.len() < MAX_SPARE {
            spare.push((cells, text));
        }
    }

    fn take(&self, table: usize) -> Spare {
        // The last one is most likely to be in a CPU cache.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)[table].pop().unwrap_or_default()
    }
}

impl Default for SpareRows {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(vec![Vec::new(); TABLES.len()])))
    }
}

impl fmt::Debug for SpareRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpareRows").finish_non_exhaustive()
    }
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
        let columns = table.columns_of(wanted).copied().collect();
        Self { columns, cells: Vec::new(), text: String::new(), len: 0 }
    }

    /// Appends an event, which has to be one of the table: the row of another is null, or holds other fields.
    ///
    /// # Panics
    ///
    /// If the texts of the rows have more than 2 GiB.
    pub fn push(&mut self, event: &EventView<'_>) {
        let fields = event.reader();
        assert!(self.text.len() + event.record().len() < MAX_TEXT_BYTES, "rows have at most 2 GiB of text");
        for column in &*self.columns {
            self.cells.push(match column.read(fields) {
                Value::Null => NULL,
                Value::Text(text) => {
                    let place = place(self.text.len(), text.len());
                    self.text.push_str(&text);
                    place
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

    /// Returns the size of their values in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.cells.len() * 8 + self.text.len()
    }

    /// Returns their allocated size in bytes.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.cells.capacity() * 8 + self.text.capacity()
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
        Self { columns, rows: vec![Vec::new(); TABLES.len()], bytes: 0, spare: SpareRows::default() }
    }

    /// Takes buffers from `spare`, if it has any.
    #[must_use]
    pub fn with_spare(mut self, spare: SpareRows) -> Self {
        self.spare = spare;
        self
    }

    /// Appends an event.
    pub fn push(&mut self, event: &EventView<'_>) {
        let PartitionKey { table, day } = PartitionKey::of(event);
        let days = &mut self.rows[table];
        // Nearly always the day of the previous event.
        let index = match days.last() {
            Some((last, _)) if *last == day => days.len() - 1,
            _ => days.iter().rposition(|(other, _)| *other == day).unwrap_or_else(|| {
                let (cells, text) = self.spare.take(table);
                days.push((day, Rows { columns: Arc::clone(&self.columns[table]), cells, text, len: 0 }));
                days.len() - 1
            }),
        };
        let rows = &mut days[index].1;
        let before = rows.bytes();
        rows.push(event);
        self.bytes += rows.bytes() - before;
    }

    /// Returns the size in bytes of the rows that were collected since the last [`take`](Self::take).
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the rows that were collected since the last call, in the order of their keys.
    #[must_use]
    pub fn take(&mut self) -> Vec<Partition> {
        self.bytes = 0;
        let tables = self.rows.iter_mut().enumerate();
        let mut partitions: Vec<_> = tables
            .flat_map(|(table, days)| {
                days.drain(..).map(move |(day, rows)| Partition { key: PartitionKey { table, day }, rows })
            })
            .collect();
        partitions.sort_unstable_by_key(|partition| partition.key);
        partitions
    }
}
