//! Reports: every format, its masking, and its limits.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fmt::Write as _;
use std::fs;

use cloudconnexa_report::Format;
use common::{Folder, documented, line};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// Returns the names of all formats but that for people.
fn machine_formats() -> impl Iterator<Item = &'static str> + Clone {
    Format::ALL.iter().filter(|format| **format != Format::Human).map(|format| format.name())
}

/// Returns the arguments for the human format on standard output, and every other format in a file.
fn all_formats() -> Vec<String> {
    let mut args = vec!["validate".to_owned(), "--format=human".to_owned()];
    args.extend(machine_formats().map(|format| format!("--format={format}=out.{format}")));
    args
}

fn run(folder: &Folder, args: &[&str]) -> String {
    let mut all = all_formats();
    all.extend(args.iter().map(|arg| (*arg).to_owned()));
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    folder.run(&all)
}

/// Returns the names of all documented events.
fn events() -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(common::corpus().join("documented"))
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix("-v1.json").map(str::to_owned))
        .collect();
    names.sort();
    names
}

#[test]
fn one_broken_fixture_among_a_hundred_is_reported_once_in_each_format() {
    let mut folder = Folder::new();
    let event = documented("client-disconnected");
    for number in 0..100 {
        let content = if number == 42 { event.replacen("34409", "-34409", 1) } else { event.clone() };
        folder = folder.and(&format!("fixtures/{number:03}.json"), content);
    }
    assert_snapshot!(run(&folder, &["fixtures"]));
    for format in machine_formats() {
        let text = folder.text(&format!("out.{format}"));
        assert_eq!(
            text.matches("it must be from 0 to").count(),
            if format == "junit" { 2 } else { 1 },
            "{format}: {text}"
        );
        if !["sarif", "junit", "html"].contains(&format) {
            assert_snapshot!(format, text);
        }
    }
    let sarif: Value = serde_json::from_str(&folder.text("out.sarif")).expect("JSON");
    assert_snapshot!("sarif", serde_json::to_string_pretty(&sarif["runs"][0]["results"]).expect("JSON"));
    let junit = folder.text("out.junit");
    assert_eq!(junit.matches("<testsuite ").count(), 100);
    let broken =
        junit.split_inclusive("</testsuite>\n").find(|suite| suite.contains("<failure")).expect("one");
    assert_snapshot!("junit", broken);
}

#[test]
fn a_run_without_findings_prints_one_line() {
    let folder = Folder::with("a.json", documented("client-disconnected"));
    for format in ["human", "concise", "github"] {
        let shown = folder.run(&["validate", "--format", format, "a.json"]);
        let (head, stderr) = shown.split_once("----- stderr -----\n").expect("a summary");
        assert!(!head.contains("stdout") && stderr.lines().count() == 1, "{shown}");
    }
}

/// The secret is in every field, alone and with all others, as the right and as a wrong type, in the event's name, and in text
/// that is not JSON. `Format::ALL` has every format that can be chosen, so none is left out here.
#[test]
fn values_of_events_stay_out_of_reports_by_default() {
    const SECRET: &str = "S3cr3t Näme";
    let mut lines = String::new();
    for name in events() {
        let event: Value = serde_json::from_str(&documented(&name)).expect("JSON");
        for value in [json!(SECRET), json!([SECRET]), json!({ "k": SECRET })] {
            let mut broken = event.clone();
            for (field, old) in broken.as_object_mut().expect("an object") {
                if field != "eventName" && field != "log" {
                    *old = value.clone();
                }
            }
            for old in broken["log"].as_object_mut().into_iter().flat_map(|log| log.values_mut()) {
                *old = value.clone();
            }
            broken["unheardOf"] = value.clone();
            let _ = writeln!(lines, "{broken}");
            broken["eventName"] = value;
            let _ = writeln!(lines, "{broken}\n{}", broken.to_string().replacen(':', " ", 1));
        }
        // Where the field takes any text, the event stays valid, and is part of all that a page shows of valid events.
        for field in event["log"].as_object().into_iter().flat_map(|log| log.keys()) {
            let mut changed = event.clone();
            changed["log"][field] = json!(SECRET);
            let _ = writeln!(lines, "{changed}");
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
    let printed = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].concat();
    assert!(printed.contains("error[wrong-type]"), "{printed}");
    folder.run(&["validate", "--write-baseline", "baseline.json", "--quiet", "--format=concise", "a.jsonl"]);
    let files: Vec<_> = machine_formats().map(|format| format!("out.{format}")).collect();
    let files = files.iter().map(String::as_str).chain(["summary.md", "baseline.json"]);
    for (name, text) in files.map(|name| (name, folder.text(name))).chain([("human", printed)]) {
        assert!(!text.is_empty(), "{name}");
        let leak = text.lines().find(|line| line.contains("S3cr") || line.contains("S3cr3t N\\u00e4me"));
        assert_eq!(leak, None, "{name}");
    }
    // The test can fail: on request, the values are in the report.
    let shown = folder.run(&["validate", "--format=json", "--show-values", "a.jsonl"]);
    assert!(shown.contains(SECRET));
    let unmasked = folder.run(&["validate", "a.jsonl"]);
    assert!(unmasked.contains(SECRET));
}

#[test]
fn equal_findings_make_one_result_and_reports_stay_small() {
    let mut content = "{\"eventName\":\"test-message\"}\n".repeat(4000);
    for number in 0..3000 {
        let _ = writeln!(content, "{{\"eventName\":\"test-message\",\"field-{number}\":1}}");
    }
    let folder =
        Folder::with("a.jsonl", &content).and("b.jsonl", "{\"eventName\":\"test-message\"}\n".repeat(9));
    let shown = run(&folder, &["a.jsonl", "b.jsonl"]);
    assert!(shown.contains("7,009 events in 2 inputs"), "{shown}");
    let sarif: Value = serde_json::from_str(&folder.text("out.sarif")).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("an array");
    assert_eq!(results.len(), 1000);
    let first = &results[0];
    assert_eq!(first["occurrenceCount"], 7000);
    assert_eq!(first["relatedLocations"].as_array().map(Vec::len), Some(4));
    let counted: u64 = results.iter().filter_map(|result| result["occurrenceCount"].as_u64()).sum();
    let note = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
    let errors = 7009 * 8;
    let left_out = errors + 3000 - counted;
    assert!(note.contains(&format!("{left_out} more findings are not listed")), "{note}");
    for (format, max) in
        [("sarif", 2_000_000), ("github", 60_000), ("gitlab", 1_000_000), ("junit", 1_000_000)]
    {
        let length = folder.text(&format!("out.{format}")).len();
        assert!(length < max, "{format}: {length} bytes");
    }
    let json = folder.text("out.json");
    assert_eq!(json.lines().count() as u64, errors + 3000 + 1);
    assert_eq!(folder.text("out.concise").lines().count() as u64, errors + 3000);
}

#[test]
fn reports_do_not_depend_on_the_number_of_threads() {
    let mut folder = Folder::new();
    for (number, rate) in ["0.1", "0", "0.01", "1"].iter().enumerate() {
        let name = format!("{number}.jsonl");
        let seed = number.to_string();
        folder.sample(&name, &["--events=600", "--seed", &seed, "--invalid", rate, "--unknown-field"]);
    }
    let kinds: Vec<_> = (0..2500).map(|n| format!("{{\"{n}\":1}}")).collect();
    folder = folder.and("kinds.jsonl", kinds.join("\n"));
    folder.run(&["validate", "--quiet", "--write-baseline=baseline.json", "0.jsonl", "2.jsonl"]);
    for args in [&[][..], &["--baseline=baseline.json"], &["--deny=unknown-field", "--max-findings=7"]] {
        let mut outputs = Vec::new();
        for threads in ["1", "2", "5"] {
            let args = [args, &["--threads", threads, "*.jsonl"]].concat();
            let shown = run(&folder, &args).replacen(&format!("--threads {threads}"), "", 1);
            let texts: Vec<_> =
                machine_formats().map(|format| folder.text(&format!("out.{format}"))).collect();
            outputs.push((shown, texts));
        }
        assert!(outputs[0] == outputs[1] && outputs[1] == outputs[2], "{args:?}");
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
    assert!(folder.text("summary.md").contains("| error | `missing-field` |"));
}

#[test]
fn an_unwritable_report_does_not_hide_the_findings() {
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

/// Programs that read the list could not make anything of it.
#[cfg(target_os = "linux")]
#[test]
fn an_unwritable_report_does_not_go_between_the_lines_of_a_list() {
    let folder = Folder::with("a.jsonl", "{\"eventName\":\"test-message\"}\n");
    let args = ["validate", "a.jsonl", "--format=concise", "--format=sarif=/dev/full"];
    let output = folder.command(&args).output().expect("the binary runs");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        output.status.code() == Some(2) && stdout.lines().all(|line| line.starts_with("a.jsonl:1:1: ")),
        "{stdout}"
    );
}

#[test]
fn unreadable_inputs_are_in_every_report() {
    let folder = Folder::with("cut.jsonl.gz", &common::gzip(line("test-message") + "\n")[..50]);
    let shown = run(&folder, &["cut.jsonl.gz", "missing.json", "no*such"]);
    assert!(shown.contains("exit code: 2"), "{shown}");
    // Lines for editors have no place for what is not at a position.
    for format in machine_formats().filter(|format| *format != "concise") {
        let text = folder.text(&format!("out.{format}"));
        for input in ["cut.jsonl.gz", "missing.json", "no*such"] {
            assert!(text.contains(input), "{format}: {text}");
        }
    }
}

/// The profile lies among the logs: it is not read as a log, and it has to be a profile.
#[test]
fn a_page_shows_drift_from_the_schema_and_a_profile() {
    let event = line("client-disconnected");
    let folder = Folder::with("logs/a.jsonl", &event)
        .and("new/b.jsonl", event.replacen('{', "{\"region\": \"eu\", ", 1))
        .and("damaged.json", "{}");
    let profile = folder.run(&["drift", "logs", "--write-profile=known.json"]);
    assert!(profile.contains("exit code: 0"), "{profile}");
    // Wherever it is moved, it is not a log.
    let profile = folder.text("known.json");
    let folder = folder.and("logs/known.json", profile);
    let page = |more: &[&str]| {
        let shown = folder.run(&[&["validate", "--report=page.html"], more].concat());
        assert!(shown.contains("exit code: 0"), "{shown}");
        let text = folder.text("page.html");
        assert!(text.contains("<h2>Differences</h2>") && text.contains("Coverage of the schema"));
        (text.contains("new-field"), text.contains("and the profile <code>logs/known.json</code>"))
    };
    assert_eq!(page(&["new"]), (true, false));
    assert_eq!(page(&["logs", "--against=logs/known.json"]), (false, true));
    assert_eq!(page(&["logs", "new", "--against=logs/known.json"]), (true, true));
    for (args, why) in [
        (&["--against=logs/known.json"][..], "is about the page of `--report FILE`"),
        (&["--report=html=page.html"], "write `--report page.html` or `--format html=page.html`"),
        (&["--report=sarif=x.sarif"], "not a format; write `--format sarif=x.sarif`"),
        (&["--report=page.html", "--against=damaged.json"], "`damaged.json` "),
        (&["--report=page.html", "--against=missing.json"], "cannot read the profile `missing.json`"),
        (
            &["--report=logs/known.json", "--against=logs/known.json"],
            "`logs/known.json` is named by two options",
        ),
    ] {
        let shown = folder.run(&[&["validate", "new"], args].concat());
        assert!(shown.contains("exit code: 2") && shown.contains(why), "{shown}");
    }
}

#[test]
fn schemas_of_config_and_report_are_printed() {
    let folder = Folder::new();
    assert_snapshot!(folder.run(&["schema", "--config"]));
    assert_snapshot!(folder.run(&["schema", "--report"]));
}
