//! Columns of Arrow, built of groups of rows.
//!
//! A column grows by a group of up to 64 rows at a time. Where to write, and of which type, is then decided once for each column and
//! group instead of once for each value, and the nulls of a group are one word.

use std::sync::Arc;

use arrow_array::types::{ArrowPrimitiveType, Int64Type, TimestampMicrosecondType};
use arrow_array::{ArrayRef, BooleanArray, PrimitiveArray, StringArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer};

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
    valid: Bits,
}

enum Values {
    Text(Texts),
    Integer(Vec<i64>),
    Timestamp(Vec<i64>),
    Boolean(Bits),
}

/// Texts, one after another.
struct Texts {
    /// Where each text ends in `bytes`, after a zero.
    ends: Vec<i32>,
    bytes: Vec<u8>,
}

/// One bit for each row.
struct Bits {
    words: Vec<u64>,
    len: usize,
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
            Kind::String | Kind::StringOrEmpty | Kind::Json => Values::Text(Texts::with_capacity(0, 0)),
            Kind::Integer => Values::Integer(Vec::new()),
            Kind::Timestamp => Values::Timestamp(Vec::new()),
            Kind::Boolean => Values::Boolean(Bits::with_capacity(0)),
        };
        Self { values, valid: Bits::with_capacity(0) }
    }

    /// Appends the first rows of a group, whose texts are in `text`.
    ///
    /// # Panics
    ///
    /// If the texts of the column have more than 2 GiB.
    pub(super) fn append(&mut self, group: &Group, rows: usize, text: &[u8]) {
        self.valid.append(group.valid, rows);
        match &mut self.values {
            Values::Text(texts) => texts.append(group, rows, text),
            Values::Integer(values) | Values::Timestamp(values) => values.extend(group.integers(rows)),
            Values::Boolean(values) => {
                let word = group.values().fold(0, |word, (row, cell)| word | (cell & 1) << row);
                values.append(word, rows);
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
        let room = with_more(self.valid.len);
        let valid = std::mem::replace(&mut self.valid, Bits::with_capacity(room)).build();
        let nulls = Some(NullBuffer::new(valid)).filter(|nulls| nulls.null_count() > 0);
        match &mut self.values {
            Values::Text(texts) => {
                let next = Texts::with_capacity(room, with_more(texts.bytes.len()));
                let Texts { ends, bytes } = std::mem::replace(texts, next);
                let ends = OffsetBuffer::new(ends.into());
                Arc::new(StringArray::try_new(ends, bytes.into(), nulls).expect("texts are UTF-8"))
            }
            Values::Integer(values) => Arc::new(primitive::<Int64Type>(values, room, nulls)),
            Values::Timestamp(values) => {
                Arc::new(primitive::<TimestampMicrosecondType>(values, room, nulls).with_timezone(UTC))
            }
            Values::Boolean(values) => {
                let values = std::mem::replace(values, Bits::with_capacity(room)).build();
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

impl Texts {
    fn with_capacity(rows: usize, bytes: usize) -> Self {
        let mut ends = Vec::with_capacity(rows + 1);
        ends.push(0);
        Self { ends, bytes: Vec::with_capacity(bytes) }
    }

    #[inline]
    fn append(&mut self, group: &Group, rows: usize, text: &[u8]) {
        let Self { ends, bytes } = self;
        let mut lens = [0; GROUP_ROWS];
        let mut end = bytes.len();
        for (row, cell) in group.values() {
            let range = range_of(cell);
            let len = range.len();
            match text.get(range.start..range.start + SHORT_BYTES) {
                // Too much is copied, and cut off again.
                Some(more) if len <= SHORT_BYTES => {
                    bytes.extend_from_slice(more);
                    bytes.truncate(bytes.len() - SHORT_BYTES + len);
                }
                _ => bytes.extend_from_slice(text.get(range).unwrap_or_default()),
            }
            lens[row % GROUP_ROWS] = len;
        }
        assert!(i32::try_from(bytes.len()).is_ok(), "a column has at most 2 GiB of text");
        ends.extend(lens.iter().take(rows).map(|len| {
            end += len;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_possible_wrap,
                reason = "it is at most that of `bytes`"
            )]
            (end as i32)
        }));
    }
}

impl Bits {
    fn with_capacity(rows: usize) -> Self {
        Self { words: Vec::with_capacity(rows.div_ceil(64)), len: 0 }
    }

    /// Appends the first `count` bits of a word, from 1 to 64, of which all others are zero.
    #[inline]
    fn append(&mut self, word: u64, count: usize) {
        debug_assert!((1..=64).contains(&count), "{count} bits");
        let used = self.len % 64;
        match self.words.last_mut() {
            Some(last) if used > 0 => {
                *last |= word << used;
                if used + count > 64 {
                    self.words.push(word >> (64 - used));
                }
            }
            _ => self.words.push(word),
        }
        self.len += count;
    }

    fn build(self) -> BooleanBuffer {
        let words: Vec<u64> = self.words.into_iter().map(u64::to_le).collect();
        BooleanBuffer::new(Buffer::from_vec(words), 0, self.len)
    }
}
