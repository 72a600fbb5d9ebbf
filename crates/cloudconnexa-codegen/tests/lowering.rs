//! The lowered schema, which the types are generated from, accepts the same events as the hand-maintained one.
//!
//! The proof goes case by case, over the value of `eventName`: as a whole, the if/then branches over an open vocabulary
//! are too much for `jsonschema` to canonicalize. The cases cover every JSON value.

use cloudconnexa_codegen::lower::lower;
use cloudconnexa_codegen::read;
use jsonschema::canonical::{CanonicalSchema, Containment};
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("../../../schema/log-event.schema.json");

/// Returns the canonical form of what both `schema` and `case` accept, with references resolved.
fn canonical(mut schema: Value, case: &Value) -> CanonicalSchema {
    schema.as_object_mut().unwrap().remove("$id");
    schema["allOf"].as_array_mut().unwrap().push(case.clone());
    let mut flat = jsonschema::dereference(&schema).unwrap();
    flat.as_object_mut().unwrap().remove("$defs");
    jsonschema::canonicalize(&flat).unwrap()
}

/// Returns a schema for each known name, one for any other name, and one for values without a name.
fn cases(names: &[&str]) -> Vec<Value> {
    let with_name = |name: Value| json!({ "properties": { "eventName": name }, "required": ["eventName"] });
    let mut cases: Vec<Value> = names.iter().map(|name| with_name(json!({ "const": name }))).collect();
    cases.push(with_name(json!({ "type": "string", "not": { "enum": names } })));
    cases.push(json!({ "not": with_name(json!({ "type": "string" })) }));
    cases
}

#[test]
fn the_lowered_schema_accepts_the_same_events() {
    let schema = read(SCHEMA).unwrap();
    let names: Vec<&str> = schema.events().iter().map(|event| &*event.name).collect();
    assert_eq!(names.len(), 8);
    for case in cases(&names) {
        let maintained = canonical(schema.document().root().to_value(), &case);
        let lowered = canonical(lower(&schema).to_value(), &case);
        assert_eq!(maintained.covers(&lowered).unwrap(), Containment::Yes, "lowered accepts more: {case}");
        assert_eq!(lowered.covers(&maintained).unwrap(), Containment::Yes, "lowered accepts less: {case}");
    }
}

/// Shows that the proof above can fail: it notices one bound of one field.
#[test]
fn one_wider_bound_is_noticed() {
    let schema = read(SCHEMA).unwrap();
    let wider = SCHEMA.replace("\"maximum\": 65535", "\"maximum\": 65536");
    assert_ne!(wider, SCHEMA);
    let wider = lower(&read(&wider).unwrap()).to_value();
    let case = &cases(&["traffic-blocked"])[0];
    let (maintained, wider) = (canonical(schema.document().root().to_value(), case), canonical(wider, case));
    assert_ne!(maintained.covers(&wider).unwrap(), Containment::Yes);
    assert_eq!(wider.covers(&maintained).unwrap(), Containment::Yes);
}
