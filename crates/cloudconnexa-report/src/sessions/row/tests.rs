//! Tests of rows.

use super::*;

/// A session that started, and of which no end was seen.
fn valid_session(gap: Gap) -> Session {
    let mut session = Session::default();
    (session.connected, session.is_valid, session.gap) = (true, true, Some(gap));
    session
}

#[test]
fn the_columns_are_those_of_a_row() {
    let mut line = Vec::new();
    SessionRow::new(&valid_session(Gap::StillOpen)).write_json(&mut line).unwrap();
    let line = String::from_utf8(line).unwrap();
    let mut at = 0;
    for column in SESSION_COLUMNS {
        at += line[at..].find(&format!("\"{column}\":")).unwrap_or_else(|| panic!("{column} in {line}"));
    }
    let row: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(row.as_object().unwrap().len(), SESSION_COLUMNS.len());
    let schema = schema().to_value();
    assert_eq!(schema["properties"].as_object().unwrap().len(), SESSION_COLUMNS.len());
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&row));
}

#[test]
fn a_session_whose_end_is_not_streamed_is_neither_complete_nor_incomplete() {
    let mut line = Vec::new();
    SessionRow::new(&valid_session(Gap::NotStreamed)).write_json(&mut line).unwrap();
    let row: serde_json::Value = serde_json::from_slice(&line).unwrap();
    assert!(row["complete"].is_null() && row["incompleteBecause"].is_null(), "{row}");
    assert!(jsonschema::validator_for(&schema().to_value()).unwrap().is_valid(&row));
}
