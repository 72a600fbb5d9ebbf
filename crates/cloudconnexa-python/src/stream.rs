//! Batches as an iterator of Python, with counts of what they come from.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::prelude::*;

use crate::capsule::{Batch, Schema};
use crate::error::Error;
use crate::job::{Items, Unread};

/// A batch, with what it holds: `rows`, `rejected`, `sessions` or `events`.
pub(crate) type Kind = &'static str;

/// A batch, or why there is none, which only a defect of this package can cause.
pub(crate) type BatchResult = Result<(Kind, RecordBatch), ArrowError>;

/// What was read so far.
#[derive(Clone, Debug, Default)]
struct Counts {
    /// Records that became rows.
    rows: u64,
    /// Records that are rejected.
    rejected: u64,
    /// Valid records of events that are not wanted.
    left_out: u64,
    /// The names of the inputs that could not be read to their ends.
    unread: Vec<String>,
}

/// The counts of a stream, which the thread that makes the batches adds to.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedCounts(Arc<Mutex<Counts>>);

impl SharedCounts {
    /// Adds records that became rows, that are rejected, and that are not wanted.
    pub(crate) fn add(&self, rows: u64, rejected: u64, left_out: u64) {
        let mut counts = self.lock();
        counts.rows += rows;
        counts.rejected += rejected;
        counts.left_out += left_out;
    }

    /// Adds an input that could not be read to its end.
    pub(crate) fn add_unread(&self, unread: &Unread) {
        self.lock().unread.push(unread.source.to_string());
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Batches, each with what it holds, in the order of the inputs.
#[pyclass(frozen, module = "cloudconnexa_events._native")]
pub(crate) struct BatchStream {
    items: Items<BatchResult>,
    schema: SchemaRef,
    counts: SharedCounts,
}

impl BatchStream {
    pub(crate) fn new(items: Items<BatchResult>, schema: SchemaRef, counts: SharedCounts) -> Self {
        Self { items, schema, counts }
    }

    fn counts(&self) -> Counts {
        self.counts.lock().clone()
    }
}

#[pymethods]
impl BatchStream {
    /// Returns the schema of all batches but rejected ones.
    fn schema(&self) -> Schema {
        Schema(Arc::clone(&self.schema))
    }

    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<(Kind, Batch)>> {
        match self.items.next(py)? {
            Some(Ok((kind, batch))) => Ok(Some((kind, Batch(batch)))),
            Some(Err(error)) => Err(Error::new_err(format!("internal error: {error}; please report it"))),
            None => Ok(None),
        }
    }

    /// The number of records that were read: rows, rejected records, and those of other events.
    #[getter]
    fn records(&self) -> u64 {
        let counts = self.counts();
        counts.rows + counts.rejected + counts.left_out
    }

    /// The number of rejected records.
    #[getter]
    fn rejected(&self) -> u64 {
        self.counts().rejected
    }

    /// The number of valid records of events that are not wanted.
    #[getter]
    fn left_out(&self) -> u64 {
        self.counts().left_out
    }

    /// The names of the inputs that could not be read to their ends.
    #[getter]
    fn unread(&self) -> Vec<String> {
        self.counts().unread
    }
}
