//! Tests of schemas of one event.

use cloudconnexa_validator::catalog::EVENTS;
use serde_json::Value;

#[test]
fn each_event_has_a_schema_whose_references_resolve() {
    for event in EVENTS {
        let text = super::of(cloudconnexa_events::SCHEMA, event.name).unwrap();
        let schema: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(schema["properties"]["eventName"]["const"], event.name);
        for reference in text.split("\"#/$defs/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schema["$defs"].get(name).is_some(), "{name} of {}", event.name);
        }
        let definitions = schema["$defs"].as_object().unwrap();
        assert!(definitions.keys().all(|name| text.contains(&format!("\"#/$defs/{name}\""))));
    }
}

#[test]
fn an_event_that_a_version_lacks_is_answered_with_those_that_it_has() {
    let older = cloudconnexa_events::SCHEMA
        .replace("\"const\": \"traffic-blocked\"", "\"const\": \"threat-blocked\"");
    assert!(super::of(&older, "threat-blocked").is_ok());
    let names = super::of(&older, "traffic-blocked").unwrap_err();
    assert!(names.contains(&"threat-blocked".to_owned()) && names.len() == EVENTS.len(), "{names:?}");
}
