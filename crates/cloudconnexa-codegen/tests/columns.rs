//! Tests that the columns of tables are only ever appended to.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

mod common;

use cloudconnexa_codegen::columns::{COLUMNS, check_appended, render};
use cloudconnexa_codegen::{File, SCHEMA, read};
use cloudconnexa_schema::Schema;
use common::{file, schema};
use serde_json::Value;

/// The schema after an edit of its text.
fn edited(from: &str, to: &str) -> Schema {
    let text = file(SCHEMA);
    assert_eq!(text.matches(from).count(), 1, "{from}");
    read(&text.replace(from, to)).expect("the edited schema is supported")
}

fn contents<'f>(files: &'f [File], suffix: &str) -> &'f str {
    let file = files.iter().find(|file| file.path.ends_with(suffix)).expect("the file is rendered");
    &file.contents
}

/// The names of the columns of each table.
fn names(columns: &str) -> Vec<(String, Vec<String>)> {
    let columns: Value = serde_json::from_str(columns).expect("it is JSON");
    let text = |value: &Value| value["name"].as_str().expect("it has a name").to_owned();
    let tables = columns["tables"].as_array().expect("it has tables");
    tables
        .iter()
        .map(|table| {
            (text(table), table["columns"].as_array().expect("it has columns").iter().map(text).collect())
        })
        .collect()
}

#[test]
fn nothing_changes_without_a_change_of_the_schema() {
    let frozen = file(COLUMNS);
    let files = render(&schema(), &frozen).expect("it renders");
    assert_eq!(contents(&files, "columns.json"), frozen);
}

/// Problem 13 of others: columns inserted in the middle.
#[test]
fn a_new_field_of_the_header_comes_last_in_each_table() {
    let schema = edited(
        "\"cloudId\": {\n          \"type\": \"string\",",
        "\"tenantRegion\": {\n          \"type\": \"string\",\n          \"description\": \"Where the tenant is.\",\n          \
         \"examples\": [\"eu\"]\n        },\n        \"cloudId\": {\n          \"type\": \"string\",",
    );
    let frozen = file(COLUMNS);
    let files = render(&schema, &frozen).expect("it renders");
    for ((name, before), (_, after)) in names(&frozen).iter().zip(names(contents(&files, "columns.json"))) {
        assert_eq!(&after[..before.len()], before, "{name}");
        assert_eq!(after[before.len()..], ["tenant_region"], "{name}");
    }
    let code = contents(&files, "tables.rs");
    assert_eq!(code.matches("\"tenant_region\", Kind::String, Source::Header(2)").count(), 9);
}

#[test]
fn the_column_of_a_removed_field_stays_and_is_empty() {
    let schema = edited("\"userAgent\": {", "\"browser\": {");
    let files = render(&schema, &file(COLUMNS)).expect("it renders");
    let code = contents(&files, "tables.rs");
    assert_eq!(code.matches("\"user_agent\", Kind::String, Source::Removed").count(), 9);
    assert_eq!(code.matches("\"browser\", Kind::String, Source::Header(").count(), 9);
}

#[test]
fn a_changed_type_is_refused() {
    let schema = edited(
        "\"userAgent\": {\n          \"type\": \"string\",",
        "\"userAgent\": {\n          \"type\": \"boolean\",",
    );
    let error = render(&schema, &file(COLUMNS)).expect_err("it is refused").to_string();
    let first = error.lines().next().expect("it has a line");
    assert_eq!(
        first,
        "schema/columns.json: the column `user_agent` of `log_stream_started` is frozen as String, and `/userAgent` is Boolean \
         in the schema; rename what the column holds to `removed:/userAgent`, and the field gets a new column at the end"
    );
    assert_eq!(error.lines().count(), 9);
    // What the message says to do.
    let remedied = file(COLUMNS).replace("\"/userAgent\"", "\"removed:/userAgent\"");
    let files = render(&schema, &remedied).expect("it renders");
    let code = contents(&files, "tables.rs");
    assert_eq!(code.matches("\"user_agent_\", Kind::Boolean, Source::Header(").count(), 9);
    assert_eq!(code.matches("\"user_agent\", Kind::String, Source::Removed").count(), 9);
}

#[test]
fn repeated_names_are_refused() {
    let frozen = file(COLUMNS);
    let first = "{ \"name\": \"cloud_id\"";
    let renamed = frozen.replacen(first, "{ \"name\": \"Timestamp\"", 1);
    let error = render(&schema(), &renamed).expect_err("it is refused").to_string();
    assert_eq!(
        error,
        "schema/columns.json: `log_stream_started` has two columns `Timestamp`; rename the newer"
    );
}

#[test]
fn a_released_order_of_columns_stays() {
    let released = file(COLUMNS);
    assert!(check_appended(&released, "0.1.0", &released).is_ok());
    let lines: Vec<&str> = released.lines().collect();
    let swapped = |one: &str, other: &str| {
        let mut lines = lines.clone();
        let at = |wanted: &str| lines.iter().position(|line| line.contains(wanted)).expect("there is one");
        let (one, other) = (at(one), at(other));
        lines.swap(one, other);
        lines.join("\n")
    };
    let error =
        check_appended(&released, "0.1.0", &swapped("\"cloud_id\"", "\"service\"")).expect_err("it moved");
    assert_eq!(
        error.to_string(),
        "schema/columns.json: column 4 of `log_stream_started` was `cloud_id` (String) in version 0.1.0; readers take columns by \
         their place, so put it back there, and new columns at the end"
    );
    let renamed = released.replacen("\"name\": \"unknown_event\"", "\"name\": \"others\"", 1);
    let error = check_appended(&released, "0.1.0", &renamed).expect_err("it is gone");
    assert_eq!(
        error.to_string(),
        "schema/columns.json: the table `unknown_event` of version 0.1.0 is gone; put it back"
    );
    // A field that is removed, and one that is new.
    let held = released.replacen("\"holds\": \"/service\"", "\"holds\": \"removed:/service\"", 1);
    assert!(check_appended(&released, "0.1.0", &held).is_ok());
    let fewer = released.replacen(
        "        { \"name\": \"cloud_id\", \"kind\": \"string\", \"holds\": \"/cloudId\" },\n",
        "",
        1,
    );
    assert!(check_appended(&fewer, "0.1.0", &released).is_err());
    assert!(check_appended("{}", "0.1.0", &released).is_err());
}

#[test]
fn an_unreadable_file_is_reported() {
    let error = render(&schema(), "{}").expect_err("it is refused").to_string();
    assert!(error.starts_with("schema/columns.json: cannot be read: missing field"), "{error}");
}
