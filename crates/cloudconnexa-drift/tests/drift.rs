//! Planted changes are found, and nothing else; the proposed change to the schema describes them.

#![allow(
    clippy::similar_names,
    clippy::needless_raw_string_hashes,
    reason = "pointers and JSON read best so"
)]
#![allow(clippy::disallowed_methods, reason = "tests read files")]

mod common;

use std::collections::BTreeMap;

use cloudconnexa_drift::{Drift, FindingKind, Known, Profile, compare, propose};
use common::{SCHEMA, events, lines, mutated, profile};

/// Events with changes that a vendor could make, each from some event on.
struct Planted {
    events: Vec<String>,
    /// The number of events before the first change.
    before: usize,
    /// The lines that are to be found.
    expected: Vec<String>,
}

fn has(event: &str, name: &str) -> bool {
    event.contains(&format!("\"eventName\":\"{name}\""))
}

fn timestamp(event: &str) -> &str {
    let start = event.find("\"timestamp\":\"").expect("every event has one") + 13;
    &event[start..start + 27]
}

/// Returns the member with this name and the comma after it.
fn member<'a>(event: &'a str, name: &str) -> &'a str {
    let start = event.find(&format!("\"{name}\":")).expect("it is there");
    let end = event[start..].find(',').expect("another follows");
    &event[start..=start + end]
}

fn plant(count: usize) -> Planted {
    let mut events = events(count, 11);
    let (quarter, half) = (count / 4, count / 2);
    let gateway = events.iter().find(|event| has(event, "client-disconnected")).expect("sessions end");
    let gateway = member(gateway, "gatewayId").to_owned();
    // The time of the first occurrence, and the count.
    let mut planted: BTreeMap<&str, (String, u64)> = BTreeMap::new();
    let mut since = |what: &'static str, event: &str| {
        let (first, count) = planted.entry(what).or_insert((timestamp(event).to_owned(), 0));
        if timestamp(event) < first.as_str() {
            timestamp(event).clone_into(first);
        }
        *count += 1;
    };
    let mut blocked = 0;
    for event in &mut events[quarter..] {
        *event = event.replacen('{', "{\"tenantRegion\":\"eu-central-1\",", 1);
        since("header", event);
        if has(event, "client-disconnected") && event.contains(&gateway) {
            let old = member(event, "sessionBytesIn").to_owned();
            let number = old.trim_start_matches("\"sessionBytesIn\":").trim_end_matches(',');
            *event = event.replacen(&old, &format!("\"sessionBytesIn\":\"{number}\","), 1);
            since("type", event);
        }
    }
    for event in &mut events[half..] {
        if has(event, "client-connected") {
            let old = member(event, "gatewayRegionName").to_owned();
            *event = event.replacen(&old, "", 1);
            since("gone", event);
        }
        if has(event, "client-connected") && event.contains("\"clientOsType\":\"Linux\"") {
            *event = event.replacen("\"clientOsType\":\"Linux\"", "\"clientOsType\":\"ChromeOS\"", 1);
            since("value", event);
        }
        if has(event, "domain-blocked") {
            blocked += 1;
            if blocked % 5 == 0 {
                *event = event.replacen("\"domain-blocked\"", "\"domain-allowed\"", 1);
                since("event", event);
            }
        }
    }
    let names = "client-connected+client-disconnected+domain-allowed+domain-blocked+flow-established+log-stream-paused+log-stream-started+test-message+traffic-blocked";
    let line = |what: &str, head: &str| {
        let (since, count) = &planted[what];
        format!("{head} {since} {count}")
    };
    let expected = vec![
        line("event", "new-event domain-allowed - -"),
        line("header", &format!("new-field {names} /tenantRegion -")),
        line("gone", "field-gone client-connected /log/gatewayRegionName -"),
        line("type", "type-changed client-disconnected /log/sessionBytesIn -"),
        line("value", "new-value client-connected /log/clientOsType ChromeOS"),
    ];
    Planted { events, before: quarter, expected }
}

fn assert_planted_changes_are_found(count: usize) {
    let Planted { events, before, expected } = plant(count);
    let known = Known::built_in();
    let whole = profile(&events);
    assert_eq!(lines(&compare(&whole, &known, None)), expected);

    let earlier = profile(&events[..before]);
    assert_eq!(lines(&compare(&earlier, &known, None)), Vec::<String>::new());
    assert_eq!(lines(&compare(&whole, &known, Some(&earlier))), expected);
    let later = profile(&events[before..]);
    assert_eq!(lines(&compare(&later, &known, Some(&earlier))), expected);
    // What the earlier profile has is known.
    assert_eq!(lines(&compare(&later, &known, Some(&whole))), Vec::<String>::new());

    let parts: Vec<Profile> = events.chunks(events.len().div_ceil(10)).map(profile).collect();
    let merged = parts.into_iter().reduce(|mut one, other| {
        one.merge(other);
        one
    });
    assert_eq!(merged.expect("ten parts").to_text(), whole.to_text());
    assert_proposal_describes(&whole, &[]);
}

#[test]
fn planted_changes_are_found_in_thousands_of_events() {
    assert_planted_changes_are_found(8000);
}

#[test]
#[ignore = "a million events; `cargo xtask soak` runs it"]
fn planted_changes_are_found_in_a_million_events() {
    assert_planted_changes_are_found(1_000_000);
}

/// Asserts that the proposed change describes a profile: the changed schema passes the lint, code can be generated from it, and
/// compared with it there is no drift except for what no schema can describe.
fn assert_proposal_describes(profile: &Profile, but: &[FindingKind]) -> Drift {
    let proposal = propose(SCHEMA, profile, |_| true).expect("the schema can be read");
    let schema = proposal.schema();
    let files = cloudconnexa_codegen::render(schema);
    assert!(files.is_ok(), "{}", files.expect_err("it was checked"));
    let known = Known::parse(schema).expect("it can be read");
    let drift = compare(profile, &known, None);
    let others: Vec<_> = drift.findings.iter().filter(|finding| !but.contains(&finding.kind)).collect();
    let is_undescribed = |finding: &&cloudconnexa_drift::Finding| {
        // Another change may have altered what is expected of the field, and with it the message.
        let same_field = format!("`{}` in ", finding.path.as_deref().unwrap_or_default());
        !proposal.unresolved.iter().any(|line| {
            line.starts_with(&finding.message())
                || line.starts_with(&same_field) && line.contains("never makes a required field optional")
        })
    };
    let undescribed: Vec<_> = others.into_iter().filter(is_undescribed).collect();
    assert!(undescribed.is_empty(), "{undescribed:#?}\n{}", proposal.diff("schema.json"));

    assert_nothing_is_less_required(SCHEMA, schema);

    // Applying the patch gives the same schema.
    let mut json: serde_json::Value = serde_json::from_str(SCHEMA).expect("JSON");
    apply(&mut json, proposal.patch());
    assert_eq!(json, serde_json::from_str::<serde_json::Value>(schema).expect("JSON"));
    drift
}

/// Asserts that each object of a schema requires in its new version what it did in the old one.
#[track_caller]
fn assert_nothing_is_less_required(old: &str, new: &str) {
    fn compare(old: &serde_json::Value, new: Option<&serde_json::Value>, pointer: &str) {
        if let Some(names) = old.get("required").and_then(serde_json::Value::as_array) {
            let still = new.and_then(|new| new.get("required")?.as_array()).cloned().unwrap_or_default();
            let gone: Vec<_> = names.iter().filter(|name| !still.contains(name)).collect();
            assert!(gone.is_empty(), "{pointer} no longer requires {gone:?}");
        }
        match old {
            serde_json::Value::Object(members) => {
                for (key, value) in members {
                    compare(value, new.and_then(|new| new.get(key)), &format!("{pointer}/{key}"));
                }
            }
            serde_json::Value::Array(elements) => {
                for (index, value) in elements.iter().enumerate() {
                    compare(value, new.and_then(|new| new.get(index)), &format!("{pointer}/{index}"));
                }
            }
            _ => {}
        }
    }
    let parse = |text| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    compare(&parse(old), Some(&parse(new)), "");
}

#[test]
fn records_that_are_not_events_are_counted_and_change_nothing() {
    let others = [
        r#"{"level":"info","msg":"a","timestamp":"2025-03-04T08:15:42Z"}"#,
        r#"{"message":"{\"eventName\":\"a\"}","log":{"offset":1}}"#,
        r#"{"cloudId":7,"log":"a"}"#,
    ];
    let events = events(500, 3);
    let mixed: Vec<String> =
        events.iter().cloned().chain(others.iter().cycle().take(300).map(|&text| text.into())).collect();
    let (clean, mixed) = (profile(&events), profile(&mixed));
    assert_eq!(mixed.others.values().sum::<u64>(), 300);
    assert_eq!((mixed.records, &mixed.events, &mixed.nameless), (clean.records, &clean.events, &None));
    let drift = compare(&mixed, &Known::built_in(), None);
    assert_eq!(lines(&drift), ["not-an-event  - not-an-event/unknown - 300"]);
    assert!(propose(SCHEMA, &mixed, |_| true).expect("the schema can be read").is_empty());
    let text = mixed.to_text();
    let mut read = Profile::from_text(text.as_bytes()).expect("it was written");
    read.merge(mixed.clone());
    assert_eq!(read.others.values().sum::<u64>(), 600);
    assert_eq!(lines(&compare(&mixed, &Known::built_in(), Some(&mixed))), Vec::<String>::new());
}

#[test]
fn a_proposal_never_removes_a_requirement() {
    let known: serde_json::Value = serde_json::from_str(SCHEMA).expect("JSON");
    for seed in 1..40 {
        // Hardly any field is left as it was.
        let events = mutated(&mutated(&events(150, seed), seed * 31, 1), seed * 77, 1);
        let proposal = propose(SCHEMA, &profile(&events), |_| true).expect("the schema can be read");
        assert_nothing_is_less_required(SCHEMA, proposal.schema());
        let header = known.pointer("/$defs/Header/required").and_then(serde_json::Value::as_array);
        assert!(header.is_some_and(|names| names.len() > 5), "the test looks at something");
    }
    // Every required field is missing.
    let bare: Vec<String> = ["client-connected", "flow-established", "test-message", "new-event"]
        .iter()
        .map(|name| format!(r#"{{"eventName":"{name}","log":{{}}}}"#))
        .collect();
    let proposal = propose(SCHEMA, &profile(&bare), |_| true).expect("the schema can be read");
    assert_nothing_is_less_required(SCHEMA, proposal.schema());
    assert!(proposal.unresolved.iter().any(|line| line.contains("`required`")), "{:?}", proposal.unresolved);
}

/// Applies a JSON Patch with serde_json values, independently of our own code.
fn apply(json: &mut serde_json::Value, patch: &str) {
    use serde_json::Value;
    let patch: Value = serde_json::from_str(patch).expect("JSON");
    for operation in patch.as_array().expect("a list") {
        let path = operation["path"].as_str().expect("a pointer");
        let (parent, last) = path.rsplit_once('/').expect("not the root");
        let last = last.replace("~1", "/").replace("~0", "~");
        let value = operation.get("value").cloned();
        match (json.pointer_mut(parent).expect("it is there"), operation["op"].as_str().expect("a name")) {
            (Value::Object(object), "add") => drop(object.insert(last, value.expect("a value"))),
            (Value::Object(object), "replace") => {
                assert!(object.insert(last, value.expect("a value")).is_some());
            }
            (Value::Object(object), "remove") => assert!(object.remove(&last).is_some()),
            (Value::Array(list), "add") if last == "-" => list.push(value.expect("a value")),
            (Value::Array(list), "add") => {
                list.insert(last.parse().expect("an index"), value.expect("a value"));
            }
            (Value::Array(list), "remove") => drop(list.remove(last.parse().expect("an index"))),
            (node, other) => panic!("{other} in {node}"),
        }
    }
}

#[test]
fn proposals_describe_mutated_events() {
    for seed in 1..25 {
        let one_in = [2, 5, 50][usize::try_from(seed % 3).expect("small")];
        let events = mutated(&events(400, seed), seed * 77, one_in);
        assert_proposal_describes(&profile(&events), &[FindingKind::Unreadable]);
    }
}

#[test]
fn a_type_is_widened_no_further_than_necessary() {
    let events = events(3000, 6);
    let changed = |old: &str, new: &str| {
        let changed: Vec<String> = events.iter().map(|event| event.replacen(old, new, 1)).collect();
        let proposal = propose(SCHEMA, &profile(&changed), |_| true).expect("the schema can be read");
        let diff = proposal.diff("s");
        diff.lines()
            .filter(|line| line.starts_with(['+', '-']))
            .skip(2)
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_diff(
        &changed("\"initiatorType\":\"User\"", "\"initiatorType\":\"Robot\""),
        &[
            "+          \"const\": \"Robot\",",
            "+          \"description\": \"Seen in N events since T; describe it.\",",
            "+          \"x-provenance\": \"real-data\"",
            "+        },",
            "+        {",
        ],
    );
    assert_diff(
        &changed("\"signatureId\":", "\"signatureIdentifier\":"),
        &[
            r##"+        },"##,
            r##"+        "signatureIdentifier": {"##,
            r##"+          "type": "string","##,
            r##"+          "description": "Seen in N events since T; describe it.","##,
            r##"+          "x-provenance": "real-data""##,
        ],
    );
    // It is required, and no type takes negative values.
    assert_diff(&changed("\"sessionDurationSeconds\":", "\"sessionDurationSeconds\":-"), &[""; 0]);
    assert_diff(
        &changed("\"aws-region\":\"", "\"aws-region\":null,\"region\":\""),
        &[
            r##"-          "type": "string","##,
            r##"+          "type": ["##,
            r##"+            "string","##,
            r##"+            "null""##,
            r##"+          ],"##,
            r##"+        },"##,
            r##"+        "region": {"##,
            r##"+          "type": "string","##,
            r##"+          "description": "Seen in N events since T; describe it.","##,
            r##"+          "x-provenance": "real-data""##,
            r##"-          "type": "string","##,
            r##"+          "type": ["##,
            r##"+            "string","##,
            r##"+            "null""##,
            r##"+          ],"##,
            r##"+        },"##,
            r##"+        "region": {"##,
            r##"+          "type": "string","##,
            r##"+          "description": "Seen in N events since T; describe it.","##,
            r##"+          "x-provenance": "real-data""##,
        ],
    );
    assert_diff(
        &changed("\"clientTunnelIpV4\":\"", "\"clientTunnelIpV4\":\"x"),
        &[
            r##"-          "$ref": "#/$defs/Ipv4Address","##,
            r##"+          "type": "string","##,
            r##"-          "$ref": "#/$defs/Ipv4Address","##,
            r##"+          "type": "string","##,
            r##"-    },"##,
            r##"-    "Ipv4Address": {"##,
            r##"-      "title": "IPv4 address","##,
            r##"-      "description": "An IPv4 address: four decimal numbers from 0 to 255, without leading zeros.","##,
            r##"-      "type": "string","##,
            r##"-      "format": "ipv4""##,
        ],
    );
}

/// Compares the lines of a diff, apart from counts and times.
fn assert_diff(found: &str, expected: &[&str]) {
    let lines = found.lines().map(|line| match (line.find("Seen in "), line.find("; describe")) {
        (Some(start), Some(end)) => format!("{}Seen in N events since T{}", &line[..start], &line[end..]),
        _ => line.to_owned(),
    });
    assert_eq!(lines.collect::<Vec<_>>(), expected);
}

#[test]
fn a_clean_stream_has_no_drift() {
    let known = Known::built_in();
    let earlier = profile(&events(12_000, 100));
    for seed in 1..12 {
        let count = if seed % 2 == 0 { 500 } else { 8000 };
        let clean = profile(&events(count, seed));
        assert_eq!(lines(&compare(&clean, &known, None)), Vec::<String>::new(), "seed {seed}");
        assert_eq!(lines(&compare(&clean, &known, Some(&earlier))), Vec::<String>::new(), "seed {seed}");
        assert_eq!(lines(&compare(&earlier, &known, Some(&clean))), Vec::<String>::new(), "seed {seed}");
    }
}

#[test]
fn documented_examples_have_no_drift() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/documented");
    let files = std::fs::read_dir(folder).expect("the corpus");
    let events: Vec<String> = files
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| std::fs::read_to_string(path).expect("a text"))
        .collect();
    assert!(events.len() > 3);
    assert_eq!(lines(&compare(&profile(&events), &Known::built_in(), None)), Vec::<String>::new());
}

#[test]
fn changed_shares_are_found_against_an_earlier_profile() {
    let known = Known::built_in();
    let events = events(12_000, 21);
    let (then, now) = events.split_at(6000);
    let earlier = profile(then);
    let compared = |now: Vec<String>| {
        let drift = compare(&profile(&now), &known, Some(&earlier));
        let short = |line: String| line.split(' ').take(3).collect::<Vec<_>>().join(" ");
        lines(&drift).into_iter().map(short).collect::<Vec<_>>()
    };
    let changed = |change: &dyn Fn(&str) -> Option<String>| {
        compared(now.iter().filter_map(|event| change(event)).collect())
    };

    let stopped = changed(&|event| (!has(event, "traffic-blocked")).then(|| event.to_owned()));
    assert_eq!(stopped, ["event-stopped traffic-blocked -"]);
    let null = changed(&|event| {
        let start = event.find("\"sessionDisconnectReasonDescription\":");
        Some(start.map_or_else(
            || event.to_owned(),
            |start| {
                let rest = &event[start..];
                let end = rest.find([',', '}']).expect("something follows");
                format!("{}\"sessionDisconnectReasonDescription\":\"why\"{}", &event[..start], &rest[end..])
            },
        ))
    });
    assert_eq!(null, Vec::<String>::new(), "fewer nulls are not a difference");
    let earlier_without =
        profile(&then.iter().filter(|event| !has(event, "client-connected")).cloned().collect::<Vec<_>>());
    let drift = compare(&profile(now), &known, Some(&earlier_without));
    assert_eq!(drift.findings.len(), 1);
    assert!(drift.findings[0].kind == FindingKind::NewEvent && drift.findings[0].is_described);
    let other = changed(&|event| {
        let old = event.find("\"clientSessionId\":\"")?;
        let (start, rest) = event.split_at(old + 19);
        let end = rest.find('"')?;
        Some(format!("{start}693bbbde-626d-4940-ac2b-4e75efb49bf7{}", &rest[end..]))
    });
    assert!(other.contains(&"type-changed client-connected /log/clientSessionId".to_owned()), "{other:?}");
}
