//! The input of a partitioned writer: rows of tables, or OCSF events.

use std::hash::Hash;
use std::ops::Range;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};

use crate::arrow::BatchBuilder;
use crate::rows::{Partition, PartitionKey};

/// Rows of one partition. Only types of this crate implement it.
pub trait Part {
    /// Identifies a partition.
    type Key: Copy + Hash + Ord + std::fmt::Debug;
    /// Makes record batches of rows.
    type Encoder: Encoder<Part = Self>;

    /// Returns the partition.
    fn key(&self) -> Self::Key;

    /// Returns the number of its table.
    fn table(key: Self::Key) -> usize;

    /// Returns the number of rows.
    fn rows(&self) -> usize;

    /// Returns their allocated size in bytes.
    fn capacity(&self) -> usize;
}

/// Collects rows, and makes record batches of them.
pub trait Encoder {
    /// The rows.
    type Part;

    /// Starts without rows, with the columns of `part`.
    fn new(part: &Self::Part) -> Self;

    /// Returns the schema of the batches.
    fn schema(&self) -> SchemaRef;

    /// Appends rows, and returns their approximate size in bytes.
    fn append(&mut self, part: &Self::Part, rows: Range<usize>) -> usize;

    /// Returns the number of rows that were appended since the last call of [`finish`](Self::finish).
    fn rows(&self) -> usize;

    /// Makes a record batch of these rows.
    ///
    /// # Errors
    ///
    /// Returns an error if they do not have the schema.
    fn finish(&mut self) -> Result<RecordBatch, ArrowError>;
}

impl Part for Partition {
    type Key = PartitionKey;
    type Encoder = BatchBuilder;

    fn key(&self) -> PartitionKey {
        self.key
    }

    fn table(key: PartitionKey) -> usize {
        key.table_index()
    }

    fn rows(&self) -> usize {
        self.rows.len()
    }

    fn capacity(&self) -> usize {
        self.rows.capacity()
    }
}

impl Encoder for BatchBuilder {
    type Part = Partition;

    fn new(part: &Partition) -> Self {
        Self::new(part.rows.columns())
    }

    fn schema(&self) -> SchemaRef {
        Self::schema(self)
    }

    fn append(&mut self, part: &Partition, rows: Range<usize>) -> usize {
        let share = part.rows.bytes() * rows.len() / part.rows.len().max(1);
        self.append_range(&part.rows, rows);
        share
    }

    fn rows(&self) -> usize {
        self.len()
    }

    fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        Ok(Self::finish(self))
    }
}
