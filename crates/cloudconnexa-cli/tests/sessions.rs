//! `ccxlog sessions`: one line per session, and nothing lost without notice.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::io::Read as _;

use common::{Folder, documented, gzip, line};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// Returns an event of the documented session, with the fields `header` and `log` replaced or added.
fn event(name: &str, header: &Value, log: &Value) -> String {
    let mut event: Value = serde_json::from_str(&documented("client-disconnected")).expect("JSON");
    event["eventName"] = name.into();
    if name == "client-connected" {
        let log = event["log"].as_object_mut().expect("an object");
        log.retain(|name, _| {
            !name.starts_with("session") || name.ends_with("Protocol") || name == "sessionStartTime"
        });
    }
    for (fields, pointer) in [(header, ""), (log, "/log")] {
        let object = event.pointer_mut(pointer).expect("it is present").as_object_mut().expect("an object");
        object.extend(fields.as_object().expect("an object").clone());
    }
    event.to_string() + "\n"
}

fn session_start() -> String {
    event("client-connected", &json!({"traceId": "00000000-0000-4000-8000-000000000001"}), &json!({}))
}

fn failed_login() -> String {
    let log = json!({
        "clientSessionId": "refused", "sessionDisconnectReason": "Authentication failed", "sessionDurationSeconds": 0
    });
    event("client-disconnected", &json!({"traceId": "00000000-0000-4000-8000-000000000002"}), &log)
}

/// Runs `ccxlog`, and returns the lines of its standard output.
fn rows(folder: &Folder, args: &[&str]) -> Vec<Value> {
    let output = folder.command(args).output().expect("the binary runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn sessions_are_written_as_json_lines_or_csv() {
    let lone = event(
        "client-connected",
        &json!({"traceId": "00000000-0000-4000-8000-000000000003", "parentEntityName": "=cmd|'/C calc'!A0"}),
        &json!({"clientSessionId": "open, \"or\" so"}),
    );
    let ended = line("client-disconnected") + "\n";
    let text =
        [ended.clone(), lone, session_start(), failed_login(), line("domain-blocked") + "\n", ended].concat();
    let folder = Folder::with("logs/a.jsonl", text);
    assert_snapshot!(folder.run(&["sessions", "logs"]));
    assert_snapshot!(folder.run(&["sessions", "logs", "--format", "csv", "--quiet"]));
    let plain = folder.run(&["sessions", "logs", "--format", "csv", "--quiet", "--no-formula-guard"]);
    assert!(plain.contains(",=cmd|") && !plain.contains("'=cmd"), "{plain}");
}

#[test]
fn totals_by_user_id_neither_merge_nor_split_people() {
    let ended = |number: u32, parent: &Value, bytes: u64| {
        let mut header = json!({"traceId": format!("00000000-0000-4000-8000-{number:012}")});
        header.as_object_mut().expect("an object").extend(parent.as_object().expect("an object").clone());
        let log = json!({
            "clientSessionId": number.to_string(), "sessionBytesIn": bytes, "sessionBytesOut": 0
        });
        event("client-disconnected", &header, &log)
    };
    let text = [
        // Two people of one name, one of them with two devices, and later with another name.
        ended(1, &json!({"parentEntity": "jo.a@example.com", "parentEntityName": "Jo"}), 1),
        ended(2, &json!({"parentEntity": "jo.b@example.com", "parentEntityName": "Jo"}), 10),
        ended(
            3,
            &json!({"parentEntity": "jo.a@example.com", "parentEntityName": "Jo", "initiator": "x"}),
            100,
        ),
        ended(4, &json!({"parentEntity": "jo.a@example.com", "parentEntityName": "Joan"}), 1000),
        ended(5, &json!({"parentEntity": "jo.b@example.com", "parentEntityName": null}), 10_000),
        // Connectors of networks are nobody, and neither are groups.
        ended(
            6,
            &json!({"parentEntity": "n", "parentEntityType": "NetworkOrHost", "parentEntityName": "Jo"}),
            7,
        ),
        ended(7, &json!({"parentEntity": "g", "parentEntityType": "Group", "parentEntityName": "Jo"}), 7),
    ];
    let folder = Folder::with("a.jsonl", text.concat());
    let mut totals = std::collections::BTreeMap::new();
    for row in rows(&folder, &["sessions", "a.jsonl"]) {
        let user = row["userId"].as_str().map(str::to_owned);
        *totals.entry(user).or_insert(0) += row["bytesIn"].as_u64().expect("a number");
    }
    let user = |id: &str| Some(id.to_owned());
    let expected = [(None, 14), (user("jo.a@example.com"), 1101), (user("jo.b@example.com"), 10_010)];
    assert_eq!(totals, std::collections::BTreeMap::from(expected));
}

#[test]
fn invalid_records_are_used_or_counted() {
    let wrong_fields =
        event("client-disconnected", &json!({}), &json!({"sessionBytesIn": "34409", "clientOsType": 7}));
    let text = [
        wrong_fields,
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
fn each_line_matches_the_schema() {
    let folder =
        Folder::with("a.jsonl", [session_start(), failed_login(), line("client-disconnected")].concat());
    let output = folder.command(&["schema", "--sessions"]).output().expect("the binary runs");
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let committed = include_str!("../../../schema/ccxlog/sessions.schema.json");
    assert_eq!(serde_json::from_str::<Value>(committed).expect("JSON"), schema, "run `cargo xtask codegen`");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    folder.sample("b.jsonl", &["--events", "5000"]);
    let rows = rows(&folder, &["sessions", "a.jsonl", "b.jsonl"]);
    assert!(rows.len() > 100);
    for row in rows {
        assert!(validator.is_valid(&row), "{row}");
    }
}

#[test]
fn sessions_do_not_depend_on_threads() {
    let folder = Folder::new();
    for (name, seed) in [("a.jsonl", "1"), ("b.jsonl.gz", "2"), ("c.jsonl", "3")] {
        folder.sample(name, &["--events", "4000", "--invalid", "0.05", "--seed", seed]);
    }
    let run = |threads: &str| {
        let args = ["sessions", "--threads", threads, "--max-open", "50", "a.jsonl", "b.jsonl.gz", "c.jsonl"];
        folder.run(&args).replacen(&format!("--threads {threads} "), "", 1)
    };
    let single = run("1");
    assert!(single.contains("given up, as more than --max-open 50 were open"), "{single}");
    for threads in ["2", "5"] {
        assert!(run(threads) == single, "{threads} threads");
    }
}

#[test]
fn the_table_is_complete_or_unchanged() {
    let text = session_start() + &line("client-disconnected") + "\n";
    let folder = Folder::with("logs/a.jsonl", &text).and("table.jsonl.gz", "before");
    assert!(folder.run(&["sessions", "logs", "-o", "table.jsonl.gz"]).contains("exit code: 0"));
    let mut table = String::new();
    let bytes = folder.bytes("table.jsonl.gz");
    flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut table).expect("gzip");
    assert_eq!(table.lines().count(), 1);
    // The file name decides that it is CSV.
    assert!(folder.run(&["sessions", "logs", "-o", "logs/table.csv"]).contains("exit code: 0"));
    let csv = folder.text("logs/table.csv");
    assert!(csv.starts_with("cloudId,sessionId,user,") && csv.matches("\r\n").count() == 2, "{csv}");

    let complete = gzip(&text);
    let folder = folder.and("logs/cut.jsonl.gz", &complete[..complete.len() - 9]);
    let shown = folder.run(&["sessions", "logs", "-o", "table.jsonl.gz"]);
    assert!(shown.contains("exit code: 2") && shown.contains("nothing was put into place"), "{shown}");
    assert_eq!(folder.bytes("table.jsonl.gz"), bytes);
    assert!(folder.run(&["sessions", "logs/a.jsonl", "-o", "logs/a.jsonl"]).contains("exit code: 2"));
    assert_eq!(folder.text("logs/a.jsonl"), text);
    assert!(folder.run(&["sessions", "missing.jsonl"]).contains("exit code: 2"));
    assert!(folder.run(&["sessions", "logs/a.jsonl", "--horizon", "long"]).contains("such as `30d`"));
}

#[test]
fn sessions_beyond_the_horizon_are_incomplete() {
    let later = event(
        "client-connected",
        &json!({"timestamp": "2023-12-22T10:45:14.000000Z", "traceId": "00000000-0000-4000-8000-000000000004"}),
        &json!({"clientSessionId": "later"}),
    );
    let folder = Folder::with("a.jsonl", [session_start(), later, line("client-disconnected")].concat());
    let reasons =
        |rows: &[Value]| rows.iter().map(|row| row["incompleteBecause"].clone()).collect::<Vec<_>>();
    let short = rows(&folder, &["sessions", "--horizon", "1d", "a.jsonl"]);
    assert_eq!(reasons(&short), [json!("beyond-horizon"), json!(null), json!("still-open")]);
    let long = rows(&folder, &["sessions", "--horizon", "3d", "a.jsonl"]);
    assert_eq!(reasons(&long), [json!(null), json!("still-open")]);
}

#[test]
fn a_session_is_not_incomplete_because_its_other_event_is_not_streamed() {
    let start = |number: u32, cloud: &str| {
        event(
            "client-connected",
            &json!({"traceId": format!("00000000-0000-4000-8000-{number:012}"), "cloudId": cloud}),
            &json!({"clientSessionId": number.to_string()}),
        )
    };
    let other =
        event("client-disconnected", &json!({"cloudId": "other"}), &json!({"clientSessionId": "ended"}));
    let text = [start(1, "test"), start(2, "test"), start(3, "other"), other].concat();
    let folder = Folder::with("a.jsonl", text);
    let states = |args: &[&str]| -> Vec<Value> {
        let of = |row: Value| json!([row["sessionId"], row["complete"], row["incompleteBecause"]]);
        rows(&folder, args).into_iter().map(of).collect()
    };
    let expected = [
        json!(["1", null, null]),
        json!(["2", null, null]),
        json!(["3", false, "still-open"]),
        json!(["ended", true, null]),
    ];
    for threads in ["1", "2", "5"] {
        assert_eq!(states(&["sessions", "a.jsonl", "--threads", threads]), expected);
    }
    // Nor if there is no room for them.
    let limited = states(&["sessions", "a.jsonl", "--max-open", "1"]);
    assert_eq!(limited[..2], expected[..2]);
    let active =
        ["sessions", "a.jsonl", "--active-at", "2023-12-20T10:45:12Z", "--format", "jsonl", "--show-values"];
    for threads in ["1", "2", "5"] {
        let mut shown = states(&[&active[..], &["--threads", threads]].concat());
        shown.sort_by_key(ToString::to_string);
        assert_eq!(shown, expected);
    }
    assert_snapshot!(folder.run(&["sessions", "a.jsonl", "--format", "csv", "-o", "table.csv"]));
    let csv = folder.text("table.csv");
    assert!(csv.lines().nth(1).is_some_and(|row| row.contains(",false,,,true,false,true,")), "{csv}");
}

/// A spreadsheet would not open it, or would take it for something else.
#[test]
fn a_file_that_is_named_after_a_format_that_is_not_written_is_refused() {
    let folder = Folder::with("a.jsonl", common::line("client-disconnected"));
    for (args, problem) in [
        (
            &["sessions", "a.jsonl", "-o", "x.xlsx"][..],
            "does not write Excel workbooks; spreadsheets open `.csv` files",
        ),
        (
            &["sessions", "a.jsonl", "-o", "x.TSV.gz"],
            "does not write tab-separated values; spreadsheets open",
        ),
        (
            &["sessions", "a.jsonl", "--format=csv", "-o", "x.ods"],
            "does not write spreadsheets; spreadsheets open",
        ),
        (
            &["sessions", "a.jsonl", "-o", "x.parquet"],
            "does not write Parquet; name the file after what is written",
        ),
        (&["validate", "a.jsonl", "-o", "x.xlsx"], "does not write Excel workbooks"),
        (&["validate", "a.jsonl", "--report=x.xlsx"], "does not write Excel workbooks"),
        (&["coverage", "a.jsonl", "-o", "x.tsv"], "does not write tab-separated values"),
        // Before a damaged input is read.
        (&["validate", "missing.jsonl", "-o", "x.xlsx"], "does not write Excel workbooks"),
        (&["drift", "missing.jsonl", "-o", "x.xls"], "does not write Excel workbooks"),
        (&["drift", "missing.jsonl", "--write-profile=x.db"], "does not write databases"),
        (&["drift", "missing.jsonl", "--propose=x.zip"], "does not write archives"),
        (
            &["drift", "missing.jsonl", "-o", "no/x.json"],
            "cannot write to `no/x.json`: there is no folder `no`",
        ),
        (&["validate", "missing.jsonl", "--write-baseline=no/x.json"], "there is no folder `no`"),
        (&["drift", "a.jsonl", "-o", "x.xls"], "does not write Excel workbooks"),
        (&["split", "a.jsonl", "--accepted=x.parquet", "--rejected=y"], "does not write Parquet"),
        (&["sample", "-o", "x.avro"], "does not write Avro"),
    ] {
        let shown = folder.run(args);
        assert!(common::code(&shown) == 2 && shown.contains(problem), "{shown}");
        assert!(!shown.contains("missing.jsonl`"), "{shown}");
        assert_eq!(folder.names(), ["a.jsonl"], "{shown}");
    }
    for name in ["x.csv", "x.jsonl", "x.txt", "x", "tsv"] {
        assert_eq!(folder.exit_code(&["sessions", "a.jsonl", "-o", name]), Some(0), "{name}");
    }
}
