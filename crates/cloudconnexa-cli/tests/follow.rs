//! `ccxlog validate --follow`: inputs that grow, are replaced, appear or fail while they are read, and the end of a run.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]
#![cfg(unix)]

mod common;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::follower::Follower;
use common::{BROKEN, Folder, gzip, line, transcript};

/// Starts `ccxlog validate --follow`, and waits until it handles signals.
fn follow<'a>(folder: &'a Folder, args: &[&str]) -> Follower<'a> {
    let options = ["validate", "--follow", "--poll-interval", "5ms"];
    let follower = Follower::start(folder, folder.command(&[&options, args].concat()));
    sleep(Duration::from_millis(300));
    follower
}

/// Returns the transcript without arguments and notes.
fn without_notes(output: &Output) -> String {
    let text = transcript(&[], output);
    let lines = text.lines().filter(|line| !line.starts_with("note: "));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Validates a file with this content without `--follow`, and returns the transcript.
fn validate_once(name: &str, content: impl AsRef<[u8]>, args: &[&str]) -> String {
    let folder = Folder::with(name, content);
    let mut all = vec!["validate"];
    all.extend(args);
    without_notes(&folder.command(&all).output().expect("the binary runs"))
}

fn append(path: &Path, bytes: impl AsRef<[u8]>) {
    let mut file = fs::File::options().append(true).create(true).open(path).expect("a file");
    file.write_all(bytes.as_ref()).expect("a disk");
}

/// Sorts what is shown: what is shown once for several records is shown at once here, and at the end of an input that is read
/// as a whole.
fn in_any_order(transcript: &str) -> Vec<&str> {
    let (head, findings) = transcript.split_once("----- stdout -----\n").unwrap_or((transcript, ""));
    let mut parts: Vec<_> = head.split("\n\n").chain(findings.split("\n\n")).collect();
    parts.sort_unstable();
    parts
}

/// Lines, documents, separators, an array, bytes that are not text, and a last line without a line feed.
#[test]
fn a_file_growing_byte_by_byte_is_checked_as_if_read_at_once() {
    let texts: [&[u8]; 5] = [
        b"{\"eventName\":\"a\"}\n{\"eventName\":\n \"b\",\"b\":[1,\n2]}\r\nno \xff\n\n{\"eventName\":\"\xc3\xa9\"}{\"eventName\":1}\n{\"c\":",
        b"[{\"eventName\":\"b\"},\n{\"eventName\":\"a\"}, {\"eventName\":7}]\n",
        b"\xef\xbb\xbf{\"eventName\":\"a\"}",
        b"{\"eventName\":\"a\"},\n{\"eventName\":7}\n{\"a\0\0\0{\"eventName\":8}\n\xef\xbb\xbf{}\n",
        b"PK\x03\x04 is no text\n",
    ];
    for text in texts {
        let folder = Folder::with("in.jsonl", "");
        let follower = follow(&folder, &["in.jsonl"]);
        for byte in text {
            append(&folder.path("in.jsonl"), [*byte]);
            sleep(Duration::from_millis(8));
        }
        let output = follower.end();
        let (expected, mut shown) = (validate_once("in.jsonl", text, &["in.jsonl"]), without_notes(&output));
        if text.starts_with(b"PK") {
            // The error is reported at once and at the end, and reading stops there.
            let error = "error: cannot validate `in.jsonl`: it is a zip archive; unpack it first\n";
            assert!(expected.contains(&format!("{error}0 events in 1 input: 1 input could not be read")));
            shown = shown.replacen(error, "", 1).replace("(3 B", "(0 B").replace("(4 B", "(0 B");
        }
        assert_eq!(in_any_order(&shown), in_any_order(&expected));
    }
}

/// Three records of one kind are one finding, shown when the first is read rather than at an end that may never come.
#[test]
fn a_kind_of_records_is_shown_once_and_at_once() {
    let wrapped = format!("{}\n", serde_json::json!({ "message": line("test-message") }));
    let folder = Folder::with("in.jsonl", &wrapped);
    let follower = follow(&folder, &["--format", "concise", "in.jsonl"]);
    follower.wait_for("wrapped-event");
    append(&folder.path("in.jsonl"), wrapped.repeat(2));
    let output = follower.end();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(stdout.matches("wrapped-event").count(), 1, "{stdout}");
    assert!(stdout.starts_with("in.jsonl:1:"), "{stdout}");
    assert_eq!(output.status.code(), Some(1));
}

/// Line numbers go on counting.
#[test]
fn a_replaced_file_is_read_to_its_end_before_the_new_one() {
    let (old, half, new) = (format!("{}\n{BROKEN}", line("test-message")), "{\"half\":", BROKEN.repeat(2));
    let folder = Folder::with("in.jsonl", &old);
    let args = ["--format", "concise", "in.jsonl"];
    let follower = follow(&folder, &args);
    follower.wait_for("in.jsonl:2:");
    fs::rename(folder.path("in.jsonl"), folder.path("in.jsonl.1")).expect("a file");
    // The writer may still have the old file open.
    append(&folder.path("in.jsonl.1"), half);
    append(&folder.path("in.jsonl"), "");
    sleep(Duration::from_millis(50));
    append(&folder.path("in.jsonl"), &new);
    follower.wait_for("in.jsonl:5:");
    let output = follower.end();
    assert!(String::from_utf8_lossy(&output.stderr).contains("note: `in.jsonl` was replaced"), "{output:?}");
    // Neither file contains the line feed between the two.
    let without_bytes = |text: String| text.split(" (").next().unwrap_or_default().to_owned();
    let expected = validate_once("in.jsonl", [&old, half, "\n", &new].concat(), &args);
    assert_eq!(without_bytes(without_notes(&output)), without_bytes(expected));
    assert_eq!(output.status.code(), Some(1));
}

/// It is overwritten, first with fewer bytes than before, then with more.
#[test]
fn a_truncated_file_is_read_again_from_its_start() {
    let folder = Folder::with("in.jsonl", format!("{BROKEN}{BROKEN}"));
    let args = ["--format", "concise", "in.jsonl"];
    let follower = follow(&folder, &args);
    follower.wait_for("in.jsonl:2:");
    fs::write(folder.path("in.jsonl"), "x\n").expect("a file");
    follower.wait_for("in.jsonl:3:");
    fs::write(folder.path("in.jsonl"), "y\nzz\n").expect("a file");
    follower.wait_for("in.jsonl:5:");
    let output = follower.end();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(stderr.matches("note: `in.jsonl` was truncated or rewritten").count(), 2, "{stderr}");
    assert_eq!(
        without_notes(&output),
        validate_once("in.jsonl", format!("{BROKEN}{BROKEN}x\ny\nzz\n"), &args)
    );
}

#[test]
fn a_missing_file_is_read_once_it_appears_or_fails_the_run() {
    let folder = Folder::new();
    let follower = follow(&folder, &["--format", "concise", "late.jsonl", "never.jsonl"]);
    follower.wait_for("cannot read `never.jsonl`");
    fs::write(folder.path("late.jsonl"), BROKEN).expect("a file");
    follower.wait_for("late.jsonl:1:");
    let output = follower.end();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("note: `late.jsonl` can be read now"), "{stderr}");
    assert_eq!(stderr.matches("it will be retried").count(), 2, "{stderr}");
    assert!(stderr.contains("1 input could not be read to the end"), "{stderr}");
}

/// The folder is empty at first.
#[test]
fn new_and_changed_files_of_a_folder_are_read_once_complete() {
    for threads in ["1", "3"] {
        let folder = Folder::new();
        fs::create_dir(folder.path("logs")).expect("a folder");
        let args = ["--threads", threads, "--format", "concise", "logs", "more/*.jsonl"];
        let follower = follow(&folder, &args);
        let complete = gzip(BROKEN.repeat(50));
        append(&folder.path("logs/a.jsonl.gz"), &complete[..complete.len() / 2]);
        append(&folder.path("logs/b.jsonl"), BROKEN);
        follower.wait_for("logs/b.jsonl:1:");
        follower.wait_for("logs/a.jsonl.gz` to its end");
        assert!(!follower.stdout().contains("a.jsonl.gz"), "findings before it is complete");
        append(&folder.path("logs/a.jsonl.gz"), &complete[complete.len() / 2..]);
        follower.wait_for("logs/a.jsonl.gz:50:");
        fs::create_dir(folder.path("more")).expect("a folder");
        append(&folder.path("more/c.jsonl"), "x\n");
        follower.wait_for("more/c.jsonl:1:");
        append(&folder.path("logs/b.jsonl"), BROKEN);
        follower.wait_for("logs/b.jsonl:2:");
        let output = follower.end();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains("54 events in 4 inputs"), "{stderr}");
        // Each line once, except in the file that has changed.
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(stdout.matches("logs/a.jsonl.gz:50:").count(), 8, "{stdout}");
        assert_eq!(stdout.matches("logs/b.jsonl:1:").count(), 16, "{stdout}");
    }
}

/// With the same findings, and exit code 2.
#[test]
fn an_incomplete_gzip_file_ends_as_without_follow() {
    let folder = Folder::new();
    let complete = gzip(BROKEN.repeat(50));
    let half = &complete[..complete.len() - 6];
    let args = ["--format", "concise", "half.jsonl.gz"];
    fs::write(folder.path("half.jsonl.gz"), half).expect("a file");
    let follower = follow(&folder, &args);
    follower.wait_for("half.jsonl.gz` to its end");
    assert_eq!(without_notes(&follower.end()), validate_once("half.jsonl.gz", half, &args));
}

/// Nobody would learn of anything that is found from here on.
#[test]
fn a_closed_stdout_ends_the_run() {
    let folder = Folder::with("in.jsonl", "");
    let args = ["validate", "--follow", "--poll-interval", "5ms", "--format", "concise", "in.jsonl"];
    let mut child = folder.start(&args);
    drop(child.stdout.take());
    append(&folder.path("in.jsonl"), BROKEN);
    let since = Instant::now();
    while child.try_wait().expect("a child").is_none() && since.elapsed() < Duration::from_secs(30) {
        sleep(Duration::from_millis(5));
    }
    // It must not go on if the test fails.
    let _ = child.kill();
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}

/// The last line is still being written.
#[test]
fn every_report_is_complete_after_a_signal() {
    let folder = Folder::with("in.jsonl", BROKEN);
    let formats = ["json", "sarif", "junit", "gitlab", "github"];
    let formats: Vec<_> = formats.iter().map(|format| format!("--format={format}=out.{format}")).collect();
    let mut args: Vec<_> = formats.iter().map(String::as_str).collect();
    args.extend(["--format=concise", "in.jsonl"]);
    let follower = follow(&folder, &args);
    follower.wait_for("in.jsonl:1:");
    append(&folder.path("in.jsonl"), format!("{BROKEN}{{\"half"));
    follower.wait_for("in.jsonl:2:");
    let output = follower.end();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(stdout.contains("in.jsonl:3:1: error[syntax]") || stdout.contains("in.jsonl:3:"), "{stdout}");
    let read = |format: &str| fs::read_to_string(folder.path(&format!("out.{format}"))).expect("a report");
    let lines: Vec<serde_json::Value> =
        read("json").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let summary = lines.last().expect("lines");
    assert_eq!((&summary["type"], &summary["exitCode"]), (&"summary".into(), &1.into()));
    assert_eq!(summary["invalid"], 3);
    for format in ["sarif", "gitlab"] {
        let report: serde_json::Value = serde_json::from_str(&read(format)).expect("JSON");
        assert!(report.to_string().contains("missing-field"), "{report}");
    }
    assert!(read("junit").ends_with("</testsuites>\n"));
    assert!(read("github").contains("::error "));
    let names = folder.names();
    assert!(!names.iter().any(|name| name.starts_with(".ccxlog-")), "{names:?}");
}

/// The next run reads what was added since, and recognizes another file of the same name.
#[test]
fn a_state_file_resumes_growing_files() {
    let folder = Folder::with("in.jsonl", BROKEN.repeat(2)).and("logs/a.jsonl", BROKEN);
    let args = ["--state=x.state", "--format=concise", "in.jsonl", "logs"];
    let run = |expected: &[&str]| {
        let follower = follow(&folder, &args);
        for text in expected {
            follower.wait_for(text);
        }
        let output = follower.end();
        (output.status.code(), without_notes(&output), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, text, _) = run(&["in.jsonl:2:", "logs/a.jsonl:1:"]);
    assert!(code == Some(1) && text.contains("3 events in 2 inputs"), "{text}");
    let (code, text, _) = run(&[]);
    assert!(code == Some(0) && text.contains("0 events in 1 input"), "{text}");
    assert!(text.contains("1 input read before"), "{text}");
    append(&folder.path("in.jsonl"), format!("{BROKEN}{{\"half"));
    append(&folder.path("logs/b.jsonl"), BROKEN);
    let (_, text, _) = run(&["in.jsonl:3:", "logs/b.jsonl:1:"]);
    assert!(text.contains("3 events in 2 inputs") && !text.contains("in.jsonl:2:"), "{text}");
    // A line that was incomplete in the last run is checked as a whole.
    append(&folder.path("in.jsonl"), "\":1}\n");
    let (_, text, _) = run(&["in.jsonl:4:"]);
    assert!(text.contains("1 event in 1 input") && !text.contains("in.jsonl:3:"), "{text}");
    fs::write(folder.path("in.jsonl"), "x\n".repeat(500)).expect("a file");
    let (_, text, stderr) = run(&["in.jsonl:500:"]);
    assert!(stderr.contains("`in.jsonl` is a different file than in the last run"), "{stderr}");
    assert!(text.contains("in.jsonl:1:"), "{text}");
}

#[test]
fn inputs_that_cannot_be_followed_are_refused() {
    let folder = Folder::new();
    let made = Command::new("mkfifo").arg(folder.path("fifo")).status();
    assert!(made.is_ok_and(|status| status.success()));
    let texts = [
        folder.run(&["validate", "--follow", "-"]),
        folder.run(&["validate", "--follow", "https://example.com/a.jsonl"]),
        folder.run(&["validate", "--follow", "fifo"]),
        folder.run(&["validate", "--follow"]),
        folder.run(&["validate", "--poll-interval", "1s", "a.jsonl"]),
        folder.run(&["validate", "--follow", "--poll-interval", "0s", "a.jsonl"]),
    ];
    assert!(texts.iter().all(|text| text.contains("exit code: 2")), "{texts:?}");
    insta::assert_snapshot!(texts.join("\n"));
}

/// Thousands of polls, appends, findings and changed files, as in days of following.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow() {
    use common::memory::resident_kib;

    let folder = Folder::with("in.jsonl", BROKEN);
    fs::create_dir(folder.path("logs")).expect("a folder");
    let args = ["--poll-interval=1ms", "--format=concise", "--max-findings=10"];
    let reports = ["--format=json=out.json", "--format=sarif=out.sarif", "--format=junit=out.xml"];
    let mut all = vec!["--threads=2", "in.jsonl", "logs"];
    all.extend(args.iter().chain(&reports));
    let follower = Follower::start(&folder, folder.command(&[&["validate", "--follow"], &all[..]].concat()));
    let mut sizes = Vec::new();
    for round in 0..4000_u32 {
        append(&folder.path("in.jsonl"), format!("{BROKEN}{}\n", line("test-message")));
        if round % 10 == 0 {
            // A few files change repeatedly.
            fs::write(
                folder.path(&format!("logs/{}.jsonl", round % 7)),
                BROKEN.repeat(1 + round as usize % 90),
            )
            .expect("a file");
        }
        sleep(Duration::from_millis(1));
        if round % 500 == 499 {
            sizes.push(resident_kib(follower.id()));
        }
    }
    let output = follower.end();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    // Every appended line was read.
    assert!(stderr.contains("4,000 valid"), "{stderr}");
    let (early, late) = (sizes[1], sizes[sizes.len() - 1]);
    assert!(late < early + early / 10, "{sizes:?} KiB");
}
