//! Rules beyond the schema: told to those who ask, in every format, the same by any number of threads.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use common::{Folder, line};
use insta::assert_snapshot;

/// A session whose duration is in milliseconds.
fn odd() -> String {
    line("client-disconnected").replace("\"sessionDurationSeconds\":4", "\"sessionDurationSeconds\":4000")
        + "\n"
}

const NOW: [&str; 2] = ["--now", "2026-03-01T00:00:00Z"];

#[test]
fn about_one_record() {
    let folder = Folder::with("a.jsonl", odd());
    assert!(folder.run(&["validate", "a.jsonl", "--strict"]).contains("exit code: 0"));
    assert_snapshot!(folder.run(&["validate", "--semantic", "a.jsonl"]));
    let denied = folder.run(&["validate", "--deny", "session-duration-mismatch", "a.jsonl"]);
    assert!(denied.contains("exit code: 1") && denied.contains("1 invalid"), "{denied}");
    let future = folder.run(&["validate", "--semantic", "--now", "2020-03-01T00:00:00Z", "a.jsonl"]);
    assert!(future.contains("warning[time-in-future]"), "{future}");
}

#[test]
fn what_is_denied_is_rejected() {
    let folder = Folder::with("a.jsonl", odd() + &line("client-disconnected") + "\n");
    let to = ["--accepted", "good.jsonl", "--rejected", "bad.jsonl", "a.jsonl"];
    let split = |args: &[&str]| folder.run(&[&["split"][..], args, &to].concat());
    assert!(split(&["--semantic"]).contains("exit code: 0"));
    assert!(split(&["--deny", "session-duration-mismatch"]).contains("exit code: 1"));
    let bad = std::fs::read_to_string(folder.path("bad.jsonl")).expect("a file");
    assert!(bad.lines().count() == 1 && bad.contains("session-duration-mismatch"), "{bad}");
}

/// Two days in three files, with records that come twice, and a session that never ends.
fn archive() -> Folder {
    let folder = Folder::new();
    for (name, start) in [("a.jsonl", "2026-01-01T00:00:00Z"), ("c.jsonl.gz", "2026-02-10T00:00:00Z")] {
        let args = ["sample", "--events", "3000", "--start", start, "-o", name];
        assert!(folder.command(&args).status().expect("it runs").success());
    }
    let text = std::fs::read_to_string(folder.path("a.jsonl")).expect("a file");
    let some: String = text.lines().skip(100).step_by(97).map(|line| line.to_owned() + "\n").collect();
    folder.and("b.jsonl", some.clone() + &odd() + &some)
}

#[test]
fn about_several_records() {
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
        let alone = run("1");
        for rule in
            ["duplicate-trace-id", "clock-backwards", "session-never-ends", "session-duration-mismatch"]
        {
            assert!(alone.contains(rule), "{format} lacks {rule}: {alone}");
        }
        for threads in ["2", "5"] {
            assert!(run(threads) == alone, "{threads} threads, {format}");
        }
    }
    let few = folder
        .run(&[&["validate", "--stateful", "--max-open", "5"][..], &NOW, &["a.jsonl", "b.jsonl"]].concat());
    assert!(few.contains("were given up, as more than 5 waited"), "{few}");
    assert!(few.contains("after more than 50 others is not known again"), "{few}");
}

#[test]
fn they_can_be_known_to_a_baseline() {
    let folder = archive();
    let inputs = ["a.jsonl", "b.jsonl", "c.jsonl.gz"];
    let run = |args: &[&str]| {
        folder.run(&[&["validate", "--stateful", "--strict"][..], &NOW, args, &inputs].concat())
    };
    assert!(run(&[]).contains("exit code: 1"));
    assert!(run(&["--write-baseline", "known.json"]).contains("exit code: 0"));
    let known = run(&["--baseline", "known.json"]);
    assert!(known.contains("exit code: 0") && known.contains("known to the baseline"), "{known}");
}

/// Where nothing is to be said, nothing is said.
#[test]
fn a_clean_stream() {
    let folder = Folder::new();
    folder.command(&["sample", "--events", "5000", "-o", "a.jsonl"]).status().expect("it runs");
    assert_snapshot!(folder.run(&[&["validate", "--stateful"][..], &NOW, &["a.jsonl"]].concat()));
}

#[test]
fn fixtures_of_these_rules() {
    let folder = Folder::with("session-duration-mismatch/a.json", odd())
        .and("duplicate-trace-id/b.jsonl", (line("test-message") + "\n").repeat(2))
        .and("valid/c.json", odd());
    let shown = folder.run(&["test", "."]);
    assert!(shown.contains("exit code: 0"), "{shown}");
}
