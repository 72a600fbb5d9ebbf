//! Help, wrong usage, color, and the commands that read no logs.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;
use std::io::Read as _;

use common::Folder;
use insta::assert_snapshot;
use serde_json::Value;

fn run(args: &[&str]) -> String {
    Folder::new().run(args)
}

#[test]
fn help_shows_commands_and_options() {
    assert_snapshot!(run(&["--help"]));
    assert_snapshot!(run(&["validate", "--help"]));
}

#[test]
fn wrong_arguments_are_refused_with_a_hint() {
    assert_snapshot!(run(&["validat"]));
    assert_snapshot!(run(&["validate", "--max-record-bytes", "3 apples"]));
    assert_snapshot!(run(&["explain", "wrong_type"]));
    assert_snapshot!(run(&["events", "client-disconected"]));
    assert_snapshot!(run(&["schema", "--event", "nothing-like-it"]));
}

#[test]
fn explain_lists_rules_and_describes_one() {
    assert_snapshot!(run(&["explain"]));
    assert_snapshot!(run(&["explain", "wrong-type"]));
}

#[test]
fn events_lists_events_and_describes_one() {
    assert_snapshot!(run(&["events"]));
    assert_snapshot!(run(&["events", "domain-blocked"]));
}

#[test]
fn the_reference_is_printed_in_each_format() {
    assert_snapshot!(run(&["events", "--help"]));
    assert_snapshot!(run(&["events", "test-message", "--format", "markdown"]));
    let page = run(&["events", "domain-blocked", "--format", "html"]);
    assert!(
        page.contains("id=\"domain-blocked.queryType\"") && !page.contains("id=\"client-connected"),
        "{page}"
    );
}

#[test]
fn the_reference_as_json_is_described_by_its_schema() {
    let folder = Folder::new();
    let output = |args: &[&str]| {
        let output = folder.command(args).output().expect("it runs");
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
    };
    let validator = jsonschema::validator_for(&output(&["schema", "--events"])).expect("a schema");
    let all = output(&["events", "--format", "json"]);
    let one = output(&["events", "flow-established", "--format", "json"]);
    for reference in [&all, &one] {
        let problems: Vec<_> = validator.iter_errors(reference).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{problems:#?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({ "events": all["events"] })));
    let names = |reference: &Value| -> Vec<Value> {
        reference["events"].as_array().expect("events").iter().map(|event| event["name"].clone()).collect()
    };
    assert_eq!(names(&all).len(), 8);
    assert_eq!(names(&one), ["flow-established"]);
    // The order of keys in the example is that of the vendor.
    let text = run(&["events", "domain-blocked", "--format", "json"]);
    let at = |key: &str| text.rfind(key).unwrap_or_else(|| panic!("{key} in {text}"));
    assert!(at("\"domain\": \"c2c") < at("\"category\": \"Command"));
}

#[test]
fn schema_prints_the_whole_or_one_event() {
    assert_snapshot!(run(&["schema", "--event", "test-message"]));
    let whole = run(&["schema"]);
    assert!(whole.contains("exit code: 0") && whole.contains("\"ClientDisconnectedLog\""));
}

#[test]
fn completions_and_man_pages_are_generated() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        assert!(script.contains("exit code: 0") && script.contains("max-findings"), "{shell}");
    }
    assert!(run(&["man"]).contains(".TH ccxlog 1"));
    let folder = Folder::new();
    assert!(folder.run(&["man", "--dir", "pages"]).contains("exit code: 0"));
    let page = folder.text("pages/ccxlog-validate.1");
    assert!(page.contains("Exit codes"));
}

#[cfg(target_os = "linux")]
#[test]
fn text_that_cannot_be_printed_fails_the_command_unless_its_reader_has_seen_enough() {
    for args in [&["events"][..], &["explain"], &["schema"], &["completions", "bash"], &["man"]] {
        let run = |stdout: std::process::Stdio| {
            let output = Folder::new().command(args).stdout(stdout).output().expect("it runs");
            (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
        };
        let (reader, closed) = std::io::pipe().expect("a pipe");
        drop(reader);
        assert_eq!(run(closed.into()), (Some(0), String::new()), "{args:?}");
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
        let (code, message) = run(full.into());
        assert_eq!(code, Some(2), "{args:?}: {message}");
        assert!(message.contains("cannot write to standard output: No space left"), "{args:?}: {message}");
    }
}

/// On both streams.
#[test]
fn color_follows_the_option_then_the_environment() {
    let folder = Folder::with("a.jsonl", "x\n");
    for (args, variable, colored) in [
        (&["validate", "a.jsonl"][..], None, false),
        (&["validate", "a.jsonl"], Some("CLICOLOR_FORCE"), true),
        (&["validate", "--color=never", "a.jsonl"], Some("CLICOLOR_FORCE"), false),
        (&["validate", "--color=always", "a.jsonl"], None, true),
        (&["--color=always", "validate", "a.jsonl"], Some("NO_COLOR"), true),
        (&["events"], Some("NO_COLOR"), false),
    ] {
        let mut command = folder.command(args);
        command.envs(variable.map(|name| (name, "1")));
        let output = command.output().expect("the binary runs");
        assert_eq!(output.stdout.contains(&0x1b), colored, "{args:?} {variable:?}");
        if !output.stderr.is_empty() {
            assert_eq!(output.stderr.contains(&0x1b), colored, "{args:?} {variable:?}");
        }
    }
}

#[test]
fn a_sample_is_spread_over_days_into_files_of_an_hour() {
    let folder = Folder::new();
    let args =
        ["sample", "--span", "7d", "--split-into", "logs/x", "--start", "2026-11-27", "--events", "2000"];
    let shown = folder.run(&args);
    assert!(shown.ends_with("exit code: 0\n"), "{shown}");
    let names = std::fs::read_dir(folder.path("logs/x")).expect("a folder");
    let mut names: Vec<_> =
        names.map(|entry| entry.expect("a file").file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names.len(), 7 * 24);
    assert!(names[0].starts_with("2026-11-27-00-00-") && names[0].ends_with(".jsonl.gz"), "{}", names[0]);
    assert!(names[167].starts_with("2026-12-03-23-00-"), "{}", names[167]);
    let shown = folder.run(&["validate", "--strict", "logs"]);
    assert!(shown.contains("2,000 events in 168 inputs: all valid"), "{shown}");
    // Each file has the events of its hour, and the same arguments give the same files.
    let first = folder.bytes(&format!("logs/x/{}", names[30]));
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(&first[..]).read_to_string(&mut text).expect("gzip");
    let is_of_hour = |line: &str| line.contains("\"timestamp\":\"2026-11-28T06:");
    assert!(text.lines().count() > 5 && text.lines().all(is_of_hour), "{text}");
    folder.run(&args);
    assert_eq!(folder.bytes(&format!("logs/x/{}", names[30])), first);
    let shown = folder.run(&["sample", "--split-into", "a", "-o", "b"]);
    assert!(shown.contains("cannot be used with"), "{shown}");
}

/// `coverage` says so where something is missing.
#[test]
fn a_sample_covers_the_whole_schema() {
    let folder = Folder::new();
    let shown = folder.run(&["sample", "--cover", "fixtures"]);
    assert!(shown.ends_with("exit code: 0\n"), "{shown}");
    let shown = folder.run(&["coverage", "--min=100%", "--min=each=100%", "fixtures"]);
    assert!(common::code(&shown) == 0 && shown.contains("all valid"), "{shown}");
    assert!(!shown.contains("--cover"), "{shown}");
    // The set is about what is new as well, which other fixtures must not have.
    for config in ["", "[test]\nvalid = [\"fixtures/**\"]\n", "strict = true\n"] {
        fs::write(folder.path("ccxlog.toml"), config).expect("a file");
        let shown = folder.run(&["test", "fixtures"]);
        assert!(common::code(&shown) == 0 && shown.contains("9 fixtures: all as expected"), "{shown}");
    }
    fs::remove_file(folder.path("ccxlog.toml")).expect("a file");
    assert!(folder.text("fixtures/unknown-event.jsonl.expected").contains("unknown-event /eventName"));
    let shown = folder.run(&["coverage", "fixtures/test-message.jsonl"]);
    assert!(shown.contains("`ccxlog sample --cover DIR` writes the rest"), "{shown}");
}
