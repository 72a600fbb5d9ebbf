//! The names that Rust cannot have, each in the smallest change of the real schema that has one.

use cloudconnexa_codegen::read;
use insta::assert_snapshot;

const SCHEMA: &str = include_str!("../../../schema/log-event.schema.json");

/// Returns what is reported once `from` is replaced by `to`, everywhere in the schema.
fn refused(from: &str, to: &str) -> String {
    let changed = SCHEMA.replace(from, to);
    assert_ne!(changed, SCHEMA, "`{from}` is in the schema");
    read(&changed).expect_err("the name is refused").to_string()
}

#[test]
fn a_definition_is_named_in_upper_camel_case() {
    assert_snapshot!(refused("ThreatPriority\"", "threat_priority\""), @"schema/log-event.schema.json#/$defs/threat_priority: becomes a Rust type: write the name as `ThreatPriority`");
}

#[test]
fn a_field_needs_a_rust_name_that_is_free() {
    let field = |name: &str| {
        format!("\"{name}\": {{ \"type\": \"string\", \"description\": \"More.\" }}, \"queryType\": {{")
    };
    assert_snapshot!(refused("\"queryType\": {", &field("query_type")), @"schema/log-event.schema.json#/$defs/DomainBlockedLog/properties/queryType: becomes the Rust field `query_type`, which is taken by `query_type`");
    assert_snapshot!(refused("\"queryType\": {", &field("extra")), @"schema/log-event.schema.json#/$defs/DomainBlockedLog/properties/extra: becomes the Rust field `extra`, which is taken by the one for unknown fields");
    assert_snapshot!(refused("\"queryType\": {", &field("build")), @"schema/log-event.schema.json#/$defs/DomainBlockedLog/properties/build: becomes the Rust field `build`, which is taken by a method of the builder");
    assert_snapshot!(refused("\"queryType\": {", &field("type")), @"schema/log-event.schema.json#/$defs/DomainBlockedLog/properties/type: `type` is not a name that a Rust field can have");
}

#[test]
fn a_value_needs_a_variant_name_that_is_free() {
    assert_snapshot!(refused("\"const\": \"Windows\"", "\"const\": \"mac-os\""), @"schema/log-event.schema.json#/$defs/OsType: `mac-os` becomes the variant `MacOs`, which already exists");
    assert_snapshot!(refused("\"const\": \"Windows\"", "\"const\": \"Other\""), @"schema/log-event.schema.json#/$defs/OsType: `Other` becomes the variant `Other`, which already exists");
    assert_snapshot!(refused("\"const\": \"Windows\"", "\"const\": \"10.4\""), @"schema/log-event.schema.json#/$defs/OsType: `10.4` cannot be the name of a Rust variant");
}
