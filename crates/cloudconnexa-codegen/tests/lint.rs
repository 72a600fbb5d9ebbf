//! What the lint says, each on the smallest change of the real schema that provokes it.

use cloudconnexa_codegen::{ordered, read};
use insta::assert_snapshot;
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("../../../schema/log-event.schema.json");

#[expect(clippy::needless_pass_by_value, reason = "`json!` at each call reads best")]
/// What the lint says when `value` stands at `pointer`; null takes away what stands there.
fn with(pointer: &str, value: Value) -> String {
    // serde_json's order of keys is not the schema's: `ordered` keeps it, so change the text it parses.
    let mut schema = ordered::parse(SCHEMA).unwrap();
    set(&mut schema, &pointer.split('/').skip(1).collect::<Vec<_>>(), &value);
    let text = render(&schema);
    match read(&text) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn set(node: &mut ordered::Json, path: &[&str], value: &Value) {
    let (&first, rest) = path.split_first().unwrap();
    let key = first.replace("~1", "/").replace("~0", "~");
    let new = || serde_json::from_value::<ordered::Json>(value.clone()).unwrap();
    match node {
        ordered::Json::Object(members) => {
            let found = members.iter().position(|(name, _)| *name == key);
            match (found, rest.is_empty()) {
                (Some(index), true) if value.is_null() => drop(members.remove(index)),
                (Some(index), true) => members[index].1 = new(),
                (Some(index), false) => set(&mut members[index].1, rest, value),
                (None, true) => members.push((key, new())),
                (None, false) => panic!("no `{key}`"),
            }
        }
        ordered::Json::Array(elements) => {
            let index: usize = key.parse().unwrap();
            match rest.is_empty() {
                true if value.is_null() => drop(elements.remove(index)),
                true => elements[index] = new(),
                false => set(&mut elements[index], rest, value),
            }
        }
        _ => panic!("`{key}` is in nothing"),
    }
}

fn render(json: &ordered::Json) -> String {
    match json {
        ordered::Json::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(key, value)| format!("{}:{}", json!(key), render(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        ordered::Json::Array(elements) => {
            format!("[{}]", elements.iter().map(render).collect::<Vec<_>>().join(","))
        }
        other => other.to_value().to_string(),
    }
}

#[test]
fn the_schema_passes() {
    assert!(read(SCHEMA).is_ok());
    assert_eq!(with("/title", json!("Another title")), "accepted");
}

#[test]
fn not_json() {
    assert_snapshot!(read("{").unwrap_err(), @"schema/log-event.schema.json#: not JSON without duplicate keys: EOF while parsing an object at line 1 column 1");
    assert_snapshot!(read(r#"{"title": "a", "title": "b"}"#).unwrap_err(), @"schema/log-event.schema.json#: not JSON without duplicate keys: `title` stands twice in one object at line 1 column 28");
}

#[test]
fn descriptions() {
    assert_snapshot!(with("/description", Value::Null), @"schema/log-event.schema.json#: `description` is missing; every node tells people what it is");
    assert_snapshot!(with("/$defs/Header/properties/cloudId/description", json!("  ")), @"schema/log-event.schema.json#/$defs/Header/properties/cloudId: `description` is missing; every node tells people what it is");
    assert_snapshot!(with("/$defs/OsType/anyOf/0/description", Value::Null), @"schema/log-event.schema.json#/$defs/OsType/anyOf/0: `description` is missing; every node tells people what it is");
    assert_snapshot!(with("/$defs/Port/title", Value::Null), @"schema/log-event.schema.json#/$defs/Port: `title` is missing; every node tells people what it is");
    assert_snapshot!(with("/$defs/Port/description", json!("Like this:\n\n    let port = 1;")), @"schema/log-event.schema.json#/$defs/Port/description: holds a code block, which would become a doctest of the generated code; use `backticks`");
}

#[test]
fn unknown_keywords() {
    assert_snapshot!(with("/$defs/Header/properties/cloudId/minLength", json!(1)), @"schema/log-event.schema.json#/$defs/Header/properties/cloudId/minLength: keyword `minLength` is not implemented here; the build crate knows `$ref`, `type`, `description`, `examples`, `deprecated`, `x-replaced-by` and `x-provenance`");
    assert_snapshot!(with("/$defs/ClientConnectedLog/additionalProperties", json!(false)), @"schema/log-event.schema.json#/$defs/ClientConnectedLog/additionalProperties: keyword `additionalProperties` is not implemented here; the build crate knows `title`, `description`, `type`, `required`, `properties` and `x-unmodelled`");
    assert_snapshot!(with("/$defs/Port/exclusiveMaximum", json!(65536)), @"schema/log-event.schema.json#/$defs/Port/exclusiveMaximum: keyword `exclusiveMaximum` is not implemented here; the build crate knows `title`, `description`, `examples`, `type`, `minimum`, `maximum` and `x-known-values`");
    assert_snapshot!(with("/$defs/Header/properties/publicIp/requird", json!(true)), @"schema/log-event.schema.json#/$defs/Header/properties/publicIp/requird: keyword `requird` is not implemented here; the build crate knows `$ref`, `description`, `examples`, `deprecated`, `x-replaced-by` and `x-provenance`");
}

#[test]
fn open_lists_stay_open() {
    assert_snapshot!(with("/$defs/Service/x-closed", Value::Null), @r#"schema/log-event.schema.json#/$defs/Service/enum: closes a list that the vendor may add to: make it an open vocabulary (`anyOf` of `const`s and `{"type": "string"}`), or say in `x-closed` where it is documented as closed"#);
    assert_snapshot!(with("/$defs/OsType/anyOf/4", json!({ "const": "iOS", "description": "Apple iOS." })), @r#"
    schema/log-event.schema.json#/$defs/OsType/anyOf/4/const: keyword `const` is not implemented here; the build crate knows `type` and `description`
    schema/log-event.schema.json#/$defs/OsType/anyOf/4: a vocabulary ends with `{"type": "string"}`: the vendor adds values
    "#);
    assert_snapshot!(with("/$defs/OsType", json!({
        "title": "OS", "description": "An OS.", "type": "string", "enum": ["macOS", "Windows"],
    })), @r#"schema/log-event.schema.json#/$defs/OsType/enum: closes a list that the vendor may add to: make it an open vocabulary (`anyOf` of `const`s and `{"type": "string"}`), or say in `x-closed` where it is documented as closed"#);
}

#[test]
fn references() {
    assert_snapshot!(with("/$defs/Header/properties/traceId/$ref", json!("#/$defs/Uid")), @"schema/log-event.schema.json#/$defs/Header/properties/traceId/$ref: `$defs` has no `Uid`");
    assert_snapshot!(with("/$defs/Header/properties/traceId/$ref", json!("other.json#/$defs/Uuid")), @"schema/log-event.schema.json#/$defs/Header/properties/traceId/$ref: must be `#/$defs/NAME`: one document holds everything");
    assert_snapshot!(with("/$defs/Header/properties/traceId/$ref", json!("#/$defs/ClientConnectedLog")), @"schema/log-event.schema.json#/$defs/Header/properties/traceId: `ClientConnectedLog` is not a scalar; objects within objects are not implemented");
}

#[test]
fn fields() {
    assert_snapshot!(with("/$defs/DomainBlockedLog/properties/domain/type", json!("integer")), @"schema/log-event.schema.json#/$defs/DomainBlockedLog/properties/domain: must be a `$ref`, or of `type` `string`, `boolean` or [`string`, `null`]; give anything else a definition of its own");
    assert_snapshot!(with("/$defs/DomainBlockedLog/properties/domain/type", json!(["string", "null"])), @"accepted");
    assert_snapshot!(with("/$defs/FlowEstablishedLog/properties/protocol/type", json!(["string", "null"])), @"schema/log-event.schema.json#/$defs/FlowEstablishedLog/properties/protocol: is nullable and not required: one Rust `Option` cannot tell null from absent; make it one or the other");
    assert_snapshot!(with("/$defs/DomainBlockedLog/properties/query_type", json!({
        "type": "string", "description": "Another spelling.",
    })), @"schema/log-event.schema.json#/$defs/DomainBlockedLog/properties/query_type: becomes the Rust field `query_type`, which is taken by `queryType`");
    assert_snapshot!(with("/$defs/DomainBlockedLog/properties/extra", json!({
        "type": "string", "description": "A name that is taken.",
    })), @"schema/log-event.schema.json#/$defs/DomainBlockedLog/properties/extra: becomes the Rust field `extra`, which is taken by that of unknown fields");
    assert_snapshot!(with("/$defs/DomainBlockedLog/properties/type", json!({
        "type": "string", "description": "A keyword of Rust.",
    })), @"schema/log-event.schema.json#/$defs/DomainBlockedLog/properties/type: `type` is not a name that a Rust field can have");
    assert_snapshot!(with("/$defs/DomainBlockedLog/required/0", json!("domian")), @"schema/log-event.schema.json#/$defs/DomainBlockedLog/required: `domian` is not among the properties");
    assert_snapshot!(with("/$defs/Header/properties/cloudId/x-provenance", json!("hearsay")), @"schema/log-event.schema.json#/$defs/Header/properties/cloudId/x-provenance: must be `example`, `real-data` or `inferred`; what is documented goes without");
    assert_snapshot!(with("/$defs/Header/properties/cloudId/deprecated", json!("yes")), @"schema/log-event.schema.json#/$defs/Header/properties/cloudId/deprecated: must be `true` or `false`");
    for (pointer, name) in [
        ("/$defs/Header/properties/publicIp/x-replaced-by", "initiatorIp"),
        ("/$defs/Header/properties/publicIp/x-replaced-by", "publicIp"),
        ("/$defs/Header/properties/cloudId/x-replaced-by", "initiator"),
    ] {
        let expected = format!(
            "schema/log-event.schema.json#{pointer}: must name another field of the object, one that stays, and stand beside `deprecated: true`"
        );
        assert_eq!(with(pointer, json!(name)), expected);
    }
}

#[test]
fn scalars() {
    assert_snapshot!(with("/$defs/ByteCount/maximum", Value::Null), @"schema/log-event.schema.json#/$defs/ByteCount: `maximum` must be an integer from 0 to 2^63-1: a Rust integer has bounds");
    assert_snapshot!(with("/$defs/ByteCount/minimum", json!(-1)), @"schema/log-event.schema.json#/$defs/ByteCount: `minimum` must be an integer from 0 to 2^63-1: a Rust integer has bounds");
    assert_snapshot!(with("/$defs/ThreatPriority/minimum", json!(4)), @"schema/log-event.schema.json#/$defs/ThreatPriority: `minimum` is greater than `maximum`");
    assert_snapshot!(with("/$defs/LogVersion/x-known-values", json!([0])), @"schema/log-event.schema.json#/$defs/LogVersion/x-known-values: must be integers within the bounds");
    assert_snapshot!(with("/$defs/Timestamp/format", json!("datetime")), @"schema/log-event.schema.json#/$defs/Timestamp: `format` must be one of `date-time`, `uuid`, `ipv4` and `ipv6`");
    assert_snapshot!(with("/$defs/IpAddress/anyOf/0/format", json!("uuid")), @"schema/log-event.schema.json#/$defs/IpAddress: the one choice of formats that has a Rust type is `ipv4`, then `ipv6`");
    assert_snapshot!(with("/$defs/OsType/anyOf/1/const", json!("mac-os")), @"schema/log-event.schema.json#/$defs/OsType: `mac-os` becomes the variant `MacOs`, which exists already");
    assert_snapshot!(with("/$defs/OsType/anyOf/1/const", json!("Other")), @"schema/log-event.schema.json#/$defs/OsType: `Other` becomes the variant `Other`, which exists already");
    assert_snapshot!(with("/$defs/OsType/anyOf/1/const", json!("10.4")), @"schema/log-event.schema.json#/$defs/OsType: `10.4` cannot be the name of a Rust variant");
}

#[test]
fn the_chain() {
    assert_snapshot!(with("/allOf/3", Value::Null), @"schema/log-event.schema.json#/$defs/EventName/anyOf: must list the events of `allOf`, in the same order");
    assert_snapshot!(with("/allOf/3/then", Value::Null), @"schema/log-event.schema.json#/allOf/3/then: is missing; for an event without `log` it is `true`");
    assert_snapshot!(with("/allOf/1/then/required", json!([])), @r##"schema/log-event.schema.json#/allOf/1/then: must be true or {"properties": {"log": {"$ref": "#/$defs/NAME"}}, "required": ["log"]}"##);
    assert_snapshot!(with("/allOf/1/if/required", Value::Null), @r#"
    schema/log-event.schema.json#/allOf/1/if: must be {"properties": {"eventName": {"const": NAME}}, "required": ["eventName"]}
    schema/log-event.schema.json#/$defs/LogStreamStartedLog: nothing refers to this definition
    schema/log-event.schema.json#/$defs/LogStreamStartedLog: no event has this object as its `log`
    schema/log-event.schema.json#/$defs/EventName/anyOf: must list the events of `allOf`, in the same order
    "#);
    assert_snapshot!(with("/allOf/1/else", json!(false)), @"schema/log-event.schema.json#/allOf/1/else: keyword `else` is not implemented here; the build crate knows `title`, `description`, `if`, `then` and `x-unmodelled`");
    assert_snapshot!(with("/required", json!(["eventName", "log"])), @r#"schema/log-event.schema.json#/required: must be ["eventName"]: what else is required stands in `Header`"#);
    assert_snapshot!(with("/$defs/snake_case", json!({
        "title": "A", "description": "B.", "type": "string", "format": "uuid",
    })), @"
    schema/log-event.schema.json#/$defs/snake_case: becomes a Rust type: write the name as `SnakeCase`
    schema/log-event.schema.json#/$defs/snake_case: nothing refers to this definition
    ");
    assert_snapshot!(with("/$schema", json!("http://json-schema.org/draft-07/schema#")), @"schema/log-event.schema.json#: `$schema` must name JSON Schema 2020-12: other drafts do not assert `format: uuid`");
}

#[test]
fn what_comes_and_is_not_described() {
    let of = |name: &str, types: Value| json!({name: {"types": types, "description": "Seen in 7 events."}});
    let header = |value: Value| with("/$defs/Header/x-unmodelled", value);
    let branch = |place: usize| with(&format!("/allOf/{place}/x-unmodelled"), of("log", json!(["object"])));
    let words = |value: &str| with("/$defs/OsType/x-known-values", json!([value]));
    assert_snapshot!(header(of("labels", json!(["array", "string"]))), @"accepted");
    assert_snapshot!(header(of("labels", json!(["list"]))), @"schema/log-event.schema.json#/$defs/Header/x-unmodelled/labels/types: must be a list out of `null`, `boolean`, `integer`, `number`, `string`, `array` and `object`");
    assert_snapshot!(header(of("labels", json!([]))), @"schema/log-event.schema.json#/$defs/Header/x-unmodelled/labels/types: must be a list out of `null`, `boolean`, `integer`, `number`, `string`, `array` and `object`");
    assert_snapshot!(header(json!(["labels"])), @"schema/log-event.schema.json#/$defs/Header/x-unmodelled: must be an object: names with what is known of them");
    assert_snapshot!(header(of("cloudId", json!(["string"]))), @"schema/log-event.schema.json#/$defs/Header/x-unmodelled/cloudId: is among the properties as well: describe it there, or here");
    assert_snapshot!(branch(3), @"accepted");
    assert_snapshot!(branch(4), @"schema/log-event.schema.json#/allOf/4/x-unmodelled: is for a `log` that `then` does not describe");
    assert_snapshot!(words("5 GHz"), @"accepted");
    assert_snapshot!(words("macOS"), @"schema/log-event.schema.json#/$defs/OsType/x-known-values: must be texts that are not in `anyOf`: those that cannot be the name of a Rust variant");
}
