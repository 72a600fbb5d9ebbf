//! Inputs crafted to exhaust memory or time. They are small, so only superlinear growth is noticeable.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use common::memory::peak_kib;
use common::{Folder, documented};

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
fn many_findings_under_a_long_key_take_bounded_memory() {
    let key = "k".repeat(1 << 20);
    for members in ["\"a\":1,".repeat(1001), "\"a\":1e999,".repeat(1001)] {
        let input = format!("{{\"{key}\":{{{members}\"b\":1}}}}\n");
        let (peak, _, stderr) = validate(input.as_bytes());
        assert!(peak < 64 * MIB, "{peak} KiB");
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
    assert!(peak < 64 * MIB, "{peak} KiB");
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
        assert!(peak < 128 * MIB, "{peak} KiB");
    }
}
