//! Tests that batches of events of all tables hold what batches of one table hold, which are made in another way.

#![allow(clippy::disallowed_macros, reason = "tests print settings")]

use std::sync::Arc;

use arrow_array::{Array as _, RecordBatch};
use cloudconnexa_convert::arrow::{BatchBuilder, EventBatchBuilder, EventColumns};
use cloudconnexa_convert::rows::Rows;
use cloudconnexa_convert::table::{TABLES, Table, index_of};
use cloudconnexa_validator::Validator;
use cloudconnexa_validator::view::EventView;
use workspace_tests::mutate::{Random, mutate, seeds};
use workspace_tests::setting;

/// Makes a batch of one event, with the columns of its table.
fn alone(event: &EventView<'_>) -> RecordBatch {
    let mut rows = Rows::new(&TABLES[index_of(event)], None);
    rows.push(event);
    let mut builder = BatchBuilder::new(rows.columns());
    builder.append(&rows);
    builder.finish()
}

#[test]
fn batches_agree_over_mutated_events() {
    let seed = setting("CCX_SEED", 0x2023_1220);
    let cases = setting("CCX_CASES", 12_000);
    println!("CCX_SEED={seed} CCX_CASES={cases}");
    let seeds = seeds();
    let mut random = Random::new(seed);
    let validator = Validator::new();
    let mut checker = validator.checker();
    let columns = Arc::new(EventColumns::new(&TABLES.iter().collect::<Vec<&'static Table>>(), None));
    let mut builder = EventBatchBuilder::new(&columns);
    let (mut records, mut expected) = (Vec::new(), Vec::new());
    for _ in 0..cases {
        let record = mutate(&seeds[random.below(seeds.len())], &mut random);
        if let Some(event) = checker.view(&record) {
            assert!(builder.push(&event));
            expected.push(alone(&event));
            records.push(record);
        }
    }
    let together = builder.finish();
    assert_eq!(together.num_rows(), expected.len());
    for (field, column) in together.schema().fields().iter().zip(together.columns()) {
        for (row, alone) in expected.iter().enumerate() {
            let record = || String::from_utf8_lossy(&records[row]);
            match alone.column_by_name(field.name()) {
                Some(value) => assert_eq!(&column.slice(row, 1), value, "{}: {}", field.name(), record()),
                None => assert!(column.is_null(row), "{}: {}", field.name(), record()),
            }
        }
    }
    println!("{} valid of {cases}", expected.len());
    assert!(expected.len() as u64 > cases / 10, "a one-sided run: {} valid of {cases}", expected.len());
}
