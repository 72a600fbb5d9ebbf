//! Schemas that cannot be compared.

#![allow(clippy::disallowed_methods, reason = "tests read the corpus")]

mod common;

use std::time::{Duration, Instant};

use cloudconnexa_compat::{CompareErrorKind, Schema, Side, Strictness, compare};
use cloudconnexa_events::SCHEMA;
use cloudconnexa_schema::Json;
use common::{edited, json, set};

fn error(old: &str, new: &str) -> (Side, CompareErrorKind, String) {
    let started = Instant::now();
    let error = compare(&Schema::new(old), &Schema::new(new), Strictness::All).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(60), "{error}");
    (error.side(), error.kind(), error.to_string())
}

#[test]
fn what_is_no_schema_of_events_is_refused() {
    use CompareErrorKind::{NotASchema, Recursive, Shape, TooLarge};
    let events = r#""allOf": [{"if": {"properties": {"eventName": {"const": "a"}}, "required": ["eventName"]}, "then": THEN}]"#;
    let with =
        |then: &str, defs: &str| format!("{{{}, \"$defs\": {{{defs}}}}}", events.replace("THEN", then));
    let log = |schema: &str| format!("{{\"properties\": {{\"log\": {schema}}}}}");
    let doubled: Vec<String> = (0..40)
        .map(|n| {
            format!(
                "\"D{n}\": {{\"allOf\": [{{\"$ref\": \"#/$defs/D{}\"}}, {{\"$ref\": \"#/$defs/D{}\"}}]}}",
                n + 1,
                n + 1
            )
        })
        .chain(["\"D40\": true".to_owned()])
        .collect();
    let deep = "{\"not\":".repeat(500) + "true" + &"}".repeat(500);
    let cases = [
        (String::new(), NotASchema, "is not a JSON Schema: is not JSON"),
        ("[1]".to_owned(), NotASchema, "the text must be an object"),
        (deep, NotASchema, "recursion limit"),
        ("{}".to_owned(), Shape, "`#/allOf` is missing"),
        (
            r#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#.to_owned(),
            Shape,
            "other versions of JSON Schema",
        ),
        (r#"{"allOf": []}"#.to_owned(), Shape, "has no condition for an event"),
        (with("7", ""), NotASchema, "`#/allOf/0/then` must be an object"),
        (with(&log(r#"{"type": 7}"#), ""), NotASchema, ""),
        (with(&log(r##"{"$ref": "#/$defs/Missing"}"##), ""), Shape, "refers to `Missing`"),
        (with(&log(r#"{"$ref": "other.json"}"#), ""), Shape, "one document holds everything"),
        (with(&log(r##"{"$dynamicRef": "#x"}"##), ""), Shape, "is a kind of reference"),
        (
            with(
                &log(r##"{"$ref": "#/$defs/A"}"##),
                r##""A": {"properties": {"a": {"$ref": "#/$defs/A"}}}"##,
            ),
            Recursive,
            "`#/$defs/A` refers to itself",
        ),
        (
            with(
                &log(r##"{"$ref": "#/$defs/A"}"##),
                r##""A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}"##,
            ),
            Recursive,
            "refers to itself",
        ),
        (
            with(&log(r##"{"$ref": "#/$defs/D0"}"##), &doubled.join(", ")),
            TooLarge,
            "nodes once references are resolved",
        ),
        (format!("{{\"description\": \"{}\"}}", "x".repeat(5 << 20)), TooLarge, "bytes"),
    ];
    for (text, kind, message) in cases {
        let shown: String = text.chars().take(200).collect();
        for (side, found) in [(Side::Old, error(&text, SCHEMA)), (Side::New, error(SCHEMA, &text))] {
            assert_eq!((found.0, found.1), (side, kind), "{shown}: {}", found.2);
            assert!(found.2.contains(message), "{shown}: {}", found.2);
        }
    }
}

/// Schemas that are sound and that the proof cannot handle: the answer is never a clean yes without one.
#[test]
fn what_cannot_be_decided_is_undecided() {
    // Not even jsonschema's normal form knows which strings match a pattern and not another.
    let text = |pattern: &str| {
        edited(|schema| {
            set(schema, "/$defs/Header/properties/cloudId", "pattern", Json::string(pattern));
        })
    };
    let (old, new) = (text("^[a-z]+(-[a-z]+)*$"), text("^[a-z]([a-z]|-[a-z])*$"));
    let comparison = compare(&Schema::new(&old), &Schema::new(&new), Strictness::Documented).unwrap();
    let finding = &comparison.findings[0];
    assert!(
        finding.breaks.iter().all(|question| *question == cloudconnexa_compat::Question::Types),
        "{finding:#?}"
    );
    assert!(!finding.undecided.is_empty(), "{finding:#?}");
    assert_eq!(comparison.failing().count(), 1);
}

/// A schema of another product, of the same shape.
#[test]
fn any_schema_of_the_shape_can_be_compared() {
    let other = |minimum: u64| {
        format!(
            r#"{{"$id": "https://example.com/schemas/audit/2.3.4",
            "properties": {{"eventName": {{"type": "string"}}, "log": {{"type": "object"}}}}, "required": ["eventName"],
            "allOf": [{{"properties": {{"id": {{"type": "integer", "minimum": {minimum}}}}}, "required": ["id"]}},
            {{"if": {{"properties": {{"eventName": {{"const": "login"}}}}, "required": ["eventName"]}},
              "then": {{"properties": {{"log": {{"properties": {{"user": {{"type": "string", "minLength": 1}}}}}}}}}}}}]}}"#
        )
    };
    let (old, new) = (other(0), other(10));
    let comparison = compare(&Schema::new(&old), &Schema::new(&new), Strictness::Documented).unwrap();
    assert_eq!(comparison.needed().unwrap().to_string(), "3.0.0");
    let finding = &comparison.findings[0];
    assert_eq!((finding.rule.id, finding.message.as_str()), ("value-narrowed", "`id` no longer takes 0"));
    assert_eq!(comparison.examples[0].value["id"], serde_json::json!(0));
    // It has no types, as it does not keep to all that these need.
    assert!(comparison.untyped.is_some());
    assert!(json(&old).get("$id").is_some());
}
