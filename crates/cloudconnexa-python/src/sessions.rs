//! The table of sessions as record batches.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use arrow_array::builder::{BooleanBuilder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, SchemaRef, TimeUnit};
use cloudconnexa_events::UtcMicros;
use cloudconnexa_report::sessions::{Cell, SESSION_COLUMNS, SessionRow};
use cloudconnexa_validator::sessions::{Limits, Session, Sessions};
use pyo3::prelude::*;

use crate::capsule::Schema;
use crate::job::{self, Assembler, Unread};
use crate::options::Options;
use crate::session_reader::{EventCollector, Records, SessionEvents};
use crate::stream::{BatchResult, BatchStream, SharedCounts};

/// The time zone of timestamps.
const UTC: &str = "UTC";

/// A batch has at most this many sessions.
const BATCH_ROWS: usize = 1 << 14;

/// The columns: those of `ccxlog sessions`, in snake case, with times as timestamps.
static COLUMNS: LazyLock<Vec<Field>> =
    LazyLock::new(|| SESSION_COLUMNS.map(|name| Field::new(snake(name), data_type(name), true)).to_vec());

fn data_type(column: &str) -> DataType {
    match column {
        "start" | "end" => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
        "durationSeconds" | "bytesIn" | "bytesOut" => DataType::Int64,
        "refused" | "complete" | "connectedSeen" | "disconnectedSeen" | "valid" => DataType::Boolean,
        _ => DataType::Utf8,
    }
}

/// Converts `bytesIn` to `bytes_in`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

pub(crate) fn schema() -> SchemaRef {
    Arc::new(arrow_schema::Schema::new(COLUMNS.clone()))
}

/// Returns the schema of sessions.
#[pyfunction]
pub(crate) fn sessions_schema() -> Schema {
    Schema(schema())
}

/// Builds record batches of sessions.
pub(crate) struct SessionBuilder {
    columns: Vec<Builder>,
    rows: usize,
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Boolean(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
}

impl Default for SessionBuilder {
    fn default() -> Self {
        let builder = |field: &Field| match field.data_type() {
            DataType::Int64 => Builder::Integer(Int64Builder::new()),
            DataType::Boolean => Builder::Boolean(BooleanBuilder::new()),
            DataType::Timestamp(..) => Builder::Time(TimestampMicrosecondBuilder::new().with_timezone(UTC)),
            _ => Builder::Text(StringBuilder::new()),
        };
        Self { columns: COLUMNS.iter().map(builder).collect(), rows: 0 }
    }
}

impl SessionBuilder {
    pub(crate) fn push(&mut self, session: &Session) {
        // The row decides what of a session is shown, and by which names.
        for (cell, builder) in SessionRow::new(session).cells().into_iter().zip(&mut self.columns) {
            match (builder, cell) {
                (Builder::Text(builder), Cell::Text(text)) => builder.append_value(text),
                (Builder::Integer(builder), Cell::Integer(number)) => {
                    builder.append_option(i64::try_from(number).ok());
                }
                (Builder::Boolean(builder), Cell::Boolean(answer)) => builder.append_value(answer),
                (Builder::Time(builder), Cell::Text(text)) => {
                    builder.append_option(UtcMicros::parse(text).map(UtcMicros::unix_micros));
                }
                (Builder::Text(builder), _) => builder.append_null(),
                (Builder::Integer(builder), _) => builder.append_null(),
                (Builder::Boolean(builder), _) => builder.append_null(),
                (Builder::Time(builder), _) => builder.append_null(),
            }
        }
        self.rows += 1;
    }

    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// Returns the sessions that were appended since the last call.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        self.rows = 0;
        let columns = self.columns.iter_mut().map(|builder| -> ArrayRef {
            match builder {
                Builder::Text(builder) => Arc::new(builder.finish()),
                Builder::Integer(builder) => Arc::new(builder.finish()),
                Builder::Boolean(builder) => Arc::new(builder.finish()),
                Builder::Time(builder) => Arc::new(builder.finish()),
            }
        });
        RecordBatch::try_new(schema(), columns.collect())
    }
}

/// Joins the session events of inputs.
#[pyfunction]
pub(crate) fn read_sessions(
    py: Python<'_>,
    inputs: Vec<PathBuf>,
    options: &Options,
    horizon: i64,
    max_open: usize,
    latest: i64,
) -> PyResult<BatchStream> {
    let sources = options.find(py, &inputs, false, false)?;
    let counts = SharedCounts::default();
    let limits = Limits { horizon, max_open, latest };
    let joined = Joined {
        sessions: Some(Sessions::new(limits)),
        builder: SessionBuilder::default(),
        counts: counts.clone(),
    };
    let items = job::start(sources, options, || EventCollector::new(Records::Dropped), joined);
    Ok(BatchStream::new(items, schema(), counts))
}

/// Joins sessions, and makes batches of them.
struct Joined {
    sessions: Option<Sessions>,
    builder: SessionBuilder,
    counts: SharedCounts,
}

impl Assembler<SessionEvents> for Joined {
    type Item = BatchResult;

    fn part(&mut self, part: SessionEvents, emit: &mut dyn FnMut(BatchResult)) {
        part.count(&self.counts);
        let Self { sessions: Some(sessions), builder, .. } = self else { return };
        for (event, _) in part.events {
            sessions.observe(*event, &mut |session| builder.push(&session));
            if builder.len() >= BATCH_ROWS {
                emit(builder.finish().map(|batch| ("sessions", batch)));
            }
        }
    }

    fn unread(&mut self, unread: Unread, _: &mut dyn FnMut(BatchResult)) {
        self.counts.add_unread(&unread);
    }

    fn finish(&mut self, emit: &mut dyn FnMut(BatchResult)) {
        let Some(sessions) = self.sessions.take() else { return };
        let builder = &mut self.builder;
        sessions.finish(&mut |session| {
            builder.push(&session);
            if builder.len() >= BATCH_ROWS {
                emit(builder.finish().map(|batch| ("sessions", batch)));
            }
        });
        emit(self.builder.finish().map(|batch| ("sessions", batch)));
    }
}
