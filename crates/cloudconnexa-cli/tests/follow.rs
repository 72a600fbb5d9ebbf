//! `ccxlog validate --follow`: what grows, is replaced, appears and fails while it is read, and how it comes to its end.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]
#![cfg(unix)]

mod common;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{Folder, gzip, line, shown};

const BROKEN: &str = "{\"eventName\":\"test-message\"}\n";

/// `ccxlog validate --follow`, with what it says in files.
struct Follower<'a> {
    folder: &'a Folder,
    child: Child,
}

impl<'a> Follower<'a> {
    fn start(folder: &'a Folder, args: &[&str]) -> Self {
        let mut all = vec!["validate", "--follow", "--poll-interval", "5ms"];
        all.extend(args);
        let file = |name: &str| fs::File::create(folder.path(name)).expect("a file");
        let child = folder.command(&all).stdout(file("stdout")).stderr(file("stderr")).spawn();
        let follower = Self { folder, child: child.expect("the binary runs") };
        // Signals are heeded before anything is written beside or read.
        sleep(Duration::from_millis(300));
        follower
    }

    fn stdout(&self) -> String {
        fs::read_to_string(self.folder.path("stdout")).expect("a file")
    }

    fn stderr(&self) -> String {
        fs::read_to_string(self.folder.path("stderr")).expect("a file")
    }

    fn wait_for(&self, what: &str) {
        let since = Instant::now();
        while !(self.stdout() + &self.stderr()).contains(what) {
            let seen = self.stdout() + &self.stderr();
            assert!(since.elapsed() < Duration::from_secs(30), "no {what:?} in {seen}");
            sleep(Duration::from_millis(5));
        }
    }

    /// Asks for the end, and gives all that was said.
    fn end(mut self) -> Output {
        sleep(Duration::from_millis(50));
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("it runs").success());
        let status = self.child.wait().expect("it ends");
        Output { status, stdout: self.stdout().into_bytes(), stderr: self.stderr().into_bytes() }
    }
}

/// All but what was given and the notes.
fn plain(output: &Output) -> String {
    let text = shown(&[], output);
    let lines = text.lines().filter(|line| !line.starts_with("note: "));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// What a run says that reads `content` once, under the same name.
fn once(name: &str, content: impl AsRef<[u8]>, args: &[&str]) -> String {
    let folder = Folder::with(name, content);
    let mut all = vec!["validate"];
    all.extend(args);
    plain(&folder.command(&all).output().expect("the binary runs"))
}

fn append(path: &Path, bytes: impl AsRef<[u8]>) {
    let mut file = fs::File::options().append(true).create(true).open(path).expect("a file");
    file.write_all(bytes.as_ref()).expect("a disk");
}

/// Cut at every byte there is: lines, a document, an array, text that is none, and no end of line behind the last.
#[test]
fn a_file_that_grows_byte_by_byte() {
    let texts: [&[u8]; 4] = [
        b"{\"eventName\":\"a\"}\n{\n \"b\":[1,\n2]}\r\nno \xff\n\n{\"\xc3\xa9\":1}{}\n{\"c\":",
        b"[{},\n{\"eventName\":\"a\"}, 7]\n",
        b"\xef\xbb\xbf{\"eventName\":\"a\"}",
        b"PK\x03\x04 is no text\n",
    ];
    for text in texts {
        let folder = Folder::with("in.jsonl", "");
        let follower = Follower::start(&folder, &["in.jsonl"]);
        for byte in text {
            append(&folder.path("in.jsonl"), [*byte]);
            sleep(Duration::from_millis(8));
        }
        let output = follower.end();
        let (expected, mut told) = (once("in.jsonl", text, &["in.jsonl"]), plain(&output));
        if text.starts_with(b"PK") {
            // That it is no text is told at once, and in the end; no more is read of it.
            let error = "error: cannot validate `in.jsonl`: it is a zip archive; unpack it first\n";
            assert!(expected.contains(&format!("{error}0 events in 1 input: 1 input could not be read")));
            told = told.replacen(error, "", 1).replace("(3 B", "(16 B").replace("(4 B", "(16 B");
        }
        assert_eq!(told, expected);
    }
}

/// Another file takes its place: the rest of the old one is read, and lines are numbered on.
#[test]
fn a_file_that_is_replaced() {
    let (old, half, new) = (format!("{}\n{BROKEN}", line("test-message")), "{\"half\":", BROKEN.repeat(2));
    let folder = Folder::with("in.jsonl", &old);
    let args = ["--format", "concise", "in.jsonl"];
    let follower = Follower::start(&folder, &args);
    follower.wait_for("in.jsonl:2:");
    fs::rename(folder.path("in.jsonl"), folder.path("in.jsonl.1")).expect("a file");
    // Who writes may not know yet.
    append(&folder.path("in.jsonl.1"), half);
    append(&folder.path("in.jsonl"), "");
    sleep(Duration::from_millis(50));
    append(&folder.path("in.jsonl"), &new);
    follower.wait_for("in.jsonl:5:");
    let output = follower.end();
    assert!(String::from_utf8_lossy(&output.stderr).contains("note: `in.jsonl` was replaced"), "{output:?}");
    // The line end between them is in neither.
    let without_bytes = |text: String| text.split(" (").next().unwrap_or_default().to_owned();
    let expected = once("in.jsonl", [&old, half, "\n", &new].concat(), &args);
    assert_eq!(without_bytes(plain(&output)), without_bytes(expected));
    assert_eq!(output.status.code(), Some(1));
}

/// It is written anew in its place, to less than there was, and to as much.
#[test]
fn a_file_that_is_cut_off() {
    let folder = Folder::with("in.jsonl", format!("{BROKEN}{BROKEN}"));
    let args = ["--format", "concise", "in.jsonl"];
    let follower = Follower::start(&folder, &args);
    follower.wait_for("in.jsonl:2:");
    fs::write(folder.path("in.jsonl"), "x\n").expect("a file");
    follower.wait_for("in.jsonl:3:");
    fs::write(folder.path("in.jsonl"), "y\nzz\n").expect("a file");
    follower.wait_for("in.jsonl:5:");
    let output = follower.end();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(stderr.matches("note: `in.jsonl` was cut off or written anew").count(), 2, "{stderr}");
    assert_eq!(plain(&output), once("in.jsonl", format!("{BROKEN}{BROKEN}x\ny\nzz\n"), &args));
}

/// It need not be there at first; what never comes is exit code 2.
#[test]
fn a_file_that_comes_late() {
    let folder = Folder::new();
    let follower = Follower::start(&folder, &["--format", "concise", "late.jsonl", "never.jsonl"]);
    follower.wait_for("cannot read `never.jsonl`");
    fs::write(folder.path("late.jsonl"), BROKEN).expect("a file");
    follower.wait_for("late.jsonl:1:");
    let output = follower.end();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("note: `late.jsonl` can be read now"), "{stderr}");
    assert_eq!(stderr.matches("it is tried again").count(), 2, "{stderr}");
    assert!(stderr.contains("1 input could not be read to the end"), "{stderr}");
}

/// Empty at first. What is new or has changed is read, files once they are whole.
#[test]
fn a_folder_is_followed() {
    for threads in ["1", "3"] {
        let folder = Folder::new();
        fs::create_dir(folder.path("logs")).expect("a folder");
        let args = ["--threads", threads, "--format", "concise", "logs", "more/*.jsonl"];
        let follower = Follower::start(&folder, &args);
        let whole = gzip(BROKEN.repeat(50));
        append(&folder.path("logs/a.jsonl.gz"), &whole[..whole.len() / 2]);
        append(&folder.path("logs/b.jsonl"), BROKEN);
        follower.wait_for("logs/b.jsonl:1:");
        follower.wait_for("logs/a.jsonl.gz` to its end");
        assert!(!follower.stdout().contains("a.jsonl.gz"), "nothing of it is told before it is whole");
        append(&folder.path("logs/a.jsonl.gz"), &whole[whole.len() / 2..]);
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
        // Each line once, but for the file that has changed.
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(stdout.matches("logs/a.jsonl.gz:50:").count(), 8, "{stdout}");
        assert_eq!(stdout.matches("logs/b.jsonl:1:").count(), 16, "{stdout}");
    }
}

/// What never becomes whole is exit code 2, and what could be had of it is told in the end, as by any run.
#[test]
fn a_compressed_file_that_is_never_whole() {
    let folder = Folder::new();
    let whole = gzip(BROKEN.repeat(50));
    let half = &whole[..whole.len() - 6];
    let args = ["--format", "concise", "half.jsonl.gz"];
    fs::write(folder.path("half.jsonl.gz"), half).expect("a file");
    let follower = Follower::start(&folder, &args);
    follower.wait_for("half.jsonl.gz` to its end");
    assert_eq!(plain(&follower.end()), once("half.jsonl.gz", half, &args));
}

/// Asked for in the middle of it, the end leaves all reports whole.
#[test]
fn every_report_is_whole_in_the_end() {
    let folder = Folder::with("in.jsonl", BROKEN);
    let formats = ["json", "sarif", "junit", "gitlab", "github"];
    let formats: Vec<_> = formats.iter().map(|format| format!("--format={format}=out.{format}")).collect();
    let mut args: Vec<_> = formats.iter().map(String::as_str).collect();
    args.extend(["--format=concise", "in.jsonl"]);
    let follower = Follower::start(&folder, &args);
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
    let names = fs::read_dir(folder.path("")).expect("a folder");
    let names: Vec<_> = names.map(|entry| entry.expect("an entry").file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().starts_with(".ccxlog-")), "{names:?}");
}

/// The next run with the same state reads what has come since, and knows when the file is another.
#[test]
fn a_state_goes_on_where_it_was() {
    let folder = Folder::with("in.jsonl", BROKEN.repeat(2)).and("logs/a.jsonl", BROKEN);
    let args = ["--state=x.state", "--format=concise", "in.jsonl", "logs"];
    let run = |marks: &[&str]| {
        let follower = Follower::start(&folder, &args);
        for mark in marks {
            follower.wait_for(mark);
        }
        let output = follower.end();
        (output.status.code(), plain(&output), String::from_utf8_lossy(&output.stderr).into_owned())
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
    // A line is whole when it is whole, whoever has seen half of it.
    append(&folder.path("in.jsonl"), "\":1}\n");
    let (_, text, _) = run(&["in.jsonl:4:"]);
    assert!(text.contains("1 event in 1 input") && !text.contains("in.jsonl:3:"), "{text}");
    fs::write(folder.path("in.jsonl"), "x\n".repeat(500)).expect("a file");
    let (_, text, stderr) = run(&["in.jsonl:500:"]);
    assert!(stderr.contains("`in.jsonl` is another file than when it was read last"), "{stderr}");
    assert!(text.contains("in.jsonl:1:"), "{text}");
}

#[test]
fn what_cannot_be_followed() {
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

/// Days in some seconds: thousands of polls, appends, findings and changed files take no more memory than the first.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow() {
    let folder = Folder::with("in.jsonl", BROKEN);
    fs::create_dir(folder.path("logs")).expect("a folder");
    let args = ["--poll-interval=1ms", "--format=concise", "--max-findings=10"];
    let reports = ["--format=json=out.json", "--format=sarif=out.sarif", "--format=junit=out.xml"];
    let mut all = vec!["--threads=2", "in.jsonl", "logs"];
    all.extend(args.iter().chain(&reports));
    // The last interval that is given counts.
    let file = |name: &str| fs::File::create(folder.path(name)).expect("a file");
    let mut command = folder.command(&["validate", "--follow"]);
    let mut child =
        command.args(&all).stdout(file("stdout")).stderr(file("stderr")).spawn().expect("it runs");
    let resident = || -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    };
    let mut sizes = Vec::new();
    for round in 0..4000_u32 {
        append(&folder.path("in.jsonl"), format!("{BROKEN}{}\n", line("test-message")));
        if round % 10 == 0 {
            // One of a few names, again and again with other content.
            fs::write(
                folder.path(&format!("logs/{}.jsonl", round % 7)),
                BROKEN.repeat(1 + round as usize % 90),
            )
            .expect("a file");
        }
        sleep(Duration::from_millis(1));
        if round % 500 == 499 {
            sizes.push(resident());
        }
    }
    let id = child.id().to_string();
    assert!(
        Command::new("kill").args(["-TERM", &id]).stdin(Stdio::null()).status().expect("it runs").success()
    );
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    let stderr = fs::read_to_string(folder.path("stderr")).expect("a file");
    // All was read: as many are valid as were appended.
    assert!(stderr.contains("4,000 valid"), "{stderr}");
    let (early, late) = (sizes[1], sizes[sizes.len() - 1]);
    assert!(late < early + early / 10, "{sizes:?} KiB");
}
