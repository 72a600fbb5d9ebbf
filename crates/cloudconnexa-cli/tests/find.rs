//! `ccxlog find`: the events that match, byte for byte, or fields of them, whatever the number of threads.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;
#[path = "find/messages.rs"]
mod messages;

use std::io::Read as _;
use std::process::Output;

use common::{Folder, corpus, documented, gzip, line};
use serde_json::Value;

fn output(folder: &Folder, args: &[&str]) -> Output {
    folder.command(args).output().expect("the binary runs")
}

/// Runs `ccxlog find` with one and with five threads, and returns standard output, which has to be the same.
fn find(folder: &Folder, args: &[&str]) -> String {
    let run = |threads: &str| {
        let output = output(folder, &[&["find", "--threads", threads], args].concat());
        let code = output.status.code();
        (
            code,
            String::from_utf8(output.stdout).expect("UTF-8"),
            String::from_utf8(output.stderr).expect("UTF-8"),
        )
    };
    let (code, found, shown) = run("1");
    assert!(code < Some(2), "{args:?}: {shown}");
    let (other_code, other, _) = run("5");
    assert!((code, &found) == (other_code, &other), "{args:?} depends on threads");
    found
}

/// What the filters mean, by a document of each event.
mod naive {
    use std::net::IpAddr;

    use serde_json::Value;

    /// Returns the value of a field of the header, or else of `log`.
    pub(crate) fn field<'a>(event: &'a Value, name: &str) -> Option<&'a Value> {
        const HEADER: [&str; 6] =
            ["timestamp", "eventName", "category", "initiator", "traceId", "clientPublicIp"];
        let log = || event.get("log").and_then(|log| log.get(name.strip_prefix("log.").unwrap_or(name)));
        if HEADER.contains(&name) { event.get(name) } else { log() }
    }

    pub(crate) fn text(value: &Value) -> String {
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    pub(crate) fn is(event: &Value, name: &str, expected: &str) -> bool {
        field(event, name).is_some_and(|value| text(value) == expected)
    }

    /// The person by the types of the header.
    pub(crate) fn user(event: &Value) -> Option<&str> {
        let entity = |kind: &str, id: &str| {
            event
                .get(id)?
                .as_str()
                .filter(|id| !id.is_empty() && event.get(kind).is_some_and(|kind| kind == "User"))
        };
        entity("parentEntityType", "parentEntity").or_else(|| entity("initiatorType", "initiator"))
    }

    pub(crate) fn has_address(value: &Value, wanted: &dyn Fn(IpAddr) -> bool) -> bool {
        match value {
            Value::String(text) => text.parse().is_ok_and(wanted),
            Value::Array(values) => values.iter().any(|value| has_address(value, wanted)),
            Value::Object(fields) => fields.values().any(|value| has_address(value, wanted)),
            _ => false,
        }
    }
}

/// A folder with valid, invalid and unknown events, and lines that are not JSON objects.
fn logs() -> Folder {
    let folder = Folder::new();
    let mixed = ["--events", "6000", "--invalid", "0.05"];
    folder.sample("a.jsonl", &[&mixed[..], &["--unknown-field", "--seed", "1"]].concat());
    folder.sample("b.jsonl", &[&mixed[..], &["--shuffle-keys", "--seed", "2"]].concat());
    let shuffled = folder.text("b.jsonl");
    let mut text = folder.text("a.jsonl");
    // Keys may be escaped, and `log` of any event may have any field.
    let escaped =
        |text: &str| text.replace("\"domain\"", "\"d\\u006fmain\"").replace("\"log\"", "\"l\\u006fg\"");
    text += &(escaped(&line("domain-blocked")) + "\n");
    text += &(line("test-message").replacen("test-message", "user-created", 1) + "\n");
    text += "{\"eventName\":\"unheard-of\",\"log\":{\"domain\":\"x\",\"a\":[{\"b\":\"203.0.113.9\"}]}}\n[]\n{\"eventName\": x\n";
    folder.and("a.jsonl", text).and("b.jsonl.gz", gzip(shuffled)).and("b.jsonl", "")
}

fn lines(folder: &Folder) -> Vec<String> {
    let mut text = folder.text("a.jsonl");
    flate2::read::GzDecoder::new(&*folder.bytes("b.jsonl.gz")).read_to_string(&mut text).expect("gzip");
    text.lines().map(|line| line.to_owned() + "\n").collect()
}

type Wanted<'a> = &'a dyn Fn(&Value) -> bool;

#[test]
fn each_filter_finds_what_a_parsed_document_has() {
    let folder = logs();
    let lines = lines(&folder);
    let parsed: Vec<Option<Value>> =
        lines.iter().map(|line| serde_json::from_str(line).ok().filter(Value::is_object)).collect();
    let sample = |name: &str| {
        let events = parsed.iter().flatten();
        events.filter_map(|event| naive::field(event, name)?.as_str()).nth(20).expect("it occurs").to_owned()
    };
    let session = sample("clientSessionId");
    let user = parsed.iter().flatten().filter_map(naive::user).nth(30).expect("a user").to_owned();
    let port = |event: &Value, f: &dyn Fn(f64) -> bool| {
        naive::field(event, "destinationPort").and_then(Value::as_f64).is_some_and(f)
    };
    let time = |event: &Value, from: &str, to: &str| {
        let time = event
            .get("timestamp")
            .and_then(Value::as_str)
            .filter(|text| text.len() == 27 && text.ends_with('Z'));
        time.is_some_and(|time| (from..to).contains(&time))
    };
    let network = |address: std::net::IpAddr| address.to_string().starts_with("203.0.113.");
    let ends_with = |event: &Value, end: &str| {
        naive::field(event, "domain").is_some_and(|v| naive::text(v).ends_with(end))
    };
    let cases: &[(&[&str], Wanted<'_>)] = &[
        (&[], &|_| true),
        (&["--event", "domain-blocked,user-created"], &|event| {
            naive::is(event, "eventName", "domain-blocked") || naive::is(event, "eventName", "user-created")
        }),
        (&["--session", &session.to_uppercase()], &|event| naive::is(event, "clientSessionId", &session)),
        (&["--user", &user], &|event| naive::user(event) == Some(&user)),
        (&["--where", "allowed=false"], &|event| naive::is(event, "allowed", "false")),
        (&["--where", "allowed!=false"], &|event| {
            naive::field(event, "allowed").is_some_and(|value| naive::text(value) != "false")
        }),
        (&["--where", "destinationPort<443", "--where", "destinationPort>=53"], &|event| {
            port(event, &|port| (53.0..443.0).contains(&port))
        }),
        (&["--where", "log.category~*a*"], &|event| {
            naive::field(event, "log.category")
                .is_some_and(|value| naive::text(value).to_lowercase().contains('a'))
        }),
        (&["--where", "category=Activity.AV"], &|event| naive::is(event, "category", "Activity.AV")),
        (&["--where", "domain~*.NET"], &|event| ends_with(event, ".net")),
        (&["--where", "/log/domain=x"], &|event| naive::is(event, "domain", "x")),
        (&["--ip", "203.0.113.0/24"], &|event| naive::has_address(event, &network)),
        (&["--between", "2026-01-01T00:05:00Z", "2026-01-01T00:15:00.5Z"], &|event| {
            time(event, "2026-01-01T00:05:00.000000Z", "2026-01-01T00:15:00.500000Z")
        }),
        (&["--event", "flow-established", "--where", "allowed=false", "--ip", "203.0.113.0/24"], &|event| {
            naive::is(event, "eventName", "flow-established")
                && naive::is(event, "allowed", "false")
                && naive::has_address(event, &network)
        }),
    ];
    for (args, wanted) in cases {
        let expected: Vec<&str> = lines
            .iter()
            .zip(&parsed)
            .filter(|(_, event)| event.as_ref().is_some_and(wanted))
            .map(|(line, _)| &**line)
            .collect();
        let found = find(&folder, &[&["a.jsonl", "b.jsonl.gz"], *args].concat());
        assert!(!expected.is_empty(), "{args:?} finds nothing");
        let found: Vec<&str> = found.split_inclusive('\n').collect();
        let difference = found.iter().zip(&expected).find(|(found, expected)| found != expected);
        assert!(found == expected, "{args:?}: {} instead of {}, {difference:?}", found.len(), expected.len());
    }
}

#[test]
fn invalid_and_unknown_events_are_those_of_validate() {
    let folder = logs();
    let all = lines(&folder);
    let args = ["split", "--accepted", "good", "--rejected", "bad", "a.jsonl", "b.jsonl.gz", "--quiet"];
    assert_eq!(folder.exit_code(&args), Some(1));
    let good = folder.text("good");
    let mut good = good.split_inclusive('\n').peekable();
    let is_rejected = |line: &&String| good.next_if_eq(&line.as_str()).is_none();
    let rejected: String = all.iter().filter(is_rejected).map(String::as_str).collect();
    assert!(rejected.lines().count() > 500);
    assert!(find(&folder, &["--invalid", "a.jsonl", "b.jsonl.gz"]) == rejected);

    let unknown = find(&folder, &["--unknown", "a.jsonl", "b.jsonl.gz", "--where", "eventName~u*"]);
    assert_eq!(unknown.lines().count(), 2, "user-created and unheard-of");
    let fields = Folder::with("a.jsonl", line("domain-blocked") + "\n" + &line("test-message") + "\n")
        .and("b.jsonl", line("test-message").replacen('{', "{\"new\":1,", 1))
        .and("c.jsonl", line("domain-blocked").replacen("\"A\"", "\"TXT\"", 1))
        .and(
            "d.jsonl",
            line("test-message").replacen("\"CloudConnexaLogVersion\":1", "\"CloudConnexaLogVersion\":2", 1),
        );
    let found = output(&fields, &["find", "--unknown", "--count", "a.jsonl"]);
    assert_eq!(found.stdout, b"0\n");
    for name in ["b.jsonl", "c.jsonl", "d.jsonl"] {
        assert_eq!(output(&fields, &["find", "--unknown", "--count", name]).stdout, b"1\n", "{name}");
    }
}

#[test]
fn every_sample_is_written_byte_for_byte() {
    for (folder, invalid) in [("valid", false), ("documented", false), ("invalid", true)] {
        let mut files = Vec::new();
        for entry in walkdir::WalkDir::new(corpus().join(folder)).sort_by_file_name() {
            let entry = entry.expect("an entry");
            if entry.path().extension().is_some_and(|extension| extension == "json") {
                files.push(entry.into_path());
            }
        }
        assert!(files.len() > 1, "{folder}");
        let empty = Folder::new();
        for file in files {
            let path = file.to_str().expect("UTF-8");
            let option: &[&str] = if invalid { &["--invalid"] } else { &[] };
            let found = output(&empty, &[&["find", "--quiet", "--no-config", path], option].concat());
            let content = std::fs::read(&file).expect("a file");
            if content.starts_with(b"[") || path.ends_with("two-values-in-one-line.json") {
                // The elements or the values are the records, without what is around them.
                continue;
            }
            if found.status.code() == Some(0) {
                assert!(found.stdout == content, "{path}");
            } else {
                assert!(invalid, "{path}");
            }
        }
    }
}

#[test]
fn records_of_any_layout_are_written_on_lines_of_their_own() {
    let pretty = documented("client-disconnected");
    let array = format!("[{},\n {}]", line("domain-blocked"), line("test-message"));
    let folder = Folder::with("a.json", &pretty).and("b.json", array).and("c.json", line("test-message"));
    let found = find(&folder, &["a.json", "b.json", "c.json"]);
    let expected =
        [&pretty[..], &line("domain-blocked"), "\n", &line("test-message"), "\n", &line("test-message")];
    assert_eq!(found, expected.concat());
}

#[test]
fn fields_are_json_lines_or_csv() {
    let odd = line("client-disconnected").replacen("\"My User\"", "\"=cmd|' /C calc'\"", 1);
    let text = [line("domain-blocked"), odd, line("test-message")].join("\n");
    assert!(text.contains("=cmd|"));
    let folder = Folder::with("a.jsonl", text);
    let fields = "eventName,userName,sessionBytesIn,log.category,/log/queryType,refused";
    let found = find(&folder, &["a.jsonl", "--fields", fields, "--quiet"]);
    let rows: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["eventName"], "domain-blocked");
    assert_eq!(rows[0]["/log/queryType"], "A");
    assert_eq!(rows[0]["sessionBytesIn"], Value::Null);
    assert!(rows[1]["sessionBytesIn"].is_u64() && rows[1]["refused"] == false);
    assert_eq!(rows[1]["userName"], "=cmd|' /C calc'");
    let csv = find(&folder, &["a.jsonl", "--fields", "eventName,userName,refused", "--format", "csv"]);
    let csv: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(csv[0], "eventName,userName,refused");
    assert_eq!(csv[2], "client-disconnected,\"'=cmd|' /C calc'\",false");
    let args = ["find", "a.jsonl", "--fields", "userName", "--no-formula-guard", "-o", "out.csv"];
    assert_eq!(folder.exit_code(&args), Some(0), "the name of the file decides that it is CSV");
    assert!(folder.text("out.csv").contains("\r\n=cmd|"));
}

#[test]
fn a_session_is_found_by_people_devices_and_globs() {
    let folder = Folder::with("a.jsonl", line("client-disconnected") + "\n" + &line("domain-blocked") + "\n");
    let event: Value = serde_json::from_str(&line("client-disconnected")).expect("JSON");
    let (header, log) = (
        |name: &str| event[name].as_str().expect("text"),
        |name: &str| event["log"][name].as_str().expect("text"),
    );
    for (option, value) in [
        ("--user", header("parentEntity")),
        ("--user", header("parentEntityName")),
        ("--user", "*@GMAIL.com"),
        ("--device", header("initiator")),
        ("--device", header("initiatorName")),
        ("--device", log("clientUUID")),
        ("--device", &log("clientUUID").to_lowercase()),
        ("--session", log("clientSessionId")),
    ] {
        let found = find(&folder, &["a.jsonl", option, value, "--where", "refused=false"]);
        assert_eq!(found, line("client-disconnected") + "\n", "{option} {value}");
    }
    assert_eq!(find(&folder, &["a.jsonl", "--user", "gmail.com"]), "", "a part is not all of it");
    let either = ["a.jsonl", "--user", "nobody", "--user", header("parentEntity"), "--count"];
    assert_ne!(find(&folder, &either), "0\n");
}

#[test]
fn the_first_events_are_the_first_whatever_the_threads() {
    let folder = Folder::new();
    folder.sample("a.jsonl", &["--events", "20000"]);
    let all = find(&folder, &["a.jsonl", "--where", "allowed=true"]);
    for head in [1, 7, 3000] {
        let expected: String = all.split_inclusive('\n').take(head).collect();
        let number = head.to_string();
        assert!(find(&folder, &["a.jsonl", "--where", "allowed=true", "--head", &number]) == expected);
    }
    let shown = folder.run(&["find", "a.jsonl", "--head", "1", "-o", "out.jsonl"]);
    assert!(shown.contains("the first 1 matching event; the rest was not read"), "{shown}");
    assert_eq!(folder.text("out.jsonl").lines().count(), 1);
    assert!(find(&folder, &["a.jsonl", "--head", "1", "--fields", "eventName"]).ends_with("\"}\n"));
    let count = find(&folder, &["a.jsonl", "--where", "allowed=true", "--count"]);
    assert_eq!(count, format!("{}\n", all.lines().count()));
}

#[test]
fn what_could_not_be_looked_at_is_reported_and_fails_the_run() {
    let folder = Folder::with("a.jsonl", line("test-message") + "\n[]\n{\"eventName\": x\n" + common::BROKEN);
    let shown = folder.run(&["find", "a.jsonl", "--quiet", "--count"]);
    assert!(shown.contains("exit code: 1") && shown.contains("----- stdout -----\n2\n"), "{shown}");
    assert!(shown.contains("error: 2 records not looked at: not JSON objects, or too long"), "{shown}");
    let shown = folder.run(&["find", "a.jsonl", "--count", "--event", "test-message"]);
    assert!(shown.contains("2 matching events of 4 records in 1 input"), "{shown}");
    assert!(shown.contains("1 invalid, looked at as far as readable"), "{shown}");
    // Nothing is left out: they are what was asked for.
    let shown = folder.run(&["find", "a.jsonl", "--invalid", "--quiet"]);
    assert!(shown.contains("exit code: 0") && shown.contains("\n[]\n{\"eventName\": x\n"), "{shown}");
    let shown = folder.run(&["find", "a.jsonl", "--max-record-bytes", "60", "--count"]);
    assert!(shown.contains("error: 3 records not looked at"), "{shown}");
    assert_eq!(folder.exit_code(&["find", "a.jsonl", "--event", "domain-blocked"]), Some(1));
    let clean = Folder::with("a.jsonl", line("test-message"));
    assert_eq!(
        clean.exit_code(&["find", "a.jsonl", "--event", "domain-blocked"]),
        Some(0),
        "no match is an answer"
    );
}

#[test]
fn an_input_that_is_not_read_to_its_end_leaves_the_file_as_it_was() {
    let complete = gzip((line("test-message") + "\n").repeat(50));
    let folder = Folder::with("cut.jsonl.gz", &complete[..complete.len() - 9]).and("out.jsonl.gz", "before");
    let shown = folder.run(&["find", "cut.jsonl.gz", "-o", "out.jsonl.gz"]);
    assert!(shown.contains("exit code: 2") && shown.contains("nothing was put into place"), "{shown}");
    assert!(shown.contains("--skip-unreadable"), "{shown}");
    assert_eq!(folder.text("out.jsonl.gz"), "before");
    let shown = folder.run(&["find", "cut.jsonl.gz"]);
    assert!(shown.contains("exit code: 2") && shown.contains("the result lacks the rest"), "{shown}");
    assert_eq!(
        folder.exit_code(&["find", "cut.jsonl.gz", "-o", "out.jsonl.gz", "--skip-unreadable"]),
        Some(3)
    );
    assert_eq!(folder.names(), ["cut.jsonl.gz", "out.jsonl.gz"]);
    let mut found = String::new();
    let bytes = folder.bytes("out.jsonl.gz");
    flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut found).expect("gzip");
    assert!(found.starts_with(&line("test-message")), "{found}");
    assert_eq!(folder.exit_code(&["find", "missing.jsonl"]), Some(2));
}

#[test]
fn a_state_file_leaves_only_what_is_new() {
    let folder = Folder::with("logs/a.jsonl", line("test-message") + "\n");
    let count = |folder: &Folder| {
        let found = output(folder, &["find", "logs", "--state", "s", "--count"]);
        (found.status.code(), String::from_utf8(found.stdout).expect("UTF-8"))
    };
    assert_eq!(count(&folder), (Some(0), "1\n".to_owned()));
    assert_eq!(count(&folder), (Some(0), "0\n".to_owned()));
    let folder = folder.and("logs/b.jsonl", line("test-message") + "\n" + &line("domain-blocked"));
    assert_eq!(count(&folder), (Some(0), "2\n".to_owned()));
    let folder = folder.and("out.jsonl", "before");
    let shown = folder.run(&["find", "logs", "--state", "s", "-o", "out.jsonl"]);
    assert!(
        shown.contains("nothing is new, so the output is left as it is; 2 inputs read before"),
        "{shown}"
    );
    assert_eq!(folder.text("out.jsonl"), "before");
}

#[test]
fn values_stay_out_of_the_log_of_a_pipeline() {
    let folder = Folder::with("a.jsonl", line("client-disconnected") + "\n");
    let run = |args: &[&str]| {
        let output = folder.command(args).env("CI", "true").output().expect("the binary runs");
        let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
        (output.status.code(), text)
    };
    let (code, text) = run(&["find", "a.jsonl"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("give `--show-values`, `--output FILE` or `--count`"), "{text}");
    let (code, text) = run(&["find", "a.jsonl", "--fields", "eventName,userId,sessionBytesIn,domain"]);
    assert_eq!(code, Some(0));
    let row =
        r#"{"eventName":"client-disconnected","userId":"masked","sessionBytesIn":"masked","domain":null}"#;
    assert!(text.contains(row), "{text}");
    let (code, text) = run(&["find", "a.jsonl", "--show-values", "--quiet"]);
    assert_eq!((code, text), (Some(0), line("client-disconnected") + "\n"));
    let (code, text) = run(&["find", "a.jsonl", "--count", "--quiet"]);
    assert_eq!((code, &*text), (Some(0), "1\n"));
    assert_eq!(run(&["find", "a.jsonl", "-o", "out.jsonl"]).0, Some(0));
    assert_eq!(folder.text("out.jsonl"), line("client-disconnected") + "\n");
}
