//! `ccxlog sessions`: one line a session, and nothing lost in silence.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;
use std::io::Read as _;

use common::{Folder, documented, gzip, line};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// An event of the documented session, with these fields of the header and of `log` instead.
fn event(name: &str, header: &Value, log: &Value) -> String {
    let mut event: Value = serde_json::from_str(&documented("client-disconnected")).expect("JSON");
    event["eventName"] = name.into();
    if name == "client-connected" {
        let log = event["log"].as_object_mut().expect("an object");
        log.retain(|name, _| {
            !name.starts_with("session") || name.ends_with("Protocol") || name == "sessionStartTime"
        });
    }
    for (fields, place) in [(header, ""), (log, "/log")] {
        let object = event.pointer_mut(place).expect("there").as_object_mut().expect("an object");
        object.extend(fields.as_object().expect("an object").clone());
    }
    event.to_string() + "\n"
}

fn began() -> String {
    event("client-connected", &json!({"traceId": "00000000-0000-4000-8000-000000000001"}), &json!({}))
}

fn refused() -> String {
    let log = json!({
        "clientSessionId": "refused", "sessionDisconnectReason": "Authentication failed", "sessionDurationSeconds": 0
    });
    event("client-disconnected", &json!({"traceId": "00000000-0000-4000-8000-000000000002"}), &log)
}

fn rows(folder: &Folder, args: &[&str]) -> Vec<Value> {
    let output = folder.command(args).output().expect("the binary runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn a_table() {
    let lone = event(
        "client-connected",
        &json!({"traceId": "00000000-0000-4000-8000-000000000003", "parentEntityName": "=cmd|'/C calc'!A0"}),
        &json!({"clientSessionId": "open, \"or\" so"}),
    );
    let ended = line("client-disconnected") + "\n";
    let text = [ended.clone(), lone, began(), refused(), line("domain-blocked") + "\n", ended].concat();
    let folder = Folder::with("logs/a.jsonl", text);
    assert_snapshot!(folder.run(&["sessions", "logs"]));
    assert_snapshot!(folder.run(&["sessions", "logs", "--format", "csv", "--quiet"]));
    let plain = folder.run(&["sessions", "logs", "--format", "csv", "--quiet", "--no-formula-guard"]);
    assert!(plain.contains(",=cmd|") && !plain.contains("'=cmd"), "{plain}");
}

#[test]
fn invalid_records_are_taken_or_told() {
    let odd =
        event("client-disconnected", &json!({}), &json!({"sessionBytesIn": "34409", "clientOsType": 7}));
    let text = [
        odd,
        line("test-message").replacen("\"test\"", "5", 1) + "\n",
        event(
            "client-disconnected",
            &json!({"timestamp": 7}),
            &json!({"clientSessionId": null, "sessionStartTime": null}),
        ),
        "{\"eventName\": \"client-disc\n".to_owned(),
        "[]\n".to_owned(),
    ];
    assert_snapshot!(Folder::with("a.jsonl", text.concat()).run(&["sessions", "a.jsonl"]));
}

#[test]
fn each_line_is_as_the_schema_says() {
    let folder = Folder::with("a.jsonl", [began(), refused(), line("client-disconnected")].concat());
    let output = folder.command(&["schema", "--sessions"]).output().expect("the binary runs");
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let kept = include_str!("../../../schema/ccxlog/sessions.schema.json");
    assert_eq!(serde_json::from_str::<Value>(kept).expect("JSON"), schema, "run `cargo xtask codegen`");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    folder.command(&["sample", "--events", "5000", "-o", "b.jsonl"]).status().expect("it runs");
    let rows = rows(&folder, &["sessions", "a.jsonl", "b.jsonl"]);
    assert!(rows.len() > 100);
    for row in rows {
        assert!(validator.is_valid(&row), "{row}");
    }
}

#[test]
fn the_same_by_any_number_of_threads() {
    let folder = Folder::new();
    for (name, seed) in [("a.jsonl", "1"), ("b.jsonl.gz", "2"), ("c.jsonl", "3")] {
        folder
            .command(&["sample", "--events", "4000", "--invalid", "0.05", "--seed", seed, "-o", name])
            .status()
            .expect("it runs");
    }
    let run = |threads: &str| {
        let args = ["sessions", "--threads", threads, "--max-open", "50", "a.jsonl", "b.jsonl.gz", "c.jsonl"];
        folder.run(&args).replacen(&format!("--threads {threads} "), "", 1)
    };
    let alone = run("1");
    assert!(alone.contains("given up, as more than --max-open 50 were open"), "{alone}");
    for threads in ["2", "5"] {
        assert!(run(threads) == alone, "{threads} threads");
    }
}

#[test]
fn a_file_is_whole_or_as_it_was() {
    let text = began() + &line("client-disconnected") + "\n";
    let folder = Folder::with("logs/a.jsonl", &text).and("table.jsonl.gz", "before");
    assert!(folder.run(&["sessions", "logs", "-o", "table.jsonl.gz"]).contains("exit code: 0"));
    let mut table = String::new();
    let bytes = fs::read(folder.path("table.jsonl.gz")).expect("a file");
    flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut table).expect("gzip");
    assert_eq!(table.lines().count(), 1);
    // By its name it is CSV.
    assert!(folder.run(&["sessions", "logs", "-o", "logs/table.csv"]).contains("exit code: 0"));
    let csv = fs::read_to_string(folder.path("logs/table.csv")).expect("a file");
    assert!(csv.starts_with("cloudId,sessionId,user,") && csv.matches("\r\n").count() == 2, "{csv}");

    let whole = gzip(&text);
    let folder = folder.and("logs/cut.jsonl.gz", &whole[..whole.len() - 9]);
    let shown = folder.run(&["sessions", "logs", "-o", "table.jsonl.gz"]);
    assert!(shown.contains("exit code: 2") && shown.contains("nothing was put into place"), "{shown}");
    assert_eq!(fs::read(folder.path("table.jsonl.gz")).expect("a file"), bytes);
    assert!(folder.run(&["sessions", "logs/a.jsonl", "-o", "logs/a.jsonl"]).contains("exit code: 2"));
    assert_eq!(fs::read_to_string(folder.path("logs/a.jsonl")).expect("a file"), text);
    assert!(folder.run(&["sessions", "missing.jsonl"]).contains("exit code: 2"));
    assert!(folder.run(&["sessions", "logs/a.jsonl", "--horizon", "long"]).contains("such as `30d`"));
}

#[test]
fn beyond_the_horizon() {
    let later = event(
        "client-connected",
        &json!({"timestamp": "2023-12-22T10:45:14.000000Z", "traceId": "00000000-0000-4000-8000-000000000004"}),
        &json!({"clientSessionId": "later"}),
    );
    let folder = Folder::with("a.jsonl", [began(), later, line("client-disconnected")].concat());
    let because =
        |rows: &[Value]| rows.iter().map(|row| row["incompleteBecause"].clone()).collect::<Vec<_>>();
    let short = rows(&folder, &["sessions", "--horizon", "1d", "a.jsonl"]);
    assert_eq!(because(&short), [json!("beyond-horizon"), json!(null), json!("still-open")]);
    let long = rows(&folder, &["sessions", "--horizon", "3d", "a.jsonl"]);
    assert_eq!(because(&long), [json!(null), json!("still-open")]);
}
