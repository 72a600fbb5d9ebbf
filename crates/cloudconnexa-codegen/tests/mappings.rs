//! What the lint of `schema/mappings.json` refuses, each for the smallest change of the real file that provokes it.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

mod common;

use cloudconnexa_codegen::mappings::{MAPPINGS, MAPPINGS_SCHEMA, TARGETS, render};
use cloudconnexa_codegen::{SCHEMA, read};
use cloudconnexa_schema::{Json, Schema, pointer};
use common::{file, schema};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// Returns the first problems of these mappings, one per line.
fn problems(schema: &Schema, mappings: &str) -> String {
    let targets = TARGETS.map(file);
    match render(schema, mappings, targets.each_ref().map(String::as_str)) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => {
            let shown: Vec<String> = error.problems.iter().take(3).map(ToString::to_string).collect();
            shown.join("\n")
        }
    }
}

/// Returns the text of the mappings with `value` at `pointer`, or without what is there if `value` is null.
fn changed(at: &str, value: &Value) -> String {
    let mut mappings = Json::parse(&file(MAPPINGS)).expect("it is JSON");
    let (parent, last) = at.rsplit_once('/').expect("it is a pointer");
    let new = Json::parse(&value.to_string()).expect("it is JSON");
    let Some(Json::Object(members)) = mappings.pointer_mut(parent) else {
        panic!("`{parent}` is not an object")
    };
    let key = pointer::unescape(last);
    let index = members.iter().position(|(name, _)| *name == key);
    match index {
        Some(index) if value.is_null() => drop(members.remove(index)),
        Some(index) => members[index].1 = new,
        None => members.push((key, new)),
    }
    mappings.to_pretty_string()
}

#[expect(clippy::needless_pass_by_value, reason = "`json!` at each call reads best")]
/// Returns what the lint reports once `value` is at `pointer`; null removes what is there.
fn with(pointer: &str, value: Value) -> String {
    problems(&schema(), &changed(pointer, &value))
}

#[test]
fn the_mappings_pass() {
    assert_eq!(problems(&schema(), &file(MAPPINGS)), "accepted");
    assert_eq!(with("/title", json!("Another title")), "accepted");
}

#[test]
fn the_mappings_are_as_their_schema_says() {
    let schema: Value = serde_json::from_str(&file(MAPPINGS_SCHEMA)).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let mappings: Value = serde_json::from_str(&file(MAPPINGS)).expect("it is JSON");
    let errors: Vec<String> =
        validator.iter_errors(&mappings).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, [""; 0]);
    for (pointer, value) in [
        ("/events/domain-blocked/fields/domain/cim", Value::Null),
        ("/events/domain-blocked/fields/domain/ocsf", json!({ "path": "query.hostname" })),
        ("/events/domain-blocked/fields/protocol/ecs", json!({ "to": "network.transport", "as": "upper" })),
        ("/header/fields/traceId/asim", json!(7)),
    ] {
        let mappings: Value = serde_json::from_str(&changed(pointer, &value)).expect("it is JSON");
        assert!(!validator.is_valid(&mappings), "{pointer}");
    }
}

#[test]
fn a_field_without_a_decision_for_every_target_is_refused() {
    for target in ["ocsf", "ecs", "asim", "cim"] {
        let at = format!("/events/domain-blocked/fields/domain/{target}");
        let expected = format!(
            "#{at}: the field `domain` has no decision for `{target}`: give a path there, or {{\"unmapped\": \"why\"}}"
        );
        assert_eq!(with(&at, Value::Null), expected);
    }
    assert_snapshot!(with("/header/fields/cloudId/ecs", Value::Null), @r#"#/header/fields/cloudId/ecs: the header field `cloudId` has no decision for `ecs`: give a path there, or {"unmapped": "why"}"#);
    assert_snapshot!(with("/events/flow-established/fields/allowed", Value::Null), @r##"
    #/events/flow-established/fields/allowed/ocsf: the field `allowed` has no decision for `ocsf`: give a path there, or {"unmapped": "why"}
    #/events/flow-established/fields/allowed/ecs: the field `allowed` has no decision for `ecs`: give a path there, or {"unmapped": "why"}
    #/events/flow-established/fields/allowed/asim: the field `allowed` has no decision for `asim`: give a path there, or {"unmapped": "why"}
    "##);
    assert_snapshot!(with("/events/flow-established/fields/allowed/cim", json!({ "unmapped": " " })), @"#/events/flow-established/fields/allowed/cim/unmapped: must be the reason why the field has no place");
    assert_snapshot!(with("/events/flow-established/fields/allowed/cim", json!([])), @r#"#/events/flow-established/fields/allowed/cim: is empty: give a path, or {"unmapped": "why"}"#);
    assert_snapshot!(with("/events/flow-established", Value::Null), @"#/events/flow-established: `flow-established` is an event of the schema; say where it goes");
    assert_snapshot!(with("/other", Value::Null), @"#/other: say where events go that the schema does not describe");
}

#[test]
fn a_new_field_of_the_schema_makes_somebody_decide() {
    let text = file(SCHEMA);
    let from = "\"queryType\": {\n          \"$ref\"";
    assert_eq!(text.matches(from).count(), 1);
    let field = "\"answer\": {\n          \"type\": \"string\",\n          \"description\": \"The answer.\"\n        },\n        ";
    let schema = read(&text.replace(from, &format!("{field}{from}"))).expect("the schema is supported");
    let found = problems(&schema, &file(MAPPINGS));
    assert_snapshot!(found, @r##"
    #/events/domain-blocked/fields/answer/ocsf: the field `answer` has no decision for `ocsf`: give a path there, or {"unmapped": "why"}
    #/events/domain-blocked/fields/answer/ecs: the field `answer` has no decision for `ecs`: give a path there, or {"unmapped": "why"}
    #/events/domain-blocked/fields/answer/asim: the field `answer` has no decision for `asim`: give a path there, or {"unmapped": "why"}
    "##);
}

#[test]
fn names_that_the_schema_does_not_have_are_refused() {
    assert_snapshot!(with("/events/domain-blocked/fields/domian", json!({})), @"#/events/domain-blocked/fields/domian: the schema has no field `domian` here: correct the name, or remove its mapping");
    assert_snapshot!(with("/events/domain-blocked/header/domain", json!({})), @"#/events/domain-blocked/header/domain: the schema has no header field `domain` here: correct the name, or remove its mapping");
    assert_snapshot!(with("/header/fields/tenant", json!({})), @"#/header/fields/tenant: the schema has no header field `tenant` here: correct the name, or remove its mapping");
    assert_snapshot!(with("/events/domain-allowed", json!({})), @"#/events/domain-allowed: the schema has no event `domain-allowed` here: correct the name, or remove its mapping");
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ocsf", json!({ "to": "query.hostname", "when": { "log.kind": "A" } })), @"#/events/domain-blocked/fields/domain/ocsf/when/log.kind: is not a field of the event: write a header field as it is, and a field of `log` as `log.NAME`");
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ocsf", json!({ "to": "query.hostname", "if": {} })), @"#/events/domain-blocked/fields/domain/ocsf/if: is not a key of a mapping; here are `to`, `to-1.1`, `as`, `map`, `rank`, `when`, `otherwise` and `note`");
    assert_snapshot!(with("/events/domain-blocked/fields/domain/splunk", json!("query")), @"#/events/domain-blocked/fields/domain/splunk: is not a key of a mapping; here are `ocsf`, `ecs`, `asim` and `cim`");
}

#[test]
fn transforms_fit_the_field() {
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ecs", json!({ "to": "dns.question.name", "as": "nanoseconds" })), @"#/events/domain-blocked/fields/domain/ecs/as: does not fit `domain`, which is a text");
    assert_snapshot!(with("/events/client-connected/fields/sessionStartTime/ecs", json!({ "to": "event.start", "as": "lowercase" })), @"#/events/client-connected/fields/sessionStartTime/ecs/as: does not fit `sessionStartTime`, which is a time");
    assert_snapshot!(with("/events/flow-established/fields/destinationPort/ecs", json!({ "to": "destination.port", "as": "number" })), @"#/events/flow-established/fields/destinationPort/ecs/as: does not fit `destinationPort`, which is an integer");
    assert_snapshot!(with("/events/flow-established/fields/allowed/cim", json!({ "to": "action", "map": { "true": "allowed" } })), @"#/events/flow-established/fields/allowed/cim/map: does not fit `allowed`, which is a boolean");
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ecs", json!({ "to": "dns.question.name", "as": "upper" })), @"#/events/domain-blocked/fields/domain/ecs/as: is not a transform; there are `text`, `unix-milliseconds`, `rfc3339`, `milliseconds`, `nanoseconds`, `number` and `lowercase`");
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ecs", json!({ "to": "dns.question.name", "otherwise": "x" })), @"#/events/domain-blocked/fields/domain/ecs/otherwise: is for OCSF, which has versions and required attributes");
    assert_snapshot!(with("/events/flow-established/fields/sourceIp/ocsf", json!({ "to": "src_endpoint.ip", "when": { "log.sourceIp": "10.0.0.1" } })), @"#/events/flow-established/fields/sourceIp/ocsf/when/log.sourceIp: is an address: a condition compares a text with texts, or a boolean");
}

#[test]
fn two_fields_on_one_path_need_an_order() {
    assert_snapshot!(with("/events/domain-blocked/fields/category/ecs", json!("dns.question.name")), @"#/events/domain-blocked/fields/category/ecs: `category` goes to `dns.question.name`, where `domain` goes as well: give both a `rank` of their own; the lowest wins");
    assert_snapshot!(with("/header/fields/publicIp/ecs", json!({ "to": "source.ip", "rank": 3 })), @"#/header/fields/initiatorPublicIp/ecs/0: `initiatorPublicIp` goes to `source.ip`, where `publicIp` goes as well: give both a `rank` of their own; the lowest wins");
    assert_snapshot!(with("/events/domain-blocked/fields/category/cim", json!({ "to": "query", "rank": 2 })), @"#/events/domain-blocked/fields/category/cim: `category` goes to `query`, where `domain` goes as well: give both a `rank` of their own; the lowest wins");
    // A list takes all.
    assert_eq!(
        with("/events/domain-blocked/fields/domain/ecs", json!(["dns.question.name", "related.hosts[]"])),
        "accepted"
    );
}

/// Problem 10 of others: a path that the class does not have, a profile that is not declared.
#[test]
fn paths_of_ocsf_are_those_of_the_class_in_both_versions() {
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ocsf", json!("query.host")), @"#/events/domain-blocked/fields/domain/ocsf: `host` of `query.host` is not an attribute in OCSF 1.8.0; it has `hostname`");
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ocsf", json!("query")), @"#/events/domain-blocked/fields/domain/ocsf: `query` must end at an attribute that is not an object");
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ocsf", json!("finding_info.types")), @"#/events/domain-blocked/fields/domain/ocsf: `finding_info` of `finding_info.types` is not an attribute in OCSF 1.8.0; it has `firewall_rule`");
    assert_snapshot!(with("/events/traffic-blocked/fields/classification/ocsf", json!("finding_info.types")), @"#/events/traffic-blocked/fields/classification/ocsf: `types` of `finding_info.types` is an array: write `[]` after it, or `[0]`");
    assert_snapshot!(with("/events/client-connected/fields/sessionTunnelProtocol/ocsf", json!("protocol_name")), @"#/events/client-connected/fields/sessionTunnelProtocol/ocsf: `protocol_name` of `protocol_name` is not an attribute in OCSF 1.1.0; it has `proxy_connection_info`, `proxy_http_request` and `proxy_traffic`; say in `to-1.1`, `set-1.1` or `with-1.1` what takes its place there, or null for nothing");
    assert_snapshot!(with("/events/domain-blocked/ocsf/class", json!("dns")), @r##"
    #/events/domain-blocked/ocsf/class-1.1: `dns` is not a class of schema/targets/ocsf-1.1.0.json: correct it, or add it to packaging/targets/ocsf.py
    #/events/domain-blocked/ocsf/class: `dns` is not a class of schema/targets/ocsf-1.8.0.json: correct it, or add it to packaging/targets/ocsf.py
    "##);
    assert_snapshot!(with("/events/domain-blocked/ocsf/set", json!({ "activity_id": 7, "severity_id": 1 })), @"#/events/domain-blocked/ocsf: has the `activity_id` 7, which the class has not in OCSF 1.8.0");
    assert_snapshot!(with("/events/domain-blocked/ocsf/set", json!({ "severity_id": 1 })), @"#/events/domain-blocked/ocsf: must set `activity_id`, from which `type_uid` follows");
    assert_snapshot!(with("/events/client-connected/fields/clientOsType/ocsf", json!({ "to": "src_endpoint.os.type_id", "map": { "Plan 9": 7 } })), @"#/events/client-connected/fields/clientOsType/ocsf: maps `Plan 9` to 7, which is not one of the values of `src_endpoint.os.type_id`");
}

/// Problem 1 of others: times that are not milliseconds. Problem 15: texts as addresses or numbers.
#[test]
fn values_fit_their_target() {
    assert_snapshot!(with("/header/fields/timestamp/ocsf", json!("time")), @"#/header/fields/timestamp/ocsf: `time` is of type `timestamp_t`, which does not take a time: write a time `as` `unix-milliseconds`");
    assert_snapshot!(with("/header/fields/timestamp/ecs", json!("@timestamp")), @"#/header/fields/timestamp/ecs: `@timestamp` is of type `date`, which does not take a time: write a time `as` `rfc3339`");
    assert_snapshot!(with("/events/client-disconnected/fields/sessionEndTime/ocsf", json!({ "to": "end_time", "as": "rfc3339" })), @"#/events/client-disconnected/fields/sessionEndTime/ocsf: `end_time` is of type `timestamp_t`, which does not take a time: write a time `as` `unix-milliseconds`");
    assert_snapshot!(with("/events/client-disconnected/fields/sessionDurationSeconds/ocsf", json!("duration")), @"#/events/client-disconnected/fields/sessionDurationSeconds/ocsf: `duration` is in milliseconds: write seconds `as` `milliseconds`");
    assert_snapshot!(with("/events/client-disconnected/fields/sessionDurationSeconds/ecs", json!({ "to": "event.duration", "as": "milliseconds" })), @"#/events/client-disconnected/fields/sessionDurationSeconds/ecs: `event.duration` is in nanoseconds: write seconds `as` `nanoseconds`");
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ocsf", json!("src_endpoint.ip")), @r##"
    #/events/domain-blocked/fields/domain/ocsf: `domain` goes to `src_endpoint.ip`, where `publicIp` goes as well: give both a `rank` of their own; the lowest wins
    #/events/domain-blocked/fields/domain/ocsf: `src_endpoint.ip` is of type `ip_t`, which does not take a text
    "##);
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ecs", json!("source.ip")), @r##"
    #/events/domain-blocked/fields/domain/ecs: `domain` goes to `source.ip`, where `publicIp` goes as well: give both a `rank` of their own; the lowest wins
    #/events/domain-blocked/fields/domain/ecs: `source.ip` is of type `ip`, which does not take a text
    "##);
    assert_snapshot!(with("/events/flow-established/fields/protocol/ocsf", json!("connection_info.protocol_num")), @"#/events/flow-established/fields/protocol/ocsf: `connection_info.protocol_num` is of type `integer_t`, which does not take a text");
}

#[test]
fn fields_of_ecs_exist_and_take_the_values() {
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ecs", json!("dns.question.host")), @"#/events/domain-blocked/fields/domain/ecs: `dns.question.host` is not a field of ECS: correct it, or add its set to packaging/targets/ecs.js");
    assert_snapshot!(with("/events/domain-blocked/fields/domain/ecs", json!("related.hosts")), @"#/events/domain-blocked/fields/domain/ecs: `related.hosts` is an array: write `[]` after it");
    assert_snapshot!(with("/events/domain-blocked/ecs/set", json!({ "event.category": ["dns"] })), @"#/events/domain-blocked/ecs: sets `event.category` to `dns`, which is not one of its values");
    assert_snapshot!(with("/events/domain-blocked/ecs/set", json!({ "event.category": "network" })), @"#/events/domain-blocked/ecs: `event.category` must be set to a list");
    assert_snapshot!(with("/events/domain-blocked/ecs/set", json!({ "event.category": ["network"], "event.type": ["creation"] })), @"#/events/domain-blocked/ecs: sets `event.type` to `creation`, which none of its `event.category` expects");
    assert_snapshot!(with("/events/domain-blocked/ecs/set", json!({ "dns.question.name": "example.com" })), @"#/events/domain-blocked/fields/domain/ecs: `dns.question.name` is a constant or an object of the event as well: remove one of the two");
}

#[test]
fn one_case_always_applies() {
    assert_snapshot!(with("/events/flow-established/ecs/cases", json!([{ "when": { "log.allowed": false }, "set": {} }])), @"#/events/flow-established/ecs/cases: the last case must have no `when`, so that one always applies, and the others must have one");
    assert_snapshot!(with("/events/flow-established/ecs/cases", json!([{ "set": {} }, { "set": {} }])), @"#/events/flow-established/ecs/cases: the last case must have no `when`, so that one always applies, and the others must have one");
    assert_snapshot!(with("/events/flow-established/ecs/cases", json!([{ "when": { "log.allowed": "no" }, "set": {} }, { "set": {} }])), @r##"
    #/events/flow-established/ecs/cases: the last case must have no `when`, so that one always applies, and the others must have one
    #/events/flow-established/ecs/cases/0/when/log.allowed: is a boolean: a condition compares a text with texts, or a boolean
    "##);
}

#[test]
fn what_is_not_json_is_refused() {
    assert_snapshot!(problems(&schema(), "{"), @"#: is not JSON: EOF while parsing an object at line 1 column 1");
    assert_snapshot!(problems(&schema(), r#"{"title": 1, "title": 2}"#), @"#: is not JSON: `title` appears twice in one object at line 1 column 24");
}
