//! However many threads there are: the same output, to the byte, in bounded memory.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;

use common::{Folder, documented, gzip, line};

/// Fills `name` with what `ccxlog sample` makes of `args`.
fn sample(folder: &Folder, name: &str, args: &[&str]) {
    let output = folder.command(&["sample", "-o", name]).args(args).output().expect("the binary runs");
    assert!(output.status.success(), "{output:?}");
}

/// Runs with several numbers of threads, compares, and gives what all printed.
fn same(folder: &Folder, args: &[&str]) -> String {
    let run = |threads: &str| {
        let mut all = vec!["validate", "--threads", threads];
        all.extend(args);
        folder.run(&all).replacen(&format!("--threads {threads} "), "", 1)
    };
    let alone = run("1");
    for threads in ["2", "7"] {
        let together = run(threads);
        assert!(alone == together, "{threads} threads: {together}\ninstead of: {alone}");
    }
    alone
}

#[test]
fn one_big_file() {
    let folder = Folder::new();
    let invalid = ["--events", "3000", "--invalid", "0.03", "--unknown-field"];
    sample(&folder, "lines.jsonl", &invalid);
    sample(&folder, "lines.jsonl.gz", &invalid);
    let shown = same(&folder, &["lines.jsonl"]);
    assert!(shown.contains("3,000 events in 1 input"), "{shown}");
    assert_eq!(shown.replace("lines.jsonl", "lines.jsonl.gz"), same(&folder, &["lines.jsonl.gz"]));
    for limit in ["0", "1", "100000"] {
        same(&folder, &["--max-findings", limit, "lines.jsonl"]);
    }
    same(&folder, &["--max-record-bytes", "1000", "lines.jsonl"]);
    for format in ["pretty", "array"] {
        sample(&folder, "other.json", &["--format", format, "--events", "1500", "--invalid", "0.03"]);
        assert!(same(&folder, &["other.json"]).contains("1,500 events in 1 input"));
    }
}

/// Positions behind the first block are those in the file.
#[test]
fn places_are_exact() {
    let folder = Folder::new();
    sample(&folder, "a.jsonl", &["--events", "1500"]);
    let mut text = String::from_utf8(fs::read(folder.path("a.jsonl")).expect("a file")).expect("UTF-8");
    text.push_str("  {\"eventName\": 7}\n\n{\"ü\": x}\n");
    fs::write(folder.path("a.jsonl"), text).expect("a file");
    let shown = same(&folder, &["a.jsonl"]);
    assert!(shown.contains("--> a.jsonl:1501:17\n"), "{shown}");
    assert!(shown.contains("--> a.jsonl:1503:7\n"), "{shown}");
}

#[test]
fn inputs_of_all_kinds() {
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
    let whole = gzip((line("test-message") + "\n").repeat(3) + &line("domain-blocked"));
    let damaged = [&whole[..whole.len() - 8], &[0; 8], &whole].concat();
    folder = folder
        .and("in/a.jsonl.gz", &whole[..whole.len() - 40])
        .and("in/b.jsonl.gz", damaged)
        .and("in/c.jsonl.gz", [&whole[..], b"garbage"].concat())
        .and("in/d.json", b"PK\x03\x04");
    sample(&folder, "in/z.jsonl", &["--events", "2000", "--invalid", "0.01"]);
    let shown = same(&folder, &["--max-findings", "9", "in", "missing.json", "in/a.jsonl.gz"]);
    assert!(shown.contains("exit code: 2"), "{shown}");
    assert!(shown.contains("breaks off within the event at in/a.jsonl.gz:"), "{shown}");
}

/// What comes through a pipe need not end, and need not fit into memory.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    use std::io::Write as _;
    use std::process::Stdio;

    let folder = Folder::new();
    sample(&folder, "a.jsonl", &["--events", "500", "--invalid", "1"]);
    let block = fs::read(folder.path("a.jsonl")).expect("a file");
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
            stdin.write_all(&block).expect("it reads on");
        }
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it still runs");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        peak.trim().trim_end_matches(" kB").parse::<u64>().expect("a number")
    };
    let early = peak(40);
    let late = peak(60);
    assert!(late < 64 << 10, "{late} KiB");
    assert!(late < early + (4 << 10), "first {early} KiB, then {late} KiB");
    drop(stdin);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}

/// `… | ccxlog validate | head -1` ends though the pipe in front of it stays open.
#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_while_a_writer_waits() {
    use std::io::{Read as _, Write as _};
    use std::process::Stdio;

    let folder = Folder::new();
    sample(&folder, "a.jsonl", &["--events", "2000", "--invalid", "1"]);
    let mut child = folder
        .command(&["validate", "--threads", "3", "--max-findings", "2000"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    let mut stdout = child.stdout.take().expect("piped");
    let text = fs::read(folder.path("a.jsonl")).expect("a file");
    let writer = std::thread::spawn(move || {
        // It may well end before it has read all.
        let _ = stdin.write_all(&text);
        stdin
    });
    stdout.read_exact(&mut [0; 10]).expect("a finding");
    drop(stdout);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    drop(writer.join().expect("it wrote"));
}
