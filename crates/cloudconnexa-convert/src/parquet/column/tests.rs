use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use bytes::Bytes;
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::{BoundaryOrder, Encoding};
use parquet::file::metadata::{ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::properties::WriterProperties;
use parquet::file::statistics::Statistics;
use parquet::file::writer::SerializedFileWriter;

use super::{Cells, ColumnEncoder, PAGE_ROWS, SKIPPED_BY};
use crate::parquet::page::Compression;
use crate::rows::NULL;
use crate::table::{Column, Kind, Source};

/// A file with a column, read back.
struct Read {
    batch: RecordBatch,
    metadata: Arc<ParquetMetaData>,
}

/// The cells of a column between those of two others, and their text.
fn cells<'a>(values: impl Iterator<Item = Option<&'a str>>) -> (Vec<u64>, String) {
    let (mut cells, mut all) = (Vec::new(), String::new());
    for value in values {
        let cell = value.map_or(NULL, |text| (all.len() as u64) << 32 | text.len() as u64);
        all.push_str(value.unwrap_or_default());
        cells.extend([7, cell, NULL]);
    }
    (cells, all)
}

/// Writes a row group of these cells, `part` rows at a time, twice, and reads the file.
fn written(name: &'static str, kind: Kind, (cells, text): &(Vec<u64>, String), part: usize) -> Read {
    let column = Column::new(name, kind, Source::Header(0));
    let arrow = crate::arrow::schema(&[column]);
    let schema = ArrowSchemaConverter::new().convert(&arrow).unwrap();
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema.root_schema_ptr(), properties).unwrap();
    let mut encoder = ColumnEncoder::new(&column);
    let mut compression = Compression::new().unwrap();
    for _ in 0..2 {
        for cells in cells.chunks(part * 3) {
            let cells = Cells { all: cells, columns: 3, column: 1, text: text.as_bytes() };
            encoder.append(cells, &mut compression).unwrap();
        }
        check_capacity(&encoder, text.len() + cells.len() / 3 * 8);
        let mut group = writer.next_row_group().unwrap();
        let (close, bytes) = encoder.end_chunk(&schema.column(0), &mut compression).unwrap();
        group.append_column(&bytes, close).unwrap();
        group.close().unwrap();
    }
    let file = Bytes::from(writer.into_inner().unwrap());
    let options = ArrowReaderOptions::new()
        .with_page_index_policy(PageIndexPolicy::Required)
        .with_encoding_stats_as_mask(false);
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).unwrap();
    let metadata = Arc::clone(reader.metadata());
    let rows = cells.len() / 3;
    let mut batches = reader.with_batch_size(rows * 2).build().unwrap();
    let batch = batches.next().unwrap().unwrap();
    assert_eq!((batch.num_rows(), batches.count()), (rows * 2, 0));
    assert_eq!(batch.slice(0, rows), batch.slice(rows, rows), "both row groups are the same");
    Read { batch: batch.slice(0, rows), metadata }
}

/// Checks that an encoder says about what memory it takes: no more than its values thrice, and what one page takes.
fn check_capacity(encoder: &ColumnEncoder, values: usize) {
    let capacity = encoder.capacity();
    assert!(capacity <= 3 * values + (1 << 19), "{capacity} of {values}");
}

impl Read {
    fn chunk(&self) -> &ColumnChunkMetaData {
        self.metadata.row_group(1).column(0)
    }

    /// Whether values are in a dictionary, and whether some are not.
    fn encodings(&self) -> (bool, bool) {
        let stats = self.chunk().page_encoding_stats().unwrap();
        let has = |encoding| stats.iter().any(|stats| stats.encoding == encoding && stats.count > 0);
        let is_indexed = has(Encoding::RLE_DICTIONARY);
        assert_eq!(self.chunk().dictionary_page_offset().is_some(), is_indexed);
        let pages = stats.iter().filter(|stats| stats.encoding == Encoding::PLAIN);
        (is_indexed, pages.map(|stats| stats.count).sum::<i32>() > i32::from(is_indexed))
    }
}

/// Checks that texts are read back, however they come.
fn check_texts(values: &[Option<String>]) -> Read {
    let cells = cells(values.iter().map(Option::as_deref));
    let read = [1, 777, values.len()].map(|part| written("name", Kind::String, &cells, part));
    for read in &read {
        let array = read.batch.column(0).as_string::<i32>();
        let found: Vec<_> = array.iter().map(|value| value.map(str::to_owned)).collect();
        assert!(found == values);
    }
    let [read, other, _] = read;
    assert_eq!(read.chunk(), other.chunk());
    let Some(Statistics::ByteArray(found)) = read.chunk().statistics() else {
        panic!("it has no statistics")
    };
    let nulls = values.iter().filter(|value| value.is_none()).count();
    assert_eq!(found.null_count_opt(), Some(nulls as u64));
    let distinct: BTreeSet<_> = values.iter().flatten().map(String::as_bytes).collect();
    let is_whole = found.distinct_count().is_some();
    assert_eq!(found.distinct_count(), is_whole.then_some(distinct.len() as u64));
    // Pages without values are plain.
    assert!(is_whole || read.encodings().1);
    let is_short = distinct.iter().all(|text| text.len() <= 64);
    let range = distinct.first().zip(distinct.last()).filter(|_| is_whole && is_short);
    assert_eq!(found.min_bytes_opt().zip(found.max_bytes_opt()), range.map(|(min, max)| (*min, *max)));
    read
}

fn texts(count: usize, text: impl Fn(usize) -> Option<String>) -> Vec<Option<String>> {
    (0..count).map(text).collect()
}

#[test]
fn texts_that_repeat_have_a_dictionary() {
    for (rows, distinct) in
        [(1, 1), (3, 2), (999, 500), (1001, 400), (45_000, 1), (45_000, 300), (20_000, 257)]
    {
        let value = |row: usize| format!("value {}", row * 7 % distinct);
        assert_eq!(check_texts(&texts(rows, |row| Some(value(row)))).encodings(), (true, false));
        let read = check_texts(&texts(rows, |row| (row % 5 != 1).then(|| value(row))));
        assert_eq!(read.encodings(), (true, false));
    }
}

#[test]
fn nulls_alone_need_no_values() {
    for rows in [1, 8, PAGE_ROWS, PAGE_ROWS + 1] {
        assert_eq!(check_texts(&texts(rows, |_| None)).encodings(), (false, true));
    }
    // The first page has no values.
    check_texts(&texts(45_000, |row| (row > 30_000).then(|| "late".to_owned())));
    check_texts(&texts(45_000, |row| (row < 10).then(String::new)));
}

#[test]
fn distinct_texts_have_no_dictionary() {
    let read = check_texts(&texts(45_000, |row| Some(format!("{row:036}"))));
    assert_eq!(read.encodings(), (false, true));
    assert!(read.chunk().compressed_size() < 45_000 * 12);
    // They differ in their middle only.
    assert_eq!(
        check_texts(&texts(3000, |row| Some(format!("12345678{row:04}12345678")))).encodings(),
        (false, true)
    );
    check_texts(&texts(3000, |row| Some(format!("12345678{:04}12345678", row % 300))));
    // A page ends when it is large.
    let read = check_texts(&texts(2500, |row| Some(format!("{row:0100}"))));
    assert_eq!(read.encodings(), (false, true));
    let index = read.metadata.page_index_for_row_group(1);
    assert_eq!(index.offset_index(0).unwrap().page_locations().len(), 2);
}

#[test]
fn a_dictionary_ends_when_it_is_large() {
    let text = |row: usize| Some(format!("{:0100}", if row < 1000 { row % 9 } else { row }));
    let read = check_texts(&texts(30_000, text));
    assert_eq!(read.encodings(), (true, true));
    let huge = |row: usize| Some("x".repeat(400_000 + row % 2));
    assert_eq!(check_texts(&texts(9, huge)).encodings(), (true, false));
    let huge = |row: usize| Some("x".repeat(400_000 + row));
    assert_eq!(check_texts(&texts(9, huge)).encodings(), (true, true));
}

/// Of a thousand values, those that repeat are long: without the dictionary, they would take a page of half a gigabyte.
#[test]
fn long_texts_that_repeat_keep_their_dictionary() {
    let long = "x".repeat(900_000);
    let value = |row: usize| if row.is_multiple_of(2) { long.clone() } else { row.to_string() };
    let cells = cells_of_repeated(&long, 1002);
    let read = written("name", Kind::String, &cells, 1002);
    let found = read.batch.column(0).as_string::<i32>();
    assert!((0..1002).all(|row| found.value(row) == value(row)));
    assert_eq!(read.encodings(), (true, false));
}

/// Cells of which every other one is the same text, which is there once.
fn cells_of_repeated(long: &str, count: usize) -> (Vec<u64>, String) {
    let mut text = long.to_owned();
    let cell = |row: usize| {
        let (start, added) =
            if row.is_multiple_of(2) { (0, long.len()) } else { (text.len(), row.to_string().len()) };
        if start > 0 {
            text.push_str(&row.to_string());
        }
        [7, (start as u64) << 32 | added as u64, NULL]
    };
    let cells = (0..count).flat_map(cell).collect();
    (cells, text)
}

/// Checks that numbers are read back, and their statistics.
fn check_integers(name: &'static str, kind: Kind, values: &[Option<i64>]) -> Read {
    let cells = values.iter().flat_map(|value| [7, value.map_or(NULL, i64::cast_unsigned), NULL]).collect();
    let read = written(name, kind, &(cells, String::new()), 777);
    let array = read.batch.column(0);
    let found: Vec<_> = match kind {
        Kind::Timestamp => array.as_primitive::<TimestampMicrosecondType>().iter().collect(),
        _ => array.as_primitive::<Int64Type>().iter().collect(),
    };
    assert!(found == values);
    let Some(Statistics::Int64(found)) = read.chunk().statistics() else { panic!("it has no statistics") };
    let flat = || values.iter().flatten();
    assert_eq!(found.null_count_opt(), Some((values.len() - flat().count()) as u64));
    assert_eq!((found.min_opt(), found.max_opt()), (flat().min(), flat().max()));
    read
}

#[test]
fn integers_have_a_dictionary_if_they_repeat() {
    let few: Vec<_> = (0..45_000).map(|row| (row % 3 > 0).then_some(i64::MAX - row % 400)).collect();
    assert_eq!(check_integers("n", Kind::Integer, &few).encodings(), (true, false));
    let many: Vec<_> = (0..45_000).map(|row| (row % 3 > 0).then_some(row * 1_000_003)).collect();
    assert_eq!(check_integers("n", Kind::Integer, &many).encodings(), (false, true));
    let later: Vec<_> = (0..200_000).map(|row| Some(if row < 1000 { 1 } else { row })).collect();
    assert_eq!(check_integers("n", Kind::Integer, &later).encodings(), (true, true));
}

#[test]
fn pages_can_be_skipped_by_time() {
    let times: Vec<_> = (0..45_000).map(|row| Some(row * 1000 - 5_000_000)).collect();
    let read = check_integers(SKIPPED_BY, Kind::Timestamp, &times);
    assert_eq!(read.encodings(), (false, true));
    let page_index = read.metadata.page_index_for_row_group(1);
    let locations = page_index.offset_index(0).unwrap().page_locations();
    let starts: Vec<_> = locations.iter().map(|page| page.first_row_index).collect();
    assert_eq!(starts, [0, 8192, 16_384, 24_576, 32_768, 40_960]);
    let Some(ColumnIndexMetaData::INT64(index)) = page_index.column_index(0) else {
        panic!("it has no index")
    };
    let order = page_index.column_index(0).unwrap().get_boundary_order();
    assert_eq!(order, Some(BoundaryOrder::ASCENDING));
    let min: Vec<_> = index.min_values_iter().map(Option::unwrap).copied().collect();
    assert_eq!(min, starts.iter().map(|row| row * 1000 - 5_000_000).collect::<Vec<_>>());
    assert_eq!(index.max_value(5), Some(&39_999_000));

    // In another order, and with a page of nulls.
    let times: Vec<_> = (0..3 * 8192).map(|row| (row / 8192 != 1).then_some(-row)).collect();
    let read = check_integers(SKIPPED_BY, Kind::Timestamp, &times);
    let page_index = read.metadata.page_index_for_row_group(1);
    let Some(ColumnIndexMetaData::INT64(index)) = page_index.column_index(0) else {
        panic!("it has no index")
    };
    let order = page_index.column_index(0).unwrap().get_boundary_order();
    assert_eq!(order, Some(BoundaryOrder::UNORDERED));
    assert_eq!([0, 1, 2].map(|page| index.is_null_page(page)), [false, true, false]);
    assert_eq!(index.null_count(1), Some(8192));
}

#[test]
fn booleans_are_read_back() {
    for values in [vec![None; 9], (0..45_000).map(|row| (row % 7 > 0).then_some(row % 2 == 0)).collect()] {
        let cell = |value: &Option<bool>| [7, value.map_or(NULL, u64::from), NULL];
        let cells = values.iter().flat_map(cell).collect();
        let read = written("is_it", Kind::Boolean, &(cells, String::new()), 777);
        assert!(read.batch.column(0).as_boolean().iter().collect::<Vec<_>>() == values);
        let Some(Statistics::Boolean(found)) = read.chunk().statistics() else {
            panic!("it has no statistics")
        };
        let flat = || values.iter().flatten();
        assert_eq!((found.min_opt(), found.max_opt()), (flat().min(), flat().max()));
        assert_eq!(found.null_count_opt(), Some((values.len() - flat().count()) as u64));
    }
}
