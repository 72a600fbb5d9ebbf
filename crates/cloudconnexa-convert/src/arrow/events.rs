//! Events of several tables as record batches that have the columns of all of them.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use cloudconnexa_events::UtcMicros;
use cloudconnexa_validator::{EventView, catalog};

use super::column::{ColumnBuilder, GROUP_ROWS, Group};
use super::{batch, schema};
use crate::rows::place;
use crate::table::{self, Column, Kind, Selection, Source, TABLES, Table, Value};

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
    /// The fields of each of [`TABLES`]; `None` if the table is not selected.
    tables: Vec<Option<TableFields>>,
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
            is_selected.then(|| TableFields::new(table.columns_of(wanted).map(&mut with_place)))
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

/// The columns of a table, each with its place among those of all tables, by how they are read.
#[derive(Debug)]
struct TableFields {
    columns: Vec<(Column, usize)>,
    texts: Vec<Field>,
    numbers: Vec<Field>,
    /// The column of the fields that the schema does not describe.
    unknown: Option<(Column, usize)>,
}

/// A field of an event that is a column.
#[derive(Debug)]
struct Field {
    is_in_log: bool,
    index: usize,
    /// Whether a text is the JSON value itself rather than what is between its quotes.
    is_json: bool,
    /// The minimum length of a text that is not null.
    min_len: usize,
    column: Column,
    place: usize,
}

impl TableFields {
    fn new(columns: impl Iterator<Item = (Column, usize)>) -> Self {
        let mut fields =
            Self { columns: columns.collect(), texts: Vec::new(), numbers: Vec::new(), unknown: None };
        for &(column, place) in &fields.columns {
            // `eventName` and `log` have the two indices after those of the header.
            let (is_in_log, index) = match column.source {
                Source::Header(index) => (false, index),
                Source::Log(index) => (true, index),
                Source::EventName => (false, catalog::HEADER.len()),
                Source::WholeLog => (false, catalog::HEADER.len() + 1),
                Source::UnknownFields => {
                    fields.unknown = Some((column, place));
                    continue;
                }
                Source::Removed => continue,
            };
            let is_json = column.kind == Kind::Json;
            let min_len = usize::from(column.kind == Kind::StringOrEmpty);
            let field = Field { is_in_log, index, is_json, min_len, column, place };
            match column.kind {
                Kind::String | Kind::StringOrEmpty | Kind::Json => fields.texts.push(field),
                Kind::Integer | Kind::Boolean | Kind::Timestamp => fields.numbers.push(field),
            }
        }
        fields
    }
}

impl Field {
    #[inline]
    fn range(&self, event: &EventView<'_>) -> Option<Range<usize>> {
        if self.is_in_log { event.log_range_at(self.index) } else { event.header_range_at(self.index) }
    }
}

/// Builds record batches of events of several tables, in the order of the events.
///
/// Events are copied as they are, with notes of where their values are. The columns are built of groups of them.
pub struct EventBatchBuilder {
    columns: Arc<EventColumns>,
    builders: Vec<ColumnBuilder>,
    /// The values of the next rows, for each column.
    groups: Vec<Group>,
    group_rows: usize,
    /// The texts of the next rows.
    text: Vec<u8>,
    rows: usize,
    bytes: usize,
}

impl fmt::Debug for EventBatchBuilder {
    /// Leaves out the values, which are those of events.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventBatchBuilder").field("len", &self.rows).finish_non_exhaustive()
    }
}

/// Columns take the next rows, even if they are few, once these have this many bytes of text, which should still be in a cache.
const GROUP_BYTES: usize = 1 << 18;

impl EventBatchBuilder {
    /// No rows yet, with these columns.
    #[must_use]
    pub fn new(columns: &Arc<EventColumns>) -> Self {
        Self {
            columns: Arc::clone(columns),
            builders: columns.columns.iter().map(|column| ColumnBuilder::new(column.kind)).collect(),
            groups: vec![Group::EMPTY; columns.columns.len()],
            group_rows: 0,
            text: Vec::new(),
            rows: 0,
            bytes: 0,
        }
    }

    /// Appends an event. Returns `false`, and appends nothing, if its table is not one of the selected ones.
    ///
    /// # Panics
    ///
    /// If the texts of a column have more than 2 GiB.
    #[inline]
    pub fn push(&mut self, event: &EventView<'_>) -> bool {
        let Some(fields) = &self.columns.tables[table::index_of(event)] else { return false };
        let row = self.group_rows;
        if event.may_have_escapes() {
            let reader = event.reader();
            for (column, place) in &fields.columns {
                set(&mut self.groups[*place], row, &column.read(reader), &mut self.text);
            }
        } else {
            let (record, start) = (event.record(), self.text.len());
            self.text.extend_from_slice(record);
            for field in &fields.texts {
                let Some(range) = field.range(event) else { continue };
                let range = match record[range.start] {
                    _ if field.is_json => range,
                    b'"' => range.start + 1..range.end - 1,
                    _ => continue,
                };
                if range.len() >= field.min_len {
                    self.groups[field.place].set(row, place(start + range.start, range.len()));
                }
            }
            for field in &fields.numbers {
                let Some(range) = field.range(event) else { continue };
                let group = &mut self.groups[field.place];
                match usual_number(field.column.kind, &record[range]) {
                    Some(cell) => group.set(row, cell),
                    None => set(group, row, &field.column.value(event), &mut self.text),
                }
            }
            if let Some((column, place)) = &fields.unknown
                && event.unknown_fields().next().is_some()
            {
                set(&mut self.groups[*place], row, &column.value(event), &mut self.text);
            }
        }
        self.bytes += event.record().len();
        self.rows += 1;
        self.group_rows += 1;
        if self.group_rows == GROUP_ROWS || self.text.len() > GROUP_BYTES {
            self.end_group();
        }
        true
    }

    /// Appends the next rows to the columns.
    fn end_group(&mut self) {
        for (builder, group) in self.builders.iter_mut().zip(&mut self.groups) {
            builder.append(group, self.group_rows, &self.text);
            group.clear();
        }
        self.group_rows = 0;
        self.text.clear();
        self.text.shrink_to(4 * GROUP_BYTES);
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
    /// If the texts of a column have more than 2 GiB.
    #[must_use]
    pub fn finish(&mut self) -> RecordBatch {
        if self.group_rows > 0 {
            self.end_group();
        }
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        batch(self.columns.schema(), self.builders.iter_mut().map(ColumnBuilder::finish).collect(), rows)
    }
}

/// Reads a number, a boolean or a time in its usual form; `None` for other forms.
#[inline]
fn usual_number(kind: Kind, json: &[u8]) -> Option<u64> {
    match (kind, json) {
        (Kind::Integer, _) => {
            let is_usual = json.len() < 19 && json.iter().all(u8::is_ascii_digit);
            is_usual.then(|| json.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')))
        }
        (Kind::Timestamp, [b'"', inside @ .., b'"']) => {
            UtcMicros::parse_usual(inside).map(|time| time.unix_micros().cast_unsigned())
        }
        (Kind::Boolean, b"true") => Some(1),
        (Kind::Boolean, b"false") => Some(0),
        _ => None,
    }
}

/// Sets the value of a row, and appends it to `text` if it is a text.
fn set(group: &mut Group, row: usize, value: &Value<'_>, text: &mut Vec<u8>) {
    let cell = match value {
        Value::Null => return,
        Value::Text(value) => {
            let start = text.len();
            text.extend_from_slice(value.as_bytes());
            place(start, value.len())
        }
        Value::Integer(value) => value.cast_unsigned(),
        Value::Boolean(value) => u64::from(*value),
        Value::Timestamp(time) => time.unix_micros().cast_unsigned(),
    };
    group.set(row, cell);
}
