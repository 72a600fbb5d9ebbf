//! Columns of Arrow, built of groups of rows.
//!
//! A column grows by a group of up to 64 rows at a time. Where to write, and of which type, is then decided once for each column and
//! group instead of once for each value, and the nulls of a group are one word.

use std::sync::Arc;

use arrow_array::types::{ArrowPrimitiveType, Int64Type, TimestampMicrosecondType};
use arrow_array::{ArrayRef, BooleanArray, PrimitiveArray, StringArray};
use arrow_buffer::{BooleanBufferBuilder, Buffer, NullBuffer, OffsetBuffer};

use super::UTC;
use crate::rows::range_of;
use crate::table::Kind;

/// The maximum number of rows of a group: one for each bit of a word.
pub(super) const GROUP_ROWS: usize = 64;

/// Texts of up to this many bytes, nearly all of them, are copied by a few instructions of a fixed size.
const SHORT_BYTES: usize = 48;

/// The values of a column in a group of rows.
#[derive(Clone)]
pub(super) struct Group {
    /// The rows that have a value, one bit each.
    valid: u64,
    /// For each row, the place of a text, or any other value itself; leftovers where a row has no value.
    cells: [u64; GROUP_ROWS],
}

/// A column that is being built.
pub(super) struct ColumnBuilder {
    values: Values,
    valid: BooleanBufferBuilder,
}

enum Values {
    Text { lens: Vec<u32>, bytes: Vec<u8> },
    Integer(Vec<i64>),
    Timestamp(Vec<i64>),
    Boolean(BooleanBufferBuilder),
}

impl Group {
    /// A group without values.
    pub(super) const EMPTY: Self = Self { valid: 0, cells: [0; GROUP_ROWS] };

    /// Sets the value of a row.
    #[inline]
    pub(super) fn set(&mut self, row: usize, cell: u64) {
        let row = row % GROUP_ROWS;
        self.valid |= 1 << row;
        self.cells[row] = cell;
    }

    /// Removes all values.
    #[inline]
    pub(super) fn clear(&mut self) {
        self.valid = 0;
    }

    /// Returns the rows that have a value, each with its cell.
    #[inline]
    fn values(&self) -> impl Iterator<Item = (usize, u64)> {
        let mut left = self.valid;
        std::iter::from_fn(move || {
            let row = left.trailing_zeros() as usize;
            left &= left.checked_sub(1)?;
            Some((row, self.cells[row % GROUP_ROWS]))
        })
    }

    /// Returns the cells of the first rows, zero where a row has no value.
    #[inline]
    fn integers(&self, rows: usize) -> impl Iterator<Item = i64> {
        let is_valid = |row: usize| self.valid >> row & 1;
        self.cells.iter().take(rows).enumerate().map(move |(row, cell)| (cell * is_valid(row)).cast_signed())
    }
}

impl ColumnBuilder {
    /// A column without values.
    pub(super) fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::String | Kind::StringOrEmpty | Kind::Json => {
                Values::Text { lens: Vec::new(), bytes: Vec::new() }
            }
            Kind::Integer => Values::Integer(Vec::new()),
            Kind::Timestamp => Values::Timestamp(Vec::new()),
            Kind::Boolean => Values::Boolean(BooleanBufferBuilder::new(0)),
        };
        Self { values, valid: BooleanBufferBuilder::new(0) }
    }

    /// Appends the first rows of a group, whose texts are in `text`.
    ///
    /// # Panics
    ///
    /// If the texts of the column have more than 2 GiB.
    pub(super) fn append(&mut self, group: &Group, rows: usize, text: &[u8]) {
        self.valid.append_word(group.valid, rows);
        match &mut self.values {
            Values::Text { lens, bytes } => append_texts(lens, bytes, group, rows, text),
            Values::Integer(values) | Values::Timestamp(values) => values.extend(group.integers(rows)),
            Values::Boolean(values) => {
                let word = group.values().fold(0, |word, (row, cell)| word | (cell & 1) << row);
                values.append_word(word, rows);
            }
        }
    }

    /// Returns the column, and starts another one, with room for as many values and for an eighth more: the next batch is likely to
    /// be about as large, and growing a column copies it.
    ///
    /// # Panics
    ///
    /// Never: texts are those of events, which are UTF-8, and as long as `append` says.
    pub(super) fn finish(&mut self) -> ArrayRef {
        let with_more = |len: usize| len + len / 8;
        let rows = self.valid.len();
        let room = with_more(rows);
        let valid = std::mem::replace(&mut self.valid, BooleanBufferBuilder::new(room)).build();
        let nulls = Some(NullBuffer::new(valid)).filter(|nulls| nulls.null_count() > 0);
        match &mut self.values {
            Values::Text { lens, bytes } => {
                let next_bytes = Vec::with_capacity(with_more(bytes.len()));
                let ends = OffsetBuffer::from_lengths(lens.drain(..).map(|len| len as usize));
                let bytes = Buffer::from_vec(std::mem::replace(bytes, next_bytes));
                Arc::new(StringArray::try_new(ends, bytes, nulls).expect("texts are UTF-8"))
            }
            Values::Integer(values) => Arc::new(primitive::<Int64Type>(values, room, nulls)),
            Values::Timestamp(values) => {
                Arc::new(primitive::<TimestampMicrosecondType>(values, room, nulls).with_timezone(UTC))
            }
            Values::Boolean(values) => {
                let values = std::mem::replace(values, BooleanBufferBuilder::new(room)).build();
                Arc::new(BooleanArray::new(values, nulls))
            }
        }
    }
}

fn primitive<T: ArrowPrimitiveType<Native = i64>>(
    values: &mut Vec<i64>,
    room: usize,
    nulls: Option<NullBuffer>,
) -> PrimitiveArray<T> {
    let values = std::mem::replace(values, Vec::with_capacity(room));
    PrimitiveArray::new(values.into(), nulls)
}

#[inline]
fn append_texts(lens: &mut Vec<u32>, bytes: &mut Vec<u8>, group: &Group, rows: usize, text: &[u8]) {
    let first = lens.len();
    lens.resize(first + rows, 0);
    let lens = &mut lens[first..];
    for (row, cell) in group.values() {
        let range = range_of(cell);
        let len = range.len();
        match text.get(range.start..range.start + SHORT_BYTES) {
            // Too much is copied, and cut off again.
            Some(more) if len <= SHORT_BYTES => {
                let end = bytes.len() + len;
                bytes.extend_from_slice(more);
                bytes.truncate(end);
            }
            _ => bytes.extend_from_slice(text.get(range).unwrap_or_default()),
        }
        if let Some(place) = lens.get_mut(row) {
            #[expect(clippy::cast_possible_truncation, reason = "`range_of` returns lengths of 32 bits")]
            (*place = len as u32);
        }
    }
    assert!(i32::try_from(bytes.len()).is_ok(), "a column has at most 2 GiB of text");
}
