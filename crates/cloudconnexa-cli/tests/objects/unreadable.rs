//! Objects that cannot be read, on a schedule: each is reported once, and none is lost.

use super::*;
use crate::common::code;

/// Returns a bucket with 30 objects, of which every fifth is damaged.
fn damaged_bucket() -> Server {
    let server = Server::start();
    for number in 0..30 {
        let whole = gzip(format!("{}{BROKEN}", line()));
        let body = if number % 5 == 0 { &whole[..whole.len() - 20] } else { &whole[..] };
        server.put(&format!("x/{number:02}.jsonl.gz"), body);
    }
    server
}

fn nightly(folder: &Folder, server: &Server, args: &[&str]) -> String {
    let args = [args, &["--state=x.state", "--retries=0", "--skip-unreadable", "s3://logs/x/"]].concat();
    run_command(server, &args, command(folder, server, &args))
}

#[test]
fn a_nightly_check_reports_a_damaged_object_once() {
    let (server, folder) = (damaged_bucket(), Folder::new());
    let args = ["validate", "--strict", "--format=concise"];
    let first = nightly(&folder, &server, &args);
    assert!(code(&first) == 3 && first.contains("6 inputs skipped"), "{first}");
    assert!(first.contains("54 events in 30 inputs") || first.contains("in 30 inputs"), "{first}");
    server.forget_requests();
    let second = nightly(&folder, &server, &args);
    assert!(code(&second) == 0 && !second.contains("cannot read"), "{second}");
    assert!(second.contains("6 unreadable inputs reported before, 24 inputs read before"), "{second}");
    assert!(server.requests().iter().all(|request| request == "list"), "{:?}", server.requests());
    // A new one, and one that has changed but is still damaged.
    let cut = gzip(line());
    server.put("x/30.jsonl.gz", &cut[..30]).put("x/05.jsonl.gz", &cut[..31]);
    let third = nightly(&folder, &server, &args);
    assert!(code(&third) == 3 && third.contains("2 inputs skipped"), "{third}");
    server.put("x/05.jsonl.gz", gzip(line()));
    let fourth = nightly(&folder, &server, &args);
    assert!(code(&fourth) == 0 && fourth.contains("1 event in 1 input"), "{fourth}");
}

#[test]
fn one_unusable_key_does_not_stop_a_scheduled_split() {
    let (server, folder) = (Server::start(), Folder::new());
    server.put("x/1.jsonl", line()).put("x//2.jsonl", line()).put("x/3.jsonl", BROKEN);
    let args = ["split", "--accepted=good.jsonl", "--rejected=bad.jsonl"];
    let first = nightly(&folder, &server, &args);
    assert!(code(&first) == 3 && first.contains("`s3://logs/x//2.jsonl`"), "{first}");
    assert_eq!(folder.text("good.jsonl"), line());
    let second = nightly(&folder, &server, &args);
    assert!(code(&second) == 0 && !second.contains("cannot read"), "{second}");
    assert_eq!(folder.text("good.jsonl"), line(), "left as it is");
    server.put("x/4.jsonl", line().repeat(2));
    let third = nightly(&folder, &server, &args);
    assert!(code(&third) == 0 && third.contains("1 unreadable input reported before"), "{third}");
    assert_eq!(folder.text("good.jsonl"), line().repeat(2));
}

#[test]
fn an_object_that_was_denied_is_read_once_it_can_be() {
    let (server, folder) = (Server::start(), Folder::new());
    server.put("x/1.jsonl", line()).put("x/2.jsonl", line());
    server.fail("x/2.jsonl", &[Fault::Status(403, "AccessDenied"); 2]);
    let runs = [(); 4].map(|()| nightly(&folder, &server, &["validate"]));
    assert_eq!(runs.each_ref().map(|run| code(run)), [3, 0, 0, 0], "{runs:?}");
    assert!(runs[1].contains("1 unreadable input reported before"), "{}", runs[1]);
    assert!(runs[2].contains("1 event in 1 input"), "{}", runs[2]);
    assert!(runs[3].contains("2 inputs read before"), "{}", runs[3]);
}

/// A failure that may be over by the next run is never remembered, whatever was read before it.
#[test]
fn an_object_is_reported_each_time_if_its_server_fails() {
    for (fault, body) in [
        (Fault::Status(500, "InternalError"), line().into()),
        (Fault::CutWithoutEtag(100), line().into()),
        // The connection is at fault, though half of a gzip file would be damaged.
        (Fault::CutWithoutEtag(100), gzip(line())),
        (Fault::Status(404, "NoSuchKey"), line().into()),
    ] {
        let (server, folder) = (Server::start(), Folder::new());
        server.put("x/1.jsonl", line()).put("x/2.jsonl", body);
        server.fail_always("x/2.jsonl", fault);
        let runs = [(); 2].map(|()| nightly(&folder, &server, &["validate"]));
        assert_eq!(runs.each_ref().map(|run| code(run)), [3, 3], "{fault:?}: {runs:?}");
        assert!(!folder.text("x.state").contains("x/2.jsonl"));
    }
}

#[test]
fn a_prefix_that_is_not_a_folder_says_what_to_add() {
    let server = Server::start();
    for day in 25..=28 {
        server.put(&format!("acme/2026-11-{day}T00.jsonl"), line());
    }
    server.put("acme/2026-11-27T12/a.jsonl", line()).put("acme2/a.jsonl", BROKEN);
    let refused = run(&server, &["validate", "s3://logs/acme/2026-11-27"]);
    assert!(code(&refused) == 2 && refused.contains("`s3://logs/acme/2026-11-27*`"), "{refused}");
    let read = run(&server, &["validate", "s3://logs/acme/2026-11-27*"]);
    assert!(code(&read) == 0 && read.contains("2 events in 2 inputs"), "{read}");
    // A folder is that folder alone: the other one may belong to somebody else.
    let folder = run(&server, &["validate", "s3://logs/acme"]);
    assert!(code(&folder) == 0 && folder.contains("5 events in 5 inputs"), "{folder}");
    let nothing = run(&server, &["validate", "s3://logs/acm/"]);
    assert!(nothing.contains("no logs in"), "{nothing}");
}

#[test]
fn an_address_with_one_slash_is_recognised() {
    let server = Server::start();
    for (given, meant) in [
        ("s3:/logs/x.jsonl", "did you mean `s3://logs/x.jsonl`?"),
        ("S3:logs/x/*.jsonl", "did you mean `s3://logs/x/*.jsonl`?"),
        ("s3a://logs/x", "did you mean `s3://logs/x`?"),
        ("https:/user:secret@host/x?token=secret", "did you mean `https://…`?"),
    ] {
        let text = run(&server, &["validate", "--quiet", given]);
        let (_, output) = text.split_once('\n').expect("lines");
        assert!(code(&text) == 2 && output.contains(meant) && !output.contains("secret"), "{text}");
    }
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[test]
fn a_refused_connection_names_the_endpoint() {
    let server = Server::start();
    let closed =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let endpoint = format!("http://{closed}");
    for address in ["s3://logs/x/", "s3://logs/x.jsonl"] {
        let text = run(&server, &["validate", "--retries=0", "--endpoint-url", &endpoint, address]);
        assert!(code(&text) == 2 && text.contains(&format!("cannot connect to `{endpoint}`")), "{text}");
        assert!(text.contains("check `--endpoint-url`"), "{text}");
    }
}

#[test]
fn a_time_that_leaves_nothing_is_explained() {
    let server = Server::start();
    server.put("x/1.jsonl", line());
    let text = run(&server, &["validate", "--since", "2026-11-21", "s3://logs/x/"]);
    assert!(
        text.contains("`--since` leaves nothing to read: 1 input left out; what counts is when"),
        "{text}"
    );
    assert!(text.contains("`ccxlog find --between`"), "{text}");
    let text = run(&server, &["validate", "--include", "y/*", "s3://logs/x/"]);
    assert!(text.contains("`--include` leaves nothing to read: 1 input left out\n"), "{text}");
}

/// A key that cannot be read is tried again in each run, so a run with nothing else is not one without inputs.
#[test]
fn a_result_is_left_as_it_is_if_only_an_unusable_key_is_left_to_read() {
    for (args, name) in [
        (&["find", "-o", "found.jsonl"][..], "found.jsonl"),
        (&["find", "--fields", "eventName", "-o", "found.csv"], "found.csv"),
        (&["top", "--by", "eventName", "-o", "top.csv"], "top.csv"),
        (&["drift", "--write-profile", "profile.json"], "profile.json"),
    ] {
        let (server, folder) = (Server::start(), Folder::new());
        server.put("x/1.jsonl", line()).put("x//2.jsonl", line());
        let first = nightly(&folder, &server, args);
        assert_eq!(code(&first), 3, "{first}");
        let written = folder.text(name);
        assert!(written.contains("client-disconnected"), "{written}");
        let second = nightly(&folder, &server, args);
        assert!(code(&second) == 0 && second.contains("nothing is new"), "{second}");
        assert!(second.contains("1 unreadable input reported before, 1 input read before"), "{second}");
        assert_eq!(folder.text(name), written, "{second}");
        server.put("x/3.jsonl", common::line("test-message") + "\n");
        let third = nightly(&folder, &server, args);
        assert!(code(&third) == 0 && folder.text(name).contains("test-message"), "{third}");
    }
}
