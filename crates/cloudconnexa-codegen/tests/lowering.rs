//! The lowered schema, which the types are made of, says the same as the hand-maintained one.
//!
//! The proof goes case by case, over the value of `eventName`: as a whole, the if/then chain over an open vocabulary
//! outgrows what `jsonschema` canonicalizes. The cases cover every JSON value.

use cloudconnexa_codegen::lower::lower;
use cloudconnexa_codegen::read;
use jsonschema::canonical::{CanonicalSchema, Containment};
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("../../../schema/log-event.schema.json");

/// The canonical form of what both `schema` and `case` accept, with references resolved.
fn canonical(mut schema: Value, case: &Value) -> CanonicalSchema {
    schema.as_object_mut().unwrap().remove("$id");
    schema["allOf"].as_array_mut().unwrap().push(case.clone());
    let mut flat = jsonschema::dereference(&schema).unwrap();
    flat.as_object_mut().unwrap().remove("$defs");
    jsonschema::canonicalize(&flat).unwrap()
}

/// A schema for each known name, one for any other, and one for what has no name.
fn cases(names: &[&str]) -> Vec<Value> {
    let with_name = |name: Value| json!({ "properties": { "eventName": name }, "required": ["eventName"] });
    let mut cases: Vec<Value> = names.iter().map(|name| with_name(json!({ "const": name }))).collect();
    cases.push(with_name(json!({ "type": "string", "not": { "enum": names } })));
    cases.push(json!({ "not": with_name(json!({ "type": "string" })) }));
    cases
}

#[test]
fn lowered_equals_hand_maintained() {
    let model = read(SCHEMA).unwrap();
    let names: Vec<&str> = model.events.iter().map(|event| &*event.name).collect();
    assert_eq!(names.len(), 8);
    for case in cases(&names) {
        let maintained = canonical(model.json.to_value(), &case);
        let lowered = canonical(lower(&model).to_value(), &case);
        assert_eq!(maintained.covers(&lowered).unwrap(), Containment::Yes, "lowered accepts more: {case}");
        assert_eq!(lowered.covers(&maintained).unwrap(), Containment::Yes, "lowered accepts less: {case}");
    }
}

/// The proof above can fail: it sees a difference in one bound of one field.
#[test]
fn a_difference_is_seen() {
    let model = read(SCHEMA).unwrap();
    let wider = SCHEMA.replace("\"maximum\": 65535", "\"maximum\": 65536");
    assert_ne!(wider, SCHEMA);
    let wider = lower(&read(&wider).unwrap()).to_value();
    let case = &cases(&["traffic-blocked"])[0];
    let (maintained, wider) = (canonical(model.json.to_value(), case), canonical(wider, case));
    assert_ne!(maintained.covers(&wider).unwrap(), Containment::Yes);
    assert_eq!(wider.covers(&maintained).unwrap(), Containment::Yes);
}
