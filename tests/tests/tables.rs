//! Tests that each cell of the tables that events convert to has the value that `serde_json` reads at the place that
//! `schema/columns.json` names, and that nothing of an event is missing from its row.
//!
//! `CCX_SEED` and `CCX_CASES` choose another run; a failure prints the seed and the event.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read files and settings")]

use std::collections::BTreeMap;

use cloudconnexa_convert::rows::{PartitionKey, PartitionedRows};
use cloudconnexa_convert::table::{self, Selection, Source, TABLES, Table};
use cloudconnexa_events::UtcMicros;
use cloudconnexa_validator::{Checker, EventView, Validator};
use serde_json::{Map, Value};
use workspace_tests::mutate::{Random, mutate, seeds};
use workspace_tests::{corpus, samples, setting};

/// What a column holds, as `schema/columns.json` says: by the table and the name of the column, its kind and the JSON Pointer.
type Frozen = BTreeMap<(String, String), (String, String)>;

fn frozen() -> Frozen {
    let path = corpus().join("../../schema/columns.json");
    let text = std::fs::read_to_string(path).expect("the frozen columns can be read");
    let json: Value = serde_json::from_str(&text).expect("they are JSON");
    let text = |value: &Value, key: &str| value[key].as_str().expect("it is text").to_owned();
    let mut frozen = Frozen::new();
    for table in json["tables"].as_array().expect("there are tables") {
        for column in table["columns"].as_array().expect("there are columns") {
            let key = (text(table, "name"), text(column, "name"));
            frozen.insert(key, (text(column, "kind"), text(column, "holds")));
        }
    }
    frozen
}

/// The value of a cell, in words that do not depend on how it was read.
fn expected(kind: &str, value: Option<&Value>, table: &Table, column: &str) -> String {
    let Some(value) = value.filter(|value| !value.is_null()) else { return "null".to_owned() };
    match kind {
        "string" => {
            let text = value.as_str().expect("it is text");
            // The addresses that a flow may not have.
            let is_address = table.name == "flow_established" && column.ends_with("_ip");
            if text.is_empty() && is_address { "null".to_owned() } else { format!("text {text}") }
        }
        "integer" => {
            let number = value.as_u64().map_or_else(
                || value.as_f64().expect("a number"),
                |number| {
                    #[expect(
                        clippy::cast_precision_loss,
                        reason = "compared with what is cast in the same way"
                    )]
                    {
                        number as f64
                    }
                },
            );
            // Minus zero is zero.
            format!("number {}", number + 0.0)
        }
        "boolean" => format!("boolean {value}"),
        "timestamp" => {
            let time = value.as_str().and_then(UtcMicros::parse).expect("a time");
            format!("time {}", time.unix_micros())
        }
        _ => format!("json {value}"),
    }
}

fn found(kind: &str, value: &table::Value<'_>) -> String {
    match value {
        table::Value::Null => "null".to_owned(),
        table::Value::Text(json) if kind == "json" => {
            format!("json {}", serde_json::from_str::<Value>(json).expect("it is JSON"))
        }
        table::Value::Text(text) => format!("text {text}"),
        #[expect(clippy::cast_precision_loss, reason = "as expected values")]
        table::Value::Integer(number) => format!("number {}", *number as f64),
        table::Value::Boolean(value) => format!("boolean {value}"),
        table::Value::Timestamp(time) => format!("time {}", time.unix_micros()),
        other => panic!("say what {other:?} is in words"),
    }
}

fn assert_row(event: &EventView<'_>, frozen: &Frozen) {
    let json: Value = serde_json::from_slice(event.record()).expect("a valid event is JSON");
    let table = &TABLES[table::index_of(event)];
    assert_eq!(table.event, event.event().map(|event| event.name));
    // What no column has read.
    let mut rest = json.clone();
    let mut extra = Value::Object(Map::new());
    for column in table.columns {
        let value = column.value(event);
        let key = (table.name.to_owned(), column.name.to_owned());
        let (kind, holds) = frozen.get(&key).unwrap_or_else(|| panic!("{key:?} is not frozen"));
        if column.source == Source::UnknownFields {
            if let table::Value::Text(json) = &value {
                extra = serde_json::from_str(json).expect("it is JSON");
            }
            continue;
        }
        assert_eq!(found(kind, &value), expected(kind, json.pointer(holds), table, column.name), "{key:?}");
        let (parent, name) = holds.rsplit_once('/').expect("it is a pointer");
        if let Some(Value::Object(parent)) = rest.pointer_mut(parent) {
            parent.remove(name);
        }
    }
    // A described `log` may be empty now, and is not an unknown field.
    if extra.get("log").is_none()
        && rest.get("log").is_some_and(|log| log.as_object().is_some_and(Map::is_empty))
    {
        rest.as_object_mut().expect("an event is an object").remove("log");
    }
    assert_eq!(extra, rest, "unknown fields");
}

fn check(checker: &mut Checker<'_>, record: &[u8], frozen: &Frozen, rows: &mut PartitionedRows) -> bool {
    let Some(event) = checker.view(record) else { return false };
    assert_row(&event, frozen);
    rows.push(&event);
    true
}

#[test]
fn rows_have_what_serde_json_reads_over_the_corpus() {
    let (validator, frozen, mut rows) = (Validator::new(), frozen(), PartitionedRows::new(None));
    let mut checker = validator.checker();
    let valid =
        samples("").into_iter().filter(|sample| check(&mut checker, &sample.bytes, &frozen, &mut rows));
    let valid = valid.count();
    let partitions = rows.take();
    assert_eq!(partitions.iter().map(|partition| partition.rows.len()).sum::<usize>(), valid);
    assert!(valid > 100, "{valid}");
    let tables: std::collections::BTreeSet<_> =
        partitions.iter().map(|partition| partition.key.table().name).collect();
    assert_eq!(tables.len(), TABLES.len(), "the corpus has no event of some table: {tables:?}");
    assert!(rows.take().is_empty());
}

#[test]
fn rows_have_what_serde_json_reads_over_mutated_events() {
    let (validator, frozen, mut rows) = (Validator::new(), frozen(), PartitionedRows::new(None));
    let mut checker = validator.checker();
    let (seed, cases) = (setting("CCX_SEED", 18), setting("CCX_CASES", 20_000));
    let mut random = Random::new(seed);
    let seeds = seeds();
    let mut valid = 0;
    for case in 0..cases {
        let record = mutate(&seeds[random.below(seeds.len())], &mut random);
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            check(&mut checker, &record, &frozen, &mut rows)
        }));
        let Ok(is_valid) = result else {
            panic!("seed {seed}, case {case}: {}", String::from_utf8_lossy(&record));
        };
        valid += u64::from(is_valid);
    }
    assert!(valid > cases / 10, "only {valid} of {cases} mutated events are valid");
}

/// Problem 14 of others: partitions by the time of the file. Ours are by that of the event, in UTC.
#[test]
fn the_day_is_that_of_the_event_in_utc() {
    let validator = Validator::new();
    let day = |timestamp: &str| {
        let record = include_str!("../corpus/documented/client-disconnected-v1.json");
        let record = record.replace("2023-12-20T10:45:14.000000Z", timestamp);
        let mut checker = validator.checker();
        let event = checker.view(record.as_bytes()).unwrap_or_else(|| panic!("{timestamp} is valid"));
        PartitionKey::of(&event).to_string()
    };
    for (timestamp, expected) in [
        ("2023-12-20T10:45:14.000000Z", "2023-12-20"),
        ("2023-12-20T23:59:59.999999Z", "2023-12-20"),
        ("2023-12-21T00:30:00+01:00", "2023-12-20"),
        ("2023-12-20T23:30:00-01:00", "2023-12-21"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31"),
        ("1970-01-01T00:00:00Z", "1970-01-01"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31"),
        ("0000-01-01T00:00:00Z", "0000-01-01"),
        // The calendar ends here: what is beyond it counts as its first and last moment, which a `Timestamp` knows.
        ("0000-01-01T00:00:00+01:00", "0000-01-01"),
        ("9999-12-31T23:59:59-01:00", "9999-12-30"),
    ] {
        assert_eq!(day(timestamp), format!("client_disconnected/event_day={expected}"), "{timestamp}");
    }
}

#[test]
fn selections_keep_the_order_of_the_table() {
    let selection =
        Selection::new(["session_bytes_in".to_owned(), "timestamp".to_owned()]).expect("they exist");
    let table = Table::named("client_disconnected").expect("there is one");
    let names: Vec<_> = table.columns_of(Some(&selection)).map(|column| column.name).collect();
    assert_eq!(names, ["timestamp", "session_bytes_in"]);
    assert_eq!(Selection::new(["timestamp".to_owned(), "time".to_owned()]), Err("time".to_owned()));
}

#[test]
fn every_table_and_column_says_what_it_holds() {
    for table in TABLES {
        assert!(!table.description().is_empty(), "{}", table.name);
        for column in table.columns {
            assert!(!table.description_of(column).is_empty(), "{}.{}", table.name, column.name);
        }
    }
}
