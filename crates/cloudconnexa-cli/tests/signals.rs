//! What a signal leaves of commands that write files, and what is said about it.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]
#![cfg(unix)]

mod common;

use std::io::{Read as _, Write as _};
use std::process::ChildStdin;
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use common::{Folder, line, send_signal};

/// More than a pipe buffers: once all is written, the process has begun to read.
const LINES: usize = 1 << 10;

/// Runs a command that reads standard input, sends SIGTERM while it reads, and returns its exit code, whether it wrote to
/// standard output, and the last line of standard error.
fn stopped(folder: &Folder, args: &[&str], input: &str) -> (Option<i32>, bool, String) {
    let mut child = folder.start(args);
    let mut stdin = child.stdin.take().expect("piped");
    // Nobody reads standard output until the end, so what is written to it has to fit into the pipe.
    stdin.write_all(input.as_bytes()).expect("it reads");
    stdin.flush().expect("it reads");
    send_signal(&child, "-TERM");
    let output = child.wait_with_output().expect("it ends");
    drop(stdin);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let last = stderr.lines().last().unwrap_or_default().to_owned();
    (output.status.code(), !output.stdout.is_empty(), last)
}

#[test]
fn a_signal_leaves_each_output_as_it_was_and_no_temporary_file() {
    let commands: &[&[&str]] = &[
        &["validate", "-", "--format", "json=out"],
        &["coverage", "-", "--format", "json=out"],
        &["drift", "-", "--write-profile", "out"],
        &["sessions", "-", "--output", "out"],
        &["find", "-", "--output", "out"],
        &["top", "-", "--by", "eventName", "--output", "out"],
    ];
    let input = format!("{}\n", line("test-message")).repeat(LINES);
    for args in commands {
        let folder = Folder::new().and("out", "old");
        let (code, _, last) = stopped(&folder, args, &input);
        assert_eq!(code, Some(143), "{args:?}: {last}");
        assert!(last.starts_with("error: stopped by SIGTERM; "), "{args:?}: {last}");
        assert!(
            last.ends_with("nothing was put into place") || last.ends_with("nothing was written"),
            "{last}"
        );
        assert_eq!(folder.names(), ["out"], "{args:?}");
        assert_eq!(folder.text("out"), "old", "{args:?}");
    }
}

/// Writes to standard input until nobody reads it any more.
fn feed(mut stdin: ChildStdin) -> JoinHandle<()> {
    let input = format!("{}\n", line("test-message")).repeat(LINES);
    let since = Instant::now();
    spawn(
        move || {
            while stdin.write_all(input.as_bytes()).is_ok() && since.elapsed() < Duration::from_secs(30) {}
        },
    )
}

#[test]
fn a_signal_after_lines_were_printed_calls_standard_output_incomplete() {
    let folder = Folder::new();
    let mut child = folder.start(&["find", "-"]);
    let mut stdout = child.stdout.take().expect("piped");
    let writer = feed(child.stdin.take().expect("piped"));
    let mut first = [0];
    stdout.read_exact(&mut first).expect("an event is printed");
    send_signal(&child, "-TERM");
    sleep(Duration::from_millis(10));
    drop(stdout);
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic");
    assert_eq!(output.status.code(), Some(143));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: stopped by SIGTERM; not all was read, and what was written to standard output is incomplete\n"
    );
}

#[test]
fn a_signal_after_lines_were_written_to_a_file_leaves_none_of_them() {
    let folder = Folder::new();
    let mut child = folder.start(&["find", "-", "--output", "out"]);
    let writer = feed(child.stdin.take().expect("piped"));
    let is_written =
        || folder.names().iter().any(|name| folder.path(name).metadata().is_ok_and(|data| data.len() > 0));
    let since = Instant::now();
    while !is_written() && since.elapsed() < Duration::from_secs(30) {
        sleep(Duration::from_millis(5));
    }
    send_signal(&child, "-TERM");
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic");
    assert_eq!(output.status.code(), Some(143));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: stopped by SIGTERM; nothing was put into place\n"
    );
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}
