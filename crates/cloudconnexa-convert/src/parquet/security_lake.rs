//! Events in OCSF, as the files of a custom source of Amazon Security Lake: Parquet, by class and day, sorted by time.
//!
//! Security Lake takes one class for each custom source, and files in folders of this form:
//! `ext/SOURCE/region=REGION/accountId=ACCOUNT/eventDay=YYYYMMDD/`. The columns of a file are all attributes that
//! [`Ocsf`] may write for the class, also those that no event in the file has; times are milliseconds, and `unmapped` is JSON as
//! text.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_json::ReaderBuilder;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use cloudconnexa_validator::EventView;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::page::ZSTD_LEVEL;
use super::part::{Part, PartFile};
use super::{CREATED_BY, Limits, Taken, into_io};
use crate::ocsf::{self, Class, Column, ColumnType, Ocsf, OcsfVersion};
use crate::rows::PartitionKey;
use crate::table::time_of;

/// The time zone of times. Names of zones would need their database.
const UTC: &str = "+00:00";

/// A class and a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LakeKey {
    /// Days since 1970. First, so that files are in the order of days.
    day: i64,
    class: u32,
}

impl LakeKey {
    /// Returns the folder of the partition, relative to that of the lake.
    #[must_use]
    pub fn folder(self, version: OcsfVersion, region: &str, account: &str) -> String {
        let name = class(version, self.class).map_or("", |class| class.name);
        let source = name.to_lowercase().replace(' ', "_");
        let day = PartitionKey::day_text(self.day).replace('-', "");
        format!("ext/cloudconnexa_{source}/region={region}/accountId={account}/eventDay={day}")
    }
}

fn class(version: OcsfVersion, uid: u32) -> Option<&'static Class> {
    ocsf::classes(version).iter().find(|class| class.uid == uid)
}

/// Events of one class and day, in OCSF.
#[derive(Clone, Debug)]
pub struct LakePart {
    key: LakeKey,
    version: OcsfVersion,
    /// The time of each event, and the length of its line.
    events: Vec<(i64, usize)>,
    lines: Vec<u8>,
}

/// Collects events in OCSF, by class and day.
#[derive(Debug)]
pub struct LakeParts {
    version: OcsfVersion,
    ocsf: Ocsf,
    parts: HashMap<LakeKey, LakePart>,
    bytes: usize,
}

impl LakeParts {
    /// No events yet.
    #[must_use]
    pub fn new(version: OcsfVersion) -> Self {
        let ocsf = Ocsf::new(version).with_unmapped_as_text(true);
        Self { version, ocsf, parts: HashMap::new(), bytes: 0 }
    }

    /// Appends an event.
    pub fn push(&mut self, event: &EventView<'_>) {
        let (version, time) = (self.version, time_of(event).unix_micros());
        let key = LakeKey { day: PartitionKey::day_of(event), class: ocsf::class_uid(version, event) };
        let part = self.parts.entry(key).or_insert_with(|| LakePart {
            key,
            version,
            events: Vec::new(),
            lines: Vec::new(),
        });
        let start = part.lines.len();
        self.ocsf.write(event, &mut part.lines);
        let length = part.lines.len() - start;
        part.events.push((time, length));
        self.bytes += length;
    }

    /// Returns about how many bytes of memory the events take that were collected since the last [`take`](Self::take).
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the events that were collected since the last call, in the order of their keys.
    #[must_use]
    pub fn take(&mut self) -> Vec<LakePart> {
        self.bytes = 0;
        let mut parts: Vec<_> = std::mem::take(&mut self.parts).into_values().collect();
        parts.sort_unstable_by_key(|part| part.key);
        parts
    }
}

impl Part for LakePart {
    type Key = LakeKey;
    type Shared = ();
    type File<W: Write + Send> = LakeFile<W>;

    fn key(&self) -> LakeKey {
        self.key
    }

    fn table(key: LakeKey) -> usize {
        key.class as usize
    }

    fn rows(&self) -> usize {
        self.events.len()
    }

    fn capacity(&self) -> usize {
        self.lines.capacity()
    }
}

/// A file of events of one class and day. Events are sorted by time within each batch, and encoded a batch at a time.
pub struct LakeFile<W: Write + Send> {
    writer: ArrowWriter<Taken<W>>,
    schema: SchemaRef,
    /// The events that are not encoded yet: the time of each, and where its line ends.
    events: Vec<(i64, usize)>,
    lines: Vec<u8>,
    /// The size of the encoded events of the row group in progress.
    encoded_bytes: usize,
}

impl<W: Write + Send> LakeFile<W> {
    /// Encodes the events that are not yet.
    fn encode(&mut self) -> io::Result<()> {
        if !self.events.is_empty() {
            let batch = self.take_batch().map_err(io::Error::other)?;
            self.writer.write(&batch).map_err(into_io)?;
            self.encoded_bytes = self.writer.memory_size();
        }
        Ok(())
    }

    /// Makes a record batch of these events.
    fn take_batch(&mut self) -> Result<RecordBatch, ArrowError> {
        let events = std::mem::take(&mut self.events);
        let lines = std::mem::take(&mut self.lines);
        let starts = std::iter::once(0).chain(events.iter().map(|(_, end)| *end));
        let mut order: Vec<(i64, usize, usize)> =
            starts.zip(&events).map(|(start, (time, end))| (*time, start, *end)).collect();
        order.sort_unstable();
        // Strict, as an attribute that the class does not have would be lost otherwise.
        let mut decoder = ReaderBuilder::new(Arc::clone(&self.schema))
            .with_batch_size(events.len())
            .with_strict_mode(true)
            .build_decoder()?;
        for (_, start, end) in order {
            // All of it, as the batch has room for all events.
            decoder.decode(lines.get(start..end).unwrap_or_default())?;
        }
        let batch = decoder.flush()?;
        batch.ok_or_else(|| ArrowError::InvalidArgumentError("a batch without events".to_owned()))
    }

    /// Appends events that a batch has room for.
    fn buffer(&mut self, part: &LakePart, rows: Range<usize>) {
        let start: usize = part.events.iter().take(rows.start).map(|(_, length)| length).sum();
        let events = part.events.get(rows).unwrap_or_default();
        let length: usize = events.iter().map(|(_, length)| length).sum();
        let mut end = self.lines.len();
        self.lines.extend_from_slice(part.lines.get(start..start + length).unwrap_or_default());
        self.events.extend(events.iter().map(|(time, length)| {
            end += length;
            (*time, end)
        }));
    }
}

impl<W: Write + Send> PartFile<W> for LakeFile<W> {
    type Part = LakePart;

    fn new(file: W, part: &LakePart, (): &mut ()) -> io::Result<Self> {
        let columns = class(part.version, part.key.class).map_or(&[][..], |class| class.columns);
        let schema = Arc::new(Schema::new(fields(columns)));
        let writer = open(Taken(Some(file)), Arc::clone(&schema)).map_err(into_io)?;
        Ok(Self { writer, schema, events: Vec::new(), lines: Vec::new(), encoded_bytes: 0 })
    }

    fn append(
        &mut self,
        part: &LakePart,
        rows: Range<usize>,
        limits: &Limits,
        (): &mut (),
    ) -> io::Result<()> {
        let mut row = rows.start;
        while row < rows.end {
            let room = limits.batch_rows.saturating_sub(self.events.len()).max(1);
            let end = rows.end.min(row + room);
            self.buffer(part, row..end);
            row = end;
            if self.events.len() >= limits.batch_rows || self.lines.len() >= limits.batch_bytes {
                self.encode()?;
            }
        }
        Ok(())
    }

    fn group_rows(&self) -> usize {
        self.writer.in_progress_rows() + self.events.len()
    }

    fn bytes(&self) -> usize {
        self.lines.len() + self.encoded_bytes
    }

    fn is_encoding(&self) -> bool {
        self.encoded_bytes > 0
    }

    fn end_row_group(&mut self, (): &mut ()) -> io::Result<()> {
        self.encode()?;
        self.writer.flush().map_err(into_io)?;
        self.encoded_bytes = 0;
        Ok(())
    }

    fn finish(mut self, (): &mut ()) -> io::Result<(u64, W)> {
        self.encode()?;
        let footer = self.writer.finish().map_err(into_io)?;
        let rows = footer.file_metadata().num_rows().unsigned_abs();
        let file = self.writer.inner_mut().0.take().ok_or_else(|| io::Error::other("a file was lost"))?;
        Ok((rows, file))
    }
}

/// The column with statistics for each page, by which readers skip pages.
const SKIPPED_BY: &str = "time";

/// Opens a file of events.
fn open<W: Write + Send>(file: W, schema: SchemaRef) -> parquet::errors::Result<ArrowWriter<W>> {
    let mut properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_write_batch_size(1 << 12)
        // Row groups are ended explicitly.
        .set_max_row_group_row_count(None)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_statistics_truncate_length(Some(64));
    for field in schema.fields().iter().filter(|field| field.data_type() == &DataType::Utf8) {
        // Statistics of texts would let readers skip nothing, and computing them takes longer than compressing the text.
        let column = ColumnPath::from(field.name().as_str());
        properties = properties.set_column_statistics_enabled(column, EnabledStatistics::None);
    }
    properties =
        properties.set_column_statistics_enabled(ColumnPath::from(SKIPPED_BY), EnabledStatistics::Page);
    let options = ArrowWriterOptions::new().with_properties(properties.build());
    ArrowWriter::try_new_with_options(file, schema, options)
}

fn fields(columns: &[Column]) -> Fields {
    columns.iter().map(|column| Field::new(column.name, data_type(&column.kind), true)).collect()
}

fn data_type(kind: &ColumnType) -> DataType {
    match kind {
        ColumnType::String => DataType::Utf8,
        ColumnType::Int => DataType::Int32,
        ColumnType::Long => DataType::Int64,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::TimestampMillis => DataType::Timestamp(TimeUnit::Millisecond, Some(UTC.into())),
        ColumnType::Struct(columns) => DataType::Struct(fields(columns)),
        // Lists of three levels, as Parquet defines them, with the name of its elements.
        ColumnType::List(element) => {
            DataType::List(Arc::new(Field::new("element", data_type(element), true)))
        }
    }
}
