//! Schemas that pass the lint, and that the tables of the fast validator have no room for.

use cloudconnexa_codegen::{read, render};
use insta::assert_snapshot;

const SCHEMA: &str = include_str!("../../../schema/log-event.schema.json");

/// Returns what is reported for a schema that the lint accepts and the tables cannot be made from.
fn refused(schema: &str) -> String {
    read(schema).expect("the lint accepts it");
    render(schema).expect_err("the tables cannot be made from it").to_string()
}

#[test]
fn a_long_name_is_refused() {
    let long = format!("\"{}\"", "cloudId".repeat(9));
    assert_snapshot!(refused(&SCHEMA.replace("\"cloudId\"", &long)), @"schema/log-event.schema.json#/$defs/Header/properties: the fast validator needs names of printable ASCII without quotes, at most 60 bytes: `cloudIdcloudIdcloudIdcloudIdcloudIdcloudIdcloudIdcloudIdcloudId` is not one");
}

#[test]
fn a_name_that_json_escapes_is_refused() {
    assert_snapshot!(refused(&SCHEMA.replace("\"cloudId\"", "\"cloud\\u0022Id\"")), @r#"schema/log-event.schema.json#/$defs/Header/properties: the fast validator needs names of printable ASCII without quotes, at most 60 bytes: `cloud"Id` is not one"#);
}

#[test]
fn names_with_equal_ends_and_length_are_refused() {
    let twins = SCHEMA
        .replace("\"parentEntityName\"", "\"sourceEntityAOfTheParent\"")
        .replace("\"parentEntityType\"", "\"sourceEntityBOfTheParent\"");
    assert_snapshot!(refused(&twins), @"schema/log-event.schema.json#/$defs/Header/properties: some of these names have the same length and the same first and last eight bytes: the fast validator cannot tell them apart by its hash");
}

#[test]
fn an_object_with_too_many_fields_is_refused() {
    let field =
        |number| format!("\"extra{number}\": {{ \"type\": \"string\", \"description\": \"More.\" }},");
    let fields: String = (0..61).map(field).collect();
    let many = SCHEMA.replacen("\"aws-s3-bucket\": {", &format!("{fields}\"aws-s3-bucket\": {{"), 1);
    assert_snapshot!(refused(&many), @"schema/log-event.schema.json#/$defs/LogStreamStartedLog/properties: has 63 fields, but the fast validator keeps track of 62 at most");
}
