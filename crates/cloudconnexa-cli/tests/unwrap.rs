//! `--unwrap`: events inside other records are processed as if they stood alone, by every command.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use common::{Folder, code, documented, line};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// A valid event, and one with a wrong type, each on one line.
fn good_and_bad() -> [String; 2] {
    let bad = line("client-disconnected").replacen("34409", "\"34409\"", 1);
    [line("client-disconnected").trim_end().to_owned(), bad.trim_end().to_owned()]
}

/// The record of a shipper.
fn shipped(event: &str) -> String {
    format!("{{\"@timestamp\":\"2025-03-04T08:15:42Z\",\"message\":{},\"log\":{{}}}}\n", Value::from(event))
}

fn object(event: &str) -> Value {
    serde_json::from_str(event).expect("JSON")
}

/// Each kind of wrapper, the option that names where the events are, and how many there are.
fn wrappers() -> Vec<(&'static str, String, &'static str, u64)> {
    let [one, _] = good_and_bad();
    let two = line("domain-blocked");
    let two = two.trim_end();
    let (first, second) = (object(&one), object(two));
    let docker = json!({ "log": format!("{one}\n"), "stream": "stdout" }).to_string();
    vec![
        ("filebeat.jsonl", shipped(&one) + &shipped(two), "--unwrap=message", 2),
        ("splunk.jsonl", json!({ "result": { "_raw": one } }).to_string(), "--unwrap=result._raw", 1),
        ("ecs.jsonl", json!({ "event": { "original": one } }).to_string(), "--unwrap=event.original", 1),
        ("flat.jsonl", json!({ "event.original": one }).to_string(), "--unwrap=event.original", 1),
        ("docker.jsonl", docker.clone(), "--unwrap=log", 1),
        ("docker-in-docker.jsonl", json!({ "log": docker }).to_string(), "--unwrap=log.log", 1),
        (
            "loki.json",
            json!({ "streams": [{ "values": [["17000", one], ["17001", two]] }] }).to_string(),
            "--unwrap=/streams/*/values/*/1",
            2,
        ),
        ("strings.jsonl", format!("{}\n{}\n", Value::from(&*one), Value::from(two)), "--unwrap", 2),
        ("export-000000", format!("2025-03-04T08:15:42Z {one}\n2025-03-04T08:16:42Z {two}\n"), "--unwrap", 2),
        ("records.json", json!({ "Records": [first, second] }).to_string(), "--unwrap=.Records[]", 2),
        ("second.json", json!({ "Records": [7, second] }).to_string(), "--unwrap=/Records/1", 1),
        (
            "subscription.json",
            json!({ "messageType": "DATA_MESSAGE", "logEvents": [{ "message": one }, { "message": two }] })
                .to_string(),
            "--unwrap=logEvents.message",
            2,
        ),
        (
            "search.json",
            serde_json::to_string_pretty(
                &json!({ "hits": { "hits": [{ "_source": first }, { "_source": second }] } }),
            )
            .expect("JSON"),
            "--unwrap=hits.hits._source",
            2,
        ),
        ("lines.json", json!({ "body": format!("{one}\r\n{two}\n") }).to_string(), "--unwrap=body", 2),
        ("pretty.json", json!({ "body": documented("client-disconnected") }).to_string(), "--unwrap=body", 1),
    ]
}

#[test]
fn every_wrapper_is_read_by_the_bare_option_and_by_the_place_that_is_named() {
    for (name, content, option, events) in wrappers() {
        let folder = Folder::with(name, &content);
        assert_ne!(folder.exit_code(&["validate", name]), Some(0), "{name} is read without the option");
        for option in [option, "--unwrap"] {
            if name == "second.json" && option == "--unwrap" {
                continue;
            }
            let shown = folder.run(&["validate", option, name]);
            let expected = format!("{events} event");
            assert!(
                code(&shown) == 0 && shown.contains(&expected) && shown.contains(" unwrapped "),
                "{shown}"
            );
            let found = folder.command(&["find", "--quiet", option, name]).output().expect("the binary runs");
            let lines = String::from_utf8(found.stdout).expect("UTF-8");
            assert_eq!(lines.lines().count() as u64, events, "{name}: {lines}");
            for line in lines.lines() {
                assert!(object(line)["CloudConnexaLogVersion"] == 1, "{name}: {line}");
            }
        }
    }
}

#[test]
fn findings_point_into_the_original_file() {
    let [good, bad] = good_and_bad();
    let cut_off = &good[..200];
    let content = [&*good, &*bad, cut_off, "Starting up"].map(shipped).concat();
    let folder = Folder::with("a.jsonl", content);
    assert_snapshot!(folder.run(&["validate", "--unwrap=message", "a.jsonl"]));
    // Without a place, a record is one of a shipper only if it has an event.
    let shown = folder.run(&["validate", "--format", "concise", "--unwrap", "a.jsonl"]);
    assert!(shown.contains("a.jsonl:2:") && shown.contains("3 unwrapped from 3 records"), "{shown}");
    // Values are masked as usual.
    let masked = folder.run(&["validate", "--format", "json", "--unwrap=message", "a.jsonl"]);
    assert!(!masked.contains("34409") && !masked.contains("Starting"), "{masked}");
    let unwrapped = "\"unwrapped\":{\"records\":4,\"events\":4}";
    assert!(masked.contains(unwrapped), "{masked}");
}

#[test]
fn positions_are_those_of_the_bytes_that_are_meant() {
    let [_, bad] = good_and_bad();
    let pretty = serde_json::to_string_pretty(&object(&bad)).expect("JSON");
    let docker = json!({ "log": pretty }).to_string();
    for content in [
        shipped(&bad),
        shipped(&pretty),
        format!("\n{}", shipped(&docker)),
        format!("2025-03-04 ü {bad}"),
        format!("{{\"Records\": [\n  {pretty}\n]}}"),
    ] {
        let folder = Folder::with("a.json", &content);
        let args = ["validate", "--format", "json", "--unwrap", "a.json"];
        let output = folder.command(&args).output().expect("the binary runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let finding = object(text.lines().next().expect("a finding"));
        assert_eq!(
            (&finding["id"], &finding["pointer"]),
            (&json!("wrong-type"), &json!("/log/sessionBytesIn"))
        );
        let number = |name: &str| usize::try_from(finding[name].as_u64().expect("a number")).expect("small");
        let (offset, length) = (number("offset"), number("length"));
        let at = &content[offset..offset + length];
        assert_eq!(at.replace('\\', ""), "\"34409\"", "{content}");
        let before = &content[..offset];
        assert_eq!(number("line"), before.matches('\n').count() + 1, "{content}");
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        assert_eq!(number("column"), column, "{content}");
    }
}

/// A record with an event that is rejected is set aside as a whole: each event is in one of the files, and can be replayed.
#[test]
fn split_accepts_events_and_rejects_records_as_they_came() {
    let [good, bad] = good_and_bad();
    let pretty = serde_json::to_string_pretty(&object(&good)).expect("JSON");
    let mixed = format!("  {{\"Records\":[{good},{bad},{bad}]}} \n");
    let content = shipped(&pretty) + &mixed + &good + "\n" + &format!("{{\"Records\":[{good},{good}]}}");
    let folder = Folder::with("a.jsonl", &content);
    let outputs = ["--accepted", "good.jsonl", "--rejected", "bad.jsonl"];
    let shown =
        folder.run(&[&["split", "--unwrap", "--max-findings", "0", "a.jsonl"][..], &outputs].concat());
    assert_snapshot!(shown);
    let accepted = folder.text("good.jsonl");
    assert_eq!(accepted.lines().count(), 4, "{accepted}");
    for line in accepted.lines() {
        assert_eq!(object(line), object(&good));
    }
    let rejected = folder.text("bad.jsonl");
    let entry = object(rejected.trim_end());
    assert_eq!(entry["raw"], *mixed);
    assert_eq!(entry["findings"].as_array().map(Vec::len), Some(2), "{rejected}");
    assert_eq!(entry["line"], 2);

    // Once a string is fine, all events of the record are accepted, each once.
    let replayed = ["replay", "--unwrap", "--warn", "wrong-type", "bad.jsonl"];
    let outputs = ["--accepted", "good-2.jsonl", "--rejected", "bad-2.jsonl"];
    let shown = folder.run(&[&replayed[..], &outputs].concat());
    assert!(code(&shown) == 0 && folder.text("good-2.jsonl").lines().count() == 3, "{shown}");
    assert_eq!(folder.text("bad-2.jsonl"), "");
}

#[test]
fn text_between_wrapped_events_rejects_their_record() {
    let [good, _] = good_and_bad();
    for between in [",", " x\n", "\nx\n", "}\n"] {
        let content = shipped(&format!("{good}{between}{good}"));
        let folder = Folder::with("a.jsonl", &content);
        let shown =
            folder.run(&["split", "--unwrap", "--accepted=good.jsonl", "--rejected=bad.jsonl", "a.jsonl"]);
        assert!(code(&shown) == 1 && folder.bytes("good.jsonl").is_empty(), "{shown}");
        let rejected = object(folder.text("bad.jsonl").trim_end());
        assert_eq!((&rejected["raw"], &rejected["findings"][0]["id"]), (&content.into(), &"syntax".into()));
    }
}

#[test]
fn an_event_before_wrapped_ones_gets_a_line_end_that_is_counted() {
    let [good, _] = good_and_bad();
    let folder = Folder::with("a.jsonl", format!("{good}{{\"Records\":[{good},{good}]}}\n"));
    let shown =
        folder.run(&["split", "--unwrap", "--accepted=good.jsonl", "--rejected=bad.jsonl", "a.jsonl"]);
    assert!(shown.contains("\n  1 line end added after accepted records that had none\n"), "{shown}");
    assert_eq!(folder.text("good.jsonl").lines().count(), 3, "{shown}");
}

#[test]
fn the_events_of_a_huge_record_are_reported_alike_by_any_number_of_threads() {
    let [good, bad] = good_and_bad();
    let events: Vec<_> = (0..3000).map(|index| if index % 7 == 0 { &*bad } else { &*good }).collect();
    let content = format!("{{\"hits\":{{\"hits\":[{}]}}}}\n", events.join(",\n ")).repeat(2) + &shipped(&bad);
    let folder = Folder::with("a.json", content);
    let mut runs = Vec::new();
    for threads in ["1", "2", "7"] {
        for format in ["concise", "json"] {
            let args = ["validate", "--unwrap", "--threads", threads, "--format", format, "a.json"];
            let output = folder.command(&args).output().expect("the binary runs");
            runs.push((format, output.stdout));
        }
    }
    for (format, output) in &runs {
        let first = &runs.iter().find(|(other, _)| other == format).expect("a run").1;
        assert!(output == first, "{format} depends on threads");
    }
    let findings =
        String::from_utf8_lossy(&runs[1].1).matches("\"type\":\"finding\",\"id\":\"wrong-type\"").count();
    assert_eq!(findings, 2 * 429 + 1);
}

#[test]
fn all_commands_see_the_events() {
    let folder = Folder::new();
    folder.sample("plain.jsonl", &["--events", "300", "--invalid", "0.05"]);
    let plain = folder.text("plain.jsonl");
    let wrapped: String = plain.lines().map(shipped).collect();
    let folder = folder.and("wrapped.jsonl", wrapped);
    for args in [
        &["top", "--by", "eventName", "--format", "jsonl"][..],
        &["sessions", "--format", "jsonl"],
        &["find", "--format", "jsonl", "--fields", "timestamp,eventName"],
        &["drift", "--format", "json"],
        &["coverage", "--format", "json"],
    ] {
        let run = |more: &[&str]| {
            let output = folder.command(&[args, more].concat()).output().expect("the binary runs");
            String::from_utf8(output.stdout).expect("UTF-8")
        };
        let (alone, unwrapped) = (run(&["plain.jsonl"]), run(&["--unwrap", "wrapped.jsonl"]));
        // The wrapped events take more bytes; everything else is the same.
        let without_bytes = |text: &str| {
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("\"bytes\""));
            let lines = lines.map(|line| match serde_json::from_str(line) {
                Ok(Value::Object(mut object)) => {
                    object.remove("bytes");
                    Value::from(object).to_string()
                }
                _ => line.to_owned(),
            });
            lines.collect::<Vec<_>>()
        };
        assert_eq!(without_bytes(&unwrapped), without_bytes(&alone), "{args:?}");
        assert!(alone.lines().next().is_some(), "{args:?}");
    }
}

#[test]
fn rules_about_several_records_name_the_places_of_the_input() {
    let [good, _] = good_and_bad();
    let folder = Folder::with("a.jsonl", shipped(&good) + &shipped(&good));
    let args = ["validate", "--stateful", "--format", "concise", "--unwrap", "a.jsonl"];
    assert_snapshot!(folder.run(&args));
}

#[test]
fn fixtures_can_be_wrapped() {
    let [good, bad] = good_and_bad();
    let folder = Folder::with("fixtures/valid/a.jsonl", shipped(&good))
        .and("fixtures/wrong-type/b.jsonl", shipped(&bad));
    assert_eq!(folder.exit_code(&["test", "fixtures"]), Some(1));
    let shown = folder.run(&["test", "--unwrap", "fixtures"]);
    assert!(code(&shown) == 0 && shown.contains("2 fixtures: all as expected"), "{shown}");
}

#[test]
fn the_config_file_can_say_where_events_are() {
    let [good, _] = good_and_bad();
    let folder = Folder::with("a.jsonl", shipped(&good));
    for (value, expected) in [("true", 0), ("\"message\"", 0), ("\"other\"", 1), ("false", 1)] {
        let folder =
            Folder::with("ccxlog.toml", format!("unwrap = {value}\n")).and("a.jsonl", folder.text("a.jsonl"));
        let shown = folder.run(&["validate", "a.jsonl"]);
        assert_eq!(code(&shown), expected, "{value}: {shown}");
    }
    let folder = folder.and("ccxlog.toml", "unwrap = \"a..b\"\n");
    assert_snapshot!(folder.run(&["validate", "a.jsonl"]), @r"
    $ ccxlog validate a.jsonl
    exit code: 2
    ----- stderr -----
    error: ccxlog.toml:1:10: `unwrap`: a name is missing: write `message`, `result._raw` or `/a/0/b`
    ");
    assert_eq!(folder.exit_code(&["validate", "--no-config", "--unwrap=/a~b", "a.jsonl"]), Some(2));
}

#[test]
fn a_rejected_wrapper_lists_a_hundred_findings_and_counts_the_others() {
    let [_, bad] = good_and_bad();
    let folder = Folder::with("a.jsonl", shipped(&format!("{bad}\n").repeat(130)));
    let args = ["split", "--unwrap=message", "a.jsonl", "--accepted=good", "--rejected=rejected"];
    assert_eq!(folder.exit_code(&args), Some(1));
    let entry = object(&folder.text("rejected"));
    assert_eq!(entry["findings"].as_array().map(Vec::len), Some(100));
    assert_eq!(entry["moreFindings"], 30);
}

#[test]
fn an_event_is_never_looked_into() {
    let [good, _] = good_and_bad();
    let mut with_original = object(&good);
    with_original["message"] = json!(good);
    let text = with_original.to_string();
    let folder = Folder::with("a.jsonl", &text);
    let shown = folder.run(&["validate", "--unwrap", "a.jsonl"]);
    assert!(code(&shown) == 0 && !shown.contains("unwrapped"), "{shown}");
    // Unless somebody says where another one is, or it is not valid.
    assert!(folder.run(&["validate", "--unwrap=message", "a.jsonl"]).contains("1 unwrapped"));
    let folder = folder.and("a.jsonl", text.replacen("\"cloudId\"", "\"cloud\"", 1));
    let shown = folder.run(&["validate", "--unwrap", "a.jsonl"]);
    assert!(code(&shown) == 0 && shown.contains("1 unwrapped from 1 record"), "{shown}");
}

#[test]
fn a_wrapper_at_the_end_of_a_truncated_input_is_checked_if_it_is_whole() {
    let [good, bad] = good_and_bad();
    for (record, events) in
        [(shipped(&good), 1), (shipped(&bad), 1), (format!("2025-03-04 {}", &good[..300]), 0)]
    {
        let mut gzip = common::gzip(record.trim_end());
        gzip.truncate(gzip.len() - 4);
        let folder = Folder::with("a.jsonl.gz", gzip);
        let shown = folder.run(&["validate", "--unwrap", "a.jsonl.gz"]);
        assert_eq!(code(&shown), 2, "{shown}");
        assert!(shown.contains(&format!("{events} event")), "{shown}");
        assert_eq!(shown.contains("breaks off within the event"), events == 0, "{shown}");
    }
}
