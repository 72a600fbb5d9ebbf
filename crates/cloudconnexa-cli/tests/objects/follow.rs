//! `--follow` on prefixes of buckets: listings and objects that fail, change or break off, and the end of a run.

use std::time::Instant;

use super::*;
use crate::common::follower::Follower;

fn follow<'a>(folder: &'a Folder, server: &Server, args: &[&str]) -> Follower<'a> {
    let options = ["validate", "--follow", "--poll-interval", "20ms", "--format", "concise"];
    Follower::start(folder, command(folder, server, &[&options, args].concat()))
}

/// Ends the run, and returns its exit code, and standard output followed by standard error.
fn end(follower: Follower<'_>) -> (Option<i32>, String) {
    let output = follower.end();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
    (output.status.code(), text)
}

/// Listings and objects fail for a while. At the end, everything was read, and read once.
#[test]
fn new_and_changed_objects_of_a_prefix_are_read() {
    let server = Server::start();
    let folder = Folder::new();
    let follower = follow(&folder, &server, &["--retries=0", "s3://logs/x/"]);
    server.put("x/a.jsonl", BROKEN);
    follower.wait_for("x/a.jsonl:1:");
    server.fail("list", &[Fault::Status(503, "SlowDown"), Fault::Status(503, "SlowDown")]);
    follower.wait_for("cannot list `s3://logs/x/`");
    follower.wait_for("note: `s3://logs/x/` can be listed again");
    server.fail("x/b.jsonl.gz", &[Fault::Status(500, "InternalError"), Fault::NoResponse]);
    server.put("x/b.jsonl.gz", gzip(BROKEN.repeat(3)));
    follower.wait_for("x/b.jsonl.gz:3:");
    server.put("x/a.jsonl", BROKEN.repeat(2));
    follower.wait_for("x/a.jsonl:2:");
    let (code, text) = end(follower);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("6 events in 3 inputs: 6 invalid"), "{text}");
    assert_eq!(text.matches("cannot list `s3://logs/x/`").count(), 1, "{text}");
    assert_eq!(text.matches("error: cannot read `s3://logs/x/b.jsonl.gz`").count(), 1, "{text}");
}

/// The connection breaks repeatedly within an object.
#[test]
fn a_broken_connection_checks_nothing_twice() {
    let server = Server::start();
    let text = format!("{}{BROKEN}", line()).repeat(40);
    let body = gzip(&text);
    server.put("x/a.jsonl.gz", &body).put("x/b.jsonl", &text);
    for key in ["x/a.jsonl.gz", "x/b.jsonl"] {
        let length = if key.ends_with("gz") { body.len() } else { text.len() };
        // Attempts that get further than the last, and one that does not.
        let faults = [length / 2, length / 3, length - 2].map(Fault::CutWithoutEtag);
        server.fail(key, &faults);
    }
    let folder = Folder::new();
    let follower = follow(&folder, &server, &["--retries=0", "s3://logs/x/"]);
    follower.wait_for("note: `s3://logs/x/a.jsonl.gz` has now been read to its end");
    follower.wait_for("note: `s3://logs/x/b.jsonl` has now been read to its end");
    let (code, text) = end(follower);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("160 events in 2 inputs: 80 invalid, 80 valid"), "{text}");
    for line in 1..=40 {
        let position = format!("s3://logs/x/b.jsonl:{}:1:", 2 * line);
        assert_eq!(text.matches(&position).count(), 8, "{position}");
    }
}

/// The records that were read before it changed count as well.
#[test]
fn an_object_that_changes_before_it_was_read_is_read_from_its_start() {
    let server = Server::start();
    let half = 20 * BROKEN.len();
    server.put("x/a.jsonl", BROKEN.repeat(40)).fail_always("x/a.jsonl", Fault::CutWithoutEtag(half));
    let folder = Folder::new();
    let follower = follow(&folder, &server, &["--retries=0", "s3://logs/x/"]);
    follower.wait_for("cannot read `s3://logs/x/a.jsonl`");
    server.put("x/a.jsonl", format!("{BROKEN}x\n"));
    follower.wait_for("x/a.jsonl:2:1: error[syntax]");
    let (code, text) = end(follower);
    assert_eq!(code, Some(1), "{text}");
    let read =
        format!("22 events in 1 input: 22 invalid, 0 valid, 169 errors ({} B, ", half + BROKEN.len() + 2);
    assert!(text.contains(&read), "{text}");
}

/// The other objects are in the state file, and are not read again.
#[test]
fn an_object_never_read_fails_the_run() {
    let server = Server::start();
    server.put("x/a.jsonl", line()).put("x/b.jsonl", line());
    server.fail_always("x/b.jsonl", Fault::Status(500, "InternalError"));
    let folder = Folder::new();
    let args = ["--retries=0", "--state=x.state", "s3://logs/x/", "s3://others/"];
    let follower = follow(&folder, &server, &args);
    follower.wait_for("cannot list `s3://others/`");
    follower.wait_for("cannot read `s3://logs/x/b.jsonl`");
    std::thread::sleep(Duration::from_millis(100));
    let (code, text) = end(follower);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("2 inputs could not be read to the end"), "{text}");
    server.forget_requests();
    let follower = follow(&folder, &server, &args);
    follower.wait_for("cannot read `s3://logs/x/b.jsonl`");
    let (code, text) = end(follower);
    assert!(code == Some(2) && text.contains("1 input read before"), "{text}");
    assert!(!server.requests().iter().any(|request| request.starts_with("x/a")), "{:?}", server.requests());
}

/// The next run reads the others.
#[test]
fn a_signal_lets_no_other_object_be_started() {
    let server = Server::start();
    for key in ["x/a.jsonl", "x/b.jsonl", "x/c.jsonl"] {
        server.put(key, line());
    }
    server.fail("x/a.jsonl", &[Fault::Slow(Duration::from_secs(2))]);
    let folder = Folder::new();
    let follower = follow(&folder, &server, &["--threads=1", "--state=x.state", "s3://logs/x/"]);
    while !server.requests().iter().any(|request| request.starts_with("x/a")) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let (code, text) = end(follower);
    assert!(code == Some(0) && text.contains("1 event in 1 input: "), "{text}");
    assert!(text.contains("note: 2 inputs were not read to the end: "), "{text}");
    let state = folder.text("x.state");
    assert!(state.contains("x/a.jsonl") && !state.contains("x/b.jsonl"), "{state}");
}

/// After the first signal, inputs that are being read are read to their end.
#[test]
fn a_second_signal_ends_the_run_at_once() {
    let server = Server::start();
    server.put("x/a.jsonl", line());
    server.fail_always("x/a.jsonl", Fault::Slow(Duration::from_secs(20)));
    let folder = Folder::new();
    let since = Instant::now();
    let follower = follow(&folder, &server, &["--format=sarif=out.sarif", "s3://logs/x/"]);
    while !server.requests().iter().any(|request| request.starts_with("x/a")) {
        std::thread::sleep(Duration::from_millis(5));
    }
    follower.signal();
    std::thread::sleep(Duration::from_millis(300));
    let (code, text) = end(follower);
    assert_eq!(code, Some(143), "{text}");
    assert!(text.ends_with("error: stopped by SIGTERM; nothing was put into place\n"), "{text}");
    assert!(since.elapsed() < Duration::from_secs(15));
    assert!(!folder.path("out.sarif").exists());
}
