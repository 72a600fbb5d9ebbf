//! Inputs in which something else than a line end separates events: each event is checked, and one finding for the whole
//! input says what is wrong, with a command that is run.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs and run programs")]

mod common;

use common::suggested::run_command;
use common::{Folder, gzip, line};
use insta::assert_snapshot;

/// Three events, the second of which is not valid.
fn events() -> [String; 3] {
    let wrong = line("test-message").replace("\"cloudId\":\"test\"", "\"cloudId\":7");
    [line("client-disconnected"), wrong, line("test-message")]
}

/// Puts a separator between the events, and another text after the last.
fn separated(separator: &str, end: &str) -> Vec<u8> {
    (events().join(separator) + end).into_bytes()
}

fn pretty() -> [String; 2] {
    ["client-disconnected", "test-message"].map(|name| {
        let value: serde_json::Value = serde_json::from_str(&line(name)).expect("JSON");
        serde_json::to_string_pretty(&value).expect("JSON")
    })
}

/// Each kind with an input.
fn cases() -> Vec<(&'static str, Vec<u8>)> {
    let arrays = format!("[{}]\n", events().join("]\n["));
    vec![
        ("nothing", separated("", "\n")),
        ("blank", separated(" ", "")),
        ("tab", separated("\t", "\n")),
        ("carriage_return", separated("\r", "\r")),
        ("comma", separated(",", "\n")),
        ("comma_and_line_end", separated(",\n", "\n")),
        ("comma_at_each_line_end", separated(",\r\n", ",\r\n")),
        ("comma_at_each_line_start", separated("\n, ", "\n")),
        ("comma_between_documents", pretty().join(",\n").into_bytes()),
        ("semicolon", separated(";\n", ";\n")),
        ("escaped_line_end", separated("\\n", "\\n")),
        ("escaped_line_end_and_line_end", separated("\\r\\n\n", "\\r\\n\n")),
        ("line_separator", separated("\u{2028}", "\n")),
        ("record_separator", separated("\n\u{1e}", "\n")),
        ("array_per_line", arrays.into_bytes()),
        ("nul_between_lines", separated("\n\0\0\0\0", "\n")),
        ("nul_delimited", separated("\0", "\0")),
        ("nul_padding", separated("\n", &("\n".to_owned() + &"\0".repeat(4096)))),
        ("byte_order_mark", separated("\n\u{feff}", "\n")),
        ("byte_order_mark_within_line", separated("\u{feff}", "\n")),
    ]
}

/// The events of cases that consist of other events.
fn counts(name: &str) -> (usize, usize) {
    if name == "comma_between_documents" { (2, 0) } else { (2, 1) }
}

#[test]
fn each_event_is_checked_and_the_separator_is_one_finding() {
    for (name, content) in cases() {
        let (valid, invalid) = counts(name);
        let folder = Folder::with("in.jsonl", &content);
        let output = folder.run(&["validate", "in.jsonl"]);
        assert!(output.contains("exit code: 1"), "{name}: {output}");
        assert!(output.contains(&format!("{} events in 1 input", valid + invalid)), "{name}: {output}");
        assert_eq!(output.matches("error[syntax]").count(), 1, "{name}: {output}");
        assert_snapshot!(name, output);
    }
}

/// Runs the command of each finding in place of a person.
#[test]
fn the_suggested_command_leads_to_one_event_per_line() {
    for (name, content) in cases() {
        let folder = Folder::with("in.jsonl", content);
        let output = folder.run(&["validate", "in.jsonl"]);
        let help = output.split("error[syntax]").nth(1).and_then(|rest| rest.split("= help: ").nth(1));
        let help = help.unwrap_or_default().lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let command = help.split('`').find(|part| part.contains(" FILE")).unwrap_or_default().to_owned();
        assert!(command.contains("ccxlog"), "{name}: {output}");
        let Some(ran) = run_command(&folder, name, &command, "in.jsonl") else { continue };
        let text = String::from_utf8_lossy(&ran.stdout) + String::from_utf8_lossy(&ran.stderr);
        let (valid, invalid) = counts(name);
        if command.contains(" split ") {
            assert_eq!(folder.text("events.jsonl").lines().count(), valid, "{name}: {text}");
            assert!(folder.run(&["validate", "events.jsonl"]).contains("all valid"), "{name}");
        } else {
            let all = format!("{} events in 1 input", valid + invalid);
            assert!(text.contains(&all) && !text.contains("error[syntax]"), "{name}: {command}\n{text}");
        }
    }
}

#[test]
fn split_writes_each_event_on_its_own_and_accounts_for_every_byte() {
    for (name, content) in cases() {
        let folder = Folder::with("in.jsonl", &content);
        let output =
            folder.run(&["split", "--accepted", "good.jsonl", "--rejected", "bad.jsonl", "in.jsonl"]);
        let accepted = folder.text("good.jsonl");
        let rejected = folder.text("bad.jsonl").lines().count();
        if name != "comma_between_documents" {
            let [first, _, last] = events();
            assert_eq!(accepted.trim_end(), format!("{first}\n{last}"), "{name}");
        }
        assert_eq!(rejected, counts(name).1, "{name}: {output}");
        assert!(!output.contains("bug in ccxlog"), "{name}: {output}");
    }
}

#[test]
fn the_answer_depends_neither_on_threads_nor_on_compression() {
    for (name, content) in cases() {
        let many = content.repeat(if name == "array_per_line" { 1500 } else { 1 + 900_000 / content.len() });
        let folder = Folder::with("in.jsonl", &many);
        let run = |folder: &Folder, threads: &str| {
            let output = folder.run(&["validate", "--threads", threads, "--format", "concise", "in.jsonl"]);
            output.replacen(threads, "N", 1)
        };
        let single = run(&folder, "1");
        assert_eq!(run(&folder, "4"), single, "{name}");
        let events: Vec<&str> = single.lines().filter(|line| line.contains("events in 1 input")).collect();
        assert_eq!(events.len(), 1, "{name}: {single}");
        let compressed = run(&Folder::with("in.jsonl", gzip(&many)), "2");
        assert_eq!(compressed, single, "{name}");
    }
}

#[test]
fn machines_get_one_result_with_the_number_of_places() {
    let content = separated(",\n", "\n").repeat(2);
    let folder = Folder::with("a.jsonl", content);
    let json = folder.run(&["validate", "--format", "json", "a.jsonl"]);
    let found: Vec<serde_json::Value> = json
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|line: &serde_json::Value| line["id"] == "syntax")
        .collect();
    let [found] = &found[..] else { panic!("{json}") };
    assert_eq!((&found["records"], &found["line"]), (&4.into(), &1.into()));
    let sarif = folder.run(&["validate", "--format", "sarif", "a.jsonl"]);
    assert!(sarif.contains("\"occurrenceCount\":4"), "{sarif}");
}

#[test]
fn a_broken_event_does_not_take_the_others_with_it() {
    let [first, _, last] = events();
    let unquoted = first.replacen("\"cloudId\":\"", "\"cloudId\":\"x\r", 1).replacen('"', "", 1);
    let cut = &first[..300];
    for (name, content, valid) in [
        ("a carriage return after each line", format!("{first}\r{cut}\r{last}\r{unquoted}\r{first}\r"), 3),
        ("NUL bytes within an event", format!("{first}\n{cut}\0\0\0\0{last}\n{first}\n"), 3),
        ("NUL bytes within a document", format!("{}\n{{\n\"a\":\0\0\0{first}\n{last}\n", pretty()[0]), 3),
    ] {
        let folder = Folder::with("a.jsonl", content);
        let output = folder.run(&["validate", "a.jsonl"]);
        assert!(output.contains(&format!("{valid} valid")), "{name}: {output}");
        // A split adds up the bytes of all parts, and of what is between them.
        let output = folder.run(&["split", "--accepted=good.jsonl", "--rejected=bad.jsonl", "a.jsonl"]);
        assert!(output.contains("exit code: 1"), "{name}: {output}");
        assert_eq!(folder.text("good.jsonl").matches("\"eventName\"").count(), valid, "{name}: {output}");
    }
}

#[test]
fn documents_and_arrays_as_they_should_be_have_no_findings() {
    let [first, last] = pretty();
    let array = format!("[{first},\r\n{last}]");
    for content in [
        format!("{first}\n{last}\n"),
        format!("{first}{last}"),
        format!("{first} {last}\n"),
        format!("\u{feff}{first}\r\n\r\n\t{last}\r\n"),
        // A carriage return is white space where JSON has some, also in an event that is looked at closely.
        first.replacen('{', "{\"new\":\r{},", 1),
        array.clone(),
        format!("\u{feff}\n{array}\n\n"),
    ] {
        let output = Folder::with("a.json", &content).run(&["validate", "a.json"]);
        assert!(output.contains("all valid") && output.contains("exit code: 0"), "{content}: {output}");
    }
}
