//! Any number of threads: the same output, byte for byte, in bounded memory.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;

use common::{Folder, documented, gzip, line};

/// Runs with 1, 2 and 7 threads, and returns the transcript, which has to be the same.
fn run_in_threads(folder: &Folder, args: &[&str]) -> String {
    let run = |threads: &str| {
        let mut all = vec!["validate", "--threads", threads];
        all.extend(args);
        folder.run(&all).replacen(&format!("--threads {threads} "), "", 1)
    };
    let single = run("1");
    for threads in ["2", "7"] {
        let shown = run(threads);
        assert!(shown == single, "{threads} threads: {shown}\ninstead of: {single}");
    }
    single
}

#[test]
fn findings_in_one_big_file_do_not_depend_on_threads() {
    let folder = Folder::new();
    let invalid = ["--events", "3000", "--invalid", "0.03", "--unknown-field"];
    folder.sample("lines.jsonl", &invalid);
    folder.sample("lines.jsonl.gz", &invalid);
    let shown = run_in_threads(&folder, &["lines.jsonl"]);
    assert!(shown.contains("3,000 events in 1 input"), "{shown}");
    assert_eq!(shown.replace("lines.jsonl", "lines.jsonl.gz"), run_in_threads(&folder, &["lines.jsonl.gz"]));
    for limit in ["0", "1", "100000"] {
        run_in_threads(&folder, &["--max-findings", limit, "lines.jsonl"]);
    }
    run_in_threads(&folder, &["--max-record-bytes", "1000", "lines.jsonl"]);
    for format in ["pretty", "array"] {
        folder.sample("other.json", &["--format", format, "--events", "1500", "--invalid", "0.03"]);
        assert!(run_in_threads(&folder, &["other.json"]).contains("1,500 events in 1 input"));
    }
}

/// Positions after the first block are relative to the file.
#[test]
fn positions_are_exact_in_every_block() {
    let folder = Folder::new();
    folder.sample("a.jsonl", &["--events", "1500"]);
    let mut text = String::from_utf8(folder.bytes("a.jsonl")).expect("UTF-8");
    text.push_str("  {\"eventName\": 7}\n\n{\"ü\": x}\n");
    fs::write(folder.path("a.jsonl"), text).expect("a file");
    let shown = run_in_threads(&folder, &["a.jsonl"]);
    assert!(shown.contains("--> a.jsonl:1501:17\n"), "{shown}");
    assert!(shown.contains("--> a.jsonl:1503:7\n"), "{shown}");
}

#[test]
fn output_does_not_depend_on_threads_for_any_kind_of_input() {
    let mut folder = Folder::new();
    for number in 0..60 {
        let content = match number % 6 {
            0 => line("test-message") + "\n{\"eventName\":\"made-up-" + &number.to_string() + "\"}\n",
            1 => documented("client-disconnected").replace("34409", "-1"),
            2 => format!("[{},\n]", line("domain-blocked")),
            3 => "not json at all\n".repeat(20_000),
            4 => String::new(),
            _ => format!("\u{feff}{{\"a\":\"{}\"}}\r\n{{}}\r\n", "x".repeat(700_000)),
        };
        folder = folder.and(&format!("in/{number:02}.json"), content);
    }
    let complete = gzip((line("test-message") + "\n").repeat(3) + &line("domain-blocked"));
    let damaged = [&complete[..complete.len() - 8], &[0; 8], &complete].concat();
    folder = folder
        .and("in/a.jsonl.gz", &complete[..complete.len() - 40])
        .and("in/b.jsonl.gz", damaged)
        .and("in/c.jsonl.gz", [&complete[..], b"garbage"].concat())
        .and("in/d.json", b"PK\x03\x04");
    folder.sample("in/z.jsonl", &["--events", "2000", "--invalid", "0.01"]);
    let shown = run_in_threads(&folder, &["--max-findings", "9", "in", "missing.json", "in/a.jsonl.gz"]);
    assert!(shown.contains("exit code: 2"), "{shown}");
    assert!(shown.contains("breaks off within the event at in/a.jsonl.gz:"), "{shown}");
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded_for_an_endless_pipe() {
    use std::io::Write as _;
    use std::process::Stdio;

    use common::memory::peak_kib;

    let folder = Folder::new();
    folder.sample("a.jsonl", &["--events", "500", "--invalid", "1"]);
    let block = folder.bytes("a.jsonl");
    let mut child = folder
        .command(&["validate", "--threads", "4"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    let mut peak = |times: usize| {
        for _ in 0..times {
            stdin.write_all(&block).expect("it keeps reading");
        }
        peak_kib(&child)
    };
    let early = peak(40);
    let late = peak(60);
    assert!(late < 32 << 10, "{late} KiB");
    assert!(late < early + (4 << 10), "first {early} KiB, then {late} KiB");
    drop(stdin);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}

/// As in `tail -f … | ccxlog validate | head -1`.
#[cfg(unix)]
#[test]
fn a_closed_stdout_ends_the_run_while_stdin_stays_open() {
    use std::io::{Read as _, Write as _};
    use std::process::Stdio;

    let folder = Folder::new();
    folder.sample("a.jsonl", &["--events", "2000", "--invalid", "1"]);
    let mut child = folder
        .command(&["validate", "--threads", "3", "--max-findings", "2000"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    let mut stdout = child.stdout.take().expect("piped");
    let text = folder.bytes("a.jsonl");
    let writer = std::thread::spawn(move || {
        // It may end before it has read everything.
        let _ = stdin.write_all(&text);
        stdin
    });
    stdout.read_exact(&mut [0; 10]).expect("a finding");
    drop(stdout);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    drop(writer.join().expect("it wrote"));
}
