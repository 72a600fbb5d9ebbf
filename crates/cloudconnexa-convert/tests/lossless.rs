//! Tests that each value of an event is in what it becomes, and that the record itself is.

mod common;

use std::collections::BTreeSet;

use cloudconnexa_events::UtcMicros;
use cloudconnexa_sample::{Options, Spelling};
use common::{Converted, corpus, edited, samples};
use serde_json::{Value, json};

/// Adds the texts of all scalars of a value.
fn scalars(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|value| scalars(value, found)),
        Value::Array(elements) => elements.iter().for_each(|value| scalars(value, found)),
        Value::String(text) => drop(found.insert(text.clone())),
        other => drop(found.insert(other.to_string())),
    }
}

/// Returns the forms that a value may have been given.
fn forms(value: &Value) -> Vec<String> {
    let mut forms = Vec::new();
    match value {
        Value::String(text) => {
            forms.extend([text.clone(), text.to_lowercase()]);
            if let Some(time) = UtcMicros::parse(text) {
                forms.extend([time.to_string(), time.unix_micros().div_euclid(1000).to_string()]);
            }
        }
        Value::Number(number) => {
            // `4.0`, `4e0` and `4` are the same to JSON Schema.
            let integral = number.as_f64().filter(|value| value.fract() == 0.0 && value.abs() < 1e15);
            let text = number
                .as_u64()
                .map_or_else(|| format!("{:.0}", integral.unwrap_or(0.5).abs()), |value| value.to_string());
            forms.extend([number.to_string(), format!("{text}000"), format!("{text}000000000"), text]);
        }
        other => forms.push(other.to_string()),
    }
    forms
}

/// Checks that the values of a record are in `converted`, or at their places in `leftovers`.
fn check(
    name: &str,
    event: &Value,
    converted: &Value,
    leftovers: &Value,
    expressed: &[&str],
    absent_is_kept: bool,
) {
    let mut found = BTreeSet::new();
    scalars(converted, &mut found);
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let is_known = cloudconnexa_validator::catalog::event(event["eventName"].as_str().unwrap_or_default())
        .is_some_and(|event| event.log.is_some());
    let mut values: Vec<(String, Value, Option<Value>)> = Vec::new();
    for (key, value) in object(event) {
        if key == "log" && is_known {
            for (key, value) in object(&value) {
                let left = leftovers.get("log").and_then(|log| log.get(&key)).cloned();
                values.push((format!("log.{key}"), value, left));
            }
        } else {
            let left = leftovers.get(&key).cloned();
            values.push((key, value, left));
        }
    }
    for (key, value, left) in values {
        let is_absent = value.is_null() || value == "" || value == "null";
        if let Some(left) = left {
            assert_eq!(left, value, "{name}: {key}");
        } else if is_absent && !absent_is_kept {
        } else if !expressed.contains(&&*key) {
            assert!(forms(&value).iter().any(|form| found.contains(form)), "{name}: {key} is lost: {value}");
        }
    }
}

fn check_all(name: &str, converted: &Converted) {
    let record = String::from_utf8(converted.record.clone()).expect("it is UTF-8");
    let without = |value: &Value, keys: &[&str]| {
        let mut value = value.clone();
        for key in keys {
            if let Some(members) = value.as_object_mut() {
                members.remove(*key);
            }
        }
        value
    };
    for ocsf in converted.both() {
        assert_eq!(ocsf["raw_data"], record, "{name}");
        let rest = without(ocsf, &["raw_data", "unmapped"]);
        let leftovers = ocsf.get("unmapped").cloned().unwrap_or(json!({}));
        check(name, &converted.event, &rest, &leftovers, &["log.allowed", "log.priority"], true);
    }
    assert_eq!(converted.ecs["event"]["original"], record, "{name}");
    let mut rest = without(&converted.ecs, &["cloudconnexa"]);
    rest["event"]["original"] = Value::Null;
    let leftovers = converted.ecs.get("cloudconnexa").cloned().unwrap_or(json!({}));
    check(name, &converted.event, &rest, &leftovers, &["log.allowed"], false);
}

#[test]
fn nothing_of_the_corpus_is_lost() {
    for (name, event) in corpus() {
        check_all(&name, &event);
    }
}

#[test]
fn nothing_of_generated_events_is_lost() {
    let plain = Options::default().seed(3).unknown_field(true);
    for spelling in [Spelling::Plain, Spelling::Escaped, Spelling::NonAscii] {
        for event in samples(2_000, &plain.clone().spelling(spelling).shuffle_keys(true)) {
            check_all("sample", &event);
        }
    }
}

#[test]
fn unknown_fields_and_events_stay_as_they_are() {
    let event = edited(
        "documented/domain-blocked-v1",
        &[
            ("\"cloudId\"", "\"tags\": {\n \"a\\u0062\": [1.50, null,\r\n \"\\n\"]},\n \"cloudId\""),
            ("\"queryType\"", "\"answer\": \"\", \"queryType\""),
        ],
    );
    for ocsf in event.both() {
        assert_eq!(ocsf["unmapped"]["tags"], json!({ "ab": [1.5, null, "\n"] }));
        assert_eq!(ocsf["unmapped"]["log"]["answer"], "");
    }
    assert_eq!(event.ecs["cloudconnexa"]["tags"], json!({ "ab": [1.5, null, "\n"] }));
    // What an empty text means there is not known.
    assert_eq!(event.ecs["cloudconnexa"]["log"]["answer"], "");

    let unknown = edited("documented/domain-blocked-v1", &[("domain-blocked", "domain-sinkholed")]);
    for ocsf in unknown.both() {
        assert_eq!((&ocsf["class_uid"], &ocsf["activity_name"]), (&json!(0), &json!("domain-sinkholed")));
        assert_eq!(ocsf["unmapped"]["log"], unknown.event["log"]);
    }
    assert_eq!(unknown.ecs["event"]["action"], "domain-sinkholed");
    assert_eq!(unknown.ecs["cloudconnexa"]["log"], unknown.event["log"]);
}

#[test]
fn what_is_escaped_in_the_record_is_escaped_once_more() {
    let event =
        edited("documented/domain-blocked-v1", &[("\"My User\"", "\"\\\"quoted\\\" \\\\ \\u0001 \\t é\"")]);
    assert_eq!(event.ocsf["actor"]["user"]["name"], "\"quoted\" \\ \u{1} \t é");
    check_all("escapes", &event);
}

#[test]
fn a_person_is_never_a_group_or_a_device() {
    let as_group = edited(
        "documented/domain-blocked-v1",
        &[("\"parentEntityType\": \"User\"", "\"parentEntityType\": \"Group\"")],
    );
    assert_eq!(
        as_group.ecs["user"],
        json!({ "group": { "id": "43efdaaa-d8a1-4af1-acc1-d96b77313f42", "name": "My User" } })
    );
    // A user has to have an identifier or a name in OCSF, so a group alone has no place.
    assert_eq!(as_group.ocsf.get("actor"), None);
    assert_eq!(as_group.ocsf["unmapped"]["parentEntityName"], "My User");
    let by_user = edited(
        "documented/domain-blocked-v1",
        &[
            ("\"initiatorType\": \"Device\"", "\"initiatorType\": \"User\""),
            ("\"parentEntityType\": \"User\"", "\"parentEntityType\": \"Group\""),
        ],
    );
    assert_eq!(
        by_user.ocsf["actor"]["user"],
        json!({
            "uid": "521572bc-fcc2-4c05-a78c-d2a9654cc676",
            "name": "My Main Device",
            "groups": [{ "uid": "43efdaaa-d8a1-4af1-acc1-d96b77313f42", "name": "My User" }],
        })
    );
}
