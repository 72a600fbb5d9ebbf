//! Reports: every format, what it masks, and how much of it there can be.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fmt::Write as _;
use std::fs;

use common::{Folder, documented, line};
use insta::assert_snapshot;
use serde_json::{Value, json};

const FILES: [&str; 6] = ["concise", "json", "sarif", "github", "gitlab", "junit"];

/// `validate`, with every format in a file of its name beside human on standard output.
fn all_formats() -> Vec<String> {
    let mut args = vec!["validate".to_owned(), "--format=human".to_owned()];
    args.extend(FILES.map(|format| format!("--format={format}=out.{format}")));
    args
}

fn run(folder: &Folder, args: &[&str]) -> String {
    let mut all = all_formats();
    all.extend(args.iter().map(|arg| (*arg).to_owned()));
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    folder.run(&all)
}

fn read(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path(name)).unwrap_or_default()
}

/// The documented examples are the names of files that there are.
fn events() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/documented");
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix("-v1.json").map(str::to_owned))
        .collect();
    names.sort();
    names
}

#[test]
fn one_broken_fixture_among_a_hundred_is_told_once_in_each_format() {
    let mut folder = Folder::new();
    let event = documented("client-disconnected");
    for number in 0..100 {
        let content = if number == 42 { event.replacen("34409", "-34409", 1) } else { event.clone() };
        folder = folder.and(&format!("fixtures/{number:03}.json"), content);
    }
    assert_snapshot!(run(&folder, &["fixtures"]));
    for format in FILES {
        let text = read(&folder, &format!("out.{format}"));
        assert_eq!(
            text.matches("it must be from 0 to").count(),
            if format == "junit" { 2 } else { 1 },
            "{format}: {text}"
        );
        if format != "sarif" && format != "junit" {
            assert_snapshot!(format, text);
        }
    }
    let sarif: Value = serde_json::from_str(&read(&folder, "out.sarif")).expect("JSON");
    assert_snapshot!("sarif", serde_json::to_string_pretty(&sarif["runs"][0]["results"]).expect("JSON"));
    let junit = read(&folder, "out.junit");
    assert_eq!(junit.matches("<testsuite ").count(), 100);
    let broken =
        junit.split_inclusive("</testsuite>\n").find(|suite| suite.contains("<failure")).expect("one");
    assert_snapshot!("junit", broken);
}

#[test]
fn where_all_is_well_one_line_says_so() {
    let folder = Folder::with("a.json", documented("client-disconnected"));
    for format in ["human", "concise", "github"] {
        let shown = folder.run(&["validate", "--format", format, "a.json"]);
        let (head, stderr) = shown.split_once("----- stderr -----\n").expect("a summary");
        assert!(!head.contains("stdout") && stderr.lines().count() == 1, "{shown}");
    }
}

/// A secret in every field, of the right type and of a wrong one, in the name of the event, and in text that is no JSON.
#[test]
fn no_value_of_an_event_gets_into_a_report_unasked() {
    const SECRET: &str = "S3cr3t Näme";
    let mut lines = String::new();
    for name in events() {
        let event: Value = serde_json::from_str(&documented(&name)).expect("JSON");
        for value in [json!(SECRET), json!([SECRET]), json!({ "k": SECRET })] {
            let mut broken = event.clone();
            for (field, place) in broken.as_object_mut().expect("an object") {
                if field != "eventName" && field != "log" {
                    *place = value.clone();
                }
            }
            for place in broken["log"].as_object_mut().into_iter().flat_map(|log| log.values_mut()) {
                *place = value.clone();
            }
            broken["unheardOf"] = value.clone();
            let _ = writeln!(lines, "{broken}");
            broken["eventName"] = value;
            let _ = writeln!(lines, "{broken}\n{}", broken.to_string().replacen(':', " ", 1));
        }
    }
    let _ = write!(lines, "{SECRET}\n\"{SECRET}\n{{\"a\":\"{SECRET}\\x\"}}\n");
    let folder = Folder::with("a.jsonl", &lines);
    let mut args = all_formats();
    args.extend(["--max-findings=100000".into(), "a.jsonl".into()]);
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let mut command = folder.command(&args);
    let output = command
        .env("CI", "true")
        .env("GITHUB_STEP_SUMMARY", folder.path("summary.md"))
        .output()
        .expect("the binary runs");
    let told = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].concat();
    assert!(told.contains("error[wrong-type]"), "{told}");
    folder.run(&["validate", "--write-baseline", "baseline.json", "--quiet", "--format=concise", "a.jsonl"]);
    let files = FILES.map(|format| format!("out.{format}"));
    let files = files.iter().map(String::as_str).chain(["summary.md", "baseline.json"]);
    for (name, text) in files.map(|name| (name, read(&folder, name))).chain([("human", told)]) {
        assert!(!text.is_empty(), "{name}");
        let leak = text.lines().find(|line| line.contains("S3cr") || line.contains("S3cr3t N\\u00e4me"));
        assert_eq!(leak, None, "{name}");
    }
    // The test can fail: asked for, the values are there.
    let shown = folder.run(&["validate", "--format=json", "--show-values", "a.jsonl"]);
    assert!(shown.contains(SECRET));
    let unmasked = folder.run(&["validate", "a.jsonl"]);
    assert!(unmasked.contains(SECRET));
}

#[test]
fn a_million_findings_of_a_kind_make_one_result() {
    let mut content = "{}\n".repeat(4000);
    for number in 0..3000 {
        let _ = writeln!(content, "{{\"field-{number}\":1}}");
    }
    let folder = Folder::with("a.jsonl", &content).and("b.jsonl", "{}\n".repeat(9));
    let shown = run(&folder, &["a.jsonl", "b.jsonl"]);
    assert!(shown.contains("7,009 events in 2 inputs"), "{shown}");
    let sarif: Value = serde_json::from_str(&read(&folder, "out.sarif")).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("an array");
    assert_eq!(results.len(), 1000);
    let first = &results[0];
    assert_eq!(first["occurrenceCount"], 7000);
    assert_eq!(first["relatedLocations"].as_array().map(Vec::len), Some(4));
    let counted: u64 = results.iter().filter_map(|result| result["occurrenceCount"].as_u64()).sum();
    let note = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
    let errors = 7009 * 9;
    let left_out = errors + 3000 - counted;
    assert!(note.contains(&format!("{left_out} more findings are not listed")), "{note}");
    for (format, most) in
        [("sarif", 2_000_000), ("github", 60_000), ("gitlab", 1_000_000), ("junit", 1_000_000)]
    {
        let length = read(&folder, &format!("out.{format}")).len();
        assert!(length < most, "{format}: {length} bytes");
    }
    let json = read(&folder, "out.json");
    assert_eq!(json.lines().count() as u64, errors + 3000 + 1);
    assert_eq!(read(&folder, "out.concise").lines().count() as u64, errors + 3000);
}

#[test]
fn reports_do_not_depend_on_the_number_of_threads() {
    let mut folder = Folder::new();
    for (number, rate) in ["0.1", "0", "0.01", "1"].iter().enumerate() {
        let name = format!("{number}.jsonl");
        let seed = number.to_string();
        let args =
            ["sample", "--events=600", "--seed", &seed, "--invalid", rate, "--unknown-field", "-o", &name];
        assert!(folder.command(&args).status().expect("the binary runs").success());
    }
    let kinds: Vec<_> = (0..2500).map(|n| format!("{{\"{n}\":1}}")).collect();
    folder = folder.and("kinds.jsonl", kinds.join("\n"));
    folder.run(&["validate", "--quiet", "--write-baseline=baseline.json", "0.jsonl", "2.jsonl"]);
    for args in [&[][..], &["--baseline=baseline.json"], &["--deny=unknown-field", "--max-findings=7"]] {
        let mut outcomes = Vec::new();
        for threads in ["1", "2", "5"] {
            let args = [args, &["--threads", threads, "*.jsonl"]].concat();
            let told = run(&folder, &args).replacen(&format!("--threads {threads}"), "", 1);
            outcomes.push((told, FILES.map(|format| read(&folder, &format!("out.{format}")))));
        }
        assert!(outcomes[0] == outcomes[1] && outcomes[1] == outcomes[2], "{args:?}");
    }
}

#[test]
fn github_gets_ten_annotations_and_a_table() {
    let mut folder = Folder::new();
    for number in 0..15 {
        folder = folder.and(&format!("{number:02}.json"), "{\"eventName\":\"user-created\"}");
    }
    let output = folder
        .command(&["validate", "--format=github", "."])
        .env("GITHUB_STEP_SUMMARY", folder.path("summary.md"))
        .output()
        .expect("the binary runs");
    let commands = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(commands.matches("::error ").count(), 10, "{commands}");
    assert_eq!(commands.matches("::warning ").count(), 10, "{commands}");
    assert!(commands.contains("without an annotation"), "{commands}");
    assert!(read(&folder, "summary.md").contains("| error | `missing-field` |"));
}

#[test]
fn what_cannot_be_written_does_not_hide_what_was_found() {
    let folder = Folder::with("a.json", "{\"eventName\": 7").and("folder/x", "");
    for args in [
        &["validate", "--format=sarif=no/such/out.sarif", "a.json"][..],
        &["validate", "--format=sarif", "--output=folder", "a.json"],
        &["validate", "--format=concise", "--format=junit=no/such/out.xml", "a.json"],
        &["validate", "--format=sarfi", "a.json"],
        &["validate", "--format=xml", "a.json"],
        &["validate", "--format=sarif=", "a.json"],
        &["validate", "--format=sarif", "--format=json", "a.json"],
        &["validate", "--format=sarif=x", "--format=json=x", "a.json"],
        &["validate", "--format=sarif=x", "--output=y", "a.json"],
    ] {
        assert_snapshot!(folder.run(args));
    }
    #[cfg(target_os = "linux")]
    {
        assert_snapshot!(folder.run(&["validate", "--format=concise", "--format=json=/dev/full", "a.json"]));
        for format in ["json", "junit"] {
            let shown = folder.run(&["validate", &format!("--format={format}=/dev/full"), "a.json"]);
            assert!(shown.contains("exit code: 2") && shown.contains("the record ends too early"), "{shown}");
        }
        let shown = folder.run(&["validate", "--format=gitlab=/dev/full", "a.json"]);
        assert!(shown.contains("exit code: 2") && shown.contains("\"check_name\": \"syntax\""), "{shown}");
    }
}

#[test]
fn unread_inputs_are_in_every_report() {
    let folder = Folder::with("cut.jsonl.gz", &common::gzip(line("test-message") + "\n")[..50]);
    let shown = run(&folder, &["cut.jsonl.gz", "missing.json", "no*such"]);
    assert!(shown.contains("exit code: 2"), "{shown}");
    for format in ["json", "sarif", "github", "gitlab", "junit"] {
        let text = read(&folder, &format!("out.{format}"));
        for input in ["cut.jsonl.gz", "missing.json", "no*such"] {
            assert!(text.contains(input), "{format}: {text}");
        }
    }
}

/// A page tells what differs from the schema, and from a profile; which is no log, and has to be one.
#[test]
fn a_page_against_a_profile() {
    let event = line("client-disconnected");
    let folder = Folder::with("logs/a.jsonl", &event)
        .and("new/b.jsonl", event.replacen('{', "{\"region\": \"eu\", ", 1))
        .and("damaged.json", "{}");
    let profile = folder.run(&["drift", "logs", "--write-profile=logs/known.json"]);
    assert!(profile.contains("exit code: 0"), "{profile}");
    let page = |more: &[&str]| {
        let shown = folder.run(&[&["validate", "--report=page.html"], more].concat());
        assert!(shown.contains("exit code: 0"), "{shown}");
        let text = read(&folder, "page.html");
        assert!(text.contains("Differences from what is known") && text.contains("Coverage of the schema"));
        (text.contains("new-field"), text.contains("and the profile <code>logs/known.json</code>"))
    };
    assert_eq!(page(&["new"]), (true, false));
    assert_eq!(page(&["logs", "--against=logs/known.json"]), (false, true));
    assert_eq!(page(&["logs", "new", "--against=logs/known.json"]), (true, true));
    let refused = |args: &[&str]| folder.run(&[&["validate", "new"], args].concat());
    for (args, why) in [
        (&["--against=logs/known.json"][..], "is about the page of `--report FILE`"),
        (&["--report=page.html", "--against=damaged.json"], "`damaged.json` "),
        (&["--report=page.html", "--against=missing.json"], "cannot read the profile `missing.json`"),
        (
            &["--report=logs/known.json", "--against=logs/known.json"],
            "`logs/known.json` is named by two options",
        ),
    ] {
        let shown = refused(args);
        assert!(shown.contains("exit code: 2") && shown.contains(why), "{shown}");
    }
}

#[test]
fn schemas_of_what_is_read_and_written() {
    let folder = Folder::new();
    assert_snapshot!(folder.run(&["schema", "--config"]));
    assert_snapshot!(folder.run(&["schema", "--report"]));
}
