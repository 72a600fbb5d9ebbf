//! Bad input: an error with its position, everything else still checked, and an exit code other than 0.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::io::{Read as _, Write as _};
use std::process::Stdio;

#[cfg(target_os = "linux")]
use common::memory::peak_kib;
use common::{Folder, documented, gzip, line};
use insta::assert_snapshot;

fn events(count: usize) -> String {
    (0..count).map(|_| line("test-message") + "\n").collect()
}

#[test]
fn garbage_lines_do_not_stop_the_run() {
    let content =
        [events(1).as_bytes(), b"not json\n\xff\xfe\n\0\0\0\n{\"eventName\":\n", events(1).as_bytes()]
            .concat();
    assert_snapshot!(Folder::with("a.jsonl", content).run(&["validate", "a.jsonl"]));
}

/// It would be read as text otherwise, and be one invalid record.
#[test]
fn gzip_data_with_a_damaged_start_is_not_taken_for_text() {
    for (index, byte) in [(0, 0), (0, b'x'), (1, 0x8c), (1, b'\n')] {
        let mut content = gzip(events(3));
        content[index] = byte;
        let folder = Folder::with("logs/a.jsonl.gz", content).and("logs/b.jsonl.gz", events(1));
        let problem = "cannot validate `logs/a.jsonl.gz`: it is gzip data by its name, but its first bytes are damaged; \
                       fetch it again";
        let shown = folder.run(&["validate", "logs"]);
        assert!(shown.contains("exit code: 2") && shown.contains(problem), "{shown}");
        assert!(shown.contains("1 event in 2 inputs") && !shown.contains("error["), "{shown}");
        assert_eq!(folder.exit_code(&["validate", "--skip-unreadable", "logs"]), Some(3));
        let shown = folder.run(&["test", "logs/a.jsonl.gz"]);
        assert!(shown.contains("exit code: 2") && shown.contains("first bytes are damaged"), "{shown}");
    }
}

#[test]
fn text_that_is_not_utf8_is_reported() {
    let mut content = events(1).into_bytes();
    let index = content.windows(6).position(|window| window == b"\"test\"").expect("it is present") + 2;
    content[index] = 0xe9;
    assert_snapshot!(Folder::with("latin1.jsonl", content).run(&["validate", "latin1.jsonl"]));
}

#[test]
fn control_characters_of_inputs_never_reach_the_terminal() {
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
fn faults_around_the_elements_of_an_array_are_reported() {
    let event = line("test-message");
    for (name, content) in [
        ("trailing_comma", format!("[{event},\n]\n")),
        ("not_closed", format!("[{event}\n")),
        ("no_comma", format!("[{event}\n{event}]\n")),
        ("text_after", format!("[{event}]\nand so on\n")),
    ] {
        assert_snapshot!(name, Folder::with("a.json", content).run(&["validate", "a.json"]));
    }
    assert_snapshot!("empty", Folder::with("a.json", "[]\n").run(&["validate", "a.json"]));
}

#[test]
fn two_events_on_a_line_are_reported() {
    let content = format!("{0}{0}\n", line("test-message"));
    assert_snapshot!(Folder::with("a.jsonl", content).run(&["validate", "a.jsonl"]));
}

#[test]
fn a_truncated_gzip_file_is_an_error() {
    let complete = gzip(events(200));
    assert_snapshot!(
        Folder::with("a.jsonl.gz", &complete[..complete.len() - 12]).run(&["validate", "a.jsonl.gz"])
    );
    assert_snapshot!(Folder::with("a.jsonl.gz", &complete[..5]).run(&["validate", "a.jsonl.gz"]));
}

#[test]
fn a_wrong_checksum_is_an_error() {
    let mut first = gzip(events(2));
    let crc = first.len() - 8;
    first[crc] ^= 0xff;
    let content = [first, gzip(events(3))].concat();
    assert_snapshot!(Folder::with("a.jsonl.gz", content).run(&["validate", "a.jsonl.gz"]));
}

#[test]
fn garbage_after_gzip_data_is_an_error() {
    let content = [&gzip(events(2))[..], b"garbage"].concat();
    assert_snapshot!(Folder::with("a.jsonl.gz", content).run(&["validate", "a.jsonl.gz"]));
}

#[test]
fn other_file_formats_are_recognized_and_refused() {
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
fn a_record_over_the_limit_is_reported() {
    let content = format!("{}{{\"a\":\"{}\"}}\n{}", events(1), "x".repeat(2000), events(1));
    assert_snapshot!(Folder::with("a.jsonl", &content).run(&[
        "validate",
        "--max-record-bytes",
        "1KiB",
        "a.jsonl"
    ]));
}

/// The line comes through a pipe, so that no file of 100 MiB has to be written.
#[cfg(target_os = "linux")]
#[test]
fn a_line_of_100_mib_takes_bounded_memory() {
    let folder = Folder::new();
    let mut child = folder.start(&["validate"]);
    let mut stdin = child.stdin.take().expect("piped");
    let block = vec![b'x'; 1 << 20];
    stdin.write_all(b"{\"a\":\"").expect("it keeps reading");
    for _ in 0..100 {
        stdin.write_all(&block).expect("it keeps reading");
    }
    let peak = peak_kib(&child);
    assert!(peak < 64 << 10, "{peak} KiB");
    stdin.write_all(format!("\"}}\n{}", events(1)).as_bytes()).expect("it keeps reading");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert_snapshot!(common::transcript(&["validate"], &output));
}

#[test]
fn ten_thousand_nested_arrays_are_too_deep() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let content = format!("{}{{\"a\":{deep}}}\n{}", events(1), events(1));
    assert_snapshot!(Folder::with("deep.jsonl", content).run(&["validate", "deep.jsonl"]));
}

#[test]
fn a_key_of_a_notification_is_decoded_if_there_is_no_such_file() {
    let folder = Folder::with("a b+c.jsonl", line("test-message"));
    let shown = folder.run(&["validate", "a+b%2Bc.jsonl"]);
    assert!(shown.contains("URL-encoded: if this is one, its object is `a b+c.jsonl`"), "{shown}");
    assert!(!folder.run(&["validate", "a+b.jsonl"]).contains("URL-encoded"));
}

#[test]
fn a_folder_without_logs_is_an_error() {
    let folder = Folder::with("logs/readme.txt", "").and("logs/archive.zip", "");
    std::fs::create_dir(folder.path("empty")).expect("a folder");
    assert_snapshot!(folder.run(&["validate", "logs", "empty"]));
}

#[test]
fn an_unreadable_file_does_not_stop_the_others() {
    let folder = Folder::with("good.jsonl", events(1));
    // Not even root can read a regular file as if it were a folder.
    assert_snapshot!(folder.run(&["validate", "missing.jsonl", "good.jsonl/x", "good.jsonl"]));
}

#[test]
fn findings_beyond_the_limit_are_counted() {
    let broken = line("test-message").replacen("\"test\"", "5", 1) + "\n";
    let folder = Folder::with("a.jsonl", broken.repeat(120));
    assert_snapshot!(folder.run(&["validate", "--max-findings", "1", "a.jsonl"]));
    let output = folder.run(&["validate", "a.jsonl"]);
    assert_eq!(output.matches("error[wrong-type]").count(), 50);
    assert_snapshot!(folder.run(&["validate", "--max-findings", "0", "--quiet", "a.jsonl"]));
}

#[test]
fn repeated_fields_beyond_a_thousand_of_a_record_are_counted() {
    let record = format!("{{\"eventName\":\"test-message\"{}}}\n", ",\"a\":1".repeat(1005));
    let run = Folder::with("a.jsonl", record.repeat(2)).run(&["validate", "a.jsonl"]);
    assert!(run.contains("and 8 repeated or unknown fields in records that have more"), "{run}");
}

#[test]
fn warnings_do_not_fail_the_run_and_are_shown_once() {
    let drift = line("test-message").replacen('{', "{\"newField\":1,", 1) + "\n";
    let folder = Folder::with("a.jsonl", drift.repeat(3));
    assert_snapshot!(folder.run(&["validate", "a.jsonl"]));
}

/// `ccxlog validate … | head -1` ends at once and without an error message.
#[cfg(unix)]
#[test]
fn a_closed_stdout_ends_the_run_quietly() {
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
fn a_full_disk_is_an_error() {
    let folder = Folder::with("a.jsonl", "x\n");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    let output = folder.command(&["validate", "a.jsonl"]).stdout(full).output().expect("the binary runs");
    assert_snapshot!(common::transcript(&["validate", "a.jsonl"], &output));
}

/// Findings must not be lost with the disk, nor mixed with those in another format.
#[cfg(target_os = "linux")]
#[test]
fn a_list_goes_on_on_standard_output_if_its_disk_is_full_and_nothing_else_does() {
    let folder = Folder::with("a.jsonl", "x\n".repeat(5000));
    for (more, is_shown) in [(&[][..], true), (&["--format=json"], false)] {
        let args = [&["validate", "a.jsonl", "--format=concise=/dev/full"], more].concat();
        let output = folder.command(&args).output().expect("the binary runs");
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains("cannot write to `/dev/full`: No space left"), "{message}");
        let findings = String::from_utf8_lossy(&output.stdout);
        assert_eq!(findings.contains("\na.jsonl:5000:1: "), is_shown, "{args:?}");
    }
}

/// What precedes the limit is checked. That something follows it is an error.
#[test]
fn a_gzip_file_over_a_limit_is_checked_up_to_the_limit() {
    let content = gzip(events(1000));
    let folder = Folder::with("a.gz", &content);
    assert_snapshot!(folder.run(&["validate", "--max-inflated-bytes", "100KiB", "a.gz"]));
    assert_snapshot!(folder.run(&["validate", "--max-inflated-bytes", "1MiB", "a.gz"]));
}

/// 80 MiB of line feeds, compressed to 80 KiB.
#[test]
fn a_gzip_bomb_is_refused() {
    let bomb = gzip(vec![b'\n'; 80 << 20]);
    assert!(bomb.len() < 90_000);
    let folder = Folder::with("a.gz", [&gzip(events(2))[..], &bomb].concat());
    assert_snapshot!(folder.run(&["validate", "a.gz"]));
    assert_snapshot!(folder.run(&["validate", "--max-ratio", "2000", "a.gz"]));
    let folder = folder.and("ccxlog.toml", "[limits]\nmax-inflated-bytes = \"1MiB\"");
    assert_snapshot!(folder.run(&["split", "a.gz", "--accepted", "a", "--rejected", "b", "--quiet"]));
    assert!(!folder.path("a").exists() && !folder.path("b").exists());
}
