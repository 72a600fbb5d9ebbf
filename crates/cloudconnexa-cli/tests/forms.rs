//! Every form of input: lines, documents, arrays, gzip, pipes, folders, patterns.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::process::Stdio;

use common::{Folder, documented, gzip, line};
use insta::assert_snapshot;

fn lines() -> String {
    format!("{}\n{}\n", line("client-disconnected"), line("test-message"))
}

/// In files and through a pipe.
#[test]
fn events_are_valid_in_every_form() {
    let (disconnected, test) = (documented("client-disconnected"), documented("test-message"));
    let forms: &[(&str, Vec<u8>)] = &[
        ("lines", lines().into()),
        ("no final line feed", lines().trim_end().into()),
        ("CRLF", lines().replace('\n', "\r\n").into()),
        ("blank lines", format!("\n\n{}\n \n", lines().replace('\n', "\n\n")).into()),
        ("byte order mark", format!("\u{feff}{}", lines()).into()),
        ("documents", format!("{disconnected}\n{test}\n").into()),
        ("documents without line feeds between", format!("{}{}", disconnected.trim(), test.trim()).into()),
        ("a document, then a line", format!("{disconnected}\n{}", line("test-message")).into()),
        ("an array", format!("[{disconnected},\n{test}]").into()),
        ("a compact array", format!("[{},{}]\n", line("client-disconnected"), line("test-message")).into()),
        ("gzip", gzip(lines())),
        ("gzip of an array", gzip(format!("[{disconnected},\n{test}]"))),
        (
            "gzip members",
            [gzip(format!("{}\n", line("client-disconnected"))), gzip(line("test-message"))].concat(),
        ),
        ("an event across gzip members", [gzip(&lines()[..700]), gzip(&lines()[700..])].concat()),
        ("gzip with padding", [gzip(lines()), vec![0; 512]].concat()),
        (
            "gzip members with a line feed and zeros between",
            [
                &gzip(line("client-disconnected"))[..],
                b"\n\0\0",
                &gzip(format!("\n{}", line("test-message"))),
                b"\n",
            ]
            .concat(),
        ),
    ];
    for (form, content) in forms {
        let output = Folder::with("events", content).run(&["validate", "events"]);
        assert!(output.contains("exit code: 0\n"), "{form}:\n{output}");
        assert!(!output.contains("stdout"), "{form}:\n{output}");
        assert!(output.contains("2 events in 1 input: all valid ("), "{form}:\n{output}");
        let output = Folder::new().pipe(&["validate"], content);
        assert!(output.contains("exit code: 0\n"), "{form}, piped:\n{output}");
    }
}

#[test]
fn positions_are_exact_in_every_form() {
    let broken = documented("client-disconnected").replacen("34409", "\"34409\"", 1);
    assert_snapshot!(Folder::with("event.json", &broken).run(&["validate", "event.json"]));
    let compact = line("client-disconnected").replacen("34409", "\"34409\"", 1);
    let folder = Folder::with("lines.jsonl.gz", gzip(format!("{}\n{compact}\n", line("test-message"))));
    assert_snapshot!(folder.run(&["validate", "lines.jsonl.gz"]));
    let array = format!("[{},{compact}]", line("test-message"));
    assert_snapshot!(Folder::with("array.json", array).run(&["validate", "array.json"]));
}

#[test]
fn a_folder_is_searched_for_logs() {
    let folder = Folder::with("logs/b.jsonl", lines())
        .and("logs/a/x.json.gz", gzip(documented("domain-blocked")))
        .and("logs/a/empty.ndjson", "")
        .and("logs/readme.txt", "not a log")
        .and("logs/archive.zip", "PK\x03\x04");
    assert_snapshot!(folder.run(&["validate", "logs"]));
}

#[test]
fn files_that_are_left_out_of_a_folder_are_named_with_the_reason() {
    let folder = Folder::with("logs/a.jsonl", lines())
        .and("logs/a.jsonl.expected", "")
        .and("logs/b.jsonl", lines())
        .and("logs/old/c.jsonl", lines())
        .and("ccxlog.toml", "exclude = [\"logs/old/**\"]\n");
    let folder = (1..=5).fold(folder, |folder, number| folder.and(&format!("logs/{number}.txt"), "x"));
    for command in [
        &["validate"][..],
        &["drift"],
        &["coverage"],
        &["find"],
        &["sessions"],
        &["top", "--by", "eventName"],
        &["split", "--accepted", "good.jsonl", "--rejected", "bad.jsonl"],
    ] {
        let shown = folder.run(&[command, &["logs", "--exclude", "**/b.*"]].concat());
        let notes: Vec<_> =
            shown.lines().filter(|line| line.starts_with("note: ") && line.contains(": `")).collect();
        assert_eq!(
            notes,
            [
                "note: 1 excluded by ccxlog.toml: `logs/old/c.jsonl`",
                "note: 1 excluded by `--exclude`: `logs/b.jsonl`",
                "note: 5 other files left out (not .json, .jsonl or .ndjson): `logs/1.txt`, `logs/2.txt`, `logs/3.txt` and 2 more",
            ],
            "{shown}"
        );
    }
    // Whoever names each input knows which ones the config file excludes.
    assert!(!folder.run(&["validate", "logs/a.jsonl", "logs/old/c.jsonl"]).contains(": `logs/old"));
    assert!(!folder.run(&["validate", "logs", "--quiet"]).contains("left out"));
}

#[test]
fn a_named_file_is_read_whatever_its_name() {
    assert_snapshot!(Folder::with("odd.txt", lines()).run(&["validate", "odd.txt"]));
}

#[test]
fn a_pattern_matches_files_or_is_an_error() {
    let folder =
        Folder::with("2025/01/a.jsonl", lines()).and("2025/02/b.jsonl", lines()).and("2024/c.jsonl", "x");
    assert_snapshot!(folder.run(&["validate", "2025/**/*.jsonl"]));
    assert_snapshot!(folder.run(&["validate", "2023/*.jsonl"]));
    assert_snapshot!(folder.run(&["validate", "a**b"]));
}

#[test]
fn an_input_given_twice_is_read_once() {
    let folder = Folder::with("a.jsonl", lines());
    assert_snapshot!(folder.run(&["validate", "a.jsonl", "./a.jsonl", "."]));
}

#[test]
fn a_dash_reads_standard_input() {
    let broken = line("test-message").replacen("\"test\"", "5", 1);
    assert_snapshot!(Folder::new().pipe(&["validate", "-"], broken.as_bytes()));
}

#[test]
fn an_empty_or_a_missing_input_is_an_error() {
    assert_snapshot!(Folder::with("empty.jsonl", "").run(&["validate", "empty.jsonl"]));
    assert_snapshot!(Folder::new().run(&["validate"]));
    assert_snapshot!(Folder::new().run(&["validate", "-"]));
    assert_snapshot!(Folder::with("empty.jsonl.gz", gzip("")).run(&["validate", "empty.jsonl.gz"]));
}

#[cfg(unix)]
#[test]
fn a_fifo_and_a_device_are_read_to_their_end() {
    let folder = Folder::new();
    let made = std::process::Command::new("mkfifo").arg(folder.path("fifo")).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let child = folder
        .command(&["validate", "fifo"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    std::fs::write(folder.path("fifo"), lines()).expect("`ccxlog` reads it");
    let output =
        common::transcript(&["validate", "fifo"], &child.wait_with_output().expect("the binary ends"));
    assert_snapshot!(output);
    assert_snapshot!(folder.pipe(&["validate", "/dev/stdin"], lines().as_bytes()));
}

#[cfg(unix)]
#[test]
fn symbolic_links_that_form_a_loop_are_read_once() {
    let folder = Folder::with("logs/sub/a.jsonl", lines());
    std::os::unix::fs::symlink("..", folder.path("logs/sub/up")).expect("a link");
    std::os::unix::fs::symlink("../nowhere", folder.path("logs/gone.jsonl")).expect("a link");
    assert_snapshot!(folder.run(&["validate", "logs"]));
}
