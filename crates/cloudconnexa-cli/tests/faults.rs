//! What breaks around `ccxlog split` and `ccxlog replay`: outputs are there whole, or what was there before.

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
const PIPE: [&str; 7] = ["split", "-", "--accepted", "good.jsonl", "--rejected", "bad.jsonl", "--quiet"];

fn sample(events: &str) -> Folder {
    let folder = Folder::new().and("good.jsonl", "old").and("bad.jsonl", "old");
    let args = ["sample", "--events", events, "--invalid", "0.05", "-o", "in.jsonl"];
    assert!(folder.command(&args).output().expect("it runs").status.success());
    folder
}

fn read(folder: &Folder, name: &str) -> Vec<u8> {
    fs::read(folder.path(name)).expect("a file")
}

/// Names of all files, sorted.
fn names(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path("")).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

/// Starts a split of what comes through a pipe, of which some came already.
fn begun(folder: &Folder) -> Child {
    let mut child = folder
        .command(&PIPE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let events = format!("{}\nbroken\n", line("test-message")).repeat(1000);
    child.stdin.as_mut().expect("piped").write_all(events.as_bytes()).expect("it reads");
    let since = Instant::now();
    while names(folder).iter().filter(|name| name.starts_with(".ccxlog-")).count() < 2 {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing is written");
        sleep(Duration::from_millis(5));
    }
    child
}

fn ended(mut child: Child) -> Output {
    drop(child.stdin.take());
    child.wait_with_output().expect("it ends")
}

/// Whenever the process is killed, each file is the old one or the new one as a whole; and never is what was accepted in
/// place before what was rejected.
#[test]
fn killed_at_a_hundred_points() {
    let folder = sample("4000");
    let since = Instant::now();
    assert_eq!(folder.command(&SPLIT).stderr(Stdio::null()).status().expect("it runs").code(), Some(1));
    let whole = since.elapsed();
    let new = ["good.jsonl", "bad.jsonl"].map(|name| read(&folder, name));
    assert!(read(&folder, "in.jsonl").len() > 3_000_000);
    let mut killed = 0;
    for point in 0..100 {
        for name in ["good.jsonl", "bad.jsonl"] {
            fs::write(folder.path(name), "old").expect("a file");
        }
        let mut child = folder.command(&SPLIT).stderr(Stdio::null()).spawn().expect("the binary runs");
        sleep(whole * point / 95);
        child.kill().expect("it can be");
        killed += u32::from(child.wait().expect("it ends").code().is_none());
        let now = ["good.jsonl", "bad.jsonl"].map(|name| read(&folder, name));
        let is_new = [0, 1].map(|which| {
            assert!(now[which] == new[which] || now[which] == b"old", "half a file at {point}");
            now[which] != b"old"
        });
        assert!(!is_new[0] || is_new[1], "accepted without rejected at {point}");
        // A kill leaves what was written beside; nobody reads it.
        for name in names(&folder).iter().filter(|name| name.starts_with(".ccxlog-")) {
            fs::remove_file(folder.path(name)).expect("a file");
        }
    }
    assert!(killed > 20, "{killed}");
    // And the next run is none the worse.
    assert_eq!(folder.command(&SPLIT).stderr(Stdio::null()).status().expect("it runs").code(), Some(1));
    assert_eq!(read(&folder, "good.jsonl"), new[0]);
}

#[test]
fn told_to_stop() {
    for (signal, name, code) in [("-INT", "SIGINT", 130), ("-TERM", "SIGTERM", 143)] {
        let folder = Folder::new().and("bad.jsonl", "old");
        let child = begun(&folder);
        let id = child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("it runs").success());
        // It does not wait for the end of its input.
        let output = child.wait_with_output_of_open_input();
        assert_eq!(output.status.code(), Some(code));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            stderr.ends_with(&format!("error: stopped by {name}; nothing was put into place\n")),
            "{stderr}"
        );
        assert_eq!(names(&folder), ["bad.jsonl"]);
        assert_eq!(read(&folder, "bad.jsonl"), b"old");
    }
}

/// A validation as well: reports are there whole, or not at all.
#[test]
fn a_validation_that_is_told_to_stop() {
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
            // More than a pipe holds: when all is written, it reads.
            let events = "broken\n".repeat(1 << 18);
            child.stdin.as_mut().expect("piped").write_all(events.as_bytes()).expect("it reads");
            let beside = || names(&folder).iter().filter(|name| name.starts_with(".ccxlog-")).count();
            assert_eq!(beside(), formats.len() / 2);
            let id = child.id().to_string();
            assert!(Command::new("kill").args([signal, &id]).status().expect("it runs").success());
            let output = child.wait_with_output_of_open_input();
            assert_eq!(output.status.code(), Some(code));
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(stderr.ends_with(&format!("error: stopped by {name}; {state}\n")), "{stderr}");
            assert_eq!(names(&folder), ["findings.sarif"]);
            assert_eq!(read(&folder, "findings.sarif"), b"old");
        }
    }
}

trait Open {
    /// Waits for the end without closing the input first.
    fn wait_with_output_of_open_input(self) -> Output;
}

impl Open for Child {
    fn wait_with_output_of_open_input(mut self) -> Output {
        let stdin = self.stdin.take();
        let output = self.wait_with_output().expect("it ends");
        drop(stdin);
        output
    }
}

/// The limit of the system for the size of a file stands for a disk with so much room left.
#[test]
fn a_disk_with_any_room() {
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
        assert_eq!(names(&folder), ["bad.jsonl", "good.jsonl", "in.jsonl"]);
        assert_eq!(
            (read(&folder, "good.jsonl"), read(&folder, "bad.jsonl")),
            (b"old".to_vec(), b"old".to_vec())
        );
        failed += 1;
    }
    assert!(failed > 20, "{failed}");
    assert_ne!(read(&folder, "good.jsonl"), b"old");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device() {
    let folder = sample("40");
    for (accepted, rejected) in [("/dev/full", "bad.jsonl"), ("good.jsonl", "/dev/full")] {
        let args = ["split", "in.jsonl", "--accepted", accepted, "--rejected", rejected, "--quiet"];
        let output = folder.command(&args).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("cannot write to `/dev/full`: No space left on device"), "{stderr}");
        assert_eq!(
            (read(&folder, "good.jsonl"), read(&folder, "bad.jsonl")),
            (b"old".to_vec(), b"old".to_vec())
        );
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    let args = ["split", "in.jsonl", "--accepted", "-", "--rejected", "bad.jsonl", "--quiet"];
    let output = folder.command(&args).stdout(full).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output"));
    assert_eq!(read(&folder, "bad.jsonl"), b"old");
}

/// What is read of standard output is not all: the rejected file would tell of records that nobody has.
#[test]
fn a_reader_that_goes_away() {
    let folder = sample("4000");
    let args = ["split", "in.jsonl", "--accepted", "-", "--rejected", "bad.jsonl", "--quiet"];
    let mut child =
        folder.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(read(&folder, "bad.jsonl"), b"old");
}

/// Of two files the second can fail where the first did not: that is told, and the inputs are still there.
#[test]
fn the_second_file_cannot_be_put_into_place() {
    let folder = Folder::new();
    let child = begun(&folder);
    fs::create_dir(folder.path("good.jsonl")).expect("a folder");
    let output = ended(child);
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&output.stderr);
    let told = "it is as before, but `bad.jsonl` is in place; run it again";
    assert!(stderr.contains("cannot put `good.jsonl` into place") && stderr.contains(told), "{stderr}");
    assert_eq!(names(&folder), ["bad.jsonl", "good.jsonl"]);

    // A replay into its own input goes the other way round: what was accepted is in place before it is gone from there.
    let rejected = read(&folder, "bad.jsonl");
    let replay = ["replay", "bad.jsonl", "--accepted", "good.jsonl/x/y", "--rejected", "bad.jsonl"];
    assert_eq!(folder.command(&replay).output().expect("it runs").status.code(), Some(2));
    assert_eq!(read(&folder, "bad.jsonl"), rejected);
}

/// A name in a rejected file is told, and leads nowhere.
#[test]
fn a_source_is_told_and_never_opened() {
    let folder = Folder::new();
    let entry = "{\"format\":1,\"source\":\"../../escape.jsonl\",\"line\":1,\"column\":1,\"offset\":0,\"raw\":\"x\\n\"}\n";
    let folder = folder.and("deep/er/bad.jsonl", entry);
    let args = ["replay", "deep/er/bad.jsonl", "--accepted", "good", "--rejected", "bad", "--quiet"];
    assert_eq!(folder.command(&args).output().expect("it runs").status.code(), Some(1));
    assert_eq!(names(&folder), ["bad", "deep", "good"]);
    assert!(String::from_utf8_lossy(&read(&folder, "bad")).contains("\"source\":\"../../escape.jsonl\""));
}
