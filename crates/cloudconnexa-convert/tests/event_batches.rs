//! Tests that events of several tables in one batch have the values of the events, in their order, and nulls elsewhere.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array as _, RecordBatch};
use cloudconnexa_convert::arrow::{EventBatchBuilder, EventColumns, schema};
use cloudconnexa_convert::table::{Selection, TABLES, Table, Value, index_of};
use cloudconnexa_sample::{Options, Sample};
use cloudconnexa_validator::Validator;

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
    let union = Arc::new(EventColumns::new(tables, wanted));
    let mut builder = EventBatchBuilder::new(&union);
    let validator = Validator::new();
    let mut checker = validator.checker();
    let (mut batches, mut expected) = (Vec::new(), Vec::new());
    for (number, record) in events().iter().enumerate() {
        let event = checker.view(record).expect("a sample is valid");
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
