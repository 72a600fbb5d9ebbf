//! Tests of schemas without extensions.

use cloudconnexa_events::SCHEMA;
use serde_json::{Value, json};

use super::of;

/// Removes keywords that start with `x-`, wherever they are.
fn without_extensions(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !key.starts_with("x-"));
            members.values_mut().for_each(without_extensions);
        }
        Value::Array(elements) => elements.iter_mut().for_each(without_extensions),
        _ => {}
    }
}

#[test]
fn nothing_but_extensions_is_left_out_of_the_schema_of_events() {
    let mut expected: Value = serde_json::from_str(SCHEMA).unwrap();
    let (text, before) = (of(SCHEMA), expected.clone());
    without_extensions(&mut expected);
    assert_ne!(before, expected);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    assert_eq!(of(&text), text);
    // Everything else stays as it is, line by line.
    let lines =
        |text: &str| text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect::<Vec<_>>();
    let all = lines(SCHEMA);
    assert!(lines(&text).iter().all(|line| all.contains(line)), "{text}");
}

#[test]
fn names_and_values_may_start_with_the_same_letters() {
    let schema = json!({
        "x-closed": true,
        "properties": {"x-id": {"type": "string", "x-provenance": "example", "examples": [{"x-a": 1}]}},
        "allOf": [true, {"x-b": {}, "const": {"x-c": [1, {}]}}, {}],
        "additionalProperties": {"x-d": 1}
    });
    let expected = json!({
        "properties": {"x-id": {"type": "string", "examples": [{"x-a": 1}]}},
        "allOf": [true, {"const": {"x-c": [1, {}]}}, {}],
        "additionalProperties": {}
    });
    assert_eq!(serde_json::from_str::<Value>(&of(&schema.to_string())).unwrap(), expected);
}
