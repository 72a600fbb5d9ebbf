//! `ccxlog sessions` with a question: who is connected at a time, how many at once, and who connects too often.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::collections::BTreeSet;
use std::process::Output;

use common::{Folder, code, documented, gzip, line, transcript};
use insta::assert_snapshot;
use serde_json::Value;

/// A session of one user: its id, and when it started and ended on one of the days of November 2024.
#[derive(Clone, Copy)]
struct Session<'a> {
    id: &'a str,
    user: &'a str,
    start: &'a str,
    end: Option<&'a str>,
}

const fn session<'a>(id: &'a str, user: &'a str, start: &'a str, end: &'a str) -> Session<'a> {
    Session { id, user, start, end: Some(end) }
}

const SESSIONS: [Session<'_>; 7] = [
    session("a", "ann@example.com", "22T22:00:00", "23T09:30:00"),
    session("b", "bob@example.com", "23T08:00:00", "23T17:00:00"),
    session("c", "bob@example.com", "23T08:30:00", "23T08:45:00"),
    session("d", "cleo@example.com", "23T09:00:00", "23T09:15:00"),
    // It never ends, and counts as dead from 16:00 on.
    Session { id: "e", user: "=dan@example.com", start: "23T10:00:00", end: None },
    session("f", "", "23T07:00:00", "26T12:00:00"),
    session("g", "ann@example.com", "26T10:00:00", "26T11:00:00"),
];

impl Session<'_> {
    fn event(&self, name: &str, time: &str) -> String {
        let mut event: Value = serde_json::from_str(&documented("client-disconnected")).expect("JSON");
        let date = |time: &str| Value::from(format!("2024-11-{time}.000000Z"));
        let number = self.id.as_bytes().iter().fold(0_u64, |number, byte| number * 256 + u64::from(*byte));
        event["eventName"] = name.into();
        event["timestamp"] = date(time);
        event["traceId"] = format!("{:08x}-0000-4000-8000-{number:012x}", name.len()).into();
        event["parentEntity"] = self.user.into();
        event["parentEntityType"] = if self.user.is_empty() { "NetworkOrHost" } else { "User" }.into();
        event["log"]["clientSessionId"] = self.id.into();
        event["log"]["sessionStartTime"] = date(self.start);
        event["log"]["sessionEndTime"] = date(time);
        let is_start = name == "client-connected";
        let log = event["log"].as_object_mut().expect("an object");
        log.retain(|field, _| {
            let is_of_end = field.starts_with("session") && !field.ends_with("Protocol");
            !is_start || !is_of_end || field == "sessionStartTime"
        });
        event.to_string() + "\n"
    }

    /// The events that it has, one per line.
    fn events(&self) -> String {
        let end = self.end.map(|end| self.event("client-disconnected", end)).unwrap_or_default();
        self.event("client-connected", self.start) + &end
    }
}

fn folder() -> Folder {
    let text: Vec<_> = SESSIONS.iter().map(Session::events).collect();
    Folder::with("logs/a.jsonl", text.concat() + &line("domain-blocked") + "\n")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn rows(folder: &Folder, args: &[&str]) -> Vec<Value> {
    let output = folder.command(args).output().expect("the binary runs");
    stdout(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn those_who_are_connected_at_a_time_are_listed() {
    let folder = folder();
    let at = |args: &[&str]| folder.run(&[&["sessions", "logs", "--active-at"], args].concat());
    assert_snapshot!(at(&["2024-11-23T09:10:00Z"]));
    assert_snapshot!(at(&["2024-11-23T15:59:59Z", "--quiet"]));
    // The session without an end counts as dead.
    assert_snapshot!(at(&["2024-11-23T16:00:00Z", "--format", "csv"]));
    assert_snapshot!(at(&["2024-11-23T16:00:00Z", "--dead-after", "1d", "--format", "csv", "--quiet"]));
    assert_snapshot!(at(&["2024-11-27", "--dead-after", "5d", "--format", "jsonl"]));
}

#[test]
fn users_and_sessions_at_once_are_counted_by_period() {
    let folder = folder();
    let by = |args: &[&str]| folder.run(&[&["sessions", "logs", "--concurrent"], args].concat());
    assert_snapshot!(by(&["month"]));
    assert_snapshot!(by(&["week", "--quiet"]));
    assert_snapshot!(by(&["day", "--quiet", "--format", "jsonl"]));
    assert_snapshot!(by(&["hour", "--quiet", "--format", "csv", "--dead-after", "1h"]));
}

#[test]
fn users_who_connect_too_often_are_listed() {
    let often = |user: &str, count: usize| -> String {
        let events = |number: usize| {
            let id = format!("{number:02}{}", &user[..3]);
            session(&id, user, "23T10:00:00", "23T10:01:00").events()
        };
        (0..count).map(events).collect()
    };
    let of_ann = often("ann@example.com", 40);
    let of_bob = often("=bob", 39);
    let folder = Folder::with("a.jsonl", of_ann.clone() + &of_bob + &of_ann);
    assert_snapshot!(folder.run(&["sessions", "a.jsonl", "--reconnecting"]));
    assert_snapshot!(folder.run(&["sessions", "a.jsonl", "--reconnecting=39", "--format", "csv", "--quiet"]));
    assert_snapshot!(folder.run(&["sessions", "a.jsonl", "--reconnecting=41", "--format", "jsonl"]));
}

/// What the table of sessions says of the same time is the same.
#[test]
fn sessions_that_are_connected_are_those_of_the_table() {
    let folder = Folder::new();
    folder.sample("a.jsonl", &["--events", "8000"]);
    let table = rows(&folder, &["sessions", "a.jsonl"]);
    let text = |row: &Value, column: &str| row[column].as_str().map(str::to_owned);
    let mut found = 0;
    for row in table.iter().step_by(table.len() / 5) {
        let at = text(row, "start").expect("a start");
        let is_active = |row: &&Value| {
            let is_over = text(row, "end").is_some_and(|end| end <= at);
            row["refused"] == false && text(row, "start").is_some_and(|start| start <= at) && !is_over
        };
        let id = |row: &Value| text(row, "sessionId");
        let expected: BTreeSet<_> = table.iter().filter(is_active).map(id).collect();
        let args = ["sessions", "a.jsonl", "--active-at", &at, "--dead-after", "1000d", "--format", "jsonl"];
        let active: BTreeSet<_> = rows(&folder, &args).iter().map(id).collect();
        assert_eq!(active, expected, "{at}");
        found += active.len();
    }
    assert!(found > 5, "{found}");
}

#[test]
fn answers_depend_neither_on_threads_nor_on_the_order_of_inputs() {
    let folder = Folder::new();
    for (name, seed) in [("a.jsonl", "1"), ("b.jsonl.gz", "2"), ("c.jsonl", "3")] {
        folder.sample(name, &["--events", "4000", "--invalid", "0.05", "--seed", seed]);
    }
    let at = rows(&folder, &["sessions", "a.jsonl"])[200]["start"].as_str().expect("a start").to_owned();
    for question in [&["--active-at", &at][..], &["--concurrent", "hour"], &["--reconnecting=3"]] {
        let run = |threads: &str, inputs: &[&str]| {
            let args = [&["sessions", "--format", "csv", "--threads", threads], question, inputs].concat();
            stdout(&folder.command(&args).output().expect("the binary runs"))
        };
        let expected = run("1", &["a.jsonl", "b.jsonl.gz", "c.jsonl"]);
        assert!(expected.lines().count() > 1, "{question:?}: {expected}");
        for threads in ["1", "2", "5"] {
            assert!(run(threads, &["c.jsonl", "b.jsonl.gz", "a.jsonl"]) == expected, "{question:?}");
            assert!(
                run(threads, &["b.jsonl.gz", "a.jsonl", "c.jsonl", "a.jsonl"]) == expected,
                "{question:?}"
            );
        }
    }
}

#[test]
fn the_page_has_the_numbers_of_the_answers() {
    // Of this one, only the start is known, so it is connected at the end.
    let last = Session { id: "h", user: "eve@example.com", start: "26T13:00:00", end: None };
    let folder = folder().and("logs/b.jsonl", last.events());
    let page = |args: &[&str]| {
        let args = [&["validate", "logs", "--quiet", "--report", "page.html"], args].concat();
        assert_eq!(code(&folder.run(&args)), 0);
        folder.text("page.html")
    };
    let row = rows(&folder, &["sessions", "logs", "--concurrent", "month", "--format", "jsonl"]).remove(0);
    let cell = |column: &str| match &row[column] {
        Value::String(time) => format!("<td class=\"t\">{}</td>", time.replace('T', " ").replace('Z', "")),
        number => format!("<td class=\"n\">{number}</td>"),
    };
    let columns = ["month", "users", "usersAt", "sessions", "sessionsAt", "distinctUsers"];
    let expected: String = columns.into_iter().map(cell).collect();
    for threads in ["1", "4"] {
        let page = page(&["--threads", threads]);
        assert!(page.contains(&expected), "{expected} in {page}");
        assert!(!page.contains("eve@example.com"), "values are masked");
    }
    assert!(page(&["--show-values"]).contains("eve@example.com"));
    assert!(page(&["--max-open", "1"]).contains("more sessions or users than are kept"));
}

#[test]
fn values_are_masked_on_standard_output_in_ci() {
    let folder = folder();
    let in_ci = |args: &[&str]| {
        let args = [&["sessions", "logs", "--quiet"], args].concat();
        let output = folder.command(&args).env("CI", "true").output().expect("the binary runs");
        transcript(&args, &output)
    };
    let at = ["--active-at", "2024-11-23T09:10:00Z"];
    assert_snapshot!(in_ci(&at));
    assert_snapshot!(in_ci(&[&at[..], &["--format", "csv"]].concat()));
    assert_snapshot!(in_ci(&["--reconnecting=2"]));
    assert!(in_ci(&[&at[..], &["--show-values"]].concat()).contains("ann@example.com"));
    assert!(in_ci(&["--concurrent", "month"]).contains("2024-11  "));
    // A file that was asked for has the values.
    assert_eq!(code(&in_ci(&["--reconnecting=2", "-o", "often.csv"])), 0);
    assert!(folder.text("often.csv").contains("bob@example.com"));
}

#[test]
fn more_sessions_than_are_kept_are_refused_and_nothing_is_written() {
    let folder = folder().and("out.csv", "before");
    for question in
        [&["--active-at", "2024-11-23T09:10:00Z"][..], &["--concurrent", "day"], &["--reconnecting"]]
    {
        for max_open in ["0", "1"] {
            let args = [&["sessions", "logs", "-o", "out.csv", "--max-open", max_open, "--quiet"], question]
                .concat();
            let shown = folder.run(&args);
            let expected = format!("or raise `--max-open`, now {max_open}");
            assert!(code(&shown) == 2 && shown.contains(&expected), "{shown}");
            assert_eq!(folder.text("out.csv"), "before");
        }
        let args = [&["sessions", "logs", "-o", "out.csv", "--max-open", "7"], question].concat();
        assert_eq!(code(&folder.run(&args)), 0);
        assert_ne!(folder.text("out.csv"), "before");
        let _ = std::fs::write(folder.path("out.csv"), "before");
    }
    assert_snapshot!(folder.run(&["sessions", "logs", "--max-open", "1", "--reconnecting"]));
}

#[test]
fn an_answer_to_part_of_the_inputs_is_not_put_into_place() {
    let complete = gzip(SESSIONS[0].events());
    let folder = folder().and("logs/cut.jsonl.gz", &complete[..complete.len() - 9]).and("out.csv", "before");
    let args = ["sessions", "logs", "--concurrent", "day", "-o", "out.csv"];
    let shown = folder.run(&args);
    assert!(code(&shown) == 2 && shown.contains("nothing was put into place"), "{shown}");
    assert_eq!(folder.text("out.csv"), "before");
    assert_eq!(code(&folder.run(&[&args[..], &["--skip-unreadable"]].concat())), 3);
    assert!(folder.text("out.csv").starts_with("day,users,usersAt,"));
}

#[test]
fn records_that_are_left_out_fail_the_command() {
    let broken = SESSIONS[0].events().replace("\"22T", "\"").replace("\"2024-11-22T22:00:00.000000Z\"", "7");
    let folder = Folder::with("a.jsonl", SESSIONS[1].events() + &broken + "[]\n");
    for question in [&["--active-at", "2024-11-23T09:00:00Z"][..], &["--concurrent", "day"]] {
        let shown = folder.run(&[&["sessions", "a.jsonl"], question].concat());
        assert!(code(&shown) == 1 && shown.contains("left out as invalid"), "{shown}");
        assert!(shown.contains("a.jsonl:5:1"), "{shown}");
    }
}

#[test]
fn one_question_at_a_time_is_answered() {
    let folder = folder();
    for (args, message) in [
        (&["--active-at", "2024-11-23", "--reconnecting"][..], "cannot be used with"),
        (&["--dead-after", "1h"], "required"),
        (&["--show-values"], "required"),
        (&["--reconnecting", "--dead-after", "1h"], "cannot be used with"),
        (&["--concurrent", "day", "--horizon", "1d"], "cannot be used with"),
        (&["--concurrent", "year"], "possible values: hour, day, week, month"),
        (&["--reconnecting=0"], "invalid value"),
        (&["--active-at", "noon"], "expected a timestamp such as"),
        (&["--format", "table"], "`--format table` needs `--active-at`, `--concurrent` or `--reconnecting`"),
    ] {
        let shown = folder.run(&[&["sessions", "logs"], args].concat());
        assert!(code(&shown) == 2 && shown.contains(message), "{message}: {shown}");
    }
}
