//! Faults around `ccxlog split` and `ccxlog replay`: each output is complete, or as it was before.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]
#![cfg(unix)]

mod common;

use std::fs;
use std::io::Write as _;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{Folder, line};

const SPLIT: [&str; 7] =
    ["split", "in.jsonl", "--accepted", "good.jsonl", "--rejected", "bad.jsonl", "--quiet"];
const SPLIT_STDIN: [&str; 7] =
    ["split", "-", "--accepted", "good.jsonl", "--rejected", "bad.jsonl", "--quiet"];

/// Returns a folder with events to split, and an old file in the place of each output.
fn sample(events: &str) -> Folder {
    let folder = Folder::new().and("good.jsonl", "old").and("bad.jsonl", "old");
    folder.sample("in.jsonl", &["--events", events, "--invalid", "0.05"]);
    folder
}

/// Returns the number of outputs that are being written.
fn temporary_files(folder: &Folder) -> usize {
    folder.names().iter().filter(|name| name.starts_with(".ccxlog-")).count()
}

/// Starts to split a pipe, and writes some events into it.
fn start_split(folder: &Folder) -> Child {
    let mut child = folder
        .command(&SPLIT_STDIN)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let events = format!("{}\nbroken\n", line("test-message")).repeat(1000);
    child.stdin.as_mut().expect("piped").write_all(events.as_bytes()).expect("it reads");
    let since = Instant::now();
    while temporary_files(folder) < 2 {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing is written");
        sleep(Duration::from_millis(5));
    }
    child
}

/// Waits for the end without closing standard input first.
fn wait_with_open_stdin(mut child: Child) -> Output {
    let stdin = child.stdin.take();
    let output = child.wait_with_output().expect("it ends");
    drop(stdin);
    output
}

fn send_signal(child: &Child, signal: &str) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().expect("it runs").success());
}

/// At a hundred points in time. The new accepted file is never in place without the new rejected one.
#[test]
fn a_killed_process_leaves_each_file_old_or_new() {
    let folder = sample("4000");
    let since = Instant::now();
    assert_eq!(folder.command(&SPLIT).stderr(Stdio::null()).status().expect("it runs").code(), Some(1));
    let duration = since.elapsed();
    let new = ["good.jsonl", "bad.jsonl"].map(|name| folder.bytes(name));
    assert!(folder.bytes("in.jsonl").len() > 3_000_000);
    let mut killed = 0;
    for point in 0..100 {
        for name in ["good.jsonl", "bad.jsonl"] {
            fs::write(folder.path(name), "old").expect("a file");
        }
        let mut child = folder.command(&SPLIT).stderr(Stdio::null()).spawn().expect("the binary runs");
        sleep(duration * point / 95);
        child.kill().expect("a child");
        killed += u32::from(child.wait().expect("it ends").code().is_none());
        let now = ["good.jsonl", "bad.jsonl"].map(|name| folder.bytes(name));
        let is_new = [0, 1].map(|index| {
            assert!(now[index] == new[index] || now[index] == b"old", "half a file at {point}");
            now[index] != b"old"
        });
        assert!(!is_new[0] || is_new[1], "accepted without rejected at {point}");
        // SIGKILL leaves temporary files, which nothing reads.
        for name in folder.names().iter().filter(|name| name.starts_with(".ccxlog-")) {
            fs::remove_file(folder.path(name)).expect("a file");
        }
    }
    assert!(killed > 20, "{killed}");
    // The next run succeeds.
    assert_eq!(folder.command(&SPLIT).stderr(Stdio::null()).status().expect("it runs").code(), Some(1));
    assert_eq!(folder.bytes("good.jsonl"), new[0]);
}

#[test]
fn a_signal_stops_a_split_and_leaves_no_partial_file() {
    for (signal, name, code) in [("-INT", "SIGINT", 130), ("-TERM", "SIGTERM", 143)] {
        let folder = Folder::new().and("bad.jsonl", "old");
        let child = start_split(&folder);
        send_signal(&child, signal);
        // It does not wait for the end of its input.
        let output = wait_with_open_stdin(child);
        assert_eq!(output.status.code(), Some(code));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            stderr.ends_with(&format!("error: stopped by {name}; nothing was put into place\n")),
            "{stderr}"
        );
        assert_eq!(folder.names(), ["bad.jsonl"]);
        assert_eq!(folder.bytes("bad.jsonl"), b"old");
    }
}

#[test]
fn a_signal_stops_a_validation_and_leaves_no_partial_report() {
    let reports = ["--format", "sarif=findings.sarif", "--format", "json=findings.json"];
    for (signal, name, code) in [("-INT", "SIGINT", 130), ("-TERM", "SIGTERM", 143)] {
        for (formats, state) in [(&reports[..], "nothing was put into place"), (&[], "not all was read")] {
            let folder = Folder::new().and("findings.sarif", "old");
            let mut child = folder
                .command(&[&["validate", "-"], formats].concat())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the binary runs");
            // More than a pipe buffers: once all is written, `ccxlog` has started to read.
            let events = "broken\n".repeat(1 << 15);
            child.stdin.as_mut().expect("piped").write_all(events.as_bytes()).expect("it reads");
            assert_eq!(temporary_files(&folder), formats.len() / 2);
            send_signal(&child, signal);
            let output = wait_with_open_stdin(child);
            assert_eq!(output.status.code(), Some(code));
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(stderr.ends_with(&format!("error: stopped by {name}; {state}\n")), "{stderr}");
            assert_eq!(folder.names(), ["findings.sarif"]);
            assert_eq!(folder.bytes("findings.sarif"), b"old");
        }
    }
}

/// `ulimit -f` simulates a disk with any number of free blocks.
#[test]
fn a_full_disk_leaves_existing_files_unchanged() {
    let folder = sample("40");
    let split = |blocks: usize| {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_ccxlog")]).args(SPLIT).current_dir(folder.path(""));
        command.stdin(Stdio::null()).output().expect("the shell runs")
    };
    let mut failed = 0;
    for blocks in 0..200 {
        let output = split(blocks);
        if output.status.code() == Some(1) {
            break;
        }
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            stderr.contains("cannot write to `") && stderr.contains("nothing was put into place"),
            "{stderr}"
        );
        assert_eq!(folder.names(), ["bad.jsonl", "good.jsonl", "in.jsonl"]);
        assert_eq!(
            (folder.bytes("good.jsonl"), folder.bytes("bad.jsonl")),
            (b"old".to_vec(), b"old".to_vec())
        );
        failed += 1;
    }
    assert!(failed > 20, "{failed}");
    assert_ne!(folder.bytes("good.jsonl"), b"old");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_error_and_leaves_the_other_file_unchanged() {
    let folder = sample("40");
    for (accepted, rejected) in [("/dev/full", "bad.jsonl"), ("good.jsonl", "/dev/full")] {
        let args = ["split", "in.jsonl", "--accepted", accepted, "--rejected", rejected, "--quiet"];
        let output = folder.command(&args).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("cannot write to `/dev/full`: No space left on device"), "{stderr}");
        assert_eq!(
            (folder.bytes("good.jsonl"), folder.bytes("bad.jsonl")),
            (b"old".to_vec(), b"old".to_vec())
        );
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    let args = ["split", "in.jsonl", "--accepted", "-", "--rejected", "bad.jsonl", "--quiet"];
    let output = folder.command(&args).stdout(full).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output"));
    assert_eq!(folder.bytes("bad.jsonl"), b"old");
}

/// A rejected file without the accepted records would be misleading, so the old one stays.
#[test]
fn a_closed_stdout_fails_the_split() {
    let folder = sample("4000");
    let args = ["split", "in.jsonl", "--accepted", "-", "--rejected", "bad.jsonl", "--quiet"];
    let mut child =
        folder.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(folder.bytes("bad.jsonl"), b"old");
}

/// The error says which file is in place. The inputs are still there.
#[test]
fn a_failed_second_rename_is_reported() {
    let folder = Folder::new();
    let child = start_split(&folder);
    fs::create_dir(folder.path("good.jsonl")).expect("a folder");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&output.stderr);
    let state = "it is as before, but `bad.jsonl` is in place; run it again";
    assert!(stderr.contains("cannot put `good.jsonl` into place") && stderr.contains(state), "{stderr}");
    assert_eq!(folder.names(), ["bad.jsonl", "good.jsonl"]);

    // A replay whose input is also its rejected file puts the accepted file into place first.
    let rejected = folder.bytes("bad.jsonl");
    let replay = ["replay", "bad.jsonl", "--accepted", "good.jsonl/x/y", "--rejected", "bad.jsonl"];
    assert_eq!(folder.exit_code(&replay), Some(2));
    assert_eq!(folder.bytes("bad.jsonl"), rejected);
}

#[test]
fn the_source_named_in_a_rejected_file_is_never_opened() {
    let folder = Folder::new();
    let entry = "{\"format\":1,\"source\":\"../../escape.jsonl\",\"line\":1,\"column\":1,\"offset\":0,\"raw\":\"x\\n\"}\n";
    let folder = folder.and("deep/er/bad.jsonl", entry);
    let args = ["replay", "deep/er/bad.jsonl", "--accepted", "good", "--rejected", "bad", "--quiet"];
    assert_eq!(folder.exit_code(&args), Some(1));
    assert_eq!(folder.names(), ["bad", "deep", "good"]);
    assert!(String::from_utf8_lossy(&folder.bytes("bad")).contains("\"source\":\"../../escape.jsonl\""));
}
