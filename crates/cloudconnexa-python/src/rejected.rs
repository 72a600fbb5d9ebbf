//! Rejected records as record batches: where each is from, why it is rejected, and its bytes.

use std::sync::{Arc, LazyLock};

use arrow_array::builder::{BinaryBuilder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, SchemaRef};
use cloudconnexa_reader::records::{Item, Refused};
use cloudconnexa_validator::{Finding, Position, Report, Severity, TextKind};
use pyo3::pyfunction;

use crate::VALIDATOR;
use crate::capsule::Schema;
use crate::job::Unread;

/// In place of a rule: the input could not be read to its end.
const UNREADABLE: &str = "unreadable-input";

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let column = |name, data_type| Field::new(name, data_type, true);
    Arc::new(arrow_schema::Schema::new(vec![
        column("source", DataType::Utf8),
        column("line", DataType::Int64),
        column("column", DataType::Int64),
        column("offset", DataType::Int64),
        column("part", DataType::Int64),
        column("rule", DataType::Utf8),
        column("cause", DataType::Utf8),
        column("record", DataType::Binary),
    ]))
});

/// Returns the schema of rejected records.
#[pyfunction]
pub(crate) fn rejected_schema() -> Schema {
    Schema(schema())
}

pub(crate) fn schema() -> SchemaRef {
    Arc::clone(&SCHEMA)
}

/// A rejected record, a piece of one, or something wrong between two records.
pub(crate) struct Rejected {
    source: Arc<str>,
    at: Option<Position>,
    /// The number of the piece, if the record is too long to be one row.
    part: Option<u64>,
    /// The rule and the text of the first error; `None` for all pieces but the last.
    cause: Option<(&'static str, String)>,
    /// `None` if there is nothing but punctuation.
    record: Option<Vec<u8>>,
}

impl Rejected {
    /// Returns what is rejected by an item that is not a record.
    pub(crate) fn between(source: &Arc<str>, item: Item<'_>) -> Option<Self> {
        let cause = |finding: &Finding| (finding.rule().id, text_of(finding));
        Some(match item {
            Item::Fault(span, fault) => Self {
                source: Arc::clone(source),
                at: Some(span.start),
                part: None,
                cause: Some(cause(&Finding::framing(span, fault))),
                record: None,
            },
            Item::Refused(Refused { bytes, at, part, why }) => Self {
                source: Arc::clone(source),
                at: Some(at),
                part: (part > 1 || why.is_none()).then_some(part),
                cause: why.map(|(span, fault)| cause(&Finding::framing(span, fault))),
                record: Some(bytes.to_vec()),
            },
            _ => return None,
        })
    }

    /// Returns an invalid record. `is_cut_off` says that the input breaks off within or after it.
    pub(crate) fn record(
        source: &Arc<str>,
        (bytes, at): (&[u8], Position),
        text_kind: Option<TextKind>,
        is_cut_off: bool,
    ) -> Self {
        let report = VALIDATOR.check_within(bytes, at, text_kind);
        let cause = first_error(&report).map(|finding| {
            let text = text_of(finding);
            let text = if is_cut_off { format!("the input breaks off here: {text}") } else { text };
            (finding.rule().id, text)
        });
        Self { source: Arc::clone(source), at: Some(at), part: None, cause, record: Some(bytes.to_vec()) }
    }

    /// Returns an input that could not be read to its end.
    pub(crate) fn unread(unread: Unread) -> Self {
        let Unread { source, cause } = unread;
        Self { source, at: None, part: None, cause: Some((UNREADABLE, cause)), record: None }
    }

    /// Whether it is a record, or the last piece of one.
    pub(crate) fn is_record(&self) -> bool {
        self.cause.is_some() && self.record.is_some()
    }

    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let cause = self.cause.as_ref().map_or(0, |(_, text)| text.len());
        size_of::<Self>() + cause + self.record.as_ref().map_or(0, Vec::len)
    }
}

fn first_error(report: &Report) -> Option<&Finding> {
    report.findings.iter().find(|finding| finding.severity() == Severity::Error)
}

fn text_of(finding: &Finding) -> String {
    finding.text().message
}

/// Builds record batches of rejected records.
#[derive(Default)]
pub(crate) struct RejectedBuilder {
    source: StringBuilder,
    /// Line, column, offset and part.
    numbers: [Int64Builder; 4],
    rule: StringBuilder,
    cause: StringBuilder,
    record: BinaryBuilder,
    rows: usize,
    bytes: usize,
}

impl RejectedBuilder {
    pub(crate) fn push(&mut self, rejected: &Rejected) {
        let Rejected { source, at, part, cause, record } = rejected;
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.source.append_value(source);
        let place = at.map(|at| [at.line, at.column, at.offset]);
        for (index, builder) in self.numbers.iter_mut().enumerate() {
            let value = if index < 3 { place.map(|place| place[index]) } else { *part };
            builder.append_option(value.map(number));
        }
        self.rule.append_option(cause.as_ref().map(|(rule, _)| *rule));
        self.cause.append_option(cause.as_ref().map(|(_, text)| text));
        self.record.append_option(record.as_ref());
        self.rows += 1;
        self.bytes += rejected.bytes();
    }

    /// The number of rows, and about how many bytes they take.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.rows, self.bytes)
    }

    /// Returns the rows that were appended since the last call.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        (self.rows, self.bytes) = (0, 0);
        let [line, column, offset, part] = &mut self.numbers;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.source.finish()),
            Arc::new(line.finish()),
            Arc::new(column.finish()),
            Arc::new(offset.finish()),
            Arc::new(part.finish()),
            Arc::new(self.rule.finish()),
            Arc::new(self.cause.finish()),
            Arc::new(self.record.finish()),
        ];
        RecordBatch::try_new(schema(), columns)
    }
}
