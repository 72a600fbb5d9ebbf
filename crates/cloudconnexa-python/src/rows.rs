//! Valid events as typed rows, and rejected records, in one pass.

use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use arrow_select::concat::concat_batches;
use cloudconnexa_convert::arrow::{EventBatchBuilder, EventColumns};
use cloudconnexa_convert::table::{Selection, TABLES, Table};
use cloudconnexa_reader::records::Item;
use cloudconnexa_validator::{Checker, TextKind};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::VALIDATOR;
use crate::capsule::Schema;
use crate::job::{self, Assembler, Collector, Unread};
use crate::options::Options;
use crate::rejected::{Rejected, RejectedBuilder};
use crate::stream::{BatchResult, BatchStream, SharedCounts};

/// A batch is handed over once its rows take this many bytes, even if it could have more.
const MAX_BATCH_BYTES: usize = 16 << 20;

/// A part that has this fraction of the rows or bytes of a batch is a batch by itself: putting parts together copies them.
const LARGE_PART: usize = 8;

/// A batch of rejected records has at most this many rows, and about as many bytes as a block.
const MAX_REJECTED_ROWS: usize = 1 << 12;
const MAX_REJECTED_BYTES: usize = 4 << 20;

/// Returns the columns of the rows of events; `None` stands for all.
fn columns_of(events: Option<&[String]>, columns: Option<Vec<String>>) -> PyResult<Arc<EventColumns>> {
    let tables: Vec<&'static Table> = match events {
        None => TABLES.iter().collect(),
        Some([]) => return Err(PyValueError::new_err("`events` is empty; leave it out to get all events")),
        Some(names) => names.iter().map(|name| table(name)).collect::<PyResult<_>>()?,
    };
    let selection = match columns {
        None => None,
        Some(names) if names.is_empty() => {
            return Err(PyValueError::new_err("`columns` is empty; leave it out to get all columns"));
        }
        Some(names) => Some(Selection::new(names).map_err(|unknown| {
            PyValueError::new_err(format!(
                "no table has a column `{unknown}`; `cloudconnexa_events.events()` lists the columns of each event"
            ))
        })?),
    };
    let columns = EventColumns::new(&tables, selection.as_ref());
    if columns.columns().is_empty() {
        return Err(PyValueError::new_err("none of the selected events has any of the selected columns"));
    }
    Ok(Arc::new(columns))
}

/// Returns the table of an event, which is named by the event or by the table.
fn table(name: &str) -> PyResult<&'static Table> {
    let found = TABLES.iter().find(|table| table.name == name || table.event == Some(name));
    found.ok_or_else(|| {
        let names: Vec<_> = TABLES.iter().map(|table| table.event.unwrap_or(table.name)).collect();
        PyValueError::new_err(format!(
            "`{name}` is not an event of the schema; its events are {}. Events that it does not describe are in the table \
             `unknown_event`",
            names.join(", ")
        ))
    })
}

/// Returns the schema of the rows of events.
#[pyfunction]
pub(crate) fn rows_schema(events: Option<Vec<String>>, columns: Option<Vec<String>>) -> PyResult<Schema> {
    Ok(Schema(columns_of(events.as_deref(), columns)?.schema()))
}

/// Reads events as rows, rejected records, or both.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "Python calls it, with keywords of its own")]
pub(crate) fn read_rows(
    py: Python<'_>,
    inputs: Vec<PathBuf>,
    options: &Options,
    events: Option<Vec<String>>,
    columns: Option<Vec<String>>,
    batch_rows: usize,
    with_rows: bool,
    with_rejected: bool,
) -> PyResult<BatchStream> {
    if batch_rows == 0 {
        return Err(PyValueError::new_err("`batch_rows` is 0, but must be at least 1"));
    }
    let columns = columns_of(events.as_deref(), columns)?;
    let sources = options.find(py, &inputs, false, false)?;
    let counts = SharedCounts::default();
    let schema = columns.schema();
    let assembler = Batches {
        schema: Arc::clone(&schema),
        rows: Vec::new(),
        len: 0,
        bytes: 0,
        rejected: RejectedBuilder::default(),
        batch_rows,
        with_rejected,
        counts: counts.clone(),
    };
    let make = move || RowCollector {
        checker: VALIDATOR.checker(),
        rows: EventBatchBuilder::new(&columns),
        part: Part::default(),
        source: Arc::from(""),
        text_kind: None,
        bytes: 0,
        with_rows,
        with_rejected,
    };
    Ok(BatchStream::new(job::start(sources, options, make, assembler), schema, counts))
}

/// Rows and rejected records of a part of the inputs.
#[derive(Default)]
struct Part {
    rows: Option<RecordBatch>,
    /// The size of the records of the rows.
    bytes: usize,
    rejected: Vec<Rejected>,
    rejected_records: u64,
    valid: u64,
    left_out: u64,
}

impl Part {
    /// Counts a valid record, which is left out unless it is wanted.
    fn count(&mut self, is_wanted: bool) {
        self.valid += u64::from(is_wanted);
        self.left_out += u64::from(!is_wanted);
    }
}

struct RowCollector {
    checker: Checker<'static>,
    rows: EventBatchBuilder,
    part: Part,
    source: Arc<str>,
    /// What the input is, if it is not JSON.
    text_kind: Option<TextKind>,
    /// About how many bytes the rejected records take.
    bytes: usize,
    with_rows: bool,
    with_rejected: bool,
}

impl RowCollector {
    fn reject(&mut self, rejected: Rejected) {
        self.part.rejected_records += u64::from(rejected.is_record());
        if self.with_rejected {
            self.bytes += rejected.bytes();
            self.part.rejected.push(rejected);
        }
    }
}

impl Collector for RowCollector {
    type Part = Part;

    fn enter(&mut self, source: &Arc<str>, head: Option<&[u8]>) {
        self.source = Arc::clone(source);
        self.text_kind = head.and_then(TextKind::of_input);
    }

    fn line(&mut self, text: &[u8]) -> Option<usize> {
        let (len, is_wanted) = if self.with_rows {
            let event = self.checker.view_line(text)?;
            (event.record().len(), self.rows.push(&event))
        } else {
            (self.checker.fast_check_line(text)?.0.len(), true)
        };
        self.part.count(is_wanted);
        Some(len)
    }

    fn item(&mut self, item: Item<'_>, is_cut_off: bool) {
        match item {
            Item::Record(record) => {
                let valid = if self.with_rows {
                    let view = self.checker.view(record.bytes);
                    view.map(|event| self.rows.push(&event))
                } else {
                    self.checker.is_valid(record.bytes).then_some(true)
                };
                let Some(is_wanted) = valid else {
                    let of = (record.bytes, record.at);
                    return self.reject(Rejected::record(&self.source, of, self.text_kind, is_cut_off));
                };
                self.part.count(is_wanted);
            }
            Item::Between(_) => {}
            other => {
                if let Some(rejected) = Rejected::between(&self.source, other) {
                    self.reject(rejected);
                }
            }
        }
    }

    fn weight(&self) -> usize {
        self.rows.record_bytes() + self.bytes
    }

    fn take(&mut self) -> Part {
        self.bytes = 0;
        let bytes = self.rows.record_bytes();
        let rows = (!self.rows.is_empty()).then(|| self.rows.finish());
        Part { rows, bytes, ..std::mem::take(&mut self.part) }
    }
}

/// Makes batches of parts.
struct Batches {
    schema: SchemaRef,
    /// The rows of the next batch, and their number.
    rows: Vec<RecordBatch>,
    len: usize,
    /// The size of the records that they come from.
    bytes: usize,
    rejected: RejectedBuilder,
    batch_rows: usize,
    with_rejected: bool,
    counts: SharedCounts,
}

impl Batches {
    fn emit_rows(&mut self, emit: &mut dyn FnMut(BatchResult)) {
        let rows = std::mem::take(&mut self.rows);
        (self.len, self.bytes) = (0, 0);
        let whole = match &rows[..] {
            [] => return,
            [one] => Ok(one.clone()),
            several => concat_batches(&self.schema, several),
        };
        match whole {
            Ok(whole) => self.emit_slices(&whole, emit),
            Err(error) => emit(Err(error)),
        }
    }

    /// Parts may have more rows than a batch.
    fn emit_slices(&self, whole: &RecordBatch, emit: &mut dyn FnMut(BatchResult)) {
        let mut start = 0;
        while start < whole.num_rows() {
            let length = self.batch_rows.min(whole.num_rows() - start);
            emit(Ok(("rows", whole.slice(start, length))));
            start += length;
        }
    }

    fn emit_rejected(&mut self, emit: &mut dyn FnMut(BatchResult)) {
        emit(self.rejected.finish().map(|batch| ("rejected", batch)));
    }

    fn reject(&mut self, rejected: &Rejected, emit: &mut dyn FnMut(BatchResult)) {
        self.rejected.push(rejected);
        let (rows, bytes) = self.rejected.size();
        if rows >= MAX_REJECTED_ROWS || bytes >= MAX_REJECTED_BYTES {
            self.emit_rejected(emit);
        }
    }
}

impl Assembler<Part> for Batches {
    type Item = BatchResult;

    fn part(&mut self, part: Part, emit: &mut dyn FnMut(BatchResult)) {
        self.counts.add(part.valid, part.rejected_records, part.left_out);
        if let Some(rows) = part.rows {
            let is_large =
                rows.num_rows() >= self.batch_rows / LARGE_PART || part.bytes >= MAX_BATCH_BYTES / LARGE_PART;
            if is_large {
                self.emit_rows(emit);
                self.emit_slices(&rows, emit);
            } else {
                self.len += rows.num_rows();
                self.bytes += part.bytes;
                self.rows.push(rows);
                if self.len >= self.batch_rows || self.bytes >= MAX_BATCH_BYTES {
                    self.emit_rows(emit);
                }
            }
        }
        for rejected in &part.rejected {
            self.reject(rejected, emit);
        }
    }

    fn unread(&mut self, unread: Unread, emit: &mut dyn FnMut(BatchResult)) {
        self.counts.add_unread(&unread);
        if self.with_rejected {
            self.reject(&Rejected::unread(unread), emit);
        }
    }

    fn finish(&mut self, emit: &mut dyn FnMut(BatchResult)) {
        self.emit_rows(emit);
        if self.rejected.size().0 > 0 {
            self.emit_rejected(emit);
        }
    }
}
