//! The problems that others ran into with such conversions, as far as OCSF and ECS are concerned: 1 units of time, 8 texts next
//! to enumerated values, 9 `type_uid`, 10 paths that a class does not have, 11 the direction of bytes, 12 versions, and 15 values
//! that are none. Problem 7, output that nobody validates, is for `packaging/tests/test_ocsf.py` and `test_ecs.py`.

mod common;

use std::collections::BTreeSet;

use cloudconnexa_convert::ecs;
use cloudconnexa_convert::ocsf::{Class, Column, ColumnType, Ocsf, OcsfVersion, class_uid, classes};
use cloudconnexa_sample::{Options, Spelling};
use cloudconnexa_validator::Validator;
use common::{Converted, corpus, edited, record, samples};
use serde_json::{Value, json};

/// The corpus, and generated events with everything that the generator can vary.
fn everything() -> Vec<(String, Converted)> {
    let mut all = corpus();
    let plain = Options::default().seed(18);
    let varied = plain.clone().unknown_field(true).shuffle_keys(true).spelling(Spelling::Escaped);
    for (name, options) in [("plain", plain), ("varied", varied)] {
        let events = samples(500, &options).into_iter().enumerate();
        all.extend(events.map(|(index, event)| (format!("{name} sample {index}"), event)));
    }
    all
}

#[test]
fn problem_01_times_are_milliseconds_in_ocsf_and_durations_nanoseconds_in_ecs() {
    for (name, event) in everything() {
        for ocsf in event.both() {
            let time = ocsf["time"].as_i64().unwrap_or_default();
            assert!((1_000_000_000_000..10_000_000_000_000).contains(&time), "{name}: {time}");
        }
    }
    let event = record("documented/client-disconnected-v1");
    for ocsf in event.both() {
        assert_eq!(ocsf["time"], 1_703_069_114_000_u64);
        assert_eq!(ocsf["start_time"], 1_703_069_110_000_u64);
        assert_eq!(ocsf["end_time"], 1_703_069_114_000_u64);
        assert_eq!(ocsf["duration"], 4_000);
        assert_eq!(ocsf["metadata"]["original_time"], "2023-12-20T10:45:14.000000Z");
    }
    assert_eq!(event.ecs["event"]["duration"], 4_000_000_000_u64);
    assert_eq!(event.ecs["@timestamp"], "2023-12-20T10:45:14.000000Z");
}

#[test]
fn problem_01_times_before_1970_and_far_ahead_are_exact() {
    for (time, millis) in
        [("1969-12-31T23:59:59.999999Z", -1), ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_i64)]
    {
        let event = edited("documented/domain-blocked-v1", &[("2023-11-10T15:52:11.000000Z", time)]);
        assert_eq!(event.ocsf["time"], millis);
        assert_eq!(event.ecs["@timestamp"], time);
    }
    let elsewhere = edited(
        "documented/domain-blocked-v1",
        &[("2023-11-10T15:52:11.000000Z", "2023-11-10t17:52:11+02:00")],
    );
    assert_eq!(elsewhere.ocsf["time"], 1_699_631_531_000_u64);
    assert_eq!(elsewhere.ecs["@timestamp"], "2023-11-10T15:52:11.000000Z");
}

#[test]
fn problem_08_values_that_ocsf_does_not_know_are_99_with_their_text() {
    let os = |name: &str| {
        edited(
            "documented/client-disconnected-v1",
            &[("\"clientOsType\": \"macOS\"", &format!("\"clientOsType\": {name}"))],
        )
    };
    let known = |event: &Converted| event.ocsf["src_endpoint"]["os"].clone();
    assert_eq!(
        known(&os("\"macOS\"")),
        json!({ "name": "macOS", "type_id": 300, "type": "macOS", "version": "Ventura (13.3.1)" })
    );
    // The same text, written otherwise.
    assert_eq!(known(&os("\"mac\\u004fS\""))["type_id"], 300);
    assert_eq!(
        known(&os("\"Plan 9\"")),
        json!({ "name": "Plan 9", "type_id": 99, "type": "Plan 9", "version": "Ventura (13.3.1)" })
    );
    assert_eq!(
        os("\"Plan 9\"").ecs["host"]["os"],
        json!({ "name": "Plan 9", "version": "Ventura (13.3.1)" })
    );
    // `os` has to have a name, so a version alone has no place there.
    let without = os("\"\"");
    assert_eq!(without.ocsf["src_endpoint"]["os"], Value::Null);
    assert_eq!(without.ocsf["unmapped"]["log"]["clientOsVersion"], "Ventura (13.3.1)");
}

#[test]
fn problem_08_every_enumerated_attribute_has_its_text() {
    fn check(name: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    let sibling = match key.as_str() {
                        "activity_id" => Some("activity_name"),
                        "class_uid" => Some("class_name"),
                        "category_uid" => Some("category_name"),
                        "type_uid" => Some("type_name"),
                        _ => key.strip_suffix("_id"),
                    };
                    if let Some(sibling) = sibling {
                        assert!(members.get(sibling).is_some_and(Value::is_string), "{name}: {key}");
                    }
                    check(name, value);
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| check(name, element)),
            _ => {}
        }
    }
    for (name, event) in everything() {
        for ocsf in event.both() {
            let mut ocsf = ocsf.clone();
            ocsf.as_object_mut().expect("it is an object").remove("unmapped");
            check(&name, &ocsf);
        }
    }
}

#[test]
fn problem_09_type_uid_follows_from_class_and_activity() {
    let mut types = BTreeSet::new();
    for (name, event) in everything() {
        for ocsf in event.both() {
            let number = |key: &str| ocsf[key].as_u64().unwrap_or_else(|| panic!("{name}: {key}"));
            assert_eq!(number("type_uid"), number("class_uid") * 100 + number("activity_id"), "{name}");
            assert_eq!(number("category_uid"), number("class_uid") / 1000, "{name}");
            types.insert(number("type_uid"));
        }
    }
    // Refused logins and refused flows among them.
    let expected =
        [99, 200_401, 300_408, 300_412, 300_499, 400_101, 400_102, 400_105, 400_301, 401_401, 401_402];
    assert_eq!(types.into_iter().collect::<Vec<_>>(), expected);
    let refused = record("valid/client-disconnected/failed-login").ocsf;
    assert_eq!((&refused["activity_name"], &refused["status"]), (&json!("Open"), &json!("Failure")));
}

/// Returns whether a value is of a type, with everything in it.
fn fits(value: &Value, kind: ColumnType) -> bool {
    match kind {
        ColumnType::String => value.is_string(),
        ColumnType::Int => value.as_i64().is_some_and(|value| i32::try_from(value).is_ok()),
        ColumnType::Long | ColumnType::TimestampMillis => value.as_i64().is_some(),
        ColumnType::Boolean => value.is_boolean(),
        ColumnType::Struct(columns) => value.as_object().is_some_and(|members| {
            members.iter().all(|(name, value)| {
                columns.iter().any(|column: &Column| column.name == name && fits(value, column.kind))
            })
        }),
        ColumnType::List(kind) => {
            value.as_array().is_some_and(|list| list.iter().all(|value| fits(value, *kind)))
        }
        _ => false,
    }
}

#[test]
fn problem_10_everything_that_is_written_is_an_attribute_of_the_class() {
    let validator = Validator::new();
    let mut checker = validator.checker();
    for (name, event) in everything() {
        for version in [OcsfVersion::V1_8, OcsfVersion::V1_1] {
            let view = checker.view(&event.record).expect("it is valid");
            let mut line = Vec::new();
            Ocsf::new(version).with_unmapped_as_text(true).write(&view, &mut line);
            let ocsf: Value = serde_json::from_slice(&line).expect("it is JSON");
            let uid = class_uid(version, &view);
            assert_eq!(ocsf["class_uid"], uid, "{name}");
            let class: &Class =
                classes(version).iter().find(|class| class.uid == uid).expect("the class is listed");
            assert_eq!(ocsf["class_name"], class.name, "{name}");
            for (key, value) in ocsf.as_object().expect("it is an object") {
                let column = class.columns.iter().find(|column| column.name == key);
                assert!(column.is_some_and(|column| fits(value, column.kind)), "{name}: {key} {value}");
            }
            // A profile has to be declared, and only if something of it is used.
            let profiles = ocsf["metadata"]["profiles"].to_string();
            assert_eq!(profiles.contains("security_control"), ocsf.get("action_id").is_some(), "{name}");
        }
    }
}

#[test]
fn problem_11_bytes_are_counted_from_the_view_of_the_client() {
    let event = record("documented/client-disconnected-v1");
    // The vendor: `sessionBytesIn` went to the client, `sessionBytesOut` came from it. The client is the source.
    assert_eq!(
        (&event.event["log"]["sessionBytesIn"], &event.event["log"]["sessionBytesOut"]),
        (&json!(34409), &json!(30971))
    );
    for ocsf in event.both() {
        assert_eq!(ocsf["src_endpoint"]["ip"], "178.136.162.32");
        assert_eq!(ocsf["traffic"], json!({ "bytes_in": 34409, "bytes_out": 30971 }));
    }
    assert_eq!(event.ecs["source"], json!({ "ip": "178.136.162.32", "bytes": 30971 }));
    assert_eq!(event.ecs["destination"], json!({ "bytes": 34409 }));
}

#[test]
fn problem_12_both_versions_of_ocsf_are_written() {
    let event = record("documented/client-disconnected-v1");
    assert_eq!(
        (&event.ocsf["metadata"]["version"], &event.ocsf["class_uid"]),
        (&json!("1.8.0"), &json!(4014))
    );
    // 1.1 has no tunnels.
    assert_eq!(
        (&event.ocsf_1_1["metadata"]["version"], &event.ocsf_1_1["class_uid"]),
        (&json!("1.1.0"), &json!(4001))
    );
    assert_eq!(event.ocsf["session"]["uid"], event.ocsf_1_1["connection_info"]["session"]["uid"]);
    assert_eq!(event.ocsf["tunnel_interface"]["ip"], "100.96.1.34");
    assert_eq!(event.ocsf_1_1["unmapped"]["log"]["clientTunnelIpV4"], "100.96.1.34");
    for version in [OcsfVersion::V1_8, OcsfVersion::V1_1] {
        let uids: Vec<u32> = classes(version).iter().map(|class| class.uid).collect();
        assert!(uids.is_sorted() && uids.contains(&0), "{uids:?}");
    }
}

#[test]
fn problem_15_values_that_stand_for_none_are_no_values() {
    let event = record("valid/flow-established/texts-empty");
    assert_eq!(event.event["log"]["sourceIp"], "");
    assert_eq!(event.ocsf["src_endpoint"].get("ip"), None);
    assert_eq!(event.ocsf["unmapped"]["log"]["sourceIp"], "");
    assert_eq!(event.ecs["source"].get("ip"), None);
    assert_eq!(event.ecs["cloudconnexa"]["log"].get("sourceIp"), None);
    for (name, event) in everything() {
        for ocsf in event.both() {
            for endpoint in ["src_endpoint", "dst_endpoint"] {
                assert_ne!(ocsf[endpoint]["ip"], "", "{name}");
            }
        }
        let mut known = event.ecs.clone();
        known["event"]["original"] = json!("the record");
        known["cloudconnexa"] = json!("what is unknown");
        let text = known.to_string();
        assert!(
            !text.contains(":\"\"") && !text.contains("[\"\"") && !text.contains("null"),
            "{name}: {text}"
        );
    }
    let event = record("documented/client-disconnected-v1");
    assert_eq!(event.ecs.get("message"), None);
    assert_eq!(event.ocsf.get("message"), None);
    assert_eq!(event.ocsf["unmapped"]["log"]["sessionDisconnectReasonDescription"], "null");
}

#[test]
fn problem_15_durations_and_ports_are_numbers() {
    let event = record("valid/client-disconnected/integers-written-as-floats");
    assert!(event.ocsf["traffic"]["bytes_in"].is_u64(), "{}", event.ocsf["traffic"]);
    assert!(event.ecs["event"]["duration"].is_u64(), "{}", event.ecs["event"]["duration"]);
    let flow = record("valid/flow-established/as-recorded");
    assert_eq!(
        (&flow.ocsf["connection_info"]["protocol_num"], &flow.ecs["network"]["iana_number"]),
        (&json!(6), &json!("6"))
    );
    // What is not a number stays as it is, and so does what no 64-bit integer holds.
    let odd =
        edited("valid/flow-established/as-recorded", &[("\"protocol\": \"6\"", "\"protocol\": \"six\"")]);
    assert_eq!(odd.ocsf["unmapped"]["log"]["protocol"], "six");
    let long = edited(
        "documented/client-disconnected-v1",
        &[("\"sessionDurationSeconds\": 4", "\"sessionDurationSeconds\": 9223372036854775807")],
    );
    assert_eq!((long.ocsf.get("duration"), long.ecs["event"].get("duration")), (None, None));
    assert_eq!(long.ocsf["unmapped"]["log"]["sessionDurationSeconds"], i64::MAX);
    assert_eq!(long.ecs["cloudconnexa"]["log"]["sessionDurationSeconds"], i64::MAX);
    // OCSF 1.1 has 32-bit durations.
    let month = edited(
        "documented/client-disconnected-v1",
        &[("\"sessionDurationSeconds\": 4", "\"sessionDurationSeconds\": 2592000")],
    );
    assert_eq!((&month.ocsf["duration"], month.ocsf_1_1.get("duration")), (&json!(2_592_000_000_u64), None));
    assert_eq!(month.ocsf_1_1["unmapped"]["log"]["sessionDurationSeconds"], 2_592_000);
}

#[test]
fn problem_15_distinct_events_have_distinct_identifiers() {
    let bulk = |record: &[u8]| {
        let validator = Validator::new();
        let mut checker = validator.checker();
        let mut out = Vec::new();
        ecs::write_bulk(&checker.view(record).expect("it is valid"), &mut out);
        let text = String::from_utf8(out).expect("it is UTF-8");
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
        assert_eq!(lines.len(), 2, "{text}");
        (lines[0].clone(), lines[1].clone())
    };
    let event = record("documented/client-disconnected-v1");
    let (action, document) = bulk(&event.record);
    assert_eq!(action, json!({ "create": { "_id": "693bbbde-626d-4940-ac2b-4e75efb49bf7" } }));
    assert_eq!(document, event.ecs);
    // Nothing but the `traceId` counts: two events of one session in one second are two.
    let other = edited("documented/client-disconnected-v1", &[("693bbbde-626d", "693bbbde-626e")]);
    assert_ne!(bulk(&other.record).0, action);
    let later = edited(
        "documented/client-disconnected-v1",
        &[("\"timestamp\": \"2023-12-20T10:45:14", "\"timestamp\": \"2023-12-20T10:45:15")],
    );
    assert_eq!(bulk(&later.record).0, action);
}
