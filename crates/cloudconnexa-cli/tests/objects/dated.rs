//! Dated keys: with `--since`, older days are not listed, and nothing else changes.

use super::common::{BROKEN, Folder, code, gzip};
use super::server::Server;
use super::{command, line, run_command};

/// A bucket of two tenants, with an object a day from 20 October to 28 November 2026, stored an hour after its date.
fn bucket() -> Server {
    let server = Server::start();
    for cloud in ["one", "two"] {
        for day in 0..40 {
            let (month, day) = if day < 12 { (10, 20 + day) } else { (11, day - 11) };
            let date = format!("2026-{month}-{day:02}");
            let body = gzip(if day % 5 == 0 { line() + BROKEN } else { line() });
            server.put_at(
                &format!("CloudConnexa/{cloud}/{date}-09-30-aB3z.jsonl.gz"),
                body,
                &format!("{date}T10:30:00.000Z"),
            );
        }
    }
    server
}

const NOTE: &str = "days more than a week before `--since` were not listed";

/// Runs a command with and without `--list-all`. Returns both outputs, without notes and summary, and how many lists each took.
fn both(server: &Server, args: &[&str]) -> [(String, usize); 2] {
    let folder = Folder::new();
    [&["--list-all"][..], &[]].map(|more| {
        server.forget_requests();
        let args = [args, more].concat();
        let shown = run_command(server, &args, command(&folder, server, &args));
        let lists = server.requests().iter().filter(|request| *request == "list").count();
        assert_eq!(shown.contains(NOTE), lists < 27 && more.is_empty(), "{lists} lists: {shown}");
        let shown: String = shown
            .lines()
            .skip(1)
            .filter(|line| !line.starts_with("note: ") && !line.contains(" left out by "))
            .map(|line| line.to_owned() + "\n")
            .collect();
        (shown, lists)
    })
}

#[test]
fn since_lists_only_recent_days_of_dated_keys_and_finds_the_same() {
    let server = bucket();
    for (since, inputs) in [
        ("2026-11-26", &["s3://logs/CloudConnexa/"][..]),
        ("2026-11-26", &["s3://logs"]),
        ("2026-11-26", &["s3://logs/CloudConnexa/one", "s3://logs/CloudConnexa/two/"]),
        ("2026-11-26", &["s3://logs/CloudConnexa/*/2026-*"]),
        ("2026-11-20T10:30:00Z", &["s3://logs/CloudConnexa/"]),
    ] {
        for command in [&["validate", "--format", "concise"][..], &["find"], &["sessions"]] {
            let args = [command, &["--since", since], inputs].concat();
            let [(all, lists), (shown, fewer)] = both(&server, &args);
            assert_eq!(shown, all);
            assert!(fewer < lists && shown.contains("2023-12-20") || command[0] == "validate", "{shown}");
            assert!(fewer <= lists / 2 + 4, "{fewer} of {lists} lists");
        }
    }
}

#[test]
fn odd_keys_and_late_objects_are_found_with_since() {
    let stored = "2026-11-28T12:00:00.000Z";
    for (key, is_whole) in [
        // Other forms of keys, before, between and after those that are listed.
        ("CloudConnexa/one/!.jsonl", true),
        ("CloudConnexa/one/2026-11-22-00-00-aB3z.json", true),
        ("CloudConnexa/one/2026-11-28.jsonl", true),
        ("CloudConnexa/one/x.jsonl", true),
        // Beside and below the folders.
        ("CloudConnexa/a.jsonl", false),
        ("CloudConnexa/one.jsonl", false),
        ("CloudConnexa/one/2026-11-28/a.jsonl", true),
        ("CloudConnexa/one/extracted/2026-10-20-09-30-aB3z.jsonl.gz", false),
        ("CloudConnexa/z.jsonl", false),
        // Stored late: days after its date, or again.
        ("CloudConnexa/one/2026-11-21-09-30-late.jsonl.gz", true),
        ("CloudConnexa/one/2026-10-20-00-00-late.jsonl.gz", true),
    ] {
        let server = bucket();
        let body = if key.strip_suffix(".gz").is_some() { gzip(BROKEN) } else { BROKEN.as_bytes().to_vec() };
        server.put_at(key, body, stored);
        let args = ["validate", "--format", "concise", "--since", "2026-11-28", "s3://logs/CloudConnexa/"];
        let [(all, lists), (shown, others)] = both(&server, &args);
        assert_eq!(shown, all, "{key}");
        assert!(shown.contains(key) && code(&format!("\n{shown}")) == 1, "{key}: {shown}");
        // The other tenant's folder is not affected.
        assert!(others < lists || is_whole, "{key}: {others} of {lists} lists");
    }
}

#[test]
fn a_copied_bucket_is_listed_as_a_whole() {
    let server = bucket();
    for day in 1..=31 {
        let key = format!("copy/2026-10-{day:02}-09-30-aB3z.jsonl.gz");
        server.put_at(&key, gzip(line()), "2026-11-28T12:00:00.000Z");
    }
    let args = ["validate", "--since", "2026-11-28", "s3://logs/copy/"];
    let [(all, lists), (shown, others)] = {
        let folder = Folder::new();
        [&["--list-all"][..], &[]].map(|more| {
            server.forget_requests();
            let args = [&args[..], more].concat();
            let shown = run_command(&server, &args, command(&folder, &server, &args));
            let (_, shown) = shown.split_once('\n').expect("lines");
            (shown.to_owned(), server.requests().iter().filter(|request| *request == "list").count())
        })
    };
    assert_eq!((shown, others), (all.clone(), lists));
    assert!(all.contains("31 events in 31 inputs"), "{all}");
}
