//! Tests that files of Parquet have the rows of the events, in their order, whatever the limits of the writer.

use std::collections::BTreeMap;
use std::io::{self, Write};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use bytes::Bytes;
use cloudconnexa_convert::arrow::schema;
use cloudconnexa_convert::parquet::{Files, Limits, PartitionedWriter, Written};
use cloudconnexa_convert::rows::{Partition, PartitionKey, PartitionedRows};
use cloudconnexa_convert::table::{Selection, TABLES, Value};
use cloudconnexa_sample::{Options, Sample, Spelling};
use cloudconnexa_validator::Validator;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::RowGroupMetaData;

/// Files in memory, by their names.
#[derive(Debug, Default)]
struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    /// The numbers of bytes after which writing fails, if it does.
    room: Option<usize>,
}

#[derive(Debug)]
struct MemoryFile {
    name: String,
    bytes: Vec<u8>,
    room: Option<usize>,
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room.is_some_and(|room| self.bytes.len() + bytes.len() > room) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Files for Memory {
    type File = MemoryFile;

    fn open(&mut self, partition: PartitionKey, number: u64) -> io::Result<MemoryFile> {
        Ok(MemoryFile { name: format!("{partition}/{number}"), bytes: Vec::new(), room: self.room })
    }

    fn end(&mut self, file: MemoryFile) -> io::Result<()> {
        let before = self.files.insert(file.name, file.bytes);
        assert!(before.is_none(), "a file was written twice");
        Ok(())
    }
}

/// Sample events, `apart` microseconds from each other.
fn events(count: u64, apart: Option<u64>) -> Vec<Vec<u8>> {
    let mut text = Vec::new();
    let options = Options::default().seed(18).unknown_field(true).spelling(Spelling::Escaped).interval(apart);
    Sample::new(&options).write(count, &mut text).expect("a buffer takes what is written");
    text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

/// The cells of a row, in words.
type Row = Vec<String>;

/// The rows of each partition as the events have them.
fn expected(events: &[Vec<u8>], wanted: Option<&Selection>) -> BTreeMap<String, Vec<Row>> {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let mut rows = BTreeMap::<String, Vec<Row>>::new();
    for record in events {
        let event = checker.view(record).expect("samples are valid");
        let key = PartitionKey::of(&event);
        let cells = key.table().columns_of(wanted).map(|column| match column.value(&event) {
            Value::Null => "null".to_owned(),
            Value::Text(text) => format!("text {text}"),
            Value::Integer(number) => format!("number {number}"),
            Value::Boolean(value) => format!("boolean {value}"),
            Value::Timestamp(time) => format!("time {}", time.unix_micros()),
            other => panic!("say what {other:?} is in words"),
        });
        rows.entry(key.to_string()).or_default().push(cells.collect());
    }
    rows
}

fn read_batch(batch: &RecordBatch, rows: &mut Vec<Row>) {
    for row in 0..batch.num_rows() {
        let cells = batch.columns().iter().map(|column| {
            if column.is_null(row) {
                return "null".to_owned();
            }
            match column.data_type() {
                DataType::Utf8 => format!("text {}", column.as_string::<i32>().value(row)),
                DataType::Int64 => format!("number {}", column.as_primitive::<Int64Type>().value(row)),
                DataType::Boolean => format!("boolean {}", column.as_boolean().value(row)),
                DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) if &**zone == "UTC" => {
                    format!("time {}", column.as_primitive::<TimestampMicrosecondType>().value(row))
                }
                other => panic!("a column is {other}"),
            }
        });
        rows.push(cells.collect());
    }
}

/// The number of rows of each row group of a file.
fn row_groups(file: &Bytes) -> Vec<i64> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(file.clone()).expect("it is Parquet");
    reader.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect()
}

/// Reads the rows of each partition, and the number of rows of each row group of each file.
fn read(files: &BTreeMap<String, Vec<u8>>) -> (BTreeMap<String, Vec<Row>>, Vec<Vec<i64>>) {
    let mut rows = BTreeMap::<String, Vec<Row>>::new();
    let mut groups = Vec::new();
    for (name, bytes) in files {
        let (key, _) = name.rsplit_once('/').expect("names have a number");
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes.clone())).expect("it is Parquet");
        let table = name.split('/').next().expect("names have a table");
        let table = TABLES.iter().find(|known| known.name == table).expect("the table is known");
        if reader.schema().fields().len() == table.columns.len() {
            assert_eq!(reader.schema().fields(), schema(table.columns).fields());
        }
        groups.push(row_groups(&Bytes::from(bytes.clone())));
        let rows = rows.entry(key.to_owned()).or_default();
        for batch in reader.build().expect("it can be read") {
            read_batch(&batch.expect("it is whole"), rows);
        }
    }
    (rows, groups)
}

/// Collects rows, handing them over after every `part` events.
fn partitions(events: &[Vec<u8>], part: usize, wanted: Option<&Selection>) -> Vec<Partition> {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let mut rows = PartitionedRows::new(wanted);
    let mut partitions = Vec::new();
    for (index, record) in events.iter().enumerate() {
        rows.push(&checker.view(record).expect("samples are valid"));
        if (index + 1) % part == 0 {
            assert!(rows.bytes() > 0);
            partitions.extend(rows.take());
        }
    }
    partitions.extend(rows.take());
    assert_eq!(rows.bytes(), 0);
    partitions
}

fn write(partitions: &[Partition], limits: Limits) -> (Written, Memory) {
    let mut writer = PartitionedWriter::new(Memory::default(), limits);
    for partition in partitions {
        writer.write(partition).expect("memory takes what is written");
    }
    writer.finish().expect("memory takes what is written")
}

fn limits(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

const DAY: u64 = 86_400_000_000;

#[test]
fn files_have_the_rows_of_the_events() {
    let events = events(3000, Some(DAY / 1000));
    let (written, memory) = write(&partitions(&events, 70, None), Limits::default());
    let (rows, _) = read(&memory.files);
    let expected = expected(&events, None);
    assert_eq!(rows, expected);
    assert_eq!((written.rows, written.partitions), (3000, expected.len() as u64));
    assert_eq!((written.files, written.tables), (memory.files.len() as u64, 8));
    // `traffic_blocked` has the most columns with unknown fields.
    let extra =
        rows.values().flatten().filter(|row| row.last().is_some_and(|cell| cell.starts_with("text {")));
    assert_eq!(extra.count(), 3000, "each sample has an unknown field");
}

#[test]
fn columns_can_be_selected() {
    let events = events(300, None);
    let wanted = Selection::new(["timestamp".to_owned(), "session_bytes_in".to_owned()]).expect("they exist");
    let (_, memory) = write(&partitions(&events, 70, Some(&wanted)), Limits::default());
    assert_eq!(read(&memory.files).0, expected(&events, Some(&wanted)));
}

#[test]
fn files_do_not_depend_on_how_rows_come() {
    let events = events(2000, Some(DAY / 300));
    for limits in [
        Limits::default(),
        limits(|limits| (limits.batch_rows, limits.row_group_rows) = (7, 100)),
        limits(|limits| (limits.batch_bytes, limits.buffered_bytes) = (3000, 100_000)),
    ] {
        let (_, together) = write(&partitions(&events, 2000, None), limits);
        // Within a part, partitions are sorted, so the order among them differs from that of single events.
        let (_, one_by_one) = write(&partitions(&events, 1, None), limits);
        assert_eq!(read(&together.files).0, read(&one_by_one.files).0);
        if limits.buffered_bytes == Limits::default().buffered_bytes {
            assert_eq!(together.files, one_by_one.files, "{limits:?}");
        }
    }
}

#[test]
fn row_groups_and_files_end_at_their_limits() {
    let events = events(1000, None);
    let limits =
        limits(|limits| (limits.row_group_rows, limits.file_rows, limits.batch_rows) = (50, 120, 16));
    let (written, memory) = write(&partitions(&events, 300, None), limits);
    let (rows, groups) = read(&memory.files);
    assert_eq!(rows, expected(&events, None));
    for groups in &groups {
        assert!(groups.iter().all(|rows| (1..=50).contains(rows)), "{groups:?}");
        assert!(groups.iter().sum::<i64>() <= 120, "{groups:?}");
    }
    assert!(groups.iter().any(|groups| *groups == [50, 50, 20]), "{groups:?}");
    assert!(written.files > written.partitions, "{written:?}");
}

/// Ten thousand days in one input: the number of files that are begun is bounded, and nothing is lost.
#[test]
fn many_days_are_written_with_few_open_files() {
    let events = events(700, Some(DAY + 1));
    let limits = limits(|limits| limits.open_files = 3);
    // As if the inputs were read in another order.
    let mut shuffled = events.clone();
    shuffled.sort_by_key(|event| event.len() % 7);
    let (written, memory) = write(&partitions(&shuffled, 100, None), limits);
    assert_eq!(read(&memory.files).0, expected(&shuffled, None));
    assert!(written.partitions > 690, "{written:?}");
}

/// Memory is bounded by ending row groups early: what is written is the same.
#[test]
fn little_memory_makes_small_row_groups() {
    let events = events(2000, None);
    let limits = limits(|limits| (limits.buffered_bytes, limits.batch_rows) = (200_000, 64));
    let (_, memory) = write(&partitions(&events, 300, None), limits);
    let (rows, groups) = read(&memory.files);
    assert_eq!(rows, expected(&events, None));
    assert!(groups.iter().any(|groups| groups.len() > 3), "{groups:?}");
}

/// Buffers of columns count as memory, also where they are empty, so they have to be in proportion to the rows.
#[test]
fn a_day_is_one_row_group() {
    let events = events(12_000, None);
    let (_, memory) =
        write(&partitions(&events, 500, None), limits(|limits| limits.buffered_bytes = 12 << 20));
    let groups: Vec<_> =
        memory.files.values().map(|bytes| row_groups(&Bytes::from(bytes.clone())).len()).collect();
    assert!(groups.len() >= 8 && groups.iter().all(|count| *count == 1), "{groups:?}");
}

#[test]
fn rows_with_other_columns_than_their_file_are_refused() {
    let events = events(300, None);
    let wanted = Selection::new(["timestamp".to_owned()]).expect("it exists");
    let mut writer = PartitionedWriter::new(Memory::default(), Limits::default());
    let all = partitions(&events, 300, None);
    for partition in &all {
        writer.write(partition).expect("memory takes what is written");
    }
    let error = writer.write(&partitions(&events, 300, Some(&wanted))[0]).expect_err("one column is not all");
    assert_eq!(error.to_string(), "rows with other columns than their file");

    let nothing = Selection::new([]).expect("there is no unknown name");
    let mut writer = PartitionedWriter::new(Memory::default(), Limits::default());
    // More than there are events, as rows without columns have no size.
    let error = writer.write(&partitions(&events, 301, Some(&nothing))[0]).expect_err("it has no columns");
    assert_eq!(error.to_string(), "a table without columns");
}

#[test]
fn a_full_disk_is_an_error() {
    let events = events(500, None);
    let partitions = partitions(&events, 100, None);
    for room in [0, 1, 4, 1000, 20_000] {
        let mut writer =
            PartitionedWriter::new(Memory { room: Some(room), ..Memory::default() }, Limits::default());
        let written = partitions.iter().try_for_each(|partition| writer.write(partition));
        let error = written.and_then(|()| writer.finish().map(drop)).expect_err("it does not fit");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{error}");
    }
}
