//! Tests that events of several tables in one batch have the values of the events, in their order, and nulls elsewhere.

mod common;

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array as _, RecordBatch};
use cloudconnexa_convert::arrow::{BatchBuilder, EventBatchBuilder, EventColumns, schema};
use cloudconnexa_convert::rows::Rows;
use cloudconnexa_convert::table::{Selection, TABLES, Table, Value, index_of};
use cloudconnexa_sample::{Options, Sample, Spelling};
use cloudconnexa_validator::Validator;
use common::{corpus, record, samples};

fn events() -> Vec<Vec<u8>> {
    let mut text = Vec::new();
    let options = Options::default().seed(19).unknown_field(true);
    Sample::new(&options).write(2000, &mut text).expect("a buffer takes what is written");
    text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

/// The cell of a batch, in words.
fn cell(batch: &RecordBatch, column: &str, row: usize) -> String {
    let array = batch.column_by_name(column).expect("it has the column");
    if array.is_null(row) {
        return "null".to_owned();
    }
    match array.data_type() {
        arrow_schema::DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        arrow_schema::DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        arrow_schema::DataType::Boolean => array.as_boolean().value(row).to_string(),
        _ => array.as_primitive::<TimestampMicrosecondType>().value(row).to_string(),
    }
}

/// The value of a column of an event, in the same words.
fn word(value: &Value<'_>) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Text(text) => text.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Boolean(value) => value.to_string(),
        Value::Timestamp(time) => time.unix_micros().to_string(),
        other => panic!("{other:?}"),
    }
}

fn check(tables: &[&'static Table], wanted: Option<&Selection>) -> usize {
    check_records(&events(), tables, wanted)
}

fn check_records(records: &[Vec<u8>], tables: &[&'static Table], wanted: Option<&Selection>) -> usize {
    let union = Arc::new(EventColumns::new(tables, wanted));
    let mut builder = EventBatchBuilder::new(&union);
    let validator = Validator::new();
    let mut checker = validator.checker();
    let (mut batches, mut expected) = (Vec::new(), Vec::new());
    for (number, record) in records.iter().enumerate() {
        let event = checker.view(record).expect("it is valid");
        let table = &TABLES[index_of(&event)];
        let is_wanted = tables.iter().any(|one| one.name == table.name);
        assert_eq!(builder.push(&event), is_wanted);
        if is_wanted {
            let words = union.columns().iter().map(|column| {
                let own = table.columns.iter().find(|one| one.name == column.name);
                own.map_or("null".to_owned(), |own| word(&own.value(&event)))
            });
            expected.push(words.collect::<Vec<_>>());
        }
        if number % 97 == 0 {
            batches.push(builder.finish());
            assert!(builder.is_empty() && builder.record_bytes() == 0);
        }
    }
    batches.push(builder.finish());
    assert!(batches.iter().all(|batch| batch.schema() == union.schema()));
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), expected.len());
    let places = batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| (batch, row)));
    for ((batch, row), words) in places.zip(&expected) {
        for (column, word) in union.columns().iter().zip(words) {
            assert_eq!(cell(batch, column.name, row), *word, "row {row}, column {}", column.name);
        }
    }
    expected.len()
}

#[test]
fn rows_of_all_tables_have_the_columns_of_all() {
    let all: Vec<&'static Table> = TABLES.iter().collect();
    assert_eq!(check(&all, None), 2000);
}

#[test]
fn unusual_events_have_their_values() {
    let mut records: Vec<_> = corpus().into_iter().map(|(_, event)| event.record).collect();
    for spelling in [Spelling::Plain, Spelling::Escaped, Spelling::NonAscii] {
        let options = Options::default().spelling(spelling).shuffle_keys(true);
        records.extend(samples(200, &options).into_iter().map(|event| event.record));
    }
    // Columns take fewer rows at once where records are large.
    let field = format!("{{\"new\":\"{}\",", "large ".repeat(100_000));
    for record in records.iter_mut().rev().step_by(37).take(5) {
        let text = str::from_utf8(record).expect("it is UTF-8");
        *record = text.replacen('{', &field, 1).into_bytes();
    }
    let all: Vec<&'static Table> = TABLES.iter().collect();
    assert_eq!(check_records(&records, &all, None), records.len());
}

#[test]
fn rows_of_one_table_have_their_values_however_they_are_appended() {
    let validator = Validator::new();
    let mut checker = validator.checker();
    for table in TABLES {
        let mut builder = BatchBuilder::new(table.columns);
        let mut expected = Vec::new();
        let mut rows = Rows::new(table, None);
        for record in events() {
            let event = checker.view(&record).expect("it is valid");
            if TABLES[index_of(&event)].name != table.name {
                continue;
            }
            rows.push(&event);
            expected.push(table.columns.iter().map(|column| word(&column.value(&event))).collect::<Vec<_>>());
            // Neither a group of rows nor a part of one.
            if rows.len() == 29 + expected.len() % 50 {
                builder.append(&std::mem::replace(&mut rows, Rows::new(table, None)));
            }
        }
        builder.append(&rows);
        assert_eq!(format!("{builder:?}"), format!("BatchBuilder {{ len: {}, .. }}", expected.len()));
        let batch = builder.finish();
        assert_eq!(batch.num_rows(), expected.len());
        for (row, words) in expected.iter().enumerate() {
            for (column, word) in table.columns.iter().zip(words) {
                assert_eq!(cell(&batch, column.name, row), *word, "row {row}, column {}", column.name);
            }
        }
    }
}

#[test]
fn nothing_of_other_events_is_in_place_of_nulls() {
    let two = ["client_disconnected", "test_message"].map(|name| Table::named(name).expect("it exists"));
    let union = Arc::new(EventColumns::new(&two, None));
    let mut builder = EventBatchBuilder::new(&union);
    let validator = Validator::new();
    let mut checker = validator.checker();
    let [large, small] =
        ["documented/client-disconnected-v1", "documented/test-message-v1"].map(|name| record(name).record);
    for (records, expected) in [([&large, &small], [34_409, 0]), ([&small, &large], [0, 34_409])] {
        for record in records {
            builder.push(&checker.view(record).expect("it is valid"));
        }
        assert_eq!(format!("{builder:?}"), "EventBatchBuilder { len: 2, .. }");
        let batch = builder.finish();
        let bytes = batch.column_by_name("session_bytes_in").expect("it is a column");
        assert_eq!(bytes.as_primitive::<Int64Type>().values()[..], expected);
    }
}

#[test]
fn only_the_selected_tables_and_columns_are_there() {
    let two = ["flow_established", "client_disconnected"].map(|name| Table::named(name).expect("it exists"));
    assert!(check(&two, None) > 100);
    let names = ["session_bytes_in", "timestamp", "session_protocol"].map(str::to_owned);
    let selection = Selection::new(names).expect("tables have these columns");
    assert!(check(&two, Some(&selection)) > 100);
    assert_eq!(EventColumns::new(&two, Some(&selection)).columns().len(), 3);
}

#[test]
fn columns_of_one_name_have_one_type() {
    for column in TABLES.iter().flat_map(|table| table.columns) {
        for other in TABLES.iter().flat_map(|table| table.columns).filter(|other| other.name == column.name) {
            assert_eq!(schema(&[*column]), schema(&[*other]));
        }
    }
}
