//! `ccxlog split` and `ccxlog replay`: accepted and rejected are together what came in, to the byte.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Folder, documented, gzip, line};
use data_encoding::BASE64;
use insta::assert_snapshot;
use serde_json::Value;

const TO: [&str; 4] = ["--accepted", "good.jsonl", "--rejected", "bad.jsonl"];

/// Findings of every rule, as warnings: whatever is judged is accepted.
const ANYTHING: &str = "syntax,not-utf8,too-deep,too-long,number-overflow,duplicate-field,missing-field,wrong-type,\
                        wrong-format,wrong-value,out-of-range,schema-violation";

fn broken() -> String {
    line("test-message").replacen("\"test\"", "5", 1)
}

fn read(folder: &Folder, name: &str) -> Vec<u8> {
    fs::read(folder.path(name)).expect("a file")
}

fn text(folder: &Folder, name: &str) -> String {
    String::from_utf8(read(folder, name)).expect("UTF-8")
}

/// Where each rejected stretch stood, and its bytes.
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

/// Holds that what was accepted and what was rejected is `input`, but for white space, punctuation of an array and a
/// byte order mark.
#[track_caller]
fn together(input: &[u8], accepted: &[u8], rejected: &[(usize, Vec<u8>)]) {
    let shown = String::from_utf8_lossy(input);
    let (mut rest, mut at) = (Vec::new(), 0);
    for (offset, raw) in rejected {
        assert_eq!(&input[*offset..offset + raw.len()], raw, "in {shown}");
        rest.extend_from_slice(&input[at..*offset]);
        at = offset + raw.len();
    }
    rest.extend_from_slice(&input[at..]);
    let mut rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&rest);
    let is_loose = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'[' | b']' | b',');
    for line in accepted.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        loop {
            if let Some(behind) = rest.strip_prefix(line).or_else(|| rest.strip_prefix(bare)) {
                rest = behind;
                break;
            }
            assert!(
                rest.first().is_some_and(|byte| is_loose(*byte)),
                "{:?} of {shown}",
                String::from_utf8_lossy(line)
            );
            rest = &rest[1..];
        }
    }
    assert!(rest.iter().all(|byte| is_loose(*byte)), "lost {:?} of {shown}", String::from_utf8_lossy(rest));
}

/// Splits `input`, and replays what was rejected, twice: every byte is there each time.
fn holds(input: &[u8], args: &[&str]) -> usize {
    let folder = Folder::with("in", input);
    let split = folder.command(&[&["split", "in", "--quiet"], args, &TO].concat()).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&split.stderr).into_owned();
    let (accepted, bad) = (read(&folder, "good.jsonl"), rejected(&read(&folder, "bad.jsonl")));
    assert_eq!(split.status.code(), Some(i32::from(!stderr.is_empty())), "{stderr}");
    together(input, &accepted, &bad);
    // Nothing that is accepted is invalid, wherever it goes.
    let again =
        folder.command(&[&["validate", "--quiet", "good.jsonl"], args].concat()).output().expect("it runs");
    assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stdout));

    // What is judged the same stays where it is, with all that is said of it, but for text that is no record.
    let same = ["replay", "bad.jsonl", "--accepted", "none", "--rejected", "same.jsonl", "--quiet"];
    let code = folder.command(&[&same, args].concat()).output().expect("it runs").status.code();
    assert_eq!(code, Some(i32::from(!bad.is_empty())));
    assert_eq!(read(&folder, "none"), b"");
    let same = read(&folder, "same.jsonl");
    assert_eq!(rejected(&same), bad);

    // What passes comes out as it came in.
    let pass = ["replay", "bad.jsonl", "--accepted", "rest", "--rejected", "bad.jsonl", "--warn", ANYTHING];
    let output = folder.command(&pass).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(read(&folder, "bad.jsonl"), b"");
    let raws: Vec<u8> = bad.iter().flat_map(|(_, raw)| raw.clone()).collect();
    let rest = read(&folder, "rest");
    if rest != raws {
        // Elements of an array, and records in front of others on their lines, are given line ends.
        let without = |bytes: &[u8]| bytes.iter().copied().filter(|byte| *byte != b'\n').collect::<Vec<_>>();
        assert_eq!(without(&rest), without(&raws), "of {}", String::from_utf8_lossy(input));
    }
    bad.len()
}

#[test]
fn lines() {
    let good = line("client-disconnected");
    let content = format!("{good}\r\n\n  {good} \n{}\n{{\"eventName\":\n{good}", broken());
    let folder = Folder::with("a.jsonl", &content);
    assert_snapshot!(folder.run(&[&["split", "a.jsonl"], &TO[..]].concat()));
    assert_eq!(text(&folder, "good.jsonl"), format!("{good}\r\n  {good} \n{good}"));
    assert_snapshot!("lines_rejected", text(&folder, "bad.jsonl"));
}

#[test]
fn what_is_valid_comes_out_as_it_came_in() {
    let good = line("client-disconnected");
    for content in [
        format!("{good}\n"),
        good.clone(),
        format!("{good}\r\n{good}\r\n"),
        documented("client-disconnected"),
        String::new(),
    ] {
        let folder = Folder::with("a.jsonl", gzip(&content));
        let args = ["split", "a.jsonl", "--accepted", "a.gz", "--rejected", "b.gz", "--quiet"];
        assert_eq!(folder.command(&args).output().expect("it runs").status.code(), Some(0));
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
fn an_array() {
    let good = documented("client-disconnected");
    let content = format!("[{},\n  {} x y, {}\n]\n", good.trim_end(), broken(), good.trim_end());
    let folder = Folder::with("a.json", &content);
    assert_snapshot!(folder.run(&[&["split", "a.json"], &TO[..]].concat()));
    assert_eq!(text(&folder, "good.jsonl"), good.clone() + &good);
    assert_snapshot!("an_array_rejected", text(&folder, "bad.jsonl"));
    // An element gets its line end on replay as well.
    let replay =
        ["replay", "bad.jsonl", "--accepted", "rest", "--rejected", "bad.jsonl", "--warn", "wrong-type"];
    assert_snapshot!("an_array_replayed", folder.run(&replay));
    assert_eq!(text(&folder, "rest"), broken() + "\n");
}

#[test]
fn to_standard_output() {
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

/// As for `validate`, by flags and by the file.
#[test]
fn severities_decide() {
    let drift = line("test-message").replacen('{', "{\"newField\":1,", 1) + "\n";
    let folder = Folder::with("a.jsonl", drift.repeat(3) + &broken() + "\n")
        .and("ccxlog.toml", "deny = [\"unknown-field\"]\nwarn = [\"wrong-type\"]");
    assert_snapshot!(folder.run(&[&["split", "a.jsonl"], &TO[..]].concat()));
    assert_eq!(text(&folder, "good.jsonl"), broken() + "\n");
    let replay =
        ["replay", "bad.jsonl", "--accepted", "rest", "--rejected", "worse", "--no-config", "--quiet"];
    assert_snapshot!("severities_decide_again", folder.run(&replay));
    assert_eq!(text(&folder, "rest"), drift.repeat(3));
}

/// More than memory needs to hold is rejected in pieces; replay puts them together where they may be judged.
#[test]
fn a_record_beyond_the_limit() {
    let long = line("test-message").replacen("\"test\"", &format!("\"{}\"", "ü".repeat(100_000)), 1);
    let content = format!("{0}\n{long}\n{0}\n", line("client-disconnected"));
    for args in [&["--threads", "1"], &["--threads", "3"]] {
        let folder = Folder::with("a.jsonl", &content);
        let split = [&["split", "a.jsonl", "--max-record-bytes", "4KiB"], &args[..], &TO].concat();
        assert_eq!(folder.command(&split).output().expect("it runs").status.code(), Some(1));
        let bad = rejected(&read(&folder, "bad.jsonl"));
        assert_eq!(bad.len(), 4);
        together(content.as_bytes(), &read(&folder, "good.jsonl"), &bad);
        let still =
            ["replay", "bad.jsonl", "--accepted", "none", "--rejected", "same", "--max-record-bytes", "4KiB"];
        assert_snapshot!("a_record_still_beyond_the_limit", folder.run(&still));
        assert_eq!(read(&folder, "same"), read(&folder, "bad.jsonl"));
        let replay = ["replay", "bad.jsonl", "--accepted", "rest", "--rejected", "none", "--quiet"];
        assert_eq!(folder.command(&replay).output().expect("it runs").status.code(), Some(0));
        assert_eq!(text(&folder, "rest"), long.clone() + "\n");
    }
}

#[test]
fn damaged_rejected_files_lose_nothing() {
    let folder = Folder::with("a.jsonl", format!("{}\n\u{1}\n{}\n", broken(), broken()));
    folder.run(&[&["split", "a.jsonl"], &TO[..]].concat());
    let whole = text(&folder, "bad.jsonl");
    let lines: Vec<&str> = whole.lines().collect();
    let damaged = [
        lines[0].to_owned(),
        "no JSON".to_owned(),
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
    assert_eq!(text(&folder, "rest"), broken() + "\n");
    let kept = text(&folder, "bad-2");
    assert_eq!(kept.lines().collect::<Vec<_>>(), damaged.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn wrong_usage() {
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

/// The outputs of an earlier run are no logs, wherever they lie.
#[test]
fn outputs_among_the_inputs() {
    let folder = Folder::with("logs/a.jsonl", line("test-message") + "\n");
    let args = ["split", "logs", "--accepted", "logs/good.jsonl", "--rejected", "logs/bad.jsonl", "--quiet"];
    for _ in 0..2 {
        assert_eq!(folder.command(&args).output().expect("it runs").status.code(), Some(0));
        assert_eq!(read(&folder, "logs/good.jsonl"), read(&folder, "logs/a.jsonl"));
    }
}

/// An input that can't be read to its end may have lost anything: what was there before stays.
#[test]
fn damaged_inputs_put_nothing_into_place() {
    let whole = gzip(format!("{}\n", line("test-message")).repeat(50));
    for damaged in [&whole[..whole.len() - 9], &[&whole[..], b"garbage"].concat(), b"PK\x03\x04"] {
        let folder = Folder::with("a.gz", damaged).and("good.jsonl", "old").and("bad.jsonl", "old");
        let output = folder.command(&[&["split", "a.gz"], &TO[..]].concat()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!((text(&folder, "good.jsonl"), text(&folder, "bad.jsonl")), ("old".into(), "old".into()));
        assert_eq!(fs::read_dir(folder.path("")).expect("a folder").count(), 3);
    }
}

/// However many threads there are, and wherever blocks end.
#[test]
fn the_same_by_any_number_of_threads() {
    for format in ["jsonl", "pretty", "array"] {
        let folder = Folder::new();
        let sample = ["sample", "--events", "3000", "--invalid", "0.05", "--format", format, "-o", "in.gz"];
        assert!(folder.command(&sample).output().expect("it runs").status.success());
        let outputs = ["1", "2", "7"].map(|threads| {
            let args = [&["split", "in.gz", "--threads", threads][..], &TO].concat();
            assert_eq!(folder.command(&args).output().expect("it runs").status.code(), Some(1));
            (read(&folder, "good.jsonl"), read(&folder, "bad.jsonl"))
        });
        assert!(outputs[0] == outputs[1] && outputs[0] == outputs[2], "{format}");
        assert!(rejected(&outputs[0].1).len() > 50);
    }
}

fn corpus(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            corpus(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// Every record of the corpus, alone in its file and all in one.
#[test]
fn the_corpus_comes_back() {
    let mut paths = Vec::new();
    corpus(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus"), &mut paths);
    paths.sort();
    let contents: Vec<_> = paths.iter().map(|path| fs::read(path).expect("a file")).collect();
    assert!(contents.len() > 50);
    let all = contents.concat();
    assert!(holds(&all, &[]) > 20);
    holds(&all, &["--max-record-bytes", "1000"]);
    let array = [b"[", &*contents.join(&b","[..]), b"]"].concat();
    assert!(holds(&array, &[]) > 20);
    for content in contents.chunks(4) {
        holds(&content.concat(), &["--strict"]);
    }
}

/// Events of all forms, with bytes changed, left out and put in.
#[test]
fn mutated_events_come_back() {
    let folder = Folder::new();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).expect("small")
    };
    let mut bad = 0;
    for round in 0..60 {
        let format = ["jsonl", "pretty", "array"][round % 3];
        let (seed, events) = (round.to_string(), (1 + next(8)).to_string());
        let args = ["sample", "--seed", &seed, "--events", &events, "--format", format, "--invalid", "0.2"];
        let mut input = folder.command(&args).output().expect("it runs").stdout;
        for _ in 0..next(6) {
            let at = next(input.len());
            match next(4) {
                0 => input[at] = [b'\n', b'{', b'}', b'"', b'[', b',', 0xff, 0][next(8)],
                1 => drop(input.drain(at..(at + next(40)).min(input.len()))),
                2 => drop(input.splice(at..at, *b"}{\n {")),
                _ => input.truncate(at + 1),
            }
            if input.is_empty() {
                input.push(b'{');
            }
        }
        bad += holds(&input, [&[][..], &["--max-record-bytes", "700"], &["--strict"]][round / 3 % 3]);
    }
    assert!(bad > 100, "{bad}");
}

/// A line of 100 MiB through a pipe: rejected in pieces, none of which takes much memory.
#[cfg(target_os = "linux")]
#[test]
fn a_line_of_100_mib_is_rejected_in_bounded_memory() {
    use std::io::{BufRead as _, Write as _};
    use std::process::Stdio;

    let folder = Folder::new();
    let args = ["split", "-", "--accepted", "good.jsonl", "--rejected", "bad.gz", "--quiet"];
    let mut child =
        folder.command(&args).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    let block = vec![b'x'; 1 << 20];
    for _ in 0..100 {
        stdin.write_all(&block).expect("it reads on");
    }
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it still runs");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(kib < 120 << 10, "{peak}");
    stdin.write_all(format!("\n{}\n", line("test-message")).as_bytes()).expect("it reads on");
    drop(stdin);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    assert_eq!(text(&folder, "good.jsonl"), line("test-message") + "\n");
    let file = fs::File::open(folder.path("bad.gz")).expect("a file");
    let lines = std::io::BufReader::new(flate2::read::GzDecoder::new(file)).split(b'\n');
    let raws = lines.map(|line| rejected(&line.expect("gzip"))[0].1.len());
    assert_eq!(raws.sum::<usize>(), (100 << 20) + 1);
}
