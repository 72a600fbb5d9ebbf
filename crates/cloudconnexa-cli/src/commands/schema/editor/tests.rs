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

/// A `$ref` that something beside it restricts further has to stay, or one of the two would be lost.
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
