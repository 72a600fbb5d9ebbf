//! Bad input: a clear error with its place, everything else still judged, and an exit code that tells.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use common::{Folder, documented, gzip, line};
use insta::assert_snapshot;

fn events(count: usize) -> String {
    (0..count).map(|_| line("test-message") + "\n").collect()
}

#[test]
fn a_line_of_garbage_stops_nothing() {
    let content =
        [events(1).as_bytes(), b"not json\n\xff\xfe\n\0\0\0\n{\"eventName\":\n", events(1).as_bytes()]
            .concat();
    assert_snapshot!(Folder::with("a.jsonl", content).run(&["validate", "a.jsonl"]));
}

#[test]
fn text_that_is_not_utf8() {
    let content =
        events(1).into_bytes().iter().map(|&b| if b == b':' { b':' } else { b }).collect::<Vec<_>>();
    let at = content.windows(6).position(|window| window == b"\"test\"").expect("there") + 2;
    let mut content = content;
    content[at] = 0xe9;
    assert_snapshot!(Folder::with("latin1.jsonl", content).run(&["validate", "latin1.jsonl"]));
}

#[test]
fn what_a_terminal_would_act_on_is_shown_as_text() {
    let content = line("test-message").replacen("\"test\"", "\u{1b}]0;title\u{7}\u{1b}[31m\u{202e}red", 1);
    let folder = Folder::with("a\u{1b}[31m.jsonl", &content);
    for args in [&["validate", "a\u{1b}[31m.jsonl"][..], &["validate", "b\u{1b}[31m.jsonl"]] {
        let output = folder.command(args).output().expect("the binary runs");
        for bytes in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
        }
    }
    let output = folder.command(&["validate", "--color=always", "."]).output().expect("the binary runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!text.contains("\u{1b}]") && !text.contains(['\u{7}', '\u{202e}']), "{text}");
}

#[test]
fn a_broken_document_does_not_swallow_the_next() {
    let broken = documented("domain-blocked").trim_end().trim_end_matches('}').to_owned();
    let content = format!("{broken}\n{}", documented("test-message"));
    assert_snapshot!(Folder::with("a.json", content).run(&["validate", "a.json"]));
}

#[test]
fn faults_of_an_array() {
    let event = line("test-message");
    for (name, content) in [
        ("trailing_comma", format!("[{event},\n]\n")),
        ("not_closed", format!("[{event}\n")),
        ("no_comma", format!("[{event}\n{event}]\n")),
        ("text_behind", format!("[{event}]\nand so on\n")),
    ] {
        assert_snapshot!(name, Folder::with("a.json", content).run(&["validate", "a.json"]));
    }
    assert_snapshot!("empty", Folder::with("a.json", "[]\n").run(&["validate", "a.json"]));
}

#[test]
fn two_events_on_a_line() {
    let content = format!("{0}{0}\n", line("test-message"));
    assert_snapshot!(Folder::with("a.jsonl", content).run(&["validate", "a.jsonl"]));
}

#[test]
fn a_gzip_file_that_is_cut_off() {
    let whole = gzip(events(200));
    assert_snapshot!(Folder::with("a.jsonl.gz", &whole[..whole.len() - 12]).run(&["validate", "a.jsonl.gz"]));
    assert_snapshot!(Folder::with("a.jsonl.gz", &whole[..5]).run(&["validate", "a.jsonl.gz"]));
}

#[test]
fn a_wrong_checksum() {
    let mut first = gzip(events(2));
    let crc = first.len() - 8;
    first[crc] ^= 0xff;
    let content = [first, gzip(events(3))].concat();
    assert_snapshot!(Folder::with("a.jsonl.gz", content).run(&["validate", "a.jsonl.gz"]));
}

#[test]
fn garbage_behind_gzip() {
    let content = [&gzip(events(2))[..], b"garbage"].concat();
    assert_snapshot!(Folder::with("a.jsonl.gz", content).run(&["validate", "a.jsonl.gz"]));
}

#[test]
fn other_formats() {
    let folder = Folder::with("a.zip", "PK\x03\x04rest")
        .and("a.zst", b"\x28\xb5\x2f\xfdrest")
        .and("a.bz2", "BZh91AY&SY")
        .and("a.xz", b"\xfd7zXZ\0rest")
        .and("a.parquet", "PAR1rest")
        .and("a.pdf", "%PDF-1.7")
        .and("utf16.json", b"\xff\xfe{\0}\0")
        .and("twice.gz", gzip(gzip(events(1))));
    let files = ["a.zip", "a.zst", "a.bz2", "a.xz", "a.parquet", "a.pdf", "utf16.json", "twice.gz"];
    assert_snapshot!(folder.run(&[&["validate", "--quiet"], &files[..]].concat()));
}

#[test]
fn a_record_beyond_the_limit() {
    let content = format!("{}{{\"a\":\"{}\"}}\n{}", events(1), "x".repeat(2000), events(1));
    assert_snapshot!(Folder::with("a.jsonl", &content).run(&[
        "validate",
        "--max-record-bytes",
        "1KiB",
        "a.jsonl"
    ]));
}

/// A line of 100 MiB comes through a pipe, so that no file of that size has to be written.
#[cfg(target_os = "linux")]
#[test]
fn a_line_of_100_mib_takes_bounded_memory() {
    let folder = Folder::new();
    let mut child = folder
        .command(&["validate"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    let block = vec![b'x'; 1 << 20];
    stdin.write_all(b"{\"a\":\"").expect("it reads on");
    for _ in 0..100 {
        stdin.write_all(&block).expect("it reads on");
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it still runs");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(kib < 100 << 10, "{peak}");
    stdin.write_all(format!("\"}}\n{}", events(1)).as_bytes()).expect("it reads on");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert_snapshot!(common::shown(&["validate"], &output));
}

#[test]
fn ten_thousand_nested_arrays() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let content = format!("{}{{\"a\":{deep}}}\n{}", events(1), events(1));
    assert_snapshot!(Folder::with("deep.jsonl", content).run(&["validate", "deep.jsonl"]));
}

#[test]
fn a_folder_without_logs() {
    let folder = Folder::with("logs/readme.txt", "").and("logs/archive.zip", "");
    std::fs::create_dir(folder.path("empty")).expect("a folder");
    assert_snapshot!(folder.run(&["validate", "logs", "empty"]));
}

#[test]
fn files_that_cannot_be_read_stop_no_other() {
    let folder = Folder::with("good.jsonl", events(1));
    // A regular file used as a folder can't be read by anybody, not even by root.
    assert_snapshot!(folder.run(&["validate", "missing.jsonl", "good.jsonl/x", "good.jsonl"]));
}

#[test]
fn many_findings_are_counted() {
    let broken = line("test-message").replacen("\"test\"", "5", 1) + "\n";
    let folder = Folder::with("a.jsonl", broken.repeat(120));
    assert_snapshot!(folder.run(&["validate", "--max-findings", "1", "a.jsonl"]));
    let output = folder.run(&["validate", "a.jsonl"]);
    assert_eq!(output.matches("error[wrong-type]").count(), 50);
    assert_snapshot!(folder.run(&["validate", "--max-findings", "0", "--quiet", "a.jsonl"]));
}

#[test]
fn warnings_do_not_fail_and_are_shown_once() {
    let drift = line("test-message").replacen('{', "{\"newField\":1,", 1) + "\n";
    let folder = Folder::with("a.jsonl", drift.repeat(3));
    assert_snapshot!(folder.run(&["validate", "a.jsonl"]));
}

/// `ccxlog validate … | head -1` ends at once, with no word about it.
#[cfg(unix)]
#[test]
fn a_reader_that_goes_away() {
    let broken = line("test-message").replacen("\"test\"", "5", 1) + "\n";
    let folder = Folder::with("a.jsonl", broken.repeat(5000));
    let mut child = folder
        .command(&["validate", "--max-findings", "5000", "a.jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdout = child.stdout.take().expect("piped");
    stdout.read_exact(&mut [0; 10]).expect("a finding");
    drop(stdout);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let folder = Folder::with("a.jsonl", "x\n");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    let output = folder.command(&["validate", "a.jsonl"]).stdout(full).output().expect("the binary runs");
    assert_snapshot!(common::shown(&["validate", "a.jsonl"], &output));
}

/// What is in front of the limit is judged; what is behind is told of, and never taken for read.
#[test]
fn a_gzip_file_beyond_its_limits() {
    let content = gzip(events(1000));
    let folder = Folder::with("a.gz", &content);
    assert_snapshot!(folder.run(&["validate", "--max-inflated-bytes", "100KiB", "a.gz"]));
    assert_snapshot!(folder.run(&["validate", "--max-inflated-bytes", "1MiB", "a.gz"]));
}

/// 80 MiB of nothing, in 80 KiB.
#[test]
fn a_gzip_bomb() {
    let bomb = gzip(vec![b'\n'; 80 << 20]);
    assert!(bomb.len() < 90_000);
    let folder = Folder::with("a.gz", [&gzip(events(2))[..], &bomb].concat());
    assert_snapshot!(folder.run(&["validate", "a.gz"]));
    assert_snapshot!(folder.run(&["validate", "--max-ratio", "2000", "a.gz"]));
    let folder = folder.and("ccxlog.toml", "[limits]\nmax-inflated-bytes = \"1MiB\"");
    assert_snapshot!(folder.run(&["split", "a.gz", "--accepted", "a", "--rejected", "b", "--quiet"]));
    assert!(!folder.path("a").exists() && !folder.path("b").exists());
}
