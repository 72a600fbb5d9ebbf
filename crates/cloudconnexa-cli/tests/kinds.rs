//! Inputs that are not events as CloudConnexa writes them: each is named once, with the command that leads to checked events,
//! and that command is run.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs and run programs")]
#![allow(clippy::disallowed_macros, reason = "a skipped program is printed")]

mod common;

use std::process::{Command, Stdio};

use common::suggested::run_suggested;
use common::{Folder, line};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// Two events, one of them with `log`.
fn events() -> [String; 2] {
    ["client-disconnected", "test-message"].map(line)
}

/// Events as values.
fn values() -> [Value; 2] {
    events().map(|event| serde_json::from_str(&event).expect("JSON"))
}

fn lines<T: ToString>(lines: impl IntoIterator<Item = T>) -> String {
    lines.into_iter().map(|line| line.to_string() + "\n").collect()
}

/// Changes `log` of the events that have one.
fn with_log(change: impl Fn(&Value) -> Value) -> String {
    lines(values().map(|mut event| {
        if let Some(log) = event.get("log").cloned() {
            event["log"] = change(&log);
        }
        event
    }))
}

/// Gives all fields other names.
fn renamed(event: &Value, rename: fn(&str) -> String) -> Value {
    match event {
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (rename(name), renamed(value, rename))).collect()
        }
        other => other.clone(),
    }
}

fn flattened(separator: &str) -> String {
    lines(values().map(|mut event| {
        let fields = event.as_object_mut().expect("an object");
        if let Some(Value::Object(log)) = fields.remove("log") {
            fields.extend(log.into_iter().map(|(name, value)| (format!("log{separator}{name}"), value)));
        }
        event
    }))
}

/// Writes a value as Python does.
fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => format!("'{text}'"),
        Value::Object(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(name, value)| format!("'{name}': {}", python(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number =
            chunk.iter().chain([&0, &0]).take(3).fold(0, |number, byte| number << 8 | usize::from(*byte));
        for digit in 0..4 {
            let is_used = digit <= chunk.len();
            text.push(if is_used { char::from(DIGITS[number >> (18 - 6 * digit) & 63]) } else { '=' });
        }
    }
    text
}

/// The name of each kind, its content, and whether a command can restore the events.
fn kinds() -> Vec<(&'static str, Vec<u8>, Way)> {
    use Way::{Command as Restored, Words};
    let [first, second] = events();
    let text = |text: &str| Value::from(text).to_string();
    let quoted = |event: &String| text(event);
    let mut kinds: Vec<(&str, String, Way)> = vec![
        ("shipper", lines(events().map(|event| json!({ "@timestamp": "x", "message": event }))), Restored),
        ("records", format!("{{\"Records\":[{first},{second}]}}\n"), Restored),
        ("json_strings", lines(events().iter().map(quoted)), Restored),
        ("cloudwatch_export", lines(events().map(|event| format!("2025-03-04T08:15:42.000Z {event}"))), Restored),
        (
            "rest_api_sessions",
            lines([r#"{"sessionId":"a","startDateTime":"b","status":"COMPLETED"}"#; 3]),
            Words,
        ),
        (
            "cloudtrail",
            r#"{"Records":[{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"PutObject"}]}"#.into(),
            Words,
        ),
        (
            "firehose_failures",
            lines(events().map(|event| json!({ "attemptsMade": 4, "errorCode": "a", "rawData": base64((event + "\n").as_bytes()) }))),
            Restored,
        ),
        (
            "bulk_format",
            lines(events().map(|event| format!("{{\"index\":{{\"_index\":\"logs\"}}}}\n{event}"))),
            Restored,
        ),
        ("other_records", lines([r#"{"level":"info","msg":"a"}"#; 2]), Words),
        ("csv", "timestamp,eventName,cloudId\n2025-03-04T08:15:42Z,client-connected,acme-demo\n".into(), Words),
        ("html", "<!DOCTYPE html>\n<html>\n<script>\n{ a: 1 }\n</script>\nSign in\n</html>\n".into(), Words),
        ("storage_error", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>\n".into(), Words),
        (
            "git_lfs",
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n".into(),
            Words,
        ),
        (
            "access_server",
            "2025-03-04T08:15:42+0000 [stdout#info] [OVPN 0] OUT: \"a\"\n\
             Mar  4 08:15:43 gw1 openvpn[811]: sample_person/203.0.113.9:51234 MULTI: primary virtual IP\n\
             and a line without a time\n"
                .into(),
            Words,
        ),
        ("flow_log", lines(["2 1 eni-12 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1 2 ACCEPT OK"; 2]), Words),
        ("python", lines(values().iter().map(python)), Restored),
        ("typographic_quotes", lines(events()).replace('"', "”"), Restored),
        ("escaped_quotes", lines(events().iter().map(|event| quoted(event).trim_matches('"').to_owned())), Restored),
        (
            "merge_conflict",
            format!("<<<<<<< HEAD\n{first}\n=======\n{second}\n>>>>>>> branch\n"),
            Words,
        ),
        ("log_as_text", with_log(|log| log.to_string().into()), Restored),
        ("log_as_python_text", with_log(|log| python(log).into()), Restored),
        ("powershell_log", with_log(|_| "@{clientUUID=a; x=System.Object[]}".into()), Words),
        ("filebeat_log", with_log(|_| json!({ "offset": 0, "file": { "path": "a" } })), Words),
        ("flattened_with_dots", flattened("."), Restored),
        ("flattened_with_underscores", flattened("_"), Restored),
        ("lower_case", lines(values().map(|event| renamed(&event, str::to_lowercase))), Words),
        (
            "null_filled",
            lines(values().map(|mut event| {
                for name in ["initiatorRole", "userAgent", "initiatorPublicIp", "domain", "allowed"] {
                    event[name] = Value::Null;
                }
                event
            })),
            Restored,
        ),
    ];
    kinds.push(("base64", base64(&common::gzip(lines(events()))) + "\n", Restored));
    kinds.into_iter().map(|(name, text, way)| (name, text.into_bytes(), way)).collect()
}

/// How to get from an input to checked events.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// By the command that is suggested.
    Command,
    /// By what a person does.
    Words,
}

#[test]
fn each_kind_is_named_once_with_the_way_out() {
    for (name, content, way) in kinds() {
        let folder = Folder::with("in.jsonl", content);
        let output = folder.run(&["validate", "in.jsonl"]);
        assert!(output.contains("exit code: 1"), "{name}: {output}");
        assert_snapshot!(name, output);
        if way == Way::Command {
            run_suggested(&folder, name, "in.jsonl", &output);
        } else {
            assert!(output.contains("= help: "), "{name}: {output}");
        }
    }
}

/// The command in the explanation, which needs the schema.
#[test]
fn the_explained_command_restores_the_names_of_fields() {
    let styles: [fn(&str) -> String; 2] = [str::to_lowercase, |name| {
        name.chars().fold(String::new(), |mut text, letter| {
            text.extend(letter.is_uppercase().then_some('_'));
            text.extend(letter.to_lowercase());
            text
        })
    }];
    for rename in styles {
        let folder = Folder::with("FILE", lines(values().map(|event| renamed(&event, rename))));
        let explained = folder.run(&["explain", "renamed-fields"]);
        let script =
            explained.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a command");
        if cfg!(windows) || Command::new("jq").arg("--version").stdout(Stdio::null()).status().is_err() {
            eprintln!("skipped: `jq` is not installed");
            return;
        }
        let script = script.replace("ccxlog", env!("CARGO_BIN_EXE_ccxlog"));
        let ran = folder.program("sh").args(["-c", &script]).output().expect("a shell");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let output = folder.run(&["validate", "restored.jsonl"]);
        assert!(output.contains("exit code: 0") && output.contains("all valid"), "{output}");
    }
}

#[test]
fn binary_data_is_named_with_the_command_that_decodes_it() {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, lines(events()).as_bytes()).expect("memory");
    let text = lines(events());
    let utf16 = |mark: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        (mark.to_owned() + &text).encode_utf16().flat_map(bytes).collect()
    };
    let utf32: Vec<u8> =
        ("\u{feff}".to_owned() + &text).chars().flat_map(|char| u32::from(char).to_le_bytes()).collect();
    for (name, content) in [
        ("zlib", encoder.finish().expect("memory")),
        ("utf16", utf16("\u{feff}", u16::to_le_bytes)),
        ("utf16_big_endian", utf16("\u{feff}", u16::to_be_bytes)),
        ("utf16_without_mark", utf16("", u16::to_le_bytes)),
        ("utf16_big_endian_without_mark", utf16("", u16::to_be_bytes)),
        ("utf16_compressed", common::gzip(utf16("", u16::to_le_bytes))),
        ("utf32", utf32),
    ] {
        let file = if name == "utf16_compressed" { "in.jsonl.gz" } else { "in.jsonl" };
        let folder = Folder::with(file, content);
        let output = folder.run(&["validate", file]);
        assert!(output.contains("exit code: 2"), "{name}: {output}");
        assert_snapshot!(name, output);
        run_suggested(&folder, name, file, &output);
    }
}

#[test]
fn machines_get_one_result_with_the_number_of_records() {
    let record = r#"{"sessionId":"secret-value","startDateTime":"b"}"#;
    let folder = Folder::with("a.jsonl", lines([record; 7])).and("b.jsonl", lines([record; 1]));
    let run = |args: &[&str]| folder.run(&[&["validate", "a.jsonl", "b.jsonl"][..], args].concat());
    let json = run(&["--format", "json"]);
    let findings: Vec<Value> = json
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|line: &Value| line["type"] == "finding")
        .collect();
    let counts: Vec<_> =
        findings.iter().map(|found| (&found["id"], &found["file"], &found["records"])).collect();
    let id = json!("not-an-event");
    assert_eq!(counts, [(&id, &json!("a.jsonl"), &json!(7)), (&id, &json!("b.jsonl"), &Value::Null)]);
    let concise = run(&["--format", "concise"]);
    assert!(concise.contains("not an event; 7 records of this input are like this one; help: "), "{concise}");
    for format in ["json", "sarif", "github", "gitlab", "junit"] {
        let output = run(&["--format", format]);
        assert!(output.contains("not-an-event") && !output.contains("secret-value"), "{format}: {output}");
    }
    let sarif = run(&["--format", "sarif"]);
    assert!(sarif.contains("\"occurrenceCount\":7"), "{sarif}");
    for rule in [
        "wrapped-event",
        "not-json",
        "foreign-notation",
        "merge-conflict",
        "renamed-fields",
        "reshaped-log",
        "null-filled",
    ] {
        assert!(sarif.contains(&format!("\"id\":\"{rule}\"")), "{rule}");
    }
}

/// The start of an input says what its lines are, and a thread that checks a later block has not seen it.
#[test]
fn the_lines_of_a_long_text_are_one_finding_whatever_the_number_of_threads() {
    let rows = "a,b,c\n".repeat(200_000) + &events()[1] + "\n" + &"x\n".repeat(1000);
    let folder = Folder::with("a.csv", "timestamp,eventName,cloudId\n".to_owned() + &rows);
    let run =
        |threads: &str| folder.run(&["validate", "--threads", threads, "a.csv"]).replacen(threads, "N", 1);
    let single = run("1");
    assert!(single.contains("201,001 records of this input are like this one"), "{single}");
    assert!(single.contains("201,001 invalid, 1 valid"), "{single}");
    assert_eq!(single.matches("error[").count(), 1, "{single}");
    assert_eq!(run("4"), single);
}

#[test]
fn errors_do_not_keep_the_kind_from_being_seen() {
    let wrong = values().map(|mut event| {
        event["cloudId"] = json!(7);
        event["traceId"] = json!(7);
        renamed(&event, str::to_lowercase)
    });
    let content = lines(wrong).repeat(30);
    let output = Folder::with("a.jsonl", content).run(&["validate", "a.jsonl"]);
    assert!(
        output.contains("error[renamed-fields]") && output.contains("60 records of this input"),
        "{output}"
    );
}

#[test]
fn lists_for_people_name_fifty_inputs_and_those_for_programs_all() {
    let record = lines([r#"{"sessionId":"a","startDateTime":"b"}"#; 2]);
    let folder = (0..52).fold(Folder::new(), |folder, n| folder.and(&format!("logs/{n}.jsonl"), &record));
    let output = folder.run(&["validate", "--format=human", "--format=json=all.json", "logs"]);
    assert_eq!(output.matches("error[not-an-event]").count(), 50, "{output}");
    let is_finding = |line: &&str| line.contains("\"type\":\"finding\"");
    assert_eq!(folder.text("all.json").lines().filter(is_finding).count(), 52);
}

#[test]
fn a_baseline_knows_each_record() {
    let record = r#"{"sessionId":"a","startDateTime":"b"}"#;
    let folder = Folder::with("a.jsonl", lines([record; 3]));
    assert!(folder.run(&["validate", "--write-baseline", "known.json", "a.jsonl"]).contains("exit code: 0"));
    let known = folder.run(&["validate", "--baseline", "known.json", "a.jsonl"]);
    assert!(known.contains("exit code: 0") && known.contains("3 in the baseline"), "{known}");
    let folder = folder.and("a.jsonl", lines([record; 5]));
    let more = folder.run(&["validate", "--baseline", "known.json", "a.jsonl"]);
    assert!(
        more.contains("exit code: 1") && more.contains("2 records of this input are like this one"),
        "{more}"
    );
}

#[test]
fn a_record_of_another_kind_is_rejected_with_the_reason() {
    let [first, _] = events();
    let folder = Folder::with("a.jsonl", format!("{first}\n{{\"level\":\"info\"}}\n"));
    let output = folder.run(&["split", "--accepted", "good.jsonl", "--rejected", "bad.jsonl", "a.jsonl"]);
    assert!(output.contains("error[not-an-event]"), "{output}");
    assert_eq!(folder.text("good.jsonl"), first + "\n");
    assert!(folder.text("bad.jsonl").contains("not-an-event"), "{}", folder.text("bad.jsonl"));
}
