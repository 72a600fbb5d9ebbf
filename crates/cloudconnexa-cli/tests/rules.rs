//! Rules beyond the schema: off by default, in every format, and independent of the number of threads.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use common::{Folder, line};
use insta::assert_snapshot;

/// A session whose duration is in milliseconds instead of seconds.
fn wrong_duration() -> String {
    line("client-disconnected").replace("\"sessionDurationSeconds\":4", "\"sessionDurationSeconds\":4000")
        + "\n"
}

const NOW: [&str; 2] = ["--now", "2026-03-01T00:00:00Z"];

#[test]
fn record_rules_report_only_when_enabled() {
    let folder = Folder::with("a.jsonl", wrong_duration());
    assert!(folder.run(&["validate", "a.jsonl", "--strict"]).contains("exit code: 0"));
    assert_snapshot!(folder.run(&["validate", "--semantic", "a.jsonl"]));
    let denied = folder.run(&["validate", "--deny", "session-duration-mismatch", "a.jsonl"]);
    assert!(denied.contains("exit code: 1") && denied.contains("1 invalid"), "{denied}");
    let future = folder.run(&["validate", "--semantic", "--now", "2020-03-01T00:00:00Z", "a.jsonl"]);
    assert!(future.contains("warning[time-in-future]"), "{future}");
}

/// Warnings that were seen before are counted without another look at the record.
#[test]
fn findings_of_the_schema_are_not_counted_as_those_of_a_rule() {
    let with_new_field =
        |record: &str| record.trim_end().strip_suffix('}').map(|text| text.to_owned() + ",\"new\":1}\n");
    let wrong = with_new_field(&wrong_duration()).expect("an object");
    let right = with_new_field(&line("client-disconnected")).expect("an object");
    let folder = Folder::with("a.jsonl", wrong + &right.repeat(2));
    assert_eq!(folder.exit_code(&["validate", "--semantic", "--format=sarif=out.sarif", "a.jsonl"]), Some(0));
    let sarif: serde_json::Value = serde_json::from_str(&folder.text("out.sarif")).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("an array");
    let counts = ["session-duration-mismatch", "unknown-field"].map(|rule| {
        results.iter().find(|result| result["ruleId"] == rule).map(|result| &result["occurrenceCount"])
    });
    assert_eq!(counts, [Some(&1.into()), Some(&3.into())], "{sarif}");
}

#[test]
fn a_denied_rule_rejects_the_record() {
    let folder = Folder::with("a.jsonl", wrong_duration() + &line("client-disconnected") + "\n");
    let outputs = ["--accepted", "good.jsonl", "--rejected", "bad.jsonl", "a.jsonl"];
    let split = |args: &[&str]| folder.run(&[&["split"][..], args, &outputs].concat());
    assert!(split(&["--semantic"]).contains("exit code: 0"));
    assert!(split(&["--deny", "session-duration-mismatch"]).contains("exit code: 1"));
    let bad = folder.text("bad.jsonl");
    assert!(bad.lines().count() == 1 && bad.contains("session-duration-mismatch"), "{bad}");
}

/// Two days in three files, with repeated records and a session that never ends.
fn archive() -> Folder {
    let folder = Folder::new();
    for (name, start) in [("a.jsonl", "2026-01-01T00:00:00Z"), ("c.jsonl.gz", "2026-02-10T00:00:00Z")] {
        folder.sample(name, &["--events", "3000", "--start", start]);
    }
    let text = folder.text("a.jsonl");
    let repeated: String = text.lines().skip(100).step_by(97).map(|line| line.to_owned() + "\n").collect();
    folder.and("b.jsonl", repeated.clone() + &wrong_duration() + &repeated)
}

#[test]
fn stream_rules_do_not_depend_on_threads() {
    let folder = archive();
    for format in ["human", "concise", "json", "sarif", "github", "gitlab", "junit"] {
        let run = |threads: &str| {
            let args = [
                &["validate", "--stateful", "--threads", threads, "--format", format][..],
                &NOW,
                &["a.jsonl", "b.jsonl", "c.jsonl.gz"],
            ];
            folder.run(&args.concat()).replacen(&format!("--threads {threads} "), "", 1)
        };
        let single = run("1");
        for rule in
            ["duplicate-trace-id", "clock-backwards", "session-never-ends", "session-duration-mismatch"]
        {
            assert!(single.contains(rule), "{format} lacks {rule}: {single}");
        }
        for threads in ["2", "5"] {
            assert!(run(threads) == single, "{threads} threads, {format}");
        }
    }
    let few = folder
        .run(&[&["validate", "--stateful", "--max-open", "5"][..], &NOW, &["a.jsonl", "b.jsonl"]].concat());
    assert!(few.contains("were given up, as more than 5 waited"), "{few}");
    assert!(few.contains("after more than 50 others is not recognized"), "{few}");
}

#[test]
fn a_baseline_covers_findings_of_stream_rules() {
    let folder = archive();
    let inputs = ["a.jsonl", "b.jsonl", "c.jsonl.gz"];
    let run = |args: &[&str]| {
        folder.run(&[&["validate", "--stateful", "--strict"][..], &NOW, args, &inputs].concat())
    };
    assert!(run(&[]).contains("exit code: 1"));
    assert!(run(&["--write-baseline", "known.json"]).contains("exit code: 0"));
    let known = run(&["--baseline", "known.json"]);
    assert!(known.contains("exit code: 0") && known.contains("in the baseline"), "{known}");
}

#[test]
fn a_clean_stream_has_no_findings() {
    let folder = Folder::new();
    folder.sample("a.jsonl", &["--events", "5000"]);
    assert_snapshot!(folder.run(&[&["validate", "--stateful"][..], &NOW, &["a.jsonl"]].concat()));
}

/// Returns the lines of an hour of two tenants, one of which does not stream `kind`.
fn customised(kind: &str) -> Folder {
    let folder = Folder::new();
    for (name, seed) in [("a.jsonl", "1"), ("b.jsonl", "2")] {
        folder.sample(name, &["--events", "8000", "--seed", seed]);
    }
    let is_other = |line: &&str| !line.contains(&format!("\"eventName\":\"{kind}\""));
    let text: String =
        folder.text("a.jsonl").lines().filter(is_other).fold(String::new(), |text, line| text + line + "\n");
    assert!(text.len() < folder.bytes("a.jsonl").len());
    folder.and("a.jsonl", text)
}

#[test]
fn events_that_the_tenant_does_not_stream_are_not_missing() {
    for kind in ["client-connected", "client-disconnected"] {
        let folder = customised(kind);
        let tenant =
            |name: &str| folder.text(name).replace("\"cloudId\":\"", &format!("\"cloudId\":\"{name}"));
        let (a, b) = (tenant("a.jsonl"), tenant("b.jsonl"));
        let folder = folder.and("a.jsonl", a).and("b.jsonl", b);
        let run = |threads: &str, inputs: &[&str]| {
            let args = [
                "validate",
                "--stateful",
                "--strict",
                "--max-open",
                "300",
                "--horizon",
                "1m",
                "--threads",
                threads,
            ];
            folder.run(&[&args[..], &NOW, inputs].concat()).replacen(&format!("--threads {threads} "), "", 1)
        };
        let alone = run("1", &["a.jsonl"]);
        assert!(!alone.contains("session-never"), "{alone}");
        assert!(common::code(&alone) == 0, "{alone}");
        let notes: Vec<_> =
            alone.lines().filter(|line| line.contains(&format!("without `{kind}`"))).collect();
        assert!(notes.len() == 1 && notes[0].starts_with("note: "), "{alone}");
        // Another tenant streams it, so that its own sessions are compared.
        let both = run("1", &["a.jsonl", "b.jsonl"]);
        assert!(both.contains(notes[0]), "{both}");
        for threads in ["2", "5"] {
            assert!(run(threads, &["a.jsonl", "b.jsonl"]) == both, "{threads} threads");
        }
    }
}

#[test]
fn an_event_that_the_tenant_streams_is_missing_elsewhere() {
    let folder = customised("client-connected");
    // Of each tenant at least one.
    let streamed = folder.text("b.jsonl");
    let streamed = streamed.lines().filter(|line| line.contains("\"client-connected\""));
    let folder = folder.and("one.jsonl", streamed.map(|line| line.to_owned() + "\n").collect::<String>());
    // Not even the horizon decides before all was read.
    let args = ["validate", "--stateful", "--strict", "--horizon", "1s", "a.jsonl", "one.jsonl"];
    let shown = folder.run(&[&args[..], &NOW].concat());
    assert!(
        shown.contains("session-never-began") && !shown.contains("without `client-connected`"),
        "{shown}"
    );
    assert_eq!(common::code(&shown), 1);
}

#[test]
fn fixtures_can_expect_findings_of_these_rules() {
    let folder = Folder::with("session-duration-mismatch/a.json", wrong_duration())
        .and("duplicate-trace-id/b.jsonl", (line("test-message") + "\n").repeat(2))
        .and("valid/c.json", wrong_duration());
    let shown = folder.run(&["test", "."]);
    assert!(shown.contains("exit code: 0"), "{shown}");
}
