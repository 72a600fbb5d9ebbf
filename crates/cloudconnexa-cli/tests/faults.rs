//! Faults while files are written: each output is complete, or as it was before, and nothing else is touched.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]
#![cfg(unix)]

mod common;

use std::fs;
use std::io::Write as _;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{Folder, line, send_signal};

const SPLIT: [&str; 7] =
    ["split", "in.jsonl", "--accepted", "good.jsonl", "--rejected", "bad.jsonl", "--quiet"];
const SPLIT_STDIN: [&str; 7] =
    ["split", "-", "--accepted", "good.jsonl", "--rejected", "bad.jsonl", "--quiet"];

/// A command that replaces files.
struct Job {
    args: &'static [&'static str],
    /// In the order in which they are put into place.
    outputs: &'static [&'static str],
    /// All of them are put into place, or none.
    is_atomic: bool,
}

const JOBS: [Job; 7] = [
    Job { args: &SPLIT, outputs: &["bad.jsonl", "good.jsonl"], is_atomic: true },
    // Everything that was rejected is accepted now, so what replaces its input is empty.
    Job {
        args: &[
            "replay",
            "rejected.jsonl",
            "--accepted",
            "good.jsonl",
            "--rejected",
            "rejected.jsonl",
            "--quiet",
            "--warn",
            "missing-field,wrong-type,wrong-format,wrong-value,out-of-range,syntax,duplicate-field",
        ],
        outputs: &["good.jsonl", "rejected.jsonl"],
        is_atomic: true,
    },
    Job {
        args: &["sessions", "in.jsonl", "--output", "sessions.csv", "--quiet"],
        outputs: &["sessions.csv"],
        is_atomic: true,
    },
    Job {
        args: &["find", "in.jsonl", "--output", "found.jsonl", "--quiet"],
        outputs: &["found.jsonl"],
        is_atomic: true,
    },
    Job {
        args: &["top", "in.jsonl", "--by", "traceId", "--output", "top.csv", "--quiet"],
        outputs: &["top.csv"],
        is_atomic: true,
    },
    Job {
        args: &[
            "validate",
            "in.jsonl",
            "--quiet",
            "--format=sarif=findings.sarif",
            "--format=json=findings.json",
        ],
        outputs: &["findings.sarif", "findings.json"],
        is_atomic: false,
    },
    Job {
        args: &["drift", "in.jsonl", "--quiet", "--write-profile=profile.json", "--output=drift.txt"],
        outputs: &["profile.json", "drift.txt"],
        is_atomic: false,
    },
];

impl Job {
    /// Returns a folder with its inputs, and an older file in the place of each output.
    fn folder(&self, events: &str) -> Folder {
        let mut folder = sample(events);
        let args =
            ["split", "in.jsonl", "--accepted", "valid.jsonl", "--rejected", "rejected.jsonl", "--quiet"];
        assert_eq!(folder.exit_code(&args), Some(1));
        for name in self.outputs {
            if !folder.path(name).exists() {
                folder = folder.and(name, "old");
            }
        }
        folder
    }

    fn command(&self, folder: &Folder) -> Command {
        let mut command = folder.command(self.args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn contents(&self, folder: &Folder) -> Vec<Vec<u8>> {
        self.outputs.iter().map(|name| folder.bytes(name)).collect()
    }

    /// Runs it undisturbed, and returns the outputs before and after.
    fn run(&self, folder: &Folder) -> [Vec<Vec<u8>>; 2] {
        let before = self.contents(folder);
        let status = self.command(folder).status().expect("it runs");
        assert!(status.code().is_some_and(|code| code < 2), "{:?}: {status}", self.args);
        let after = self.contents(folder);
        assert!(before.iter().zip(&after).all(|(before, after)| before != after), "{:?}", self.args);
        self.restore(folder, &before);
        [before, after]
    }

    fn restore(&self, folder: &Folder, before: &[Vec<u8>]) {
        for (name, bytes) in self.outputs.iter().zip(before) {
            fs::write(folder.path(name), bytes).expect("a file");
        }
    }

    /// Returns for each output whether it is new, and asserts that it is as before otherwise.
    #[track_caller]
    fn are_new(&self, folder: &Folder, [before, after]: &[Vec<Vec<u8>>; 2], point: &str) -> Vec<bool> {
        let states = self.outputs.iter().zip(self.contents(folder)).enumerate();
        let is_new = |(index, (name, now)): (usize, (&&str, Vec<u8>))| {
            let is_new = now == after[index];
            assert!(is_new || now == before[index], "{:?} leaves a part of {name} {point}", self.args);
            is_new
        };
        states.map(is_new).collect()
    }
}

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
    wait_for_outputs(folder);
    child
}

/// Waits until both outputs are being written.
fn wait_for_outputs(folder: &Folder) {
    let since = Instant::now();
    while temporary_files(folder) < 2 {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing is written");
        sleep(Duration::from_millis(5));
    }
}

/// Waits for the end without closing standard input first.
fn wait_with_open_stdin(mut child: Child) -> Output {
    let stdin = child.stdin.take();
    let output = child.wait_with_output().expect("it ends");
    drop(stdin);
    output
}

/// At many points in time. No output is new before those that are put into place earlier: a replay never leaves its own input
/// empty while what was in it is nowhere else.
#[test]
fn a_killed_process_leaves_each_file_old_or_new() {
    for job in JOBS {
        let folder = job.folder("2000");
        let since = Instant::now();
        let states = job.run(&folder);
        let duration = since.elapsed();
        let mut killed = 0;
        for point in 0..50 {
            job.restore(&folder, &states[0]);
            let mut child = job.command(&folder).spawn().expect("the binary runs");
            sleep(duration * point / 45);
            child.kill().expect("a child");
            killed += u32::from(child.wait().expect("it ends").code().is_none());
            let are_new = job.are_new(&folder, &states, &format!("at {point}"));
            assert!(
                are_new.is_sorted_by(|first, later| first >= later),
                "{:?}: {are_new:?} at {point}",
                job.args
            );
            // SIGKILL leaves temporary files, which nothing reads.
            for name in folder.names().iter().filter(|name| name.starts_with(".ccxlog-")) {
                fs::remove_file(folder.path(name)).expect("a file");
            }
        }
        assert!(killed > 10, "{:?}: {killed}", job.args);
        // The next run succeeds.
        job.restore(&folder, &states[0]);
        assert_eq!(job.run(&folder), states);
    }
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
        for (formats, state) in
            [(&reports[..], "nothing was put into place"), (&[], "not all was read, and nothing was written")]
        {
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
    for job in JOBS {
        let folder = job.folder("40");
        let (states, names) = (job.run(&folder), folder.names());
        let mut failed = 0;
        for blocks in 0..1000 {
            let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
            let mut command = folder.program("sh");
            command.args(["-c", &script, env!("CARGO_BIN_EXE_ccxlog")]).args(job.args);
            let output = command.output().expect("the shell runs");
            let are_new = job.are_new(&folder, &states, &format!("with {blocks} blocks"));
            assert_eq!(folder.names(), names, "{:?} with {blocks} blocks", job.args);
            if output.status.code() != Some(2) {
                assert!(are_new.iter().all(|is_new| *is_new), "{output:?}");
                break;
            }
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(stderr.contains("cannot write ") && stderr.contains("File too large"), "{stderr}");
            assert!(are_new.contains(&false), "{stderr}");
            if job.is_atomic {
                assert!(!are_new.contains(&true), "{stderr}");
            }
            job.restore(&folder, &states[0]);
            failed += 1;
        }
        assert!((1..1000).contains(&failed), "{:?}: {failed}", job.args);
    }
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

/// Whoever reads it has seen enough, so nothing is said. That a disk is full is.
#[test]
fn a_closed_stdout_ends_a_search_without_a_message() {
    let folder = sample("4000");
    for args in [&["find", "in.jsonl", "--quiet"][..], &["top", "in.jsonl", "--by=traceId", "--quiet"]] {
        let run = |stdout: Stdio| {
            let mut command = folder.command(args);
            let mut child = command.stdout(stdout).stderr(Stdio::piped()).spawn().expect("it runs");
            drop(child.stdout.take());
            let output = child.wait_with_output().expect("it ends");
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            String::from_utf8(output.stderr).expect("UTF-8")
        };
        assert_eq!(run(Stdio::piped()), "", "{args:?}");
        if cfg!(target_os = "linux") {
            let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
            let message = run(full.into());
            assert!(
                message.contains("cannot write to standard output: No space left"),
                "{args:?}: {message}"
            );
        }
    }
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
}

/// Its own rejected file stays as it is, as what was accepted of that is nowhere else.
#[test]
fn a_replay_that_cannot_write_the_accepted_records_keeps_the_rejected_ones() {
    let [_, replay, ..] = JOBS;
    let folder = replay.folder("40");
    fs::remove_file(folder.path("good.jsonl")).expect("a file");
    let rejected = folder.bytes("rejected.jsonl");
    let args = replay.args.iter().enumerate().map(|(index, arg)| if index == 1 { "-" } else { arg });
    let mut child = folder
        .command(&args.collect::<Vec<_>>())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child.stdin.as_mut().expect("piped").write_all(&rejected).expect("it reads");
    wait_for_outputs(&folder);
    fs::create_dir(folder.path("good.jsonl")).expect("a folder");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("cannot put `good.jsonl` into place"), "{stderr}");
    assert!(stderr.contains("nothing was put into place"), "{stderr}");
    assert_eq!(folder.bytes("rejected.jsonl"), rejected);
    assert_eq!(temporary_files(&folder), 0);
}

/// Not in the current folder, nor in those for temporary files and of the user, which don't exist here.
#[test]
fn only_the_named_files_are_written() {
    for job in JOBS {
        let folder = job.folder("40");
        let elsewhere = folder.path("elsewhere");
        let files = || folder.names().into_iter().map(|name| (folder.bytes(&name), name)).collect::<Vec<_>>();
        let before = files();
        let mut command = job.command(&folder);
        for name in ["TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
            command.env(name, &elsewhere);
        }
        let status = command.status().expect("it runs");
        assert!(status.code().is_some_and(|code| code < 2), "{:?}: {status}", job.args);
        let after = files();
        assert_eq!(before.len(), after.len(), "{:?}", job.args);
        let changed = before.into_iter().zip(after).filter(|(before, after)| before != after);
        let mut changed: Vec<_> = changed.map(|(_, (_, name))| name).collect();
        changed.sort_by_key(|name| job.outputs.iter().position(|output| output == name));
        assert_eq!(changed, job.outputs, "{:?}", job.args);
    }
}

/// Whether it is missing, a file or a folder.
#[test]
fn the_source_named_in_a_rejected_file_is_never_opened() {
    let entry = "{\"format\":1,\"source\":\"../../escape.jsonl\",\"line\":1,\"column\":1,\"offset\":0,\"raw\":\"x\\n\"}\n";
    let args = ["replay", "deep/er/bad.jsonl", "--accepted", "good", "--rejected", "bad", "--quiet"];
    let replay = |folder: Folder| {
        let folder = folder.and("deep/er/bad.jsonl", entry);
        assert_eq!(folder.exit_code(&args), Some(1));
        assert_eq!(
            (folder.text("good"), folder.text("bad").contains("\"source\":\"../../escape.jsonl\"")),
            (String::new(), true)
        );
        folder
    };
    assert_eq!(replay(Folder::new()).names(), ["bad", "deep", "good"]);
    let folder = replay(Folder::with("escape.jsonl", "old"));
    assert_eq!(folder.text("escape.jsonl"), "old");
    let folder = replay(Folder::with("escape.jsonl/x", "old"));
    assert_eq!(folder.text("escape.jsonl/x"), "old");
}
