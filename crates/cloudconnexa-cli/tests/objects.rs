//! Objects of buckets and of the web as inputs, with what goes wrong on the way: no read that was not finished ends in 0.

#![cfg(feature = "s3")]
#![allow(clippy::disallowed_methods, reason = "tests touch files, and talk to a server of their own")]

mod common;
#[path = "../../cloudconnexa-remote/tests/server/mod.rs"]
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

/// Keys that no path can have: each is told of, and all others are read.
#[test]
fn keys_that_are_no_paths() {
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

/// A slash in front is part of a key, and what is asked for without it is another object.
#[test]
fn keys_that_begin_with_a_slash() {
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
fn a_bucket_is_split_on_a_schedule() {
    let server = bucket();
    server.put("CloudConnexa/one/1.jsonl.gz", gzip(BROKEN));
    server.fail("CloudConnexa/one/3.jsonl.gz", &[Fault::Status(404, "NoSuchKey")]);
    let folder = Folder::new();
    let outputs = ["--accepted", "good.jsonl", "--rejected", "bad.jsonl"];
    let args = |more: &[&'static str]| -> Vec<&'static str> {
        ["split", "s3://logs/CloudConnexa/one/"].iter().chain(&outputs).chain(more).copied().collect()
    };
    let go = |args: &[&str]| run_command(&server, args, command(&folder, &server, args));
    let state = args(&["--state", "x.state"]);
    // All or nothing: what was read without a fault is read again.
    let mut texts = vec![go(&state)];
    assert!(!folder.path("good.jsonl").exists());
    texts.push(go(&state));
    texts.push(go(&state));
    server.put("CloudConnexa/one/8.jsonl.gz", gzip(&line()));
    texts.push(go(&state));
    assert_eq!(std::fs::read_to_string(folder.path("good.jsonl")).expect("a file"), line());
    texts.push(go(&args(&["--include", "CloudConnexa/one/[0-2]*", "--exclude", "**/2.*"])));
    texts.push(go(&args(&["--since", "2026-11-21"])));
    insta::assert_snapshot!(texts.join("\n"));
}

#[cfg(unix)]
mod follow {
    use std::process::Child;
    use std::time::Instant;

    use super::*;

    struct Follower<'a> {
        folder: &'a Folder,
        child: Child,
    }

    impl<'a> Follower<'a> {
        fn start(folder: &'a Folder, server: &Server, args: &[&str]) -> Self {
            let mut all = vec!["validate", "--follow", "--poll-interval", "20ms", "--format", "concise"];
            all.extend(args);
            let file = |name: &str| std::fs::File::create(folder.path(name)).expect("a file");
            let mut command = command(folder, server, &all);
            let child = command.stdout(file("stdout")).stderr(file("stderr")).spawn();
            Self { folder, child: child.expect("the binary runs") }
        }

        fn said(&self) -> String {
            ["stdout", "stderr"]
                .map(|name| std::fs::read_to_string(self.folder.path(name)).expect("a file"))
                .concat()
        }

        fn wait_for(&self, what: &str) {
            let since = Instant::now();
            while !self.said().contains(what) {
                assert!(since.elapsed() < Duration::from_secs(30), "no {what:?} in {}", self.said());
                std::thread::sleep(Duration::from_millis(5));
            }
        }

        fn signal(&self) {
            let id = self.child.id().to_string();
            assert!(Command::new("kill").args(["-TERM", &id]).status().expect("it runs").success());
        }

        /// Exit code, and all that was said.
        fn end(mut self) -> (Option<i32>, String) {
            self.signal();
            let code = self.child.wait().expect("it ends").code();
            (code, self.said())
        }
    }

    /// Lists and objects fail for a while, objects appear and change; in the end all was read, once.
    #[test]
    fn a_prefix_is_followed() {
        let server = Server::start();
        let folder = Folder::new();
        let follower = Follower::start(&folder, &server, &["--retries=0", "s3://logs/x/"]);
        server.put("x/a.jsonl", BROKEN);
        follower.wait_for("x/a.jsonl:1:");
        server.fail("list", &[Fault::Status(503, "SlowDown"), Fault::Status(503, "SlowDown")]);
        follower.wait_for("cannot list `s3://logs/x/`");
        follower.wait_for("note: `s3://logs/x/` can be listed again");
        server.fail("x/b.jsonl.gz", &[Fault::Status(500, "InternalError"), Fault::NoResponse]);
        server.put("x/b.jsonl.gz", gzip(&BROKEN.repeat(3)));
        follower.wait_for("x/b.jsonl.gz:3:");
        server.put("x/a.jsonl", BROKEN.repeat(2));
        follower.wait_for("x/a.jsonl:2:");
        let (code, said) = follower.end();
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("6 events in 3 inputs: 6 invalid"), "{said}");
        assert_eq!(said.matches("cannot list `s3://logs/x/`").count(), 1, "{said}");
        assert_eq!(said.matches("error: cannot read `s3://logs/x/b.jsonl.gz`").count(), 1, "{said}");
    }

    /// The connection breaks within it, again and again: what was judged is not judged again.
    #[test]
    fn an_object_that_breaks_off() {
        let server = Server::start();
        let text = format!("{}{BROKEN}", line()).repeat(40);
        let body = gzip(&text);
        server.put("x/a.jsonl.gz", &body).put("x/b.jsonl", &text);
        for key in ["x/a.jsonl.gz", "x/b.jsonl"] {
            let length = if key.ends_with("gz") { body.len() } else { text.len() };
            // An attempt that comes further, and one that does not.
            let faults = [length / 2, length / 3, length - 2].map(Fault::CutWithoutEtag);
            server.fail(key, &faults);
        }
        let folder = Folder::new();
        let follower = Follower::start(&folder, &server, &["--retries=0", "s3://logs/x/"]);
        follower.wait_for("note: `s3://logs/x/a.jsonl.gz` was read to its end now");
        follower.wait_for("note: `s3://logs/x/b.jsonl` was read to its end now");
        let (code, said) = follower.end();
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("160 events in 2 inputs: 80 invalid, 80 valid"), "{said}");
        for line in 1..=40 {
            let place = format!("s3://logs/x/b.jsonl:{}:1:", 2 * line);
            assert_eq!(said.matches(&place).count(), 8, "{place}");
        }
    }

    /// What could never be read is never exit code 0; the others are in the state, and are not read again.
    #[test]
    fn what_is_never_had() {
        let server = Server::start();
        server.put("x/a.jsonl", line()).put("x/b.jsonl", line());
        server.fail_always("x/b.jsonl", Fault::Status(500, "InternalError"));
        let folder = Folder::new();
        let args = ["--retries=0", "--state=x.state", "s3://logs/x/", "s3://others/"];
        let follower = Follower::start(&folder, &server, &args);
        follower.wait_for("cannot list `s3://others/`");
        follower.wait_for("cannot read `s3://logs/x/b.jsonl`");
        std::thread::sleep(Duration::from_millis(100));
        let (code, said) = follower.end();
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("2 inputs could not be read to the end"), "{said}");
        server.forget_requests();
        let follower = Follower::start(&folder, &server, &args);
        follower.wait_for("cannot read `s3://logs/x/b.jsonl`");
        let (code, said) = follower.end();
        assert!(code == Some(2) && said.contains("1 input read before"), "{said}");
        assert!(
            !server.requests().iter().any(|request| request.starts_with("x/a")),
            "{:?}",
            server.requests()
        );
    }

    /// What is being read is read to its end; nobody who asks twice has to wait for it.
    #[test]
    fn the_second_signal_ends_it_at_once() {
        let server = Server::start();
        server.put("x/a.jsonl", line());
        server.fail_always("x/a.jsonl", Fault::Slow(Duration::from_secs(20)));
        let folder = Folder::new();
        let since = Instant::now();
        let follower = Follower::start(&folder, &server, &["--format=sarif=out.sarif", "s3://logs/x/"]);
        while !server.requests().iter().any(|request| request.starts_with("x/a")) {
            std::thread::sleep(Duration::from_millis(5));
        }
        follower.signal();
        std::thread::sleep(Duration::from_millis(300));
        let (code, said) = follower.end();
        assert_eq!(code, Some(143), "{said}");
        assert!(said.ends_with("error: stopped by SIGTERM; nothing was put into place\n"), "{said}");
        assert!(since.elapsed() < Duration::from_secs(15));
        assert!(!folder.path("out.sarif").exists());
    }
}
