//! `ccxlog split` and `ccxlog replay`: accepted and rejected records together are the input, byte for byte.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::random::Random;
use common::{Folder, documented, gzip, line};
use data_encoding::BASE64;
use insta::assert_snapshot;
use serde_json::Value;

const OUTPUTS: [&str; 4] = ["--accepted", "good.jsonl", "--rejected", "bad.jsonl"];

/// All rules that are errors. With these as warnings, everything is accepted.
const ALL_ERRORS: &str = "syntax,not-utf8,too-deep,too-long,number-overflow,duplicate-field,missing-field,wrong-type,\
                        wrong-format,wrong-value,out-of-range,schema-violation,wrapped-event,not-an-event,not-json,\
                        foreign-notation,merge-conflict,reshaped-log,renamed-fields";

fn broken() -> String {
    line("test-message").replacen("\"test\"", "5", 1)
}

/// Returns the offset in the input and the bytes of each line of a rejected file.
fn rejected(file: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let lines = file.split_inclusive(|byte| *byte == b'\n').map(|line| {
        let line: Value = serde_json::from_slice(line).expect("JSON");
        assert_eq!(line["format"], 1);
        let offset =
            line["offset"].as_u64().and_then(|offset| usize::try_from(offset).ok()).expect("a number");
        let raw = match line["raw"].as_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => BASE64.decode(line["rawBase64"].as_str().expect("bytes").as_bytes()).expect("base64"),
        };
        (offset, raw)
    });
    lines.collect()
}

/// Asserts that accepted and rejected records together are `input`, except for white space, brackets and commas of an
/// array, byte order marks, NUL bytes and other separators.
#[track_caller]
fn assert_no_byte_is_lost(input: &[u8], accepted: &[u8], rejected: &[(usize, Vec<u8>)]) {
    let shown = String::from_utf8_lossy(input);
    let (mut rest, mut end) = (Vec::new(), 0);
    for (offset, raw) in rejected {
        assert_eq!(&input[*offset..offset + raw.len()], raw, "in {shown}");
        rest.extend_from_slice(&input[end..*offset]);
        end = offset + raw.len();
    }
    rest.extend_from_slice(&input[end..]);
    let mut rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&rest);
    let is_between_records = |byte: u8| b" \t\r\n[],;\\nr\0\x1e\xef\xbb\xbf".contains(&byte);
    for line in accepted.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        loop {
            if let Some(after) = rest.strip_prefix(line).or_else(|| rest.strip_prefix(bare)) {
                rest = after;
                break;
            }
            assert!(
                rest.first().is_some_and(|byte| is_between_records(*byte)),
                "{:?} of {shown}",
                String::from_utf8_lossy(line)
            );
            rest = &rest[1..];
        }
    }
    assert!(
        rest.iter().all(|byte| is_between_records(*byte)),
        "lost {:?} of {shown}",
        String::from_utf8_lossy(rest)
    );
}

/// Splits `input`, replays the rejected records twice, and asserts that no byte is lost. Returns their number.
fn split_and_replay(input: &[u8], args: &[&str]) -> usize {
    let folder = Folder::with("in", input);
    let split = ["split", "in", "--quiet", "--min-events=0"];
    let split = folder.command(&[&split, args, &OUTPUTS].concat()).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&split.stderr).into_owned();
    let (accepted, bad) = (folder.bytes("good.jsonl"), rejected(&folder.bytes("bad.jsonl")));
    assert_eq!(split.status.code(), Some(i32::from(!stderr.is_empty())), "{stderr}");
    assert_no_byte_is_lost(input, &accepted, &bad);
    // All accepted records are valid, if there are any.
    let again = ["validate", "--quiet", "--min-events=0", "--allow=empty-input", "good.jsonl"];
    let again = folder.command(&[&again, args].concat()).output().expect("it runs");
    assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stdout));

    // With the same severities, everything stays rejected.
    let same = ["replay", "bad.jsonl", "--accepted", "none", "--rejected", "same.jsonl", "--quiet"];
    let code = folder.exit_code(&[&same, args].concat());
    assert_eq!(code, Some(i32::from(!bad.is_empty())));
    assert_eq!(folder.bytes("none"), b"");
    let same = folder.bytes("same.jsonl");
    assert_eq!(rejected(&same), bad);

    // With all errors as warnings, everything is accepted unchanged.
    let pass = ["replay", "bad.jsonl", "--accepted", "rest", "--rejected", "bad.jsonl", "--warn", ALL_ERRORS];
    let output = folder.command(&pass).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(folder.bytes("bad.jsonl"), b"");
    let raws: Vec<u8> = bad.iter().flat_map(|(_, raw)| raw.clone()).collect();
    let rest = folder.bytes("rest");
    if rest != raws {
        // Elements of an array, and records followed by another on the same line, get line feeds.
        let without = |bytes: &[u8]| bytes.iter().copied().filter(|byte| *byte != b'\n').collect::<Vec<_>>();
        assert_eq!(without(&rest), without(&raws), "of {}", String::from_utf8_lossy(input));
    }
    bad.len()
}

#[test]
fn lines_are_split_byte_for_byte() {
    let good = line("client-disconnected");
    let content = format!("{good}\r\n\n  {good} \n{}\n{{\"eventName\":\n{good}", broken());
    let folder = Folder::with("a.jsonl", &content);
    assert_snapshot!(folder.run(&[&["split", "a.jsonl"], &OUTPUTS[..]].concat()));
    assert_eq!(folder.text("good.jsonl"), format!("{good}\r\n  {good} \n{good}"));
    assert_snapshot!("lines_rejected", folder.text("bad.jsonl"));
}

#[test]
fn added_line_ends_are_counted_and_positions_are_those_of_the_raw_bytes() {
    let good = line("client-disconnected");
    let folder = Folder::with("a.jsonl", format!("\n{good}{good}{good}\n \t{}\n", broken()));
    let shown = folder.run(&[&["split", "a.jsonl"], &OUTPUTS[..]].concat());
    assert!(shown.contains("\n  2 line ends added after accepted records that had none\n"), "{shown}");
    assert!(shown.lines().any(|line| line.starts_with("  between records ") && line.ends_with(" 1 byte")));
    let bad: Value = serde_json::from_str(&folder.text("bad.jsonl")).expect("JSON");
    let offset = 3 * good.len() + 2;
    assert_eq!((&bad["line"], &bad["column"], &bad["offset"]), (&3.into(), &1.into(), &offset.into()));
}

#[test]
fn valid_records_are_written_unchanged() {
    let good = line("client-disconnected");
    for content in [
        format!("{good}\n"),
        good.clone(),
        format!("{good}\r\n{good}\r\n"),
        documented("client-disconnected"),
        String::new(),
    ] {
        let folder = Folder::with("a.jsonl", gzip(&content));
        let args = [
            "split",
            "a.jsonl",
            "--accepted=a.gz",
            "--rejected=b.gz",
            "--quiet",
            "--allow=empty-input",
            "--min-events=0",
        ];
        assert_eq!(folder.exit_code(&args), Some(0));
        for (name, expected) in [("a.gz", &*content), ("b.gz", "")] {
            let mut text = String::new();
            let mut decoder =
                flate2::read::GzDecoder::new(fs::File::open(folder.path(name)).expect("a file"));
            std::io::Read::read_to_string(&mut decoder, &mut text).expect("gzip");
            assert_eq!(text, expected);
        }
    }
}

#[test]
fn elements_of_an_array_become_lines() {
    let good = documented("client-disconnected");
    let content = format!("[{},\n  {} x y, {}\n]\n", good.trim_end(), broken(), good.trim_end());
    let folder = Folder::with("a.json", &content);
    assert_snapshot!(folder.run(&[&["split", "a.json"], &OUTPUTS[..]].concat()));
    assert_eq!(folder.text("good.jsonl"), good.clone() + &good);
    assert_snapshot!("an_array_rejected", folder.text("bad.jsonl"));
    // Replay adds a line feed to an element as well.
    let replay =
        ["replay", "bad.jsonl", "--accepted", "rest", "--rejected", "bad.jsonl", "--warn", "wrong-type"];
    assert_snapshot!("an_array_replayed", folder.run(&replay));
    assert_eq!(folder.text("rest"), broken() + "\n");
}

#[test]
fn either_output_can_be_standard_output() {
    let content = format!("{}\n{}\n", line("client-disconnected"), broken());
    let folder = Folder::with("a.jsonl", content);
    assert_snapshot!(folder.run(&[
        "split",
        "a.jsonl",
        "--accepted",
        "-",
        "--rejected",
        "bad.jsonl",
        "--quiet"
    ]));
    assert_snapshot!(folder.run(&[
        "split",
        "a.jsonl",
        "--accepted",
        "good.jsonl",
        "--rejected",
        "-",
        "--strict",
        "-q"
    ]));
}

/// From options and from the config file, as for `validate`.
#[test]
fn severities_decide_what_is_rejected() {
    let drift = line("test-message").replacen('{', "{\"newField\":1,", 1) + "\n";
    let folder = Folder::with("a.jsonl", drift.repeat(3) + &broken() + "\n")
        .and("ccxlog.toml", "deny = [\"unknown-field\"]\nwarn = [\"wrong-type\"]");
    assert_snapshot!(folder.run(&[&["split", "a.jsonl"], &OUTPUTS[..]].concat()));
    assert_eq!(folder.text("good.jsonl"), broken() + "\n");
    let replay =
        ["replay", "bad.jsonl", "--accepted", "rest", "--rejected", "worse", "--no-config", "--quiet"];
    assert_snapshot!("severities_decide_again", folder.run(&replay));
    assert_eq!(folder.text("rest"), drift.repeat(3));
}

/// Pieces take bounded memory. Replay joins them if the record is within the limit now.
#[test]
fn a_record_over_the_limit_is_rejected_in_pieces_and_replayed_whole() {
    let long = line("test-message").replacen("\"test\"", &format!("\"{}\"", "ü".repeat(100_000)), 1);
    let content = format!("{0}\n{long}\n{0}\n", line("client-disconnected"));
    for args in [&["--threads", "1"], &["--threads", "3"]] {
        let folder = Folder::with("a.jsonl", &content);
        let split = [&["split", "a.jsonl", "--max-record-bytes", "4KiB"], &args[..], &OUTPUTS].concat();
        let shown = folder.run(&split);
        assert!(shown.contains("exit code: 1") && shown.contains(" bytes in 1 record\n"), "{shown}");
        let bad = rejected(&folder.bytes("bad.jsonl"));
        assert_eq!(bad.len(), 4);
        assert_no_byte_is_lost(content.as_bytes(), &folder.bytes("good.jsonl"), &bad);
        let still =
            ["replay", "bad.jsonl", "--accepted", "none", "--rejected", "same", "--max-record-bytes", "4KiB"];
        assert_snapshot!("a_record_still_over_the_limit", folder.run(&still));
        assert_eq!(folder.bytes("same"), folder.bytes("bad.jsonl"));
        let replay = ["replay", "bad.jsonl", "--accepted", "rest", "--rejected", "none", "--quiet"];
        assert_eq!(folder.exit_code(&replay), Some(0));
        assert_eq!(folder.text("rest"), long.clone() + "\n");
    }
}

#[test]
fn damaged_rejected_files_lose_nothing() {
    let folder = Folder::with("a.jsonl", format!("{}\n\u{1}\n{}\n", broken(), broken()));
    folder.run(&[&["split", "a.jsonl"], &OUTPUTS[..]].concat());
    let intact = folder.text("bad.jsonl");
    let lines: Vec<&str> = intact.lines().collect();
    let damaged = [
        lines[0].to_owned(),
        "not JSON".to_owned(),
        lines[1].replacen("\"format\":1", "\"format\":9", 1),
        lines[1].replacen("\"raw\":\"\\u0001\\n\"", "\"rawBase64\":\"AQ=\"", 1),
        lines[1].replacen("\"raw\"", "\"part\":2,\"raw\"", 1),
        lines[1].replacen("\"raw\"", "\"part\":1,\"more\":true,\"raw\"", 1),
        lines[2][..40].to_owned(),
    ]
    .join("\n");
    let folder = folder.and("damaged", &damaged);
    let replay =
        ["replay", "damaged", "--accepted", "rest", "--rejected", "bad-2", "--warn", "wrong-type", "-q"];
    assert_snapshot!(folder.run(&replay));
    assert_eq!(folder.text("rest"), broken() + "\n");
    let kept = folder.text("bad-2");
    assert_eq!(kept.lines().collect::<Vec<_>>(), damaged.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn wrong_usage_is_refused_before_anything_is_written() {
    let folder = Folder::with("a.jsonl", line("test-message"));
    let shown: Vec<_> = [
        &["split", "a.jsonl", "--accepted", "x.jsonl"][..],
        &["split", "a.jsonl", "--accepted", "x", "--rejected", "x"],
        &["split", "a.jsonl", "--accepted", "-", "--rejected", "-"],
        &["split", "a.jsonl", "--accepted", "a.jsonl", "--rejected", "x"],
        &["split", "a.jsonl", "--accepted", "x.zst", "--rejected", "x"],
        &["split", "a.jsonl", "--accepted", "no/x", "--rejected", "x"],
        &["split", "a.jsonl", "b.jsonl", "--accepted", "y", "--rejected", "x"],
        &["split", "--accepted", "y", "--rejected", "x"],
        &["replay", "a.jsonl", "--accepted", "a.jsonl", "--rejected", "x"],
    ]
    .iter()
    .map(|args| folder.run(args))
    .collect();
    assert_snapshot!(shown.join("\n"));
    assert!(["x", "y", "x.jsonl"].iter().all(|name| !folder.path(name).exists()));
}

/// Not even if they are in a folder of logs.
#[test]
fn outputs_of_an_earlier_run_are_not_inputs() {
    let folder = Folder::with("logs/a.jsonl", line("test-message") + "\n");
    let args = ["split", "logs", "--accepted", "logs/good.jsonl", "--rejected", "logs/bad.jsonl", "--quiet"];
    // Another command would read them.
    assert!(folder.run(&args).contains("would be in `logs`, which is read"));
    assert_eq!(fs::read_dir(folder.path("logs")).expect("a folder").count(), 1);
    let args = [&args[..], &["--exclude=logs/good.*", "--exclude=logs/bad.*"]].concat();
    for _ in 0..2 {
        assert_eq!(folder.exit_code(&args), Some(0));
        assert_eq!(folder.bytes("logs/good.jsonl"), folder.bytes("logs/a.jsonl"));
    }
}

/// An input that can't be read to its end may have lost anything.
#[test]
fn damaged_inputs_leave_existing_files_unchanged() {
    let complete = gzip(format!("{}\n", line("test-message")).repeat(50));
    for damaged in [&complete[..complete.len() - 9], &[&complete[..], b"garbage"].concat(), b"PK\x03\x04"] {
        let folder = Folder::with("a.gz", damaged).and("good.jsonl", "old").and("bad.jsonl", "old");
        let output = folder.command(&[&["split", "a.gz"], &OUTPUTS[..]].concat()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!((folder.text("good.jsonl"), folder.text("bad.jsonl")), ("old".into(), "old".into()));
        assert_eq!(fs::read_dir(folder.path("")).expect("a folder").count(), 3);
    }
}

#[test]
fn outputs_do_not_depend_on_threads() {
    for format in ["jsonl", "pretty", "array"] {
        let folder = Folder::new();
        folder.sample("in.gz", &["--events", "3000", "--invalid", "0.05", "--format", format]);
        let outputs = ["1", "2", "7"].map(|threads| {
            let args = [&["split", "in.gz", "--threads", threads][..], &OUTPUTS].concat();
            assert_eq!(folder.exit_code(&args), Some(1));
            (folder.bytes("good.jsonl"), folder.bytes("bad.jsonl"))
        });
        assert!(outputs[0] == outputs[1] && outputs[0] == outputs[2], "{format}");
        assert!(rejected(&outputs[0].1).len() > 50);
    }
}

/// Finds all JSON files in `folder`.
fn find_json(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            find_json(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// All records in one file, in one array, and a few per file.
#[test]
fn splitting_the_corpus_loses_no_byte() {
    let mut paths = Vec::new();
    find_json(&common::corpus(), &mut paths);
    paths.sort();
    let contents: Vec<_> = paths.iter().map(|path| fs::read(path).expect("a file")).collect();
    assert!(contents.len() > 50);
    let all = contents.concat();
    assert!(split_and_replay(&all, &[]) > 20);
    split_and_replay(&all, &["--max-record-bytes", "1000"]);
    let array = [b"[", &*contents.join(&b","[..]), b"]"].concat();
    assert!(split_and_replay(&array, &[]) > 20);
    for content in contents.chunks(4) {
        split_and_replay(&content.concat(), &["--strict"]);
    }
}

/// Events of all forms, with bytes changed, removed and inserted.
#[test]
fn splitting_mutated_events_loses_no_byte() {
    let folder = Folder::new();
    let mut random = Random::new();
    let mut bad = 0;
    for round in 0..60 {
        let input = random.damaged_events(&folder, round);
        bad +=
            split_and_replay(&input, [&[][..], &["--max-record-bytes", "700"], &["--strict"]][round / 3 % 3]);
    }
    assert!(bad > 100, "{bad}");
}

/// Through a pipe, so that no file of 100 MiB has to be written.
#[cfg(target_os = "linux")]
#[test]
fn a_line_of_100_mib_is_rejected_in_bounded_memory() {
    use std::io::{BufRead as _, Write as _};
    use std::process::Stdio;

    use common::memory::peak_kib;

    let folder = Folder::new();
    let args = ["split", "-", "--accepted", "good.jsonl", "--rejected", "bad.gz", "--quiet"];
    let mut child =
        folder.command(&args).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    let block = vec![b'x'; 1 << 20];
    for _ in 0..100 {
        stdin.write_all(&block).expect("it keeps reading");
    }
    let peak = peak_kib(&child);
    assert!(peak < 80 << 10, "{peak} KiB");
    stdin.write_all(format!("\n{}\n", line("test-message")).as_bytes()).expect("it keeps reading");
    drop(stdin);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    assert_eq!(folder.text("good.jsonl"), line("test-message") + "\n");
    let file = fs::File::open(folder.path("bad.gz")).expect("a file");
    let lines = std::io::BufReader::new(flate2::read::GzDecoder::new(file)).split(b'\n');
    let raws = lines.map(|line| rejected(&line.expect("gzip"))[0].1.len());
    assert_eq!(raws.sum::<usize>(), (100 << 20) + 1);
}

/// A thread that reads a whole file buffers little of it until its output is merged.
#[cfg(target_os = "linux")]
#[test]
fn files_of_a_folder_are_split_in_bounded_memory() {
    use common::memory::peak_until_end;

    let folder = Folder::new();
    fs::create_dir(folder.path("logs")).expect("a folder");
    folder.sample("logs/a.jsonl", &["--events", "20000"]);
    for copy in ["logs/b.jsonl", "logs/c.jsonl"] {
        fs::copy(folder.path("logs/a.jsonl"), folder.path(copy)).expect("a file");
    }
    let args =
        ["split", "logs", "--accepted", "/dev/null", "--rejected", "bad.jsonl", "-q", "--threads", "2"];
    let mut child = folder.start(&args);
    let peak = peak_until_end(&mut child);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(peak < 24 << 10, "{peak} KiB");
}
