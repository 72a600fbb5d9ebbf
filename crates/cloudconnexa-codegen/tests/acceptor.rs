//! What stops the tables of the fast validator, where the lint lets a schema pass.

use cloudconnexa_codegen::{read, render};
use insta::assert_snapshot;

const SCHEMA: &str = include_str!("../../../schema/log-event.schema.json");

/// What is said when the lint accepts this schema, but the tables cannot be made from it.
fn refused(schema: &str) -> String {
    read(schema).expect("the lint accepts it");
    render(schema).expect_err("the tables cannot be made from it").to_string()
}

#[test]
fn a_name_must_fit() {
    let long = format!("\"{}\"", "cloudId".repeat(9));
    assert_snapshot!(refused(&SCHEMA.replace("\"cloudId\"", &long)), @"schema/log-event.schema.json#/$defs/Header/properties: the fast validator needs names of printable ASCII, at most 60 bytes: `cloudIdcloudIdcloudIdcloudIdcloudIdcloudIdcloudIdcloudIdcloudId` is none");
}

#[test]
fn a_name_must_stand_in_json_as_it_is() {
    assert_snapshot!(refused(&SCHEMA.replace("\"cloudId\"", "\"cloud\\u0022Id\"")), @r#"schema/log-event.schema.json#/$defs/Header/properties: the fast validator needs names of printable ASCII, at most 60 bytes: `cloud"Id` is none"#);
}

#[test]
fn names_must_differ_where_the_hash_looks() {
    let twins = SCHEMA
        .replace("\"parentEntityName\"", "\"sourceEntityAOfTheParent\"")
        .replace("\"parentEntityType\"", "\"sourceEntityBOfTheParent\"");
    assert_snapshot!(refused(&twins), @"schema/log-event.schema.json#/$defs/Header/properties: some of these names have the same length and the same first and last eight bytes: the fast validator cannot tell them apart by its hash");
}

#[test]
fn an_object_has_at_most_a_bit_for_each_field() {
    let field =
        |number| format!("\"extra{number}\": {{ \"type\": \"string\", \"description\": \"More.\" }},");
    let fields: String = (0..61).map(field).collect();
    let many = SCHEMA.replacen("\"aws-s3-bucket\": {", &format!("{fields}\"aws-s3-bucket\": {{"), 1);
    assert_snapshot!(refused(&many), @"schema/log-event.schema.json#/$defs/LogStreamStartedLog/properties: has 63 fields, but the fast validator keeps track of 62 at most");
}
