//! Tests the schema itself: well-formed, fresh, with correct examples, and equal to the schema derived from the types.

#![allow(clippy::disallowed_methods, reason = "tests read files and settings")]

use jsonschema::Validator;
use serde_json::{Value, json};
use workspace_tests::samples;

const SCHEMA: &str = include_str!("../../schema/log-event.schema.json");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

/// Returns a validator like the one in the product: formats are asserted, and a year has only digits.
fn compile(schema: &Value) -> Validator {
    jsonschema::options()
        .should_validate_formats(true)
        .with_format("date-time", |text: &str| text.parse::<cloudconnexa_events::Timestamp>().is_ok())
        .offline()
        .build(schema)
        .unwrap()
}

#[test]
fn the_schema_conforms_to_its_metaschema() {
    if let Err(error) = jsonschema::meta::validate(&schema()) {
        panic!("{error} at {}", error.instance_path());
    }
}

#[test]
fn the_published_copy_is_fresh() {
    assert!(cloudconnexa_events::SCHEMA == SCHEMA, "run `cargo xtask codegen`");
}

#[test]
fn generated_code_is_fresh() {
    for file in cloudconnexa_codegen::render(SCHEMA).unwrap() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file.path);
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == file.contents, "{} is stale: run `cargo xtask codegen`", file.path);
    }
}

/// Every value in `examples` is accepted by its own node of the schema.
#[test]
fn examples_in_the_schema_are_valid() {
    fn walk(node: &Value, pointer: &str, root: &Value, checked: &mut usize) {
        let Value::Object(members) = node else { return };
        if let Some(Value::Array(examples)) = members.get("examples") {
            let mut own = node.clone();
            own["$defs"] = root["$defs"].clone();
            let validator = compile(&own);
            for example in examples {
                assert!(validator.is_valid(example), "{pointer}: {example} is not a valid example");
                *checked += 1;
            }
        }
        for (key, value) in members {
            walk(value, &format!("{pointer}/{key}"), root, checked);
        }
    }
    let schema = schema();
    let mut checked = 0;
    walk(&schema, "", &schema, &mut checked);
    assert!(checked > 50, "{checked}");
}

/// Where the schema that schemars derives from the types differs from the hand-maintained one.
///
/// Each entry is an invalid sample, and why the derived schema accepts it.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[
    (
        "missing-field/log-nullable",
        "schemars takes an `Option` for a field that may be absent; here it is null that may be",
    ),
    (
        "wrong-type/log-of-a-test-message",
        "a `log` that no documentation promises is kept among the unknown fields, which may be anything; that it has \
         to be an object is checked while parsing",
    ),
];

#[test]
fn the_schema_derived_from_the_types_decides_alike() {
    let maintained = compile(&schema());
    let generated = schemars::generate::SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<cloudconnexa_events::Event>();
    let generated = compile(generated.as_value());
    let mut compared = 0;
    let mut differences = Vec::new();
    for sample in samples("") {
        let Ok(event) = serde_json::from_slice::<Value>(&sample.bytes) else { continue };
        compared += 1;
        let (expected, found) = (maintained.is_valid(&event), generated.is_valid(&event));
        if expected != found {
            differences.push(format!("{}/{}", sample.folder, sample.name));
        }
    }
    assert!(compared > 150, "{compared}");
    let known: Vec<String> = KNOWN_DIFFERENCES.iter().map(|(name, _)| format!("invalid/{name}")).collect();
    assert_eq!(differences, known);
}

/// Any validator without options reports the error at the field. The chain of conditions exists for that.
#[test]
fn errors_of_a_plain_validator_are_at_the_field() {
    let validator = compile(&schema());
    let mut event: Value = serde_json::from_slice(&samples("documented")[0].bytes).unwrap();
    event["log"]["sessionBytesIn"] = json!("34409");
    let places: Vec<String> =
        validator.iter_errors(&event).map(|error| error.instance_path().to_string()).collect();
    assert_eq!(places, ["/log/sessionBytesIn"]);
}
