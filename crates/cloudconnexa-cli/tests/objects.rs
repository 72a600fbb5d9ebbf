//! Objects in buckets and on the web as inputs, with faults: an incomplete read never ends with exit code 0.

#![cfg(feature = "s3")]
#![allow(clippy::disallowed_methods, reason = "tests touch files, and talk to a server of their own")]

mod common;
#[path = "objects/dated.rs"]
mod dated;
#[path = "objects/documented.rs"]
mod documented;
#[cfg(unix)]
#[path = "objects/follow.rs"]
mod follow;
#[path = "../../cloudconnexa-remote/tests/server/mod.rs"]
mod server;
#[path = "objects/unreadable.rs"]
mod unreadable;

use std::process::Command;
use std::time::Duration;

use common::{BROKEN, Folder, gzip, transcript};
use server::{Fault, KEY, Server};

fn line() -> String {
    common::line("client-disconnected") + "\n"
}

/// Returns the command `ccxlog`, with the server's keys and without other network settings of the environment.
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
    let text = transcript(args, &command.output().expect("the binary runs"));
    text.replace(&server.address, "http://SERVER")
}

fn run(server: &Server, args: &[&str]) -> String {
    let folder = Folder::new();
    let command = command(&folder, server, args);
    run_command(server, args, command)
}

/// A bucket with objects as CloudConnexa writes them, and some that people added.
fn bucket() -> Server {
    let server = Server::start();
    for number in 0..7 {
        server.put(&format!("CloudConnexa/one/{number}.jsonl.gz"), gzip(line().repeat(number + 1)));
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
    server.put("plain", gzip(line()));
    let texts = all.iter().zip(args).map(|(name, inputs)| {
        let args: Vec<_> = ["validate", "--show-values"].iter().chain(inputs).copied().collect();
        format!("# {name}\n{}", run(&server, &args))
    });
    insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_key_of_a_notification_is_decoded_if_there_is_no_such_object() {
    let server = Server::start();
    server.put("one/a b+c.jsonl", line()).put("one/x+y.jsonl", line());
    let decoded =
        "keys in S3 notifications are URL-encoded: if this is one, its object is `s3://logs/one/a b+c.jsonl`";
    for args in [
        &["validate", "s3://logs/one/a+b%2Bc.jsonl"][..],
        &["validate", "--since", "365d", "s3://logs/one/a+b%2Bc.jsonl"],
        &["find", "s3://logs/one/a+b%2Bc.jsonl"],
    ] {
        let shown = run(&server, args);
        assert!(shown.contains(decoded) && common::code(&shown) == 2, "{shown}");
    }
    for args in [["validate", "s3://logs/one/x+y.jsonl"], ["validate", "s3://logs/one/a b+c.jsonl"]] {
        let shown = run(&server, &args);
        assert!(common::code(&shown) == 0, "{shown}");
    }
}

#[test]
fn findings_name_the_address_without_its_secrets() {
    let server = Server::start();
    server.put("a/b.jsonl.gz", gzip(format!("{}{BROKEN}", line())));
    server.put("/web/b.jsonl", BROKEN);
    let url = format!("{}/web/b.jsonl?token=secret", server.address);
    let text = run(&server, &["validate", "--format", "concise", "s3://logs/a/"]);
    let web = run(&server, &["validate", "--format", "concise", &url]);
    assert!(web.contains("?token=secret\nexit code: 1"), "{web}");
    let (_, web) = web.split_once('\n').expect("lines");
    assert!(!web.contains("secret"), "{web}");
    insta::assert_snapshot!([&text, web].join("\n"));
}

/// Only what a rejected file says of its source may be shortened.
#[test]
fn an_address_is_named_in_full_however_long_it_is() {
    let server = Server::start();
    let path = format!("/web/{}.jsonl", "x".repeat(5000));
    server.put(&path, BROKEN);
    let text = run(&server, &["validate", "--format", "concise", &format!("{}{path}", server.address)]);
    assert!(text.contains(&format!("\nhttp://SERVER{path}:1:1: ")), "{text}");
}

/// The target may belong to somebody else, and the query of either address may be a secret.
#[test]
fn a_refused_redirect_says_what_to_do_and_holds_no_secret() {
    let (server, other) = (Server::start(), Server::start());
    other.put("/web/b.jsonl", line()).put("b.jsonl", line());
    let to = |path: &str| format!("Location: {}{path}?X-Amz-Signature=secret", other.address);
    server.redirect("/web/a.jsonl", 302, &[&to("/web/b.jsonl")]);
    server.redirect("a.jsonl", 307, &[&to("/logs/b.jsonl")]);
    let url = format!("{}/web/a.jsonl?X-Amz-Signature=secret", server.address);
    let texts = [run(&server, &["validate", &url]), run(&server, &["validate", "s3://logs/a.jsonl"])];
    let texts = texts.map(|text| text.replace(&other.address, "http://OTHER"));
    let (_, output) = texts[0].split_once('\n').expect("lines");
    assert!(!output.contains("secret") && !texts[1].contains("secret"), "{texts:?}");
    insta::assert_snapshot!([output, &texts[1]].join("\n"));
    assert_eq!(other.heads(), Vec::<String>::new());
}

#[test]
fn a_fault_at_one_object_does_not_stop_the_others() {
    let key = "CloudConnexa/one/3.jsonl.gz";
    let mut texts = Vec::new();
    for (name, faults, code) in [
        ("busy", &[Fault::Status(503, "SlowDown"), Fault::Status(500, "InternalError")][..], 0),
        ("cut in the middle", &[Fault::Cut(100)], 0),
        ("no answer", &[Fault::NoResponse], 0),
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
fn a_failed_listing_fails_the_run() {
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
        ("together with a readable file", &["validate", "s3://logs/nothing/", "a.jsonl"], KEY, ""),
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

/// Requests are signed for the region of the profile.
#[test]
fn profiles_provide_keys_and_region() {
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
fn objects_are_selected_by_time_and_by_name() {
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
    // Objects that are left out are not requested.
    server.forget_requests();
    run(&server, &args(&["--since", "2026-11-09", "--until", "2026-11-10"]));
    let mut requests = server.requests();
    requests.retain(|request| request != "list");
    assert_eq!(requests, ["x/9.jsonl"]);
}

/// An object that could not be read is left for the next run, and the run after that reads nothing.
#[test]
fn the_next_run_reads_only_what_failed_or_changed() {
    let server = bucket();
    server.put("CloudConnexa/one/1.jsonl.gz", gzip(BROKEN));
    server.fail("CloudConnexa/one/3.jsonl.gz", &[Fault::Status(404, "NoSuchKey")]);
    let folder = Folder::new();
    let args = ["validate", "--format", "concise", "--state", "bucket.state", "s3://logs/CloudConnexa/one/"];
    let mut texts = Vec::new();
    for name in ["first", "second", "third", "new and changed", "last"] {
        if name == "new and changed" {
            server
                .put("CloudConnexa/one/8.jsonl.gz", gzip(line()))
                .put("CloudConnexa/one/2.jsonl.gz", gzip(line()));
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

/// No object is left out, and objects that were finished are not read again.
#[test]
fn a_killed_run_resumes_from_its_state_file() {
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
fn output_does_not_depend_on_threads_or_objects_at_once() {
    let server = Server::start();
    for number in 0..40 {
        let text = if number % 3 == 0 { line().repeat(number) } else { format!("{}{BROKEN}", line()) };
        server.put(&format!("{number:02}.jsonl"), text);
    }
    server.fail_always("17.jsonl", Fault::Status(404, "NoSuchKey"));
    let mut outputs = Vec::new();
    for (threads, at_once) in [("1", "1"), ("1", "16"), ("4", "16"), ("3", "2"), ("8", "1")] {
        let args = ["validate", "--threads", threads, "--objects-at-once", at_once, "s3://logs/"];
        let text = run(&server, &args);
        let (_, text) = text.split_once('\n').expect("lines");
        outputs.push(text.to_owned());
    }
    assert!(outputs.iter().all(|text| *text == outputs[0]));
    assert!(outputs[0].starts_with("exit code: 2\n"));
}

#[test]
fn keys_that_are_not_paths_are_reported_and_stop_no_others() {
    let server = Server::start();
    for number in 0..9 {
        server.put(&format!("a/{number}.jsonl"), line());
        server.put(&format!("b/{number}.jsonl"), line());
    }
    for key in [
        "a//1.jsonl",
        "a/2//x.jsonl",
        "a/./b.jsonl",
        "a/../b.jsonl",
        "a/4.jsonl//",
        "b//0.jsonl",
        "b//1.jsonl",
    ] {
        server.put(key, line());
    }
    let texts = [
        run(&server, &["validate", "s3://logs/a/"]),
        run(&server, &["validate", "s3://logs/b/"]),
        run(&server, &["validate", "s3://logs"]),
        run(&server, &["validate", "s3://logs/a//1.jsonl"]),
    ];
    assert!(texts.iter().all(|text| text.contains("\nexit code: 2\n")), "{texts:?}");
    assert!(
        texts[0].contains("9 events in 9 inputs") && texts[2].contains("18 events in 18 inputs"),
        "{texts:?}"
    );
    insta::assert_snapshot!(texts.join("\n"));
}

/// The slash is part of the key: without it, the key is that of another object.
#[test]
fn keys_with_a_leading_slash_are_reported() {
    let server = Server::start();
    server.put("a.jsonl", line()).put("/a.jsonl", BROKEN).put("b.jsonl", line());
    let text = run(&server, &["validate", "s3://logs"]);
    assert!(text.contains("exit code: 2") && text.contains("2 events in 2 inputs"), "{text}");
    assert!(text.contains("`s3://logs//a.jsonl`"), "{text}");
    server.put("c//d.jsonl", line());
    let text = run(&server, &["validate", "s3://logs"]);
    assert!(text.contains("exit code: 2") && text.contains("name a prefix"), "{text}");
}

#[test]
fn a_split_is_remembered_once_its_outputs_are_in_place() {
    let server = bucket();
    server.put("CloudConnexa/one/1.jsonl.gz", gzip(BROKEN));
    server.fail("CloudConnexa/one/3.jsonl.gz", &[Fault::Status(404, "NoSuchKey")]);
    let folder = Folder::new();
    let outputs = ["--accepted", "good.jsonl", "--rejected", "bad.jsonl"];
    let args = |more: &[&'static str]| -> Vec<&'static str> {
        ["split", "s3://logs/CloudConnexa/one/"].iter().chain(&outputs).chain(more).copied().collect()
    };
    let run = |args: &[&str]| run_command(&server, args, command(&folder, &server, args));
    let state = args(&["--state", "x.state"]);
    // All or nothing: inputs that were read without a fault are read again.
    let mut texts = vec![run(&state)];
    assert!(!folder.path("good.jsonl").exists());
    texts.push(run(&state));
    texts.push(run(&state));
    server.put("CloudConnexa/one/8.jsonl.gz", gzip(line()));
    texts.push(run(&state));
    assert_eq!(folder.text("good.jsonl"), line());
    texts.push(run(&args(&["--include", "CloudConnexa/one/[0-2]*", "--exclude", "**/2.*"])));
    texts.push(run(&args(&["--since", "2026-11-21"])));
    insta::assert_snapshot!(texts.join("\n"));
}
