//! `ccxlog top`: exact counts of the values of fields, whatever the number of threads.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::collections::HashMap;

use common::{Folder, gzip, line};
use serde_json::{Value, json};

/// Runs `ccxlog top` with one and with five threads, and returns the rows, which have to be the same.
fn top(folder: &Folder, args: &[&str]) -> Vec<Value> {
    let run = |threads: &str| {
        let args = [&["top", "--threads", threads, "--format", "jsonl"], args].concat();
        let output = folder.command(&args).output().expect("the binary runs");
        let shown = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"), shown)
    };
    let (code, rows, shown) = run("1");
    assert!(code < Some(2), "{args:?}: {shown}");
    let (other_code, other, _) = run("5");
    assert!((code, &rows) == (other_code, &other), "{args:?} depends on threads");
    rows.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// A folder with events before and after a midnight, and of another day.
fn logs() -> Folder {
    let folder = Folder::new();
    let first = ["--events", "12000", "--invalid", "0.03", "--start", "2026-01-01T23:50:00Z"];
    let second = ["--events", "3000", "--shuffle-keys", "--seed", "9", "--start", "2026-01-03T10:55:00Z"];
    folder.sample("a.jsonl", &first);
    folder.sample("b.jsonl", &second);
    let second = folder.text("b.jsonl");
    folder.and("b.jsonl.gz", gzip(second))
}

/// Parses all events with `serde_json`.
fn events(folder: &Folder) -> Vec<Value> {
    let text = folder.text("a.jsonl") + &folder.text("b.jsonl");
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).filter(Value::is_object).collect()
}

/// Counts and sums by a key, as anybody would who has parsed the events.
type Expected = HashMap<(String, Vec<Value>), (u64, Vec<u64>)>;

fn expected(
    events: &[Value],
    key: impl Fn(&Value) -> Option<(String, Vec<Value>)>,
    sums: &[&str],
) -> Expected {
    let mut expected = Expected::new();
    for event in events {
        let Some(key) = key(event) else { continue };
        let (count, totals) = expected.entry(key).or_insert_with(|| (0, vec![0; sums.len()]));
        *count += 1;
        for (total, name) in totals.iter_mut().zip(sums) {
            *total += event["log"][name].as_u64().unwrap_or(0);
        }
    }
    expected
}

/// Returns rows in the same form.
fn rows(rows: &[Value], period: Option<&str>, by: &[&str], sums: &[&str]) -> Expected {
    let key = |row: &Value| {
        let period = period.map_or("", |period| row[period].as_str().expect("text"));
        (period.to_owned(), by.iter().map(|name| row[name].clone()).collect())
    };
    let number = |value: &Value| value.as_u64().expect("a count");
    rows.iter()
        .map(|row| (key(row), (number(&row["count"]), sums.iter().map(|name| number(&row[name])).collect())))
        .collect()
}

fn user(event: &Value) -> Option<&Value> {
    let entity = |kind: &str, id: &str| (event[kind] == "User").then(|| &event[id]);
    let found = entity("parentEntityType", "parentEntity").or_else(|| entity("initiatorType", "initiator"));
    found.filter(|id| id.is_string() && **id != "")
}

/// Whether a client-disconnected event is a refused login; `None` if it is another event, or does not say.
fn refused(event: &Value) -> Option<bool> {
    const REFUSALS: [&str; 3] =
        ["Authentication failed", "Certificate Revoked", "Subscription Limit Exceeded"];
    let reason = event["log"]["sessionDisconnectReason"].as_str()?;
    (event["eventName"] == "client-disconnected").then(|| REFUSALS.contains(&reason))
}

/// Returns the time in the form that the vendor writes, if the event has it.
fn time(event: &Value) -> Option<&str> {
    event["timestamp"].as_str().filter(|text| text.len() == 27 && text.ends_with('Z') && &text[10..11] == "T")
}

#[test]
fn sessions_and_bytes_per_user_and_day_are_those_of_the_events() {
    let folder = logs();
    let sums = ["sessionBytesIn", "sessionBytesOut"];
    let found = top(
        &folder,
        &[
            "a.jsonl",
            "b.jsonl.gz",
            "--where",
            "refused=false",
            "--by",
            "userId",
            "--sum",
            &sums.join(","),
            "--per",
            "day",
        ],
    );
    let key = |event: &Value| {
        let day = time(event)?[..10].to_owned();
        refused(event).filter(|refused| !refused)?;
        Some((day, vec![user(event)?.clone()]))
    };
    let expected = expected(&events(&folder), key, &sums);
    assert!(expected.len() > 100);
    assert_eq!(rows(&found, Some("day"), &["userId"], &sums), expected);
    let order = |row: &Value| (row["day"].to_string(), std::cmp::Reverse(row["sessionBytesIn"].as_u64()));
    assert!(found.is_sorted_by_key(order), "each day by bytes");
}

#[test]
fn refused_logins_are_counted_by_user() {
    let folder = logs();
    let found = top(&folder, &["a.jsonl", "b.jsonl.gz", "--where", "refused=true", "--by", "userId"]);
    let key = |event: &Value| refused(event)?.then_some((String::new(), vec![user(event)?.clone()]));
    let expected = expected(&events(&folder), key, &[]);
    assert!(expected.len() > 5);
    assert_eq!(rows(&found, None, &["userId"], &[]), expected);
}

#[test]
fn blocked_domains_are_counted_and_the_most_blocked_comes_first() {
    let folder = logs();
    let found = top(&folder, &["a.jsonl", "b.jsonl.gz", "--event", "domain-blocked", "--by", "domain"]);
    let key = |event: &Value| {
        let domain = event["log"].get("domain").filter(|domain| !domain.is_null())?;
        (event["eventName"] == "domain-blocked").then(|| (String::new(), vec![domain.clone()]))
    };
    assert_eq!(rows(&found, None, &["domain"], &[]), expected(&events(&folder), key, &[]));
    assert!(found.len() > 3 && found.is_sorted_by_key(|row| std::cmp::Reverse(row["count"].as_u64())));
}

#[test]
fn refused_flows_are_counted_by_service_and_hour() {
    let folder = logs();
    let by = ["destinationEntityName", "destinationPort"];
    let args = ["a.jsonl", "b.jsonl.gz", "--where", "allowed=false", "--by", &by.join(","), "--per", "hour"];
    let found = top(&folder, &args);
    let key = |event: &Value| {
        let hour = time(event)?[..13].to_owned() + ":00:00Z";
        let log = event["log"].as_object().filter(|log| log.get("allowed") == Some(&json!(false)))?;
        let values: Vec<Value> =
            by.iter().map(|name| log.get(*name).cloned().unwrap_or(Value::Null)).collect();
        values.iter().any(|value| !value.is_null()).then_some((hour, values))
    };
    let expected = expected(&events(&folder), key, &[]);
    assert!(expected.len() > 10, "{}", expected.len());
    assert_eq!(rows(&found, Some("hour"), &by, &[]), expected);
}

#[test]
fn many_groups_are_exact_across_threads() {
    let folder = logs();
    let found = top(&folder, &["a.jsonl", "b.jsonl.gz", "--by", "traceId"]);
    let key = |event: &Value| {
        event.get("traceId").filter(|id| !id.is_null()).map(|id| (String::new(), vec![id.clone()]))
    };
    assert!(rows(&found, None, &["traceId"], &[]) == expected(&events(&folder), key, &[]));
    assert!(found.len() > 10_000, "more than a thread keeps to itself");
}

#[test]
fn more_groups_than_allowed_write_nothing() {
    let folder = logs().and("out.csv", "before");
    for threads in ["1", "5"] {
        let args = [
            "top",
            "a.jsonl",
            "--by",
            "traceId",
            "--max-groups",
            "5000",
            "-o",
            "out.csv",
            "--threads",
            threads,
        ];
        let shown = folder.run(&args);
        assert!(shown.contains("exit code: 2"), "{shown}");
        assert!(shown.contains("there are more than 5,000 combinations of `traceId`"), "{shown}");
        assert!(shown.contains("raise `--max-groups`"), "{shown}");
    }
    assert_eq!(folder.text("out.csv"), "before");
    assert_eq!(folder.names(), ["a.jsonl", "b.jsonl", "b.jsonl.gz", "out.csv"]);
    let count = top(&folder, &["a.jsonl", "--by", "eventName"]).len();
    for (max, code) in [(count, 1), (count - 1, 2)] {
        let max = max.to_string();
        let args = ["top", "a.jsonl", "--by", "eventName", "--max-groups", &max, "-o", "events.csv"];
        assert_eq!(folder.exit_code(&args), Some(code), "{max}");
    }
}

#[test]
fn people_get_a_table_and_files_get_all_rows() {
    let text: String = (0..25)
        .map(|number| {
            let event = line("domain-blocked").replacen("2023-11-10", "2023-11-11", usize::from(number > 22));
            let mut event: Value = serde_json::from_str(&event).expect("JSON");
            event["log"]["domain"] = format!("d{}.example", number / 2).into();
            event.to_string() + "\n"
        })
        .collect();
    let folder = Folder::with("a.jsonl", text + &line("test-message"));
    let shown = folder.run(&["top", "a.jsonl", "--by", "domain", "--limit", "2"]);
    assert!(shown.contains("domain      count\nd0.example      2\nd1.example      2\n"), "{shown}");
    assert!(shown.contains("25 events in 13 rows, of 26 records in 1 input"), "{shown}");
    assert!(shown.contains("11 not shown; raise `--limit`"), "{shown}");
    assert!(shown.contains("1 without these fields, left out"), "{shown}");
    assert_eq!(folder.exit_code(&["top", "a.jsonl", "--by", "domain", "-o", "out.csv"]), Some(0));
    let csv = folder.text("out.csv");
    assert!(
        csv.starts_with("domain,count\r\nd0.example,2\r\n") && csv.matches("\r\n").count() == 14,
        "{csv}"
    );
    let per_day = top(&folder, &["a.jsonl", "--by", "domain", "--per", "day", "--limit", "1"]);
    assert_eq!(per_day.len(), 2, "the greatest of each day: {per_day:?}");
}

#[test]
fn what_is_in_no_row_or_sum_is_reported() {
    let session = line("client-disconnected");
    let mut wrong: Value = serde_json::from_str(&session).expect("JSON");
    wrong["log"]["sessionBytesIn"] = "34409".into();
    let mut timeless: Value = serde_json::from_str(&session).expect("JSON");
    timeless["timestamp"] = "yesterday".into();
    let folder = Folder::with("a.jsonl", format!("{session}\n{wrong}\n{timeless}\n[]\n"));
    let shown = folder.run(&["top", "a.jsonl", "--by", "userId", "--sum", "sessionBytesIn", "--per", "day"]);
    assert!(shown.contains("exit code: 1"), "{shown}");
    assert!(shown.contains("error: 1 event without a time that can be read, left out"), "{shown}");
    assert!(shown.contains("error: 1 value not a whole number, so in no sum"), "{shown}");
    assert!(shown.contains("error: 1 record not looked at"), "{shown}");
    assert!(shown.contains("2 invalid, looked at as far as readable"), "{shown}");
    let row = &top(&folder, &["a.jsonl", "--by", "userId", "--sum", "sessionBytesIn"])[0];
    assert_eq!(*row, json!({"userId": "new@gmail.com", "count": 3, "sessionBytesIn": 2 * 34409}));
}

#[test]
fn values_are_masked_in_the_log_of_a_pipeline() {
    let folder = Folder::with("a.jsonl", line("domain-blocked") + "\n");
    let run = |args: &[&str]| {
        let output = folder.command(args).env("CI", "true").output().expect("the binary runs");
        String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8")
    };
    let by = ["top", "a.jsonl", "--by", "eventName,domain", "--format", "jsonl", "--quiet"];
    assert_eq!(run(&by), "{\"eventName\":\"domain-blocked\",\"domain\":\"masked\",\"count\":1}\n");
    assert!(!run(&[&by[..], &["--show-values"]].concat()).contains("masked"));
    run(&[&by[..], &["-o", "out.jsonl"]].concat());
    assert!(!folder.text("out.jsonl").contains("masked"));
}

#[test]
fn an_input_that_is_not_read_to_its_end_leaves_the_file_as_it_was() {
    let complete = gzip((line("test-message") + "\n").repeat(50));
    let folder = Folder::with("cut.jsonl.gz", &complete[..complete.len() - 9]).and("out.csv", "before");
    let args = ["top", "cut.jsonl.gz", "--by", "eventName", "-o", "out.csv"];
    let shown = folder.run(&args);
    assert!(shown.contains("exit code: 2") && shown.contains("nothing was put into place"), "{shown}");
    assert_eq!(folder.text("out.csv"), "before");
    assert_eq!(folder.exit_code(&[&args[..], &["--skip-unreadable"]].concat()), Some(3));
    assert!(folder.text("out.csv").starts_with("eventName,count\r\ntest-message,"));
}

#[test]
fn wrong_usage_is_refused_with_what_is_right() {
    let folder = Folder::with("a.jsonl", line("test-message") + "\n");
    for (args, expected) in [
        (&[][..], "--by"),
        (&["--by", "domian"], "no field `domian`; did you mean `domain`?"),
        (&["--by", "domain", "--sum", "sesionBytesIn"], "did you mean `sessionBytesIn`?"),
        (&["--by", "destinationPort", "--sum", "destinationPort"], "would be the name of two columns"),
        (&["--by", "domain", "--per", "week"], "possible values: hour, day"),
        (&["--by", "domain", "--limit", "0"], "invalid value"),
        (&["--by", "domain", "-o", "a.jsonl"], "`a.jsonl` is an input, and would be overwritten"),
    ] {
        let shown = folder.run(&[&["top", "a.jsonl"], args].concat());
        assert!(shown.contains("exit code: 2") && shown.contains(expected), "{shown}");
    }
}
