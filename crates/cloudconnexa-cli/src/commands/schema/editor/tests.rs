//! Tests of schemas for editors.

use cloudconnexa_events::SCHEMA;
use serde_json::{Value, json};

use super::of;

fn schema(text: &str) -> Value {
    serde_json::from_str(&of(text)).unwrap()
}

#[test]
fn a_field_has_its_own_description_and_the_rules_of_its_definition() {
    let schema = schema(SCHEMA);
    let field = &schema["$defs"]["ClientDisconnectedLog"]["properties"]["sessionBytesIn"];
    let expected = json!({
        "description": "Bytes that CloudConnexa sent **to** the client during the session.",
        "markdownDescription": "Bytes that CloudConnexa sent **to** the client during the session.",
        "examples": [34409],
        "title": "Byte count",
        "type": "integer",
        "minimum": 0,
        "maximum": i64::MAX,
    });
    assert_eq!(*field, expected);
}

#[test]
fn known_values_are_one_list_and_stay_open() {
    let schema = schema(SCHEMA);
    let field = &schema["$defs"]["ClientDisconnectedLog"]["properties"]["sessionProtocol"];
    let expected = json!([
        {
            "enum": ["UDP", "TCP"],
            "markdownEnumDescriptions": ["User Datagram Protocol.", "Transmission Control Protocol."],
        },
        { "type": "string" },
    ]);
    assert_eq!(field["anyOf"], expected);
    let address = &schema["$defs"]["FlowEstablishedLog"]["properties"]["sourceIp"]["anyOf"];
    let expected = json!([{ "format": "ipv4" }, { "format": "ipv6" }, { "enum": [""], "markdownEnumDescriptions": ["No address."] }]);
    assert_eq!(*address, expected);
}

#[test]
fn objects_stay_behind_their_references() {
    let schema = schema(SCHEMA);
    assert_eq!(schema["allOf"][0], json!({ "$ref": "#/$defs/Header" }));
    assert_eq!(schema["$id"], serde_json::from_str::<Value>(SCHEMA).unwrap()["$id"]);
}

/// Resolving a `$ref` with other constraints next to it would lose either those or the ones of the definition.
#[test]
fn rules_beside_a_reference_are_kept() {
    let text = json!({
        "$defs": { "Small": { "type": "integer", "maximum": 9 }, "Alias": { "$ref": "#/$defs/Small" } },
        "properties": {
            "both": { "$ref": "#/$defs/Small", "description": "Both.", "maximum": 5 },
            "alias": { "$ref": "#/$defs/Alias", "description": "Another name." },
            "bare": { "$ref": "#/$defs/Small" },
            "outside": { "$ref": "other.json", "description": "Elsewhere." },
        },
        "examples": [{ "$ref": "#/$defs/Small", "description": "A value." }],
    });
    assert_eq!(schema(&text.to_string()), text);
}

/// Returns all descriptions in a schema, of known values too.
fn descriptions(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("description", Value::String(text)) => found.push(text.clone()),
                    ("markdownEnumDescriptions", Value::Array(texts)) => {
                        found.extend(texts.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => descriptions(value, found),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| descriptions(element, found)),
        _ => {}
    }
}

#[test]
fn no_description_of_our_own_files_is_lost() {
    let schemas = [
        crate::config::schema(),
        cloudconnexa_report::json_schema(),
        cloudconnexa_report::coverage::json_schema(),
        cloudconnexa_report::drift::json_schema(),
        cloudconnexa_report::reference::json_schema(),
        cloudconnexa_report::sessions::json_schema(),
    ];
    for plain in schemas {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut described = plain.as_value().clone();
        // Where a field has a description of its own, that one is shown instead of its definition's.
        for definition in described["$defs"].as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
            definition.as_object_mut().and_then(|members| members.remove("description"));
        }
        descriptions(&described, &mut before);
        descriptions(&schema(&plain.as_value().to_string()), &mut after);
        // This is an alternative to null, in a field that has a description.
        before.retain(|text| !after.contains(text) && text != "Where events are in other records.");
        assert!(before.is_empty(), "{before:#?}");
        assert!(after.len() > 5, "{after:?}");
    }
}
