//! Session events that are joined elsewhere: on a cluster, by their shards.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use arrow_array::builder::{BinaryBuilder, BooleanBuilder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, SchemaRef};
use cloudconnexa_validator::sessions::{Limits, Role, SessionEvent, Sessions};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::capsule::{Batch, Schema};
use crate::error::Error;
use crate::job::{self, Assembler, Unread};
use crate::options::Options;
use crate::session_reader::{EventCollector, Found, Records, SessionEventReader, SessionEvents};
use crate::sessions::SessionBuilder;
use crate::stream::{BatchResult, BatchStream, SharedCounts};

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let column = |name, data_type, nullable| Field::new(name, data_type, nullable);
    Arc::new(arrow_schema::Schema::new(vec![
        column("shard", DataType::Int64, false),
        column("clock", DataType::Int64, true),
        column("cloud_id", DataType::Utf8, true),
        column("role", DataType::Utf8, false),
        column("valid", DataType::Boolean, false),
        column("record", DataType::Binary, false),
    ]))
});

/// Returns the schema of session events.
#[pyfunction]
pub(crate) fn session_events_schema() -> Schema {
    Schema(Arc::clone(&SCHEMA))
}

/// Reads the session events of inputs.
#[pyfunction]
pub(crate) fn read_session_events(
    py: Python<'_>,
    inputs: Vec<PathBuf>,
    options: &Options,
    latest: i64,
) -> PyResult<BatchStream> {
    let sources = options.find(py, &inputs, false, false)?;
    let counts = SharedCounts::default();
    let events = Events { latest, clock: None, builder: EventBuilder::default(), counts: counts.clone() };
    let items = job::start(sources, options, || EventCollector::new(Records::Kept), events);
    Ok(BatchStream::new(items, Arc::clone(&SCHEMA), counts))
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Start => "start",
        Role::End => "end",
    }
}

#[derive(Default)]
struct EventBuilder {
    shard: Int64Builder,
    clock: Int64Builder,
    cloud_id: StringBuilder,
    role: StringBuilder,
    valid: BooleanBuilder,
    record: BinaryBuilder,
}

impl EventBuilder {
    fn push(&mut self, event: &SessionEvent, clock: Option<i64>, record: &[u8]) {
        self.shard.append_value(event.shard().cast_signed());
        self.clock.append_option(clock);
        self.cloud_id.append_option(event.fields.cloud_id.as_deref());
        self.role.append_value(role_name(event.role));
        self.valid.append_value(event.is_valid);
        self.record.append_value(record);
    }

    fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.shard.finish()),
            Arc::new(self.clock.finish()),
            Arc::new(self.cloud_id.finish()),
            Arc::new(self.role.finish()),
            Arc::new(self.valid.finish()),
            Arc::new(self.record.finish()),
        ];
        RecordBatch::try_new(Arc::clone(&SCHEMA), columns)
    }
}

/// Adds the clock to events, in their order.
struct Events {
    /// A time after this does not advance the clock.
    latest: i64,
    /// The latest time of the events so far.
    clock: Option<i64>,
    builder: EventBuilder,
    counts: SharedCounts,
}

impl Assembler<SessionEvents> for Events {
    type Item = BatchResult;

    fn part(&mut self, part: SessionEvents, emit: &mut dyn FnMut(BatchResult)) {
        part.count(&self.counts);
        if part.events.is_empty() {
            return;
        }
        for (event, record) in &part.events {
            if event.has_session_id() && event.time <= self.latest {
                self.clock = self.clock.max(Some(event.time));
            }
            self.builder.push(event, self.clock, record);
        }
        emit(self.builder.finish().map(|batch| ("events", batch)));
    }

    fn unread(&mut self, unread: Unread, _: &mut dyn FnMut(BatchResult)) {
        self.counts.add_unread(&unread);
    }

    fn finish(&mut self, _: &mut dyn FnMut(BatchResult)) {}
}

/// Joins the session events of some shards.
///
/// The joiner is in a box, as a checker has a greater alignment than the interpreter gives objects.
#[pyclass(frozen, module = "cloudconnexa_events._native")]
pub(crate) struct SessionJoiner(Mutex<Box<Joiner>>);

struct Joiner {
    sessions: Option<Sessions>,
    reader: SessionEventReader,
    builder: SessionBuilder,
    /// The time of the last event of the whole.
    end: Option<i64>,
}

#[pymethods]
impl SessionJoiner {
    /// A joiner of shards of a whole whose clock starts at `origin` and ends at `end`, in microseconds since 1970, and in which
    /// each pair of a tenant and a role (`start` or `end`) of `streamed` occurs.
    #[new]
    fn new(
        horizon: i64,
        latest: i64,
        origin: Option<i64>,
        end: Option<i64>,
        streamed: Vec<(String, String)>,
    ) -> PyResult<Self> {
        // A shard does not know how many sessions are open in the others.
        let mut sessions = Sessions::new(Limits { horizon, max_open: usize::MAX, latest });
        let mut builder = SessionBuilder::default();
        for (cloud_id, role) in streamed {
            let role = match &*role {
                "start" => Role::Start,
                "end" => Role::End,
                _ => {
                    return Err(PyValueError::new_err(format!(
                        "the role `{role}` is neither `start` nor `end`"
                    )));
                }
            };
            sessions.streamed_elsewhere(&cloud_id, role, &mut |session| builder.push(&session));
        }
        if let Some(origin) = origin {
            sessions.advance(origin, &mut |session| builder.push(&session));
        }
        let reader = SessionEventReader::default();
        Ok(Self(Mutex::new(Box::new(Joiner { sessions: Some(sessions), reader, builder, end }))))
    }

    /// Adds the next event. `clock` is the latest time of the whole up to and including this event.
    fn push(&self, clock: Option<i64>, record: &[u8]) -> PyResult<()> {
        let mut joiner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Joiner { sessions: Some(sessions), reader, builder, .. } = &mut **joiner else {
            return Err(PyValueError::new_err("the joiner is finished"));
        };
        let Found::Event(event) = reader.read(record) else {
            return Err(PyValueError::new_err("the record is not an event of a session"));
        };
        if let Some(clock) = clock {
            sessions.advance(clock, &mut |session| builder.push(&session));
        }
        sessions.observe(*event, &mut |session| builder.push(&session));
        Ok(())
    }

    /// Adds the end of the whole.
    fn finish(&self) {
        let mut joiner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Joiner { sessions, builder, end, .. } = &mut **joiner;
        let Some(mut sessions) = sessions.take() else { return };
        if let Some(end) = *end {
            sessions.advance(end, &mut |session| builder.push(&session));
        }
        sessions.finish(&mut |session| builder.push(&session));
    }

    /// Returns the sessions since the last call; `None` if there are none.
    fn take(&self) -> PyResult<Option<Batch>> {
        let mut joiner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if joiner.builder.len() == 0 {
            return Ok(None);
        }
        let batch = joiner.builder.finish();
        batch
            .map(|batch| Some(Batch(batch)))
            .map_err(|error| Error::new_err(format!("internal error: {error}")))
    }
}
