//! Objects of buckets and of the web as inputs, with what goes wrong on the way: no read that was not finished ends in 0.

#![cfg(feature = "s3")]
#![allow(clippy::disallowed_methods, reason = "tests touch files, and talk to a server of their own")]

mod common;
#[path = "../../cloudconnexa-store/tests/server/mod.rs"]
mod server;

use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use common::{Folder, shown};
use server::{Fault, KEY, Server};

const VALID: &str = include_str!("../../../tests/corpus/documented/client-disconnected-v1.json");
const BROKEN: &str = "{\"eventName\":\"test-message\"}\n";

fn line() -> String {
    let value: serde_json::Value = serde_json::from_str(VALID).expect("JSON");
    format!("{value}\n")
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

/// `ccxlog`, with the keys of the server and nothing else of the network's settings.
fn command(folder: &Folder, server: &Server, args: &[&str]) -> Command {
    let mut command = folder.command(args);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().to_ascii_uppercase();
        if name.starts_with("AWS_") || name.ends_with("_PROXY") {
            command.env_remove(&name).env_remove(name.to_ascii_lowercase());
        }
    }
    command
        .env("HOME", folder.path("home"))
        .env("AWS_ENDPOINT_URL", &server.address)
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", "secret");
    command
}

fn run_command(server: &Server, args: &[&str], mut command: Command) -> String {
    let text = shown(args, &command.output().expect("the binary runs"));
    text.replace(&server.address, "http://SERVER")
}

fn run(server: &Server, args: &[&str]) -> String {
    let folder = Folder::new();
    let command = command(&folder, server, args);
    run_command(server, args, command)
}

/// What CloudConnexa and people put into a bucket.
fn bucket() -> Server {
    let server = Server::start();
    for number in 0..7 {
        server.put(&format!("CloudConnexa/one/{number}.jsonl.gz"), gzip(&line().repeat(number + 1)));
    }
    server.put("CloudConnexa/one/archive.zip", "PK").put("CloudConnexa/one-more/a.jsonl", line());
    server.put("CloudConnexa/two/", "").put("CloudConnexa/two/ü & é.jsonl", line());
    server
}

#[test]
fn a_prefix_is_read_like_a_folder() {
    let server = bucket();
    let all = ["all", "by folder", "by pattern", "one", "one without an ending", "twice"];
    let args: [&[&str]; 6] = [
        &["s3://logs"],
        &["s3://logs/CloudConnexa/one"],
        &["s3://logs/CloudConnexa/one/[0-2]*"],
        &["s3://logs/CloudConnexa/two/ü & é.jsonl"],
        &["s3://logs/plain"],
        &["s3://logs/CloudConnexa/two/", "s3://logs/CloudConnexa/two/ü & é.jsonl"],
    ];
    server.put("plain", gzip(&line()));
    let texts = all.iter().zip(args).map(|(name, inputs)| {
        let args: Vec<_> = ["validate", "--show-values"].iter().chain(inputs).copied().collect();
        format!("# {name}\n{}", run(&server, &args))
    });
    insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n"));
}

#[test]
fn findings_are_told_by_address() {
    let server = Server::start();
    server.put("a/b.jsonl.gz", gzip(&format!("{}{BROKEN}", line())));
    server.put("/web/b.jsonl", BROKEN);
    let url = format!("{}/web/b.jsonl?token=secret", server.address);
    let text = run(&server, &["validate", "--format", "concise", "s3://logs/a/"]);
    let web = run(&server, &["validate", "--format", "concise", &url]);
    assert!(web.contains("?token=secret\nexit code: 1"), "{web}");
    let (_, web) = web.split_once('\n').expect("lines");
    assert!(!web.contains("secret"), "{web}");
    insta::assert_snapshot!([&text, web].join("\n"));
}

/// Each fault at one of several objects: the others are read all the same.
#[test]
fn faults() {
    let key = "CloudConnexa/one/3.jsonl.gz";
    let mut texts = Vec::new();
    for (name, faults, code) in [
        ("busy", &[Fault::Status(503, "SlowDown"), Fault::Status(500, "InternalError")][..], 0),
        ("cut in the middle", &[Fault::Cut(100)], 0),
        ("no answer", &[Fault::NoAnswer], 0),
        ("vanished", &[Fault::Status(404, "NoSuchKey")], 2),
        ("denied", &[Fault::Status(403, "AccessDenied")], 2),
        ("ends early, always", &[Fault::CutWithoutEtag(100)], 2),
        ("replaced meanwhile", &[Fault::CutAndReplaced(100)], 2),
        ("deleted meanwhile", &[Fault::CutAndDeleted(100)], 2),
        ("broken for good", &[Fault::Status(500, "InternalError"); 3], 2),
    ] {
        let server = bucket();
        server.fail(key, faults);
        let text = run(&server, &["validate", "--retries", "2", "s3://logs/CloudConnexa/one/"]);
        assert!(text.contains(&format!("\nexit code: {code}\n")), "{name}: {text}");
        texts.push(format!("# {name}\n{text}"));
    }
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn what_cannot_be_listed() {
    let server = bucket();
    let folder = Folder::new();
    let mut texts = Vec::new();
    for (name, args, key, profile) in [
        ("empty prefix", &["validate", "s3://logs/nothing/"][..], KEY, ""),
        ("no logs", &["validate", "s3://logs/CloudConnexa/one/*.zip"], KEY, ""),
        ("wrong credentials", &["validate", "s3://logs/"], "AKIAOTHER", ""),
        ("no such bucket", &["validate", "s3://others/"], KEY, ""),
        ("no such object", &["validate", "s3://logs/none.jsonl"], KEY, ""),
        ("no name", &["validate", "s3:///x"], KEY, ""),
        ("no endpoint", &["validate", "--endpoint-url", "somewhere", "s3://logs/"], KEY, ""),
        ("no such profile", &["validate", "s3://logs/"], "", "ghost"),
        ("no credentials", &["validate", "--retries", "0", "s3://logs/"], "", ""),
        ("beside a file that can be read", &["validate", "s3://logs/nothing/", "a.jsonl"], KEY, ""),
        ("nothing in time", &["validate", "--until", "2026-11-01", "s3://logs/"], KEY, ""),
    ] {
        std::fs::write(folder.path("a.jsonl"), line()).expect("a file");
        let mut command = command(&folder, &server, args);
        command.env("AWS_ACCESS_KEY_ID", key).env("AWS_PROFILE", profile);
        command.env("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9");
        if key.is_empty() {
            command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        }
        let text = run_command(&server, args, command);
        assert!(text.contains("\nexit code: 2\n"), "{name}: {text}");
        texts.push(format!("# {name}\n{text}"));
    }
    insta::assert_snapshot!(texts.join("\n"));
}

/// Keys come from a profile as well, and its region is what requests are signed for.
#[test]
fn profiles() {
    let server = bucket();
    let folder = Folder::new()
        .and(
            "home/.aws/credentials",
            format!("[reader]\naws_access_key_id = {KEY}\naws_secret_access_key = x\n"),
        )
        .and("home/.aws/config", "[profile reader]\nregion = eu-west-1\n[profile sso]\nsso_session = x\n");
    let args = ["validate", "--quiet", "s3://logs/CloudConnexa/two"];
    for (profile, code) in [("reader", 0), ("sso", 2)] {
        let mut command = command(&folder, &server, &args);
        command
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY")
            .env("AWS_PROFILE", profile);
        let output = command.output().expect("the binary runs");
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn some_are_chosen_by_time_and_by_name() {
    let server = Server::start();
    for day in 1..=9 {
        let modified = format!("2026-11-{day:02}T00:00:00.000Z");
        server.put_at(&format!("x/{day}.jsonl"), line(), &modified);
    }
    server.put("x/extracted/1.jsonl", BROKEN);
    let args = |more: &[&'static str]| -> Vec<&'static str> {
        ["validate", "s3://logs/x/"].iter().chain(more).copied().collect()
    };
    let texts = [
        args(&["--since", "2026-11-03", "--until", "2026-11-05T00:00:00Z"]),
        args(&["--include", "x/[1-3].jsonl"]),
        args(&["--exclude", "**/extracted/**"]),
        args(&["--include", "s3://logs/x/4.*", "--since", "1h"]),
    ];
    let texts = texts.map(|args| run(&server, &args));
    insta::assert_snapshot!(texts.join("\n"));
    // Of what is left out nothing is asked for.
    server.forget_requests();
    run(&server, &args(&["--since", "2026-11-09", "--until", "2026-11-10"]));
    let mut requests = server.requests();
    requests.retain(|request| request != "list");
    assert_eq!(requests, ["x/9.jsonl"]);
}

/// A run that meets a fault is done with all but that; the next reads what is left, and the one after that nothing.
#[test]
fn state() {
    let server = bucket();
    server.put("CloudConnexa/one/1.jsonl.gz", gzip(BROKEN));
    server.fail("CloudConnexa/one/3.jsonl.gz", &[Fault::Status(404, "NoSuchKey")]);
    let folder = Folder::new();
    let args = ["validate", "--format", "concise", "--state", "bucket.state", "s3://logs/CloudConnexa/one/"];
    let mut texts = Vec::new();
    for name in ["first", "second", "third", "new and changed", "last"] {
        if name == "new and changed" {
            server
                .put("CloudConnexa/one/8.jsonl.gz", gzip(&line()))
                .put("CloudConnexa/one/2.jsonl.gz", gzip(&line()));
        }
        server.forget_requests();
        let text = run_command(&server, &args, command(&folder, &server, &args));
        let mut requests = server.requests();
        requests.retain(|request| request != "list");
        requests.sort();
        texts.push(format!("# {name}\n{text}----- requests -----\n{}", requests.join("\n")));
    }
    insta::assert_snapshot!(texts.join("\n\n"));
}

/// Killed anywhere, it goes on: no object is left out, and most of what was done is not done again.
#[test]
fn a_run_that_is_killed_goes_on() {
    let server = Server::start();
    for number in 0..12 {
        server.put(&format!("{number:02}.jsonl"), line());
        server.fail_always(&format!("{number:02}.jsonl"), Fault::Slow(Duration::from_millis(50)));
    }
    let folder = Folder::new();
    let args = ["validate", "--threads", "1", "--objects-at-once", "1", "--state", "x.state", "s3://logs/"];
    for killed_at in [2, 5, 9] {
        server.forget_requests();
        let _ = std::fs::remove_file(folder.path("x.state"));
        let mut child = command(&folder, &server, &args).spawn().expect("the binary runs");
        while server.requests().len() < killed_at + 6 {
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        let text = run_command(&server, &args, command(&folder, &server, &args));
        assert!(text.contains("exit code: 0"), "{text}");
        let number = |name: &str| -> usize {
            let before = text.split(name).next().unwrap_or_default();
            before.split_whitespace().last().and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        assert_eq!(number(" events in ") + number(" inputs read before"), 12, "{text}");
        assert!(number(" inputs read before") >= killed_at, "{text}");
    }
}

#[test]
fn threads_and_objects_at_once_make_no_difference() {
    let server = Server::start();
    for number in 0..40 {
        let text = if number % 3 == 0 { line().repeat(number) } else { format!("{}{BROKEN}", line()) };
        server.put(&format!("{number:02}.jsonl"), text);
    }
    server.fail_always("17.jsonl", Fault::Status(404, "NoSuchKey"));
    let mut seen = Vec::new();
    for (threads, at_once) in [("1", "1"), ("1", "16"), ("4", "16"), ("3", "2"), ("8", "1")] {
        let args = ["validate", "--threads", threads, "--objects-at-once", at_once, "s3://logs/"];
        let text = run(&server, &args);
        let (_, text) = text.split_once('\n').expect("lines");
        seen.push(text.to_owned());
    }
    assert!(seen.iter().all(|text| *text == seen[0]));
    assert!(seen[0].starts_with("exit code: 2\n"));
}
