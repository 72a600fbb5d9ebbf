//! `ccxlog schema`: released versions, and what changes between two.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;
use std::time::Instant;

use common::{Folder, code, documented, line};
use insta::assert_snapshot;

/// Returns what a command printed on standard output.
fn stdout(transcript: &str) -> &str {
    let (_, rest) = transcript.split_once("----- stdout -----\n").expect("it was printed");
    rest.split_once("----- stderr -----\n").map_or(rest, |(stdout, _)| stdout)
}

/// The schema that is built in, after replacing texts that it has.
fn schema(folder: &Folder, replacements: &[(&str, &str)]) -> String {
    let mut text = stdout(&folder.run(&["schema"])).to_owned();
    for (from, to) in replacements {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

/// A maximum is lowered, a field is added, and a text changes.
const CHANGES: &[(&str, &str)] = &[
    ("log-event:0.1.0", "log-event:0.2.0"),
    (
        "\"maximum\": 9223372036854775807\n    },\n    \"Seconds\"",
        "\"maximum\": 4294967295\n    },\n    \"Seconds\"",
    ),
    (
        "        \"clientPublicIp\": {\n          \"$ref\": \"#/$defs/IpAddress\",\n          \"description\": \"Public address of the client, repeated",
        "        \"tenantRegion\": {\n          \"type\": \"string\",\n          \"description\": \"Where the tenant is.\"\n        },\n        \"clientPublicIp\": {\n          \"$ref\": \"#/$defs/IpAddress\",\n          \"description\": \"Public address of the client, repeated",
    ),
    ("Name of the S3 bucket that the stream writes to.", "The S3 bucket."),
];

#[test]
fn help_shows_every_option() {
    assert_snapshot!(Folder::new().run(&["schema", "--help"]));
    assert_snapshot!(Folder::new().run(&["schema", "diff", "--help"]));
}

#[test]
fn released_versions_are_listed_and_printed() {
    let folder = Folder::new();
    assert_snapshot!(folder.run(&["schema", "versions"]));
    for version in ["0.1.0", "v0.1.0"] {
        let released = folder.run(&["schema", "--version", version]);
        assert!(released.contains("urn:cloudconnexa-events:schema:log-event:0.1.0"), "{released}");
        assert_eq!(code(&released), 0);
    }
    let one = folder.run(&["schema", "--version", "0.1.0", "--event", "test-message"]);
    assert_eq!(stdout(&one), stdout(&folder.run(&["schema", "--event", "test-message"])));
    assert_snapshot!(folder.run(&["schema", "--version", "0.0.9"]));
    assert_snapshot!(folder.run(&["schema", "--version", "0.1.0", "--event", "test-massage"]));
    assert_eq!(code(&folder.run(&["schema", "--version", "0.1.0", "--config"])), 2);
}

#[test]
fn events_are_validated_by_a_released_version() {
    let folder = Folder::with("a.jsonl", documented("client-disconnected").replace("34409", "\"34409\""));
    let by_version = folder.run(&["validate", "a.jsonl", "-q", "--schema-version", "0.1.0"]);
    assert_eq!(code(&by_version), 1);
    assert_eq!(stdout(&by_version), stdout(&folder.run(&["validate", "a.jsonl", "-q"])));
    let unknown = folder.run(&["validate", "a.jsonl", "--schema-version", "7.0.0"]);
    assert!(
        code(&unknown) == 2 && unknown.contains("no version `7.0.0` of the schema has been released"),
        "{unknown}"
    );
}

#[test]
fn a_change_is_shown_where_it_is_with_whom_it_breaks() {
    let folder = Folder::new();
    let new = schema(&folder, CHANGES);
    let folder = folder.and("new.schema.json", new);
    assert_snapshot!(folder.run(&[
        "schema",
        "diff",
        "0.1.0",
        "new.schema.json",
        "--write-examples",
        "counter"
    ]));
    let names: Vec<_> = fs::read_dir(folder.path("counter")).expect("a folder").collect();
    assert_eq!(names.len(), 2);
    // The event is what it is said to be.
    let event = folder.path("counter/client-disconnected.sessionBytesIn.json");
    let shown = folder.run(&["validate", event.to_str().expect("UTF-8"), "-q"]);
    assert_eq!(code(&shown), 0, "{shown}");
    assert!(
        folder
            .text("counter/client-disconnected.sessionBytesIn.json")
            .contains("\"sessionBytesIn\": 4294967296")
    );
    for format in ["json", "markdown", "sarif", "github"] {
        let shown = folder.run(&["schema", "diff", "0.1.0", "new.schema.json", "--format", format]);
        assert_snapshot!(shown);
    }
}

#[test]
fn the_json_of_a_comparison_keeps_to_its_schema() {
    let folder = Folder::new();
    let new = schema(&folder, CHANGES);
    let folder = folder.and("new.schema.json", new);
    let described = stdout(&folder.run(&["schema", "--schema-diff"])).to_owned();
    let described = serde_json::from_str(&described).expect("JSON");
    let validator = jsonschema::validator_for(&described).expect("a schema");
    for args in [&["--strict"][..], &[]] {
        let shown =
            folder.run(&[&["schema", "diff", "0.1.0", "new.schema.json", "--format", "json"], args].concat());
        let report = serde_json::from_str(stdout(&shown)).expect("JSON");
        assert!(validator.is_valid(&report), "{shown}");
    }
}

/// The events of both sides, the whole document and standard input: all of it within a second, in a release build.
#[test]
fn exit_codes_say_what_a_change_means() {
    let folder = Folder::new();
    let harmless = schema(&folder, &CHANGES[2..]);
    let breaking = schema(&folder, CHANGES);
    let folder =
        folder.and("harmless.json", harmless).and("breaking.json", &breaking).and("empty.json", "{}");
    let exit = |args: &[&str]| folder.exit_code(&[&["schema", "diff"], args].concat());
    assert_eq!(exit(&["0.1.0", "0.1.0"]), Some(0));
    assert_eq!(exit(&["0.1.0", "harmless.json"]), Some(0));
    assert_eq!(exit(&["0.1.0", "harmless.json", "--strict"]), Some(1));
    assert_eq!(exit(&["0.1.0", "breaking.json"]), Some(1));
    for args in [
        &["0.1.0", "empty.json"][..],
        &["0.1.0", "missing.json"],
        &["0.9.0", "0.1.0"],
        &["-", "-"],
        &["0.1.0"],
    ] {
        assert_eq!(exit(args), Some(2), "{args:?}");
    }
    assert_snapshot!(folder.run(&["schema", "diff", "0.1.0", "empty.json"]));
    let piped = folder.pipe(&["schema", "diff", "0.1.0", "-"], breaking.as_bytes());
    assert!(code(&piped) == 1 && piped.contains("--> <stdin>:"), "{piped}");
    let kept = folder.run(&["schema", "diff", "0.1.0", "breaking.json", "-o", "breaking.json"]);
    assert!(code(&kept) == 2 && kept.contains("would be overwritten"), "{kept}");
    assert_eq!(folder.text("breaking.json"), breaking);
    let started = Instant::now();
    folder.run(&["schema", "diff", "0.1.0", "breaking.json"]);
    // Unoptimised, and among other tests.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn breaks_are_accepted_with_a_reason() {
    let folder = Folder::new();
    let new = schema(&folder, CHANGES);
    let accept = |pointer: &str, reason: &str| {
        format!(
            "[[schema-diff.accept]]\nrule = \"value-narrowed\"\npointer = \"{pointer}\"\nreason = \"{reason}\"\n"
        )
    };
    let config = accept("/log/sessionBytesIn", "no session has more")
        + &accept("/log/sessionBytesOut", "no session has more")
        + &accept("/log/unheardOf", "never needed");
    let folder = folder.and("new.schema.json", new).and("ccxlog.toml", config);
    let diff = ["schema", "diff", "0.1.0", "new.schema.json"];
    let shown = folder.run(&diff);
    assert_eq!(code(&shown), 0, "{shown}");
    assert!(
        shown.contains("warning[value-narrowed]") && shown.contains("= accepted: no session has more"),
        "{shown}"
    );
    assert!(
        shown.contains("ccxlog.toml:10:8: nothing to accept: no `value-narrowed` of `/log/unheardOf`"),
        "{shown}"
    );
    // The version that is needed stays what it is.
    assert!(shown.contains("1 accepted. Version needed: 0.2.0, declared: 0.2.0"), "{shown}");
    fs::write(folder.path("ccxlog.toml"), accept("/log/sessionBytesIn", "one of two")).expect("a file");
    assert_eq!(code(&folder.run(&diff)), 1);
    for (config, message) in [
        (accept("/a", " "), "`reason` is empty; say why the change is accepted"),
        (accept("/a", "x").replace("narrowed", "narowed"), "did you mean `value-narrowed`?"),
        ("[[schema-diff.accept]]\nrule = \"value-narrowed\"\n".to_owned(), "missing field"),
    ] {
        fs::write(folder.path("ccxlog.toml"), config).expect("a file");
        let shown = folder.run(&diff);
        assert!(code(&shown) == 2 && shown.contains(message), "{shown}");
    }
}

/// From a change of the vendor to a schema that can be released, as docs/releasing.md tells it.
#[test]
fn a_change_of_the_vendor_becomes_a_version() {
    let event = line("client-disconnected").replacen('{', "{\"tenantRegion\":\"eu-central-1\",", 1);
    let folder = Folder::with("logs/a.jsonl", event);
    let shown = folder.run(&["drift", "logs", "--propose=schema.diff"]);
    assert_eq!(code(&shown), 1);
    assert!(shown.contains("note: the proposal breaks nobody; the schema becomes version 0.1.1"), "{shown}");
    let text = schema(&folder, &[]);
    let folder = folder.and("schema/log-event.schema.json", text);
    let git = std::process::Command::new("git")
        .args(["apply", "schema.diff"])
        .current_dir(folder.path("."))
        .status();
    assert!(git.expect("git runs").success());
    let path = "schema/log-event.schema.json";
    let shown = folder.run(&["schema", "diff", "0.1.0", path]);
    assert!(code(&shown) == 0 && shown.contains("Version needed: 0.1.1, declared: 0.1.0"), "{shown}");
    let raised = folder.text(path).replace("log-event:0.1.0", "log-event:0.1.1");
    fs::write(folder.path(path), raised).expect("a file");
    let shown = folder.run(&["schema", "diff", "0.1.0", path, "--format", "markdown"]);
    assert!(shown.contains("* `tenantRegion` is new, and optional"), "{shown}");
    assert!(shown.contains("Version needed: 0.1.1, declared: 0.1.1"), "{shown}");
    let shown = folder.run(&["drift", "logs", "--schema", path]);
    assert_eq!(code(&shown), 0, "{shown}");
}

#[test]
fn a_draft_that_breaks_says_whom() {
    let event = include_str!("../../cloudconnexa-events/examples/traffic-blocked.json");
    let mut event: serde_json::Value = serde_json::from_str(event).expect("JSON");
    event["log"]["priority"] = 5.into();
    let folder = Folder::with("a.jsonl", event.to_string());
    let shown = folder.run(&["drift", "a.jsonl", "--propose=schema.diff"]);
    assert!(
        shown.contains(
            "note: the proposal breaks, or may break, anyone who checks new events with the old schema"
        ),
        "{shown}"
    );
    assert!(shown.contains("the schema becomes version 0.2.0"), "{shown}");
}
