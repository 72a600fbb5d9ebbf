//! Inputs crafted to exhaust memory or time. They are small, so only superlinear growth is noticeable.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]
#![cfg(target_os = "linux")]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use common::memory::{peak_kib, peak_until_end};
use common::{Folder, documented, gzip};

/// Runs `ccxlog validate`, and returns its peak memory in KiB, standard output and standard error.
fn validate(input: &[u8]) -> (u64, String, String) {
    let folder = Folder::with("input.jsonl", input);
    // A second input, the pipe, keeps the process alive until its memory is measured.
    let mut child = folder
        .command(&["validate", "--threads", "1", "input.jsonl", "-"])
        .stdin(Stdio::piped())
        .stdout(fs::File::create(folder.path("stdout")).expect("a file"))
        .stderr(fs::File::create(folder.path("stderr")).expect("a file"))
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    // More than a pipe buffers: once all is written, the file has been read.
    let blank = vec![b'\n'; 1 << 20];
    stdin.write_all(&blank).expect("it keeps reading");
    let peak = peak_kib(&child);
    drop(stdin);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    (peak, folder.text("stdout"), folder.text("stderr"))
}

/// A MiB in KiB.
const MIB: u64 = 1 << 10;

#[test]
fn a_name_of_100_kb_is_shortened_wherever_it_is_shown() {
    let event = documented("test-message");
    let mut input = Vec::new();
    for letter in ["x", "é", "\\u001b"] {
        let line = event.replace("test-message", &letter.repeat(100_000)).replace('\n', "");
        input.extend_from_slice(line.as_bytes());
        input.push(b'\n');
    }
    input.extend_from_slice(b"{}\n");
    let (_, stdout, stderr) = validate(&input);
    assert!(stdout.len() + stderr.len() < 20_000, "{} and {} bytes", stdout.len(), stderr.len());
    assert!(stderr.contains("3 unknown"), "{stderr}");
}

#[test]
fn a_source_of_3_mb_is_shortened_wherever_it_is_shown() {
    let source = format!("start-{}-end.jsonl", "ü".repeat(1_500_000));
    let entry = |more: &str, raw: &str| {
        let position = "\"line\":1,\"column\":1,\"offset\":0,\"findings\":[]";
        format!("{{\"format\":1,\"source\":\"{source}\",{position}{more},\"raw\":{raw:?}}}\n")
    };
    let rejected = entry("", "{\"cloudId\":7}\n") + &entry("", "{") + &entry(",\"part\":2", "{");
    let other_format = format!("{{\"format\":{source:?}}}\n");
    let no_number = entry("", "{").replace("\"line\":1", &format!("\"line\":{source:?}"));
    let folder = Folder::with("bad.jsonl", rejected.clone() + &other_format + &no_number);
    let args = ["replay", "bad.jsonl", "--accepted", "good", "--rejected", "worse", "--max-findings", "100"];
    let output = folder.command(&args).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(1));
    let shown = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(shown.len() < 200_000, "{} bytes", shown.len());
    assert!(
        shown.contains("start-ü") && shown.contains("ü…ü") && shown.contains("ü-end.jsonl:1:"),
        "{shown}"
    );
    // What is written back is complete.
    let written = folder.text("worse");
    assert_eq!(written.matches(&source).count(), 6);
    assert!(folder.bytes("good").is_empty());
}

#[test]
fn many_findings_under_a_long_key_take_bounded_memory() {
    let key = "k".repeat(1 << 20);
    for members in ["\"a\":1,".repeat(1001), "\"a\":1e999,".repeat(1001)] {
        let input = format!("{{\"{key}\":{{{members}\"b\":1}}}}\n");
        let (peak, _, stderr) = validate(input.as_bytes());
        assert!(peak < 32 * MIB, "{peak} KiB");
        assert!(stderr.contains("1 invalid"), "{stderr}");
    }
}

#[test]
fn unknown_fields_with_long_names_take_bounded_memory() {
    let event = documented("test-message").replace('\n', "");
    let mut input = String::new();
    for n in 0..40 {
        input += &event.replacen('{', &format!("{{\"{n}{}\":1,", "k".repeat(1 << 20)), 1);
        input += "\n";
    }
    let (peak, ..) = validate((input + "{}\n").as_bytes());
    assert!(peak < 32 * MIB, "{peak} KiB");
}

/// In quadratic time this test would not end.
#[test]
fn adversarial_inputs_take_linear_time() {
    let zeros = "0,".repeat(500_000);
    for input in [
        "{}".repeat(100_000),
        format!("{{\"x\":[{zeros}{}0]}}", "1e999,".repeat(1000)),
        format!("{{{}{}\"z\":1}}", "\"a\":1,".repeat(200_000), "\"b\":1,\"b\":2,".repeat(1000)),
        "{}\n".repeat(20_000),
    ] {
        let (peak, ..) = validate(input.as_bytes());
        assert!(peak < 32 * MIB, "{peak} KiB");
    }
}

/// Both are gzip files of less than a kilobyte.
#[test]
fn what_a_small_file_expands_to_is_rejected_in_bounded_space() {
    for (name, unit) in [("objects", "{}\n"), ("brackets", "{\n"), ("elements", "[0,0,0,0,0,0,0,0,0,0]\n")] {
        let text = unit.repeat(60_000 / unit.len());
        let input = gzip(&text);
        assert!(input.len() < 1000, "{name}: {} bytes", input.len());
        let folder = Folder::with("a.jsonl.gz", input);
        let args = ["split", "a.jsonl.gz", "--accepted", "good", "--rejected", "bad", "--quiet"];
        assert_eq!(folder.exit_code(&args), Some(1));
        let rejected = folder.text("bad");
        let records = rejected.lines().count();
        // As docs/reliability.md says.
        let bound = 18 * text.len() + records * (600 + "a.jsonl.gz".len());
        assert!(rejected.len() <= bound, "{name}: {} bytes, {records} records", rejected.len());
        assert!(rejected.len() / text.len() < 250, "{name}: {} bytes", rejected.len());
    }
}

/// Long records of the shapes that took the most memory: many small values, repeated keys, unknown fields, nesting, one long
/// text.
fn long_records(length: usize) -> Vec<(&'static str, String)> {
    let fill = |start: &str, unit: &str, end: &str| {
        let count = (length - start.len() - end.len()) / unit.len();
        format!("{{\"eventName\":\"test-message\",{start}{}{end}\n", unit.repeat(count))
    };
    let mut unknown = String::new();
    for number in 0.. {
        if unknown.len() > length {
            break;
        }
        _ = write!(unknown, "\"{number:x}\":1,");
    }
    vec![
        ("numbers", fill("\"x\":[", "1,", "1]}")),
        ("objects", fill("\"x\":[", "{},", "{}]}")),
        ("nested", fill("\"x\":[", &("[".repeat(100) + &"]".repeat(100) + ","), "1]}")),
        ("repeated keys", fill("", "\"\":1,", "\"a\":1}")),
        ("repeated keys within", fill("\"x\":[", "{\"\":1,\"\":1},", "1]}")),
        ("repeated log", fill("", "\"log\":{},", "\"a\":1}")),
        ("text", fill("\"x\":\"", "x", "\"}")),
        ("key", fill("\"", "k", "\":1}")),
        ("unknown fields", format!("{{\"eventName\":\"test-message\",{unknown}\"z\":1}}\n")),
        (
            "unknown fields of log",
            format!("{{\"eventName\":\"test-message\",\"log\":{{{unknown}\"z\":1}}}}\n"),
        ),
    ]
}

/// Runs a command to its end and returns its peak memory in MiB.
fn peak_of(folder: &Folder, args: &[&str]) -> u64 {
    let mut child =
        folder.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let peak = peak_until_end(&mut child);
    assert_eq!(child.wait().expect("it ends").code(), Some(1), "{args:?}");
    peak / MIB
}

/// The bound of docs/reliability.md without the program itself, in MiB, for records of up to `record` MiB.
fn memory_bound(record: u64, threads: u64) -> u64 {
    let at_a_time = if threads == 1 { 1 } else { 2 };
    20 + 4 * threads + 6 * record * at_a_time
}

#[test]
fn a_long_record_of_any_shape_takes_bounded_memory() {
    for (name, record) in long_records(3 << 20) {
        let folder = Folder::with("a.jsonl", &record).and("a.json", format!("[{record},{record}]"));
        for input in ["a.jsonl", "a.json"] {
            let peak = peak_of(&folder, &["validate", "--threads", "1", input]);
            assert!(peak <= memory_bound(3, 1), "{name} in {input}: {peak} MiB");
        }
        let outputs = ["--accepted", "good", "--rejected", "bad", "--threads", "1"];
        let peak = peak_of(&folder, &[&["split", "a.jsonl"], &outputs[..]].concat());
        assert!(peak <= memory_bound(3, 1), "{name} split: {peak} MiB");
    }
}

/// The bound of commands that write what they reject.
fn memory_bound_of_split(record: u64, threads: u64) -> u64 {
    memory_bound(record, threads) + if threads == 1 { 0 } else { 2 * record * threads }
}

#[test]
fn memory_for_long_records_is_bounded_with_any_number_of_threads() {
    let (_, record) = long_records(3 << 20).swap_remove(0);
    let mut folder = Folder::with("a.jsonl", record.repeat(8)).and("a.json", format!("[{record}]"));
    for number in 0..8 {
        folder = folder.and(&format!("in/{number}.jsonl.gz"), gzip(&record));
    }
    for threads in [1, 2, 8] {
        let number = threads.to_string();
        for input in ["a.jsonl", "in"] {
            let peak = peak_of(&folder, &["validate", "--threads", &number, input]);
            assert!(peak <= memory_bound(3, threads), "{threads} threads, {input}: {peak} MiB");
            let outputs = ["--accepted", "good", "--rejected", "bad", "--threads", &number];
            let peak = peak_of(&folder, &[&["split", input], &outputs[..]].concat());
            assert!(
                peak <= memory_bound_of_split(3, threads),
                "split, {threads} threads, {input}: {peak} MiB"
            );
        }
    }
}
