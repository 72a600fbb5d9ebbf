//! What the lint reports, each for the smallest change of the real schema that provokes it.

use cloudconnexa_schema::{Json, Schema, SchemaError, SchemaErrorKind, pointer};
use insta::assert_snapshot;
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("../../../schema/log-event.schema.json");

/// Returns the text of the schema with `value` at `pointer`, or without what is there if `value` is null.
fn changed(pointer: &str, value: &Value) -> String {
    let mut schema = Json::parse(SCHEMA).unwrap();
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let new = Json::parse(&value.to_string()).unwrap();
    match schema.pointer_mut(parent).unwrap() {
        Json::Object(members) => {
            let key = pointer::unescape(last);
            let index = members.iter().position(|(name, _)| *name == key);
            match index {
                Some(index) if value.is_null() => drop(members.remove(index)),
                Some(index) => members[index].1 = new,
                None => members.push((key, new)),
            }
        }
        Json::Array(elements) => {
            let index: usize = last.parse().unwrap();
            if value.is_null() {
                elements.remove(index);
            } else {
                elements[index] = new;
            }
        }
        _ => panic!("`{parent}` has no members"),
    }
    schema.to_pretty_string()
}

#[expect(clippy::needless_pass_by_value, reason = "`json!` at each call reads best")]
/// Returns what the lint reports once `value` is at `pointer`; null removes what is there.
fn with(pointer: &str, value: Value) -> String {
    match Schema::parse(changed(pointer, &value)) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.problems().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn the_schema_passes() {
    assert!(Schema::parse(SCHEMA).is_ok());
    assert_eq!(with("/title", json!("Another title")), "accepted");
}

#[test]
fn a_text_that_is_not_json_is_refused() {
    assert_snapshot!(not_a_schema("{"), @"is not JSON: EOF while parsing an object at line 1 column 1");
    assert_snapshot!(not_a_schema(r#"{"title": "a", "title": "b"}"#), @"is not JSON: `title` appears twice in one object at line 1 column 28");
}

#[test]
fn every_node_needs_a_title_and_a_description() {
    assert_snapshot!(with("/description", Value::Null), @"#: `description` is missing; every node has to be documented");
    assert_snapshot!(with("/$defs/Header/properties/cloudId/description", json!("  ")), @"#/$defs/Header/properties/cloudId: `description` is missing; every node has to be documented");
    assert_snapshot!(with("/$defs/OsType/anyOf/0/description", Value::Null), @"#/$defs/OsType/anyOf/0: `description` is missing; every node has to be documented");
    assert_snapshot!(with("/$defs/Port/title", Value::Null), @"#/$defs/Port: `title` is missing; every node has to be documented");
    assert_snapshot!(with("/$defs/Port/description", json!("Like this:\n\n    let port = 1;")), @"#/$defs/Port/description: contains a code block, which would become a doctest of the generated code; use `backticks`");
}

#[test]
fn unsupported_keywords_are_refused() {
    assert_snapshot!(with("/$defs/Header/properties/cloudId/minLength", json!(1)), @"#/$defs/Header/properties/cloudId/minLength: keyword `minLength` is not supported here; supported are `$ref`, `type`, `description`, `examples`, `deprecated`, `x-replaced-by` and `x-provenance`");
    assert_snapshot!(with("/$defs/ClientConnectedLog/additionalProperties", json!(false)), @"#/$defs/ClientConnectedLog/additionalProperties: keyword `additionalProperties` is not supported here; supported are `title`, `description`, `type`, `required`, `properties` and `x-unmodelled`");
    assert_snapshot!(with("/$defs/Port/exclusiveMaximum", json!(65536)), @"#/$defs/Port/exclusiveMaximum: keyword `exclusiveMaximum` is not supported here; supported are `title`, `description`, `examples`, `type`, `minimum`, `maximum` and `x-known-values`");
    assert_snapshot!(with("/$defs/Header/properties/publicIp/requird", json!(true)), @"#/$defs/Header/properties/publicIp/requird: keyword `requird` is not supported here; supported are `$ref`, `description`, `examples`, `deprecated`, `x-replaced-by` and `x-provenance`");
}

#[test]
fn a_list_is_closed_only_with_a_reason() {
    assert_snapshot!(with("/$defs/Service/x-closed", Value::Null), @r#"#/$defs/Service/enum: closes a list that the vendor may add to: make it an open vocabulary (`anyOf` of `const`s and `{"type": "string"}`), or say in `x-closed` where it is documented as closed"#);
    assert_snapshot!(with("/$defs/OsType/anyOf/5", json!({ "const": "ChromeOS", "description": "ChromeOS." })), @r#"
    #/$defs/OsType/anyOf/5: a vocabulary ends with `{"type": "string"}`: the vendor adds values
    #/$defs/OsType/anyOf/5/const: keyword `const` is not supported here; supported are `type` and `description`
    "#);
    assert_snapshot!(with("/$defs/OsType", json!({
        "title": "OS", "description": "An OS.", "type": "string", "enum": ["macOS", "Windows"],
    })), @r#"#/$defs/OsType/enum: closes a list that the vendor may add to: make it an open vocabulary (`anyOf` of `const`s and `{"type": "string"}`), or say in `x-closed` where it is documented as closed"#);
}

#[test]
fn references_lead_to_definitions_of_the_right_kind() {
    assert_snapshot!(with("/$defs/Header/properties/traceId/$ref", json!("#/$defs/Uid")), @"#/$defs/Header/properties/traceId/$ref: `$defs` has no `Uid`");
    assert_snapshot!(with("/$defs/Header/properties/traceId/$ref", json!("other.json#/$defs/Uuid")), @"#/$defs/Header/properties/traceId/$ref: must be `#/$defs/NAME`: one document holds everything");
    assert_snapshot!(with("/$defs/Header/properties/traceId/$ref", json!("#/$defs/ClientConnectedLog")), @"#/$defs/Header/properties/traceId: `ClientConnectedLog` is not a scalar; objects within objects are not supported");
}

#[test]
fn fields_are_of_a_supported_type() {
    assert_snapshot!(with("/$defs/DomainBlockedLog/properties/domain/type", json!("integer")), @"#/$defs/DomainBlockedLog/properties/domain: must be a `$ref`, or of `type` `string`, `boolean` or [`string`, `null`]; give anything else a definition of its own");
    assert_snapshot!(with("/$defs/DomainBlockedLog/properties/domain/type", json!(["string", "null"])), @"accepted");
    assert_snapshot!(with("/$defs/FlowEstablishedLog/properties/protocol/type", json!(["string", "null"])), @"#/$defs/FlowEstablishedLog/properties/protocol: is nullable and not required: one Rust `Option` cannot tell null from absent; make it one or the other");
    assert_snapshot!(with("/$defs/DomainBlockedLog/required/0", json!("domian")), @"#/$defs/DomainBlockedLog/required: `domian` is not among the properties");
    assert_snapshot!(with("/$defs/Header/properties/cloudId/x-provenance", json!("hearsay")), @"#/$defs/Header/properties/cloudId/x-provenance: must be `example`, `real-data` or `inferred`; leave it out for what the vendor documents");
    assert_snapshot!(with("/$defs/Header/properties/cloudId/deprecated", json!("yes")), @"#/$defs/Header/properties/cloudId/deprecated: must be `true` or `false`");
    for (pointer, name) in [
        ("/$defs/Header/properties/publicIp/x-replaced-by", "initiatorIp"),
        ("/$defs/Header/properties/publicIp/x-replaced-by", "publicIp"),
        ("/$defs/Header/properties/cloudId/x-replaced-by", "initiator"),
    ] {
        let expected = format!(
            "#{pointer}: must name another field of the object that is not deprecated, and needs `deprecated: true` next to it"
        );
        assert_eq!(with(pointer, json!(name)), expected);
    }
}

#[test]
fn scalars_have_bounds_and_supported_formats() {
    assert_snapshot!(with("/$defs/ByteCount/maximum", Value::Null), @"#/$defs/ByteCount: `maximum` must be an integer from 0 to 2^63-1: a Rust integer has bounds");
    assert_snapshot!(with("/$defs/ByteCount/minimum", json!(-1)), @"#/$defs/ByteCount: `minimum` must be an integer from 0 to 2^63-1: a Rust integer has bounds");
    assert_snapshot!(with("/$defs/ThreatPriority/minimum", json!(4)), @"#/$defs/ThreatPriority: `minimum` is greater than `maximum`");
    assert_snapshot!(with("/$defs/LogVersion/x-known-values", json!([0])), @"#/$defs/LogVersion/x-known-values: must be integers within the bounds");
    assert_snapshot!(with("/$defs/Timestamp/format", json!("datetime")), @"#/$defs/Timestamp: `format` must be one of `date-time`, `uuid`, `ipv4` and `ipv6`");
    assert_snapshot!(with("/$defs/IpAddress/anyOf/0/format", json!("uuid")), @"#/$defs/IpAddress: the only choice of formats that has a Rust type is `ipv4`, then `ipv6`");
}

#[test]
fn branches_have_the_one_supported_shape() {
    assert_snapshot!(with("/allOf/3", Value::Null), @"#/$defs/EventName/anyOf: must list the events of `allOf`, in the same order");
    assert_snapshot!(with("/allOf/3/then", Value::Null), @"#/allOf/3/then: is missing; for an event without `log` it is `true`");
    assert_snapshot!(with("/allOf/1/then/required", json!([])), @r##"#/allOf/1/then: must be true or {"properties": {"log": {"$ref": "#/$defs/NAME"}}, "required": ["log"]}"##);
    assert_snapshot!(with("/allOf/1/if/required", Value::Null), @r#"#/allOf/1/if: must be {"properties": {"eventName": {"const": NAME}}, "required": ["eventName"]}"#);
    assert_snapshot!(with("/allOf/1/else", json!(false)), @"#/allOf/1/else: keyword `else` is not supported here; supported are `title`, `description`, `if`, `then` and `x-unmodelled`");
    assert_snapshot!(with("/required", json!(["eventName", "log"])), @r#"#/required: must be ["eventName"]: other required fields belong in `Header`"#);
    assert_snapshot!(with("/$defs/snake_case", json!({
        "title": "A", "description": "B.", "type": "string", "format": "uuid",
    })), @"#/$defs/snake_case: nothing refers to this definition");
    assert_snapshot!(with("/$schema", json!("http://json-schema.org/draft-07/schema#")), @"#: `$schema` must name JSON Schema 2020-12: other drafts do not assert `format: uuid`");
}

#[test]
fn unmodelled_fields_and_values_are_checked() {
    let of = |name: &str, types: Value| json!({name: {"types": types, "description": "Seen in 7 events."}});
    let header = |value: Value| with("/$defs/Header/x-unmodelled", value);
    let branch = |index: usize| with(&format!("/allOf/{index}/x-unmodelled"), of("log", json!(["object"])));
    let words = |value: &str| with("/$defs/OsType/x-known-values", json!([value]));
    assert_snapshot!(header(of("labels", json!(["array", "string"]))), @"accepted");
    assert_snapshot!(header(of("labels", json!(["list"]))), @"#/$defs/Header/x-unmodelled/labels/types: must be a non-empty list of `null`, `boolean`, `integer`, `number`, `string`, `array` and `object`");
    assert_snapshot!(header(of("labels", json!([]))), @"#/$defs/Header/x-unmodelled/labels/types: must be a non-empty list of `null`, `boolean`, `integer`, `number`, `string`, `array` and `object`");
    assert_snapshot!(header(json!(["labels"])), @"#/$defs/Header/x-unmodelled: must be an object that maps names of fields to `types` and `description`");
    assert_snapshot!(header(of("cloudId", json!(["string"]))), @"#/$defs/Header/x-unmodelled/cloudId: is among the properties as well: describe it in one of the two places");
    assert_snapshot!(branch(3), @"accepted");
    assert_snapshot!(branch(4), @"#/allOf/4/x-unmodelled: is for a `log` that `then` does not describe");
    assert_snapshot!(words("5 GHz"), @"accepted");
    assert_snapshot!(words("macOS"), @"#/$defs/OsType/x-known-values: must be strings that are not in `anyOf`: those that no Rust variant can be named after");
}

/// Returns why a lenient reader refuses a text.
fn not_a_schema(text: &str) -> SchemaError {
    Schema::parse_lenient(text).expect_err("it cannot be read")
}

#[test]
fn problems_come_in_the_order_of_the_file() {
    let text = changed("/$defs/Port/title", &Value::Null).replacen("\"title\": \"Client connected\",", "", 1);
    let error = Schema::parse(text).unwrap_err();
    let pointers: Vec<_> = error.problems().iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!((error.kind(), pointers), (SchemaErrorKind::Lint, vec!["/allOf/4", "/$defs/Port"]));
}

#[test]
fn a_lenient_reader_refuses_only_what_it_cannot_resolve() {
    let lenient = |pointer: &str, value: Value| match Schema::parse_lenient(changed(pointer, &value)) {
        Ok((_, problems)) => format!("read with {} problems", problems.len()),
        Err(error) => error.to_string(),
    };
    assert_snapshot!(lenient("/$defs/Port/title", Value::Null), @"read with 1 problems");
    assert_snapshot!(lenient("/$defs/Port/exclusiveMaximum", json!(65536)), @"read with 1 problems");
    assert_snapshot!(lenient("/$defs/FlowEstablishedLog/properties/allowed/type", json!(["null", "boolean"])), @"read with 1 problems");
    assert_snapshot!(lenient("/$defs/Header", Value::Null), @"is not a schema of log events: `/$defs/Header` is missing: the fields that every event has");
    assert_snapshot!(lenient("/allOf", Value::Null), @"is not a schema of log events: `/allOf` must refer to `Header`, then have one if/then for each event");
    assert_snapshot!(lenient("/allOf/1/if", json!(true)), @r#"is not a schema of log events: `/allOf/1/if` must be {"properties": {"eventName": {"const": NAME}}, "required": ["eventName"]}"#);
    assert_snapshot!(lenient("/$defs/Port/maximum", Value::Null), @"is not a schema of log events: `/$defs/Port` `maximum` must be an integer from 0 to 2^63-1: a Rust integer has bounds");
    assert_snapshot!(lenient("/$defs/Header/properties/cloudId/type", json!("integer")), @"is not a schema of log events: `/$defs/Header/properties/cloudId` must be a `$ref`, or of `type` `string`, `boolean` or [`string`, `null`]; give anything else a definition of its own");
    assert_snapshot!(lenient("/$defs/Header/properties/traceId/$ref", json!("#/$defs/Uid")), @"is not a schema of log events: `/$defs/Header/properties/traceId/$ref` `$defs` has no `Uid`");
    assert_snapshot!(not_a_schema("{}"), @"is not a schema of log events: `/allOf` must refer to `Header`, then have one if/then for each event");
    assert_snapshot!(not_a_schema("[1,"), @"is not JSON: EOF while parsing a value at line 1 column 3");
}
