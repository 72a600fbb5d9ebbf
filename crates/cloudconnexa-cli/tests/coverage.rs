//! `ccxlog coverage`: what fixtures cover, in every format, and whether that reaches the minimum.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;

use common::{Folder, code, documented, gzip, line};
use insta::assert_snapshot;
use serde_json::Value;

/// The folders of our own events.
fn corpus() -> Vec<String> {
    let root = common::corpus();
    ["documented", "valid", "noticed"].map(|kind| root.join(kind).to_string_lossy().into_owned()).to_vec()
}

/// Two valid events, an invalid one, and an unknown one.
fn fixtures() -> Folder {
    let unknown = line("test-message").replace("\"test-message\"", "\"user-created\"");
    let invalid = line("client-disconnected").replace("34409", "-1");
    Folder::with("fixtures/disconnected.json", documented("client-disconnected"))
        .and("fixtures/others.jsonl", [line("test-message"), unknown, invalid].join("\n"))
}

fn json(folder: &Folder, args: &[&str]) -> Value {
    let all = [&["coverage", "--quiet", "--no-config", "--format=json"], args].concat();
    let output = folder.command(&all).output().expect("the binary runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn help_shows_every_option() {
    assert_snapshot!(Folder::new().run(&["coverage", "--help"]));
}

#[test]
fn the_human_report_lists_what_is_missing() {
    assert_snapshot!(fixtures().run(&["coverage", "fixtures"]));
    assert_snapshot!(fixtures().run(&[
        "coverage",
        "--without=open,deprecated",
        "--min=each=50%",
        "fixtures"
    ]));
}

#[test]
fn an_empty_input_covers_nothing() {
    let folder = Folder::with("empty.jsonl", "");
    assert_snapshot!(folder.run(&["coverage", "--min=0.0001%", "--min-events=0", "empty.jsonl"]));
    let report = json(&folder, &["--min-events=0", "empty.jsonl"]);
    assert_eq!((&report["covered"], &report["percent"]), (&Value::from(0), &Value::from(0.0)));
    assert_eq!(code(&folder.run(&["coverage", "--min=0%", "--min-events=0", "empty.jsonl"])), 0);
    let shown = folder.pipe(&["coverage"], b"");
    assert!(code(&shown) == 2 && shown.contains("nothing came on standard input"), "{shown}");
}

/// So the corpus has a sample of everything.
#[test]
fn our_corpus_covers_the_whole_schema() {
    let corpus = corpus();
    let args: Vec<&str> = ["coverage", "--no-config", "--min=100%", "--min=each=100%"]
        .into_iter()
        .chain(corpus.iter().map(String::as_str))
        .collect();
    let shown = Folder::new().run(&args);
    assert!(code(&shown) == 0 && !shown.contains("Missing"), "{shown}");
}

#[test]
fn the_json_report_matches_its_schema() {
    let folder = fixtures();
    let schema = folder.command(&["schema", "--coverage"]).output().expect("the binary runs");
    let schema: Value = serde_json::from_slice(&schema.stdout).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut report = json(&folder, &["--min=90%", "--min=header=10%", "--without=inferred", "fixtures"]);
    let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    // It ends with a line feed, and does not change from run to run.
    let run = || folder.command(&["coverage", "--format=json", "fixtures"]).output().expect("it runs").stdout;
    assert!(run().ends_with(b"}\n") && run() == run());
    for group in report["groups"].as_array_mut().expect("groups").iter_mut().skip(1) {
        if group["event"] != "test-message" {
            group["branches"].take();
            group["header"].take();
        }
    }
    let header = report["groups"][0]["branches"].as_array_mut().expect("branches");
    header.truncate(12);
    assert_snapshot!(serde_json::to_string_pretty(&report).expect("JSON"));
}

#[test]
fn an_independent_lcov_reader_gets_the_same_totals() {
    let folder = fixtures();
    folder.run(&[
        "coverage",
        "--without=inferred",
        "--format=lcov",
        "--output=schema.lcov",
        "--schema-path=a b/s.json",
        "fixtures",
    ]);
    let text = folder.text("schema.lcov");
    let report = lcov::Report::from_reader(lcov::Reader::new(text.as_bytes())).expect("a tracefile");
    let (key, section) = report.sections.first_key_value().expect("a section");
    assert_eq!((report.sections.len(), key.source_file.to_str()), (1, Some("a b/s.json")));
    let covered = json(&folder, &["--without=inferred", "fixtures"]);
    let taken = section.branches.values().filter(|branch| branch.taken.is_some_and(|taken| taken > 0));
    assert_eq!(
        (section.branches.len(), taken.count()),
        (number(&covered["points"]), number(&covered["covered"]))
    );

    // Each line is hit as often as its branches are taken, and exists in the schema.
    let schema = folder.command(&["schema"]).output().expect("the binary runs").stdout;
    let lines = String::from_utf8(schema).expect("UTF-8").lines().count();
    for (key, line) in &section.lines {
        let branches = section.branches.iter().filter(|(branch, _)| branch.line == key.line);
        let taken: u64 = branches.map(|(_, branch)| branch.taken.unwrap_or(0)).sum();
        assert_eq!(line.count, taken, "{key:?}");
        assert!((1..=lines).contains(&(key.line as usize)));
    }
    // It computes the totals itself, and writes the same file.
    let again: Vec<String> = report.into_records().map(|record| record.to_string()).collect();
    assert_eq!(again, text.lines().collect::<Vec<_>>());
    assert_snapshot!(
        text.lines()
            .filter(|line| !line.starts_with("BRDA") && !line.starts_with("DA"))
            .collect::<Vec<_>>()
            .join("\n")
    );
}

/// The branches of a line are about what the schema says on that line.
#[test]
fn lcov_counts_hits_on_the_lines_of_the_schema() {
    let folder = Folder::with("a.json", documented("client-disconnected"));
    let schema = folder.command(&["schema"]).output().expect("the binary runs").stdout;
    let schema = String::from_utf8(schema).expect("UTF-8");
    let output =
        folder.command(&["coverage", "--quiet", "--format=lcov", "a.json"]).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let hits = |content: &str| {
        let lines = schema.lines().zip(1..).filter(|(line, _)| line.trim() == content);
        let hits = lines.filter_map(|(_, number)| {
            let start = format!("DA:{number},");
            text.lines().find_map(|line| line.strip_prefix(&start)?.parse::<u64>().ok())
        });
        hits.collect::<Vec<_>>()
    };
    // Once as the name of the event; the lines of the `if` chain are not points.
    assert_eq!(hits("\"const\": \"client-disconnected\","), [1]);
    assert_eq!(hits("\"const\": \"User Disconnected\","), [1]);
    assert_eq!(hits("\"const\": \"Session Expired\","), [0]);
    // Of the event that starts a session, and of this one, which ends it.
    assert_eq!(hits("\"clientUUID\": {"), [0, 1]);
}

#[test]
fn coverage_below_the_minimum_fails_and_lists_what_is_missing() {
    let folder = fixtures();
    let report = json(&folder, &["fixtures"]);
    let (covered, points) = (number(&report["covered"]), number(&report["points"]));
    // The highest minimum that is met, and the lowest that is not, with four decimals.
    let met = covered * 1_000_000 / points;
    let percent = |parts: usize| format!("--min={}.{:04}%", parts / 10_000, parts % 10_000);
    assert_eq!(code(&folder.run(&["coverage", &percent(met), "fixtures"])), 0);
    assert_eq!(code(&folder.run(&["coverage", &percent(met + 1), "fixtures"])), 1);
    let run = |args: &[&str]| folder.run(&[&["coverage", "--quiet"], args, &["fixtures"]].concat());
    assert_snapshot!(run(&[
        "--format=lcov=out.lcov",
        "--min=90%",
        "--min=client-disconnected=100%",
        "--min=header=1%"
    ]));
    assert_snapshot!(run(&["--format=lcov=out.lcov", "--min=each=100%", "--min=test-message=100%"]));
    for wrong in [
        &["--min=0.9"][..],
        &["--min=client-disconected=90%"],
        &["--min=90%", "--min=80%"],
        &["--without=opn"],
        &["--format=sarif"],
        &["--format=json", "--format=lcov"],
        &["--schema-path=a\nSF:b"],
        &["--output=fixtures/disconnected.json", "fixtures/disconnected.json"],
    ] {
        assert_snapshot!(run(wrong));
    }
}

#[test]
fn one_missing_point_fails_a_minimum_of_100_percent() {
    let folder = Folder::new();
    let mut all: Vec<String> = Vec::new();
    for path in corpus().iter().flat_map(walkdir::WalkDir::new).flatten() {
        if path.file_type().is_file() {
            let text = fs::read_to_string(path.path()).expect("a sample");
            all.push(text.replace(['\n', '\r'], " "));
        }
    }
    let without: Vec<_> = all.iter().filter(|text| !text.contains("\"Session Expired\"")).cloned().collect();
    assert!(without.len() < all.len());
    fs::write(folder.path("all.jsonl"), all.join("\n")).expect("a file");
    fs::write(folder.path("without.jsonl"), without.join("\n")).expect("a file");
    assert_eq!(code(&folder.run(&["coverage", "--min=100%", "all.jsonl"])), 0);
    let shown = folder.run(&["coverage", "--min=100%", "without.jsonl"]);
    assert!(
        code(&shown) == 1
            && shown.contains("asks for 1 more; add fixtures with `/log/sessionDisconnectReason` of `client-disconnected`: \"Session Expired\"\n"),
        "{shown}"
    );
}

#[test]
fn the_config_file_sets_the_minimum() {
    let config = "inputs = [\"fixtures\"]\nexclude = [\"fixtures/others.jsonl\"]\nstrict = true\n[coverage]\nmin = [\"1%\", \"client-disconnected=100%\"]\nwithout = [\"open\"]\n";
    let folder = fixtures().and("ccxlog.toml", config);
    let shown = folder.run(&["coverage"]);
    assert!(
        code(&shown) == 1 && shown.contains("1 event in 1 input") && shown.contains("points left out: open"),
        "{shown}"
    );
    // An option overrides the file for its own key only.
    assert_eq!(code(&folder.run(&["coverage", "--min=client-disconnected=10%"])), 0);
    assert_eq!(code(&folder.run(&["coverage", "--min=client-disconnected=10%", "--min=99%"])), 1);
    assert!(!folder.run(&["coverage", "--without=inferred"]).contains("open"));
    assert_eq!(code(&folder.run(&["coverage", "--no-config", "fixtures"])), 0);
    fs::write(folder.path("ccxlog.toml"), "[coverage]\nmin = [\n  \"90\",\n]\n").expect("a file");
    assert_snapshot!(folder.run(&["coverage", "fixtures"]));
}

/// Otherwise open values, which are warnings, could not be covered when warnings are denied.
#[test]
fn severities_do_not_change_what_is_covered() {
    let folder = fixtures().and("ccxlog.toml", "strict = true\nallow = [\"out-of-range\"]\n");
    let output = folder.command(&["coverage", "--format=json", "fixtures"]).output().expect("it runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((number(&report["valid"]), number(&report["invalid"])), (3, 1));
    assert_eq!(report["unknownEvents"][0]["name"], "user-created");
}

/// Names in the log can be anything, including secrets. Counts stay exact beyond the number of names kept.
#[test]
fn untrusted_names_stay_out_of_the_report() {
    let named = |name: &str| {
        line("test-message").replace("\"test-message\"", &serde_json::to_string(name).expect("JSON"))
    };
    let mut lines: Vec<_> = (0..300).map(|number| named(&format!("event-{number:03}"))).collect();
    let hostile = ["hunter2!", "\u{1b}[31mred", "</script>", "secret token", "日本", "SF:x\nend_of_record"];
    lines.extend(hostile.map(named));
    lines.push(line("test-message").replacen('{', "{\"secretField\":\"hunter2!\",", 1));
    let folder = Folder::with("a.jsonl", lines.join("\n"));
    for format in ["human", "json", "lcov"] {
        let shown = folder.run(&["coverage", "--format", format, "--min=100%", "a.jsonl"]);
        for name in hostile.iter().chain(&["hunter2", "[31m", "token", "secretField"]) {
            assert!(!shown.contains(name), "{format}: {name}");
        }
        assert!(!shown.contains('\u{1b}'));
    }
    let report = json(&folder, &["a.jsonl"]);
    let unknown = report["unknownEvents"].as_array().expect("names");
    assert!(unknown.len() <= 101, "{}", unknown.len());
    let counted: usize = unknown.iter().map(|name| number(&name["valid"])).sum();
    assert_eq!(counted, 306);
}

#[test]
fn coverage_is_the_same_for_every_input_form() {
    let (first, second) = (documented("client-disconnected"), documented("test-message"));
    let folder = Folder::with("pretty/a.json", format!("{first}\n{second}"))
        .and("array/a.json", format!("[{first},{second}]"))
        .and("lines/a.jsonl.gz", gzip([line("client-disconnected"), line("test-message")].join("\n")));
    let expected = json(&folder, &["pretty"]);
    assert_eq!(number(&expected["valid"]), 2);
    for args in [&["array"][..], &["lines"], &["*/a.*", "--exclude=pretty", "--exclude=array"]] {
        assert_eq!(json(&folder, args)["groups"], expected["groups"], "{args:?}");
    }
    let both = [line("client-disconnected"), line("test-message")].join("\n");
    let piped = folder.pipe(&["coverage", "--quiet", "--format=json", "-"], both.as_bytes());
    let start = piped.find('{').expect("a document");
    let piped: Value = serde_json::from_str(&piped[start..]).expect("JSON");
    assert_eq!(piped["groups"], expected["groups"]);
}

/// The report is still written.
#[test]
fn an_unreadable_input_fails_the_run() {
    let mut cut = gzip((line("test-message") + "\n").repeat(100));
    cut.truncate(cut.len() / 2);
    let folder = fixtures().and("cut.jsonl.gz", cut);
    let shown = folder.run(&["coverage", "fixtures", "cut.jsonl.gz"]);
    assert!(
        code(&shown) == 2
            && shown.contains("cannot read `cut.jsonl.gz` to its end")
            && shown.contains("covered"),
        "{shown}"
    );
    for args in [&["missing.json"][..], &["fixtures", "missing.json"], &["--exclude=fixtures", "fixtures"]] {
        let shown = folder.run(&[&["coverage", "--min=0%"], args].concat());
        assert_eq!(code(&shown), 2, "{shown}");
    }
    // An unwritable report fails the run.
    let shown = folder.run(&["coverage", "--output=no/such/folder", "--format=json", "fixtures"]);
    assert!(code(&shown) == 2 && shown.contains("cannot write"), "{shown}");
    // A record over the limit, and two elements without a comma.
    let faulty = Folder::with("a.json", format!("[{} {}]", line("test-message"), line("test-message")))
        .and("b.jsonl", format!("{}\n{}", line("test-message"), "x".repeat(5000)));
    let shown = faulty.run(&["coverage", "--max-record-bytes=4000", "a.json", "b.jsonl"]);
    assert!(shown.contains("4 events in 2 inputs: 1 invalid, which covers nothing"), "{shown}");
    // Errors between events belong to no event, but are reported.
    let shown = faulty.run(&["coverage", "a.json"]);
    assert!(shown.contains("all valid, with errors between records"), "{shown}");
}

#[test]
fn coverage_does_not_depend_on_threads_or_order() {
    let folder = Folder::new();
    for (name, seed) in [("a.jsonl.gz", "1"), ("b.jsonl", "2")] {
        let args = ["--events=3000", "--invalid=0.05", "--unknown-field", "--shuffle-keys", "--seed", seed];
        folder.sample(name, &args);
    }
    let expected = json(&folder, &["--threads=1", "a.jsonl.gz", "b.jsonl"]);
    assert!(number(&expected["invalid"]) > 100);
    for threads in ["--threads=1", "--threads=2", "--threads=7"] {
        for inputs in [["a.jsonl.gz", "b.jsonl"], ["b.jsonl", "a.jsonl.gz"]] {
            assert_eq!(json(&folder, &[&[threads][..], &inputs].concat()), expected, "{threads}");
        }
    }
}

fn number(value: &Value) -> usize {
    value.as_u64().and_then(|number| usize::try_from(number).ok()).expect("a number")
}
