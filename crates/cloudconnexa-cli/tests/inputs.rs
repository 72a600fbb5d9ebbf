//! Nothing passes silently: empty inputs, files that are left out, and settings that match nothing.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;

use common::{Folder, code, gzip, line};
use insta::assert_snapshot;

fn event() -> String {
    line("test-message") + "\n"
}

/// Two inputs with an event each, and three without content.
fn some_empty() -> Folder {
    Folder::with("logs/a.jsonl", event())
        .and("logs/b.jsonl", "")
        .and("logs/c.jsonl", "\u{feff} \r\n\n")
        .and("logs/d.jsonl.gz", gzip(""))
        .and("logs/e.jsonl", event())
        .and("logs/f.json", "[]")
}

#[test]
fn every_empty_input_is_named_and_can_be_denied() {
    let folder = some_empty();
    assert_snapshot!(folder.run(&["validate", "--format=concise", "logs"]));
    let shown = folder.run(&["validate", "logs"]);
    assert_eq!(shown.matches("warning[empty-input]: the input is empty").count(), 3, "{shown}");
    assert_eq!(code(&folder.run(&["validate", "--deny=empty-input", "logs"])), 1);
    assert_eq!(code(&folder.run(&["validate", "--strict", "logs"])), 1);
    let allowed = folder.run(&["validate", "--allow=empty-input", "--strict", "logs"]);
    assert!(code(&allowed) == 0 && allowed.contains("all valid, 3 empty inputs"), "{allowed}");
    // However the work is shared out, and in every report.
    for threads in ["1", "3"] {
        let shown = folder.run(&["validate", "--threads", threads, "--format=sarif", "logs"]);
        assert_eq!(shown.matches("\"ruleId\":\"empty-input\"").count(), 3, "{threads}: {shown}");
    }
}

#[test]
fn white_space_of_any_length_is_an_empty_input() {
    let folder = Folder::with("a.jsonl", "\n".repeat(3 << 20)).and("b.jsonl", event());
    let shown = folder.run(&["validate", "--format=concise", "a.jsonl", "b.jsonl"]);
    assert!(shown.contains("a.jsonl:1:1: warning[empty-input]: the input is empty"), "{shown}");
    let folder = folder.and("a.jsonl", "\n".repeat(3 << 20) + &event());
    let shown = folder.run(&["validate", "--format=concise", "a.jsonl", "b.jsonl"]);
    assert!(!shown.contains("empty") && shown.contains("2 events in 2 inputs"), "{shown}");
}

/// A folder without logs is an error as well, whatever reads it.
#[test]
fn inputs_that_are_all_empty_are_an_error() {
    let folder = Folder::with("logs/a.jsonl", "").and("logs/b.jsonl.gz", gzip("\n")).and("c.jsonl", "");
    let commands: [&[&str]; 5] = [
        &["validate"],
        &["coverage"],
        &["drift"],
        &["sessions", "-o", "out.csv"],
        &["split", "--accepted", "good.jsonl", "--rejected", "bad.jsonl"],
    ];
    for command in commands {
        let shown = folder.run(&[command, &["logs"]].concat());
        assert_eq!(code(&shown), 2, "{shown}");
        let problem =
            "error: all 2 inputs are empty, so there is nothing to read; `--min-events 0` accepts that";
        assert!(shown.contains(problem), "{shown}");
        let accepted = folder.run(&[command, &["--min-events", "0", "logs"]].concat());
        assert_eq!(code(&accepted), 0, "{accepted}");
        for output in ["out.csv", "good.jsonl", "bad.jsonl"] {
            let _ = fs::remove_file(folder.path(output));
        }
    }
    let shown = folder.run(&["split", "--accepted", "good.jsonl", "--rejected", "bad.jsonl", "c.jsonl"]);
    assert!(
        shown.contains("error: the input `c.jsonl` is empty") && !folder.path("good.jsonl").exists(),
        "{shown}"
    );
    // Reports say so, too.
    let shown = folder.run(&["validate", "--format=sarif", "logs"]);
    assert!(shown.contains("\"text\":\"all 2 inputs are empty"), "{shown}");
    // Whoever names standard input says that it may be empty.
    assert_eq!(code(&folder.pipe(&["validate", "--strict", "-"], b"")), 0);
    assert_eq!(code(&folder.pipe(&["validate"], b"\n")), 2);
}

#[test]
fn an_earlier_run_that_read_something_makes_new_empty_inputs_acceptable() {
    let folder = Folder::with("logs/a.jsonl", event());
    let run = || folder.run(&["validate", "--state=s", "logs"]);
    assert_eq!(code(&run()), 0);
    fs::write(folder.path("logs/b.jsonl"), "").expect("a file");
    let shown = run();
    assert!(code(&shown) == 0 && shown.contains("warning[empty-input]"), "{shown}");
    let shown = run();
    assert!(code(&shown) == 0 && shown.contains("2 inputs read before"), "{shown}");
}

#[test]
fn every_command_names_empty_inputs_and_can_deny_them() {
    let denied = "deny = [\"empty-input\"]\n";
    let folder = Folder::with("logs/a.jsonl", event())
        .and("logs/b.jsonl", "")
        .and("logs/empty.jsonl", " \n")
        .and("deny.toml", denied)
        .and("strict.toml", "strict = true\n")
        .and("scoped.toml", format!("[[overrides]]\npaths = [\"logs/empty*\"]\n{denied}"))
        .and("allow.toml", "allow = [\"empty-input\"]\n");
    for command in [
        &["find", "--count"][..],
        &["top", "--by=eventName"],
        &["sessions"],
        &["sessions", "--concurrent=day"],
        &["drift"],
        &["coverage"],
    ] {
        let run = |more: &[&str]| folder.run(&[command, more, &["logs"]].concat());
        let shown = run(&[]);
        let names = "note: 2 inputs are empty: `logs/b.jsonl`, `logs/empty.jsonl`\n";
        assert!(code(&shown) == 0 && shown.contains(names), "{shown}");
        assert!(run(&["--threads=1"]).contains(names));
        assert!(!run(&["--quiet"]).contains("empty"));
        for config in ["--config=deny.toml", "--config=strict.toml"] {
            let shown = run(&[config, "--quiet"]);
            let problem =
                "error: 2 inputs are empty, which `empty-input` denies: `logs/b.jsonl`, `logs/empty.jsonl`\n";
            assert!(code(&shown) == 1 && shown.contains(problem), "{shown}");
        }
        let shown = run(&["--config=scoped.toml"]);
        let problem = "error: 1 input is empty, which `empty-input` denies: `logs/empty.jsonl`\n";
        assert!(code(&shown) == 1 && shown.contains(problem), "{shown}");
        assert!(shown.contains("note: 1 input is empty: `logs/b.jsonl`\n"), "{shown}");
        let shown = run(&["--config=allow.toml"]);
        assert!(code(&shown) == 0 && !shown.contains("empty:"), "{shown}");
    }
}

#[test]
fn fewer_events_than_wanted_are_an_error() {
    let folder = some_empty();
    assert_eq!(code(&folder.run(&["validate", "--min-events=2", "logs"])), 0);
    let shown = folder.run(&["validate", "--min-events=1000", "logs"]);
    let problem = "error: 2 events were read, and `--min-events` asks for 1,000";
    assert!(code(&shown) == 2 && shown.contains(problem), "{shown}");
    let shown = folder.run(&["coverage", "--min-events=3", "logs"]);
    assert!(code(&shown) == 2 && shown.contains("error: 2 events were read"), "{shown}");
}

#[test]
fn files_that_are_left_out_are_counted_by_reason() {
    let folder = some_empty()
        .and("logs/readme.txt", "")
        .and("logs/old/a.jsonl", event())
        .and("logs/old/b.jsonl", event())
        .and("logs/new/x.jsonl", event())
        .and("logs/new/y.jsonl", event())
        .and("team.toml", "exclude = [\"logs/old/**\"]\n");
    let args = ["--config=team.toml", "--quiet", "--exclude=**/x.jsonl", "--include=logs/?.jsonl", "logs"];
    let summary = |command: &str| {
        let args: Vec<_> = args.iter().filter(|arg| **arg != "--quiet").copied().collect();
        folder.run(&[&[command], &args[..]].concat())
    };
    let reasons = "2 excluded by team.toml, 1 excluded by `--exclude`, 3 left out by `--include`, \
                   1 other file left out (not .json, .jsonl or .ndjson)";
    for command in ["validate", "drift"] {
        let shown = summary(command);
        assert!(shown.contains(reasons), "{shown}");
    }
    let shown = summary("sessions");
    assert!(
        shown.contains(&format!("            {}\n", reasons.replacen(", ", "\n            ", 3))),
        "{shown}"
    );
    let shown = folder.run(&["validate", "--since=2020-01-01", "--until=2020-01-02", "logs"]);
    assert!(code(&shown) == 2 && shown.contains("leave nothing to read: 10 inputs left out"), "{shown}");
}

#[test]
fn a_pattern_that_matches_nothing_is_reported_with_the_nearest_one() {
    let config = "exclude = [\"logs/odl/**\"]\n[[overrides]]\npaths = [\"logs/legcay/*.jsonl\", \"elsewhere/*\"]\nallow = [\"unknown-field\"]\n";
    let folder = some_empty()
        .and("logs/old/a.jsonl", event())
        .and("logs/legacy/a.jsonl", event())
        .and("ccxlog.toml", config);
    let shown = folder.run(&["validate", "."]);
    for note in [
        "`logs/odl/**` in `exclude` of the config file matches none of the inputs; did you mean `logs/old/**`?",
        "`logs/legcay/*.jsonl` in `paths` of `[[overrides]]` matches none of the inputs; did you mean `logs/legacy/*.jsonl`?",
        "`elsewhere/*` in `paths` of `[[overrides]]` matches none of the inputs\n",
    ] {
        assert!(shown.contains(note), "{shown}");
    }
}

/// Whatever is read: no file is there that such a pattern could be for.
#[test]
fn a_misspelt_pattern_of_the_config_file_is_reported_by_every_command() {
    let folder = some_empty()
        .and("logs/old/a.jsonl", event())
        .and("other/legacy/a-1.jsonl", event())
        .and("top.jsonl", event())
        .and("logs/old/valid/b.jsonl", event());
    let config = |paths: &str| format!("[[overrides]]\npaths = [\"{paths}\"]\nallow = [\"unknown-field\"]\n");
    for (pattern, meant) in [
        ("lgos/**", Some("logs/**")),
        ("logs/odl/**", Some("logs/old/**")),
        ("**/odl/**", Some("**/old/**")),
        ("**/odl/*.jsonl", Some("**/old/*.jsonl")),
        ("other/lagacy/*.jsonl", Some("other/legacy/*.jsonl")),
        ("other/**/b-*.json*", None),
        ("tap.jsonl", Some("top.jsonl")),
        ("nowhere.jsonl", None),
        ("nowhere/*", None),
    ] {
        fs::write(folder.path("ccxlog.toml"), config(pattern)).expect("a file");
        let remedy = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        let note = format!(
            "note: the pattern `{pattern}` in `paths` of `[[overrides]]` matches none of the inputs{remedy}\n"
        );
        for args in [
            &["validate", "logs/old"][..],
            &["find", "--count", "logs/old"],
            &["sessions", "logs/old"],
            &["drift", "logs/old"],
            &["coverage", "logs/old"],
            &["test", "logs/old"],
        ] {
            let shown = folder.run(args);
            assert!(shown.contains(&note), "{pattern}: {shown}");
        }
    }
    // For files that exist, or may be anywhere else, such as in a bucket.
    for pattern in ["other/**", "top.jsonl", "**/2025/**", "other/legacy", "s3://logs/**"] {
        fs::write(folder.path("ccxlog.toml"), config(pattern)).expect("a file");
        let shown = folder.run(&["validate", "logs/old"]);
        assert!(!shown.contains("matches none"), "{shown}");
    }
    // All inputs of the config file were read.
    fs::write(folder.path("ccxlog.toml"), format!("inputs = [\"logs\"]\n{}", config("**/2025/**")))
        .expect("a file");
    assert!(folder.run(&["validate"]).contains("the pattern `**/2025/**` in `paths`"));
    // Fixtures that are valid.
    let valid = "[test]\nvalid = [\"logs/old/vaild/**\", \"**/odl/*\", \"nowhere/*\"]\n\
                 [[overrides]]\nevents = [\"test-mesage\"]\nallow = [\"unknown-field\"]\n";
    fs::write(folder.path("ccxlog.toml"), valid).expect("a file");
    let shown = folder.run(&["test", "."]);
    for note in [
        "`logs/old/vaild/**` in `valid` of `[test]` matches none of the inputs; did you mean `logs/old/valid/**`?",
        "`**/odl/*` in `valid` of `[test]` matches none of the inputs; did you mean `**/old/*`?",
        "`nowhere/*` in `valid` of `[test]` matches none of the inputs\n",
        "the event `test-mesage` in `events` of `[[overrides]]` is neither in the schema nor in the inputs; did you mean",
    ] {
        assert!(shown.contains(note), "{shown}");
    }
}

#[test]
fn an_override_for_an_event_that_does_not_exist_is_reported() {
    let unknown = event().replace("test-message", "user-created");
    let config = "inputs = [\"logs\"]\n[[overrides]]\nevents = [\"test-mesage\", \"user-created\", \"flow-established\", \"something\"]\nwarn = [\"wrong-type\"]\n";
    let folder =
        Folder::with("logs/a.jsonl", event()).and("logs/b.jsonl", unknown).and("ccxlog.toml", config);
    let notes = |args: &[&str]| {
        let shown = folder.run(&[&["validate"], args].concat());
        shown.matches("is neither in the schema nor in the inputs").count()
    };
    let shown = folder.run(&["validate"]);
    for note in [
        "note: the event `test-mesage` in `events` of `[[overrides]]` is neither in the schema nor in the inputs; did you mean `test-message`?\n",
        "note: the event `something` in `events` of `[[overrides]]` is neither in the schema nor in the inputs\n",
    ] {
        assert!(shown.contains(note), "{shown}");
    }
    assert_eq!(notes(&[]), 2);
    assert_eq!(notes(&["."]), 2);
    // Not if some of the inputs that the config file is for were not read.
    assert_eq!(notes(&["logs"]), 0);
    assert_eq!(notes(&["logs/a.jsonl"]), 0);
    assert_eq!(notes(&["--exclude=**/b.jsonl"]), 0);
    assert_eq!(notes(&["--since=2000-01-01", "--state=s"]), 2);
    assert_eq!(notes(&["--state=s"]), 0);
    assert_eq!(notes(&["--quiet"]), 0);
}

/// The next run, of this command or another, would take it for a log.
#[test]
fn an_output_among_the_inputs_is_refused() {
    let folder = some_empty();
    for (args, place) in [
        (&["validate", "-o", "logs/out.jsonl", "logs"][..], "logs"),
        (&["validate", "--format=json=logs/../logs/out.json", "logs"], "logs"),
        (&["validate", "--format=human", "--format=gitlab=out.json", "."], "."),
        (&["validate", "-o", "logs/out.jsonl", "logs/*.jsonl"], "logs/*.jsonl"),
        (&["coverage", "--format=json=logs/out.json", "logs"], "logs"),
        (&["drift", "--format=json", "-o", "logs/out.json", "logs"], "logs"),
        (&["sessions", "-o", "logs/out.jsonl.gz", "logs"], "logs"),
        (&["find", "-o", "logs/out.jsonl", "logs"], "logs"),
        (&["top", "--by=eventName", "-o", "logs/out.json", "logs"], "logs"),
        (&["split", "--accepted=logs/out.jsonl", "--rejected=bad.txt", "logs"], "logs"),
        (&["split", "--accepted=good.txt", "--rejected=logs/out.jsonl.gz", "logs"], "logs"),
        (&["replay", "--accepted=good.txt", "--rejected=logs/out.jsonl", "logs"], "logs"),
        (&["validate", "--write-baseline=logs/out.json", "logs"], "logs"),
        (&["validate", "--state=logs/out.json", "logs"], "logs"),
        (&["drift", "--write-profile=logs/out.json", "logs"], "logs"),
        (&["drift", "--propose=logs/out.json", "logs"], "logs"),
        (&["drift", "--state=logs/out.json", "logs"], "logs"),
        (&["find", "--state=out.json", "."], "."),
    ] {
        let shown = folder.run(args);
        let problem = format!("would be in `{place}`, which is read: the next run would take it for a log");
        assert!(code(&shown) == 2 && shown.contains(&problem), "{shown}");
        assert!(folder.names() == ["logs"] && !folder.path("logs/out.jsonl").exists(), "{shown}");
    }
    for args in [
        &["validate", "-o", "logs/out.sarif", "--format=sarif", "logs"][..],
        &["validate", "-o", "out.jsonl", "--format=json", "logs"],
        &["validate", "-o", "logs/out.jsonl", "--exclude=logs/out.*", "--format=json", "logs"],
        &["validate", "-o", "logs/out.jsonl", "--format=json", "logs/a.jsonl"],
        &["sessions", "-o", "logs/out.csv", "logs"],
    ] {
        let shown = folder.run(args);
        assert_eq!(code(&shown), 0, "{shown}");
        let _ = fs::remove_file(folder.path("logs/out.jsonl"));
    }
}

/// On Unix, they are characters of a name like any other.
#[cfg(unix)]
#[test]
fn patterns_with_backslashes_get_their_slashes() {
    let folder = some_empty();
    let shown = folder.run(&["validate", "logs\\*.jsonl"]);
    let problem = "nothing matches `logs\\*.jsonl`; folders are separated by `/`, as in `logs/*.jsonl`";
    assert!(code(&shown) == 2 && shown.contains(problem), "{shown}");
    let shown = folder.run(&["validate", "--exclude", "logs\\**", "logs"]);
    assert!(
        code(&shown) == 2 && shown.contains("; folders are separated by `/`, as in `logs/**`"),
        "{shown}"
    );
    let shown = folder.run(&["validate", "--exclude", "logs\\a.*", "logs"]);
    assert!(shown.contains("matches none of the inputs; did you mean `logs/a.*`?"), "{shown}");
}
