//! What a writer of partitions takes: rows of tables, or events of a lake.

use std::hash::Hash;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};

use crate::arrow::BatchBuilder;
use crate::rows::{Partition, PartitionKey};

/// Rows of one partition. Only types of this crate are.
pub trait Part {
    /// What tells partitions apart.
    type Key: Copy + Hash + Ord + std::fmt::Debug;
    /// What makes record batches of rows.
    type Encoder: Encoder<Part = Self>;

    /// Returns the partition.
    fn key(&self) -> Self::Key;

    /// Returns the number of its table.
    fn table(key: Self::Key) -> usize;

    /// Returns the number of rows.
    fn len(&self) -> usize;
}

/// Collects rows, and makes record batches of them.
pub trait Encoder {
    /// The rows.
    type Part;

    /// Starts without rows, with the columns of `part`.
    fn new(part: &Self::Part) -> Self;

    /// Returns the schema of the batches.
    fn schema(&self) -> SchemaRef;

    /// Appends a row. `cursor` starts at 0, and rows follow each other. Returns about how many bytes of memory it takes.
    fn append(&mut self, part: &Self::Part, row: usize, cursor: &mut usize) -> usize;

    /// Returns the number of rows that were appended since the last call of [`finish`](Self::finish).
    fn len(&self) -> usize;

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

    fn len(&self) -> usize {
        self.rows.len()
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

    #[inline]
    fn append(&mut self, part: &Partition, row: usize, cursor: &mut usize) -> usize {
        let start = *cursor;
        self.append_range(&part.rows, row..row + 1, cursor);
        8 * part.rows.columns().len() + *cursor - start
    }

    fn len(&self) -> usize {
        Self::len(self)
    }

    fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        Ok(Self::finish(self))
    }
}
