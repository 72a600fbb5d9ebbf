//! Settings of a team: severities, config file, baseline and expectations, and how invalid ones are refused.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;

use common::{Folder, code, documented, line};
use insta::assert_snapshot;

fn unknown_field() -> String {
    line("test-message").replacen('{', "{\"newField\":1,", 1)
}

fn wrong_type() -> String {
    line("test-message").replacen("\"cloudId\":\"test\"", "\"cloudId\":5", 1)
}

/// Returns the exit code, the number of findings shown, and the transcript.
fn validate(folder: &Folder, args: &[&str]) -> (i32, usize, String) {
    let shown = folder.run(&[&["validate", "--format=concise"], args].concat());
    let findings = shown.lines().filter(|line| line.contains("]: ")).count();
    (code(&shown), findings, shown)
}

fn codes(folder: &Folder, args: &[&str]) -> (i32, usize) {
    let (code, findings, _) = validate(folder, args);
    (code, findings)
}

#[test]
fn options_set_severities() {
    let folder = Folder::with("a.jsonl", unknown_field() + "\n" + &wrong_type() + "\n");
    let run = |args: &[&str]| codes(&folder, &[args, &["a.jsonl"]].concat());
    assert_eq!(run(&[]), (1, 2));
    assert_eq!(run(&["--allow=wrong-type"]), (0, 1));
    assert_eq!(run(&["--warn=wrong-type"]), (0, 2));
    assert_eq!(run(&["--warn=wrong-type,unknown-field", "--strict"]), (0, 2));
    assert_eq!(run(&["--allow=wrong-type", "--strict"]), (1, 1));
    assert_eq!(run(&["--allow=wrong-type", "--deny=unknown-field"]), (1, 1));
    assert_eq!(run(&["--allow=wrong-type", "--deny=warnings", "--warn=unknown-field"]), (0, 1));
    assert_eq!(run(&["--allow=wrong-type,unknown-field"]), (0, 0));
    // Also with events that take the fast path, and over several blocks.
    let many = Folder::with("a.jsonl", (unknown_field() + "\n").repeat(3000));
    assert_eq!(codes(&many, &["--deny=unknown-field", "a.jsonl"]), (1, 3000));
    assert_eq!(codes(&many, &["--allow=unknown-field", "a.jsonl"]), (0, 0));
    let shown = many.run(&["validate", "--deny=unknown-field", "a.jsonl"]);
    assert!(shown.contains("3,000 invalid") && shown.matches("error[unknown-field]").count() == 1, "{shown}");
}

/// A field that the vendor adds is in every event.
#[test]
fn a_denied_warning_is_listed_once_for_each_input() {
    let one = unknown_field() + "\n";
    let many = one.repeat(3000);
    let folder = Folder::with("logs/a.jsonl", &many).and("logs/b.jsonl", &many).and("logs/c.jsonl", one);
    for threads in ["1", "4"] {
        let shown = folder.run(&["validate", "--strict", "--threads", threads, "logs"]);
        assert_eq!(shown.matches("error[unknown-field]").count(), 3, "{shown}");
        for input in ["a", "b", "c"] {
            assert_eq!(shown.matches(&format!("--> logs/{input}.jsonl:1:")).count(), 1, "{shown}");
        }
        assert!(code(&shown) == 1 && shown.contains("6,001"), "{shown}");
        let shown = folder.run(&["validate", "--strict", "--threads", threads, "--max-findings=2", "logs"]);
        assert_eq!(shown.matches("error[unknown-field]").count(), 2, "{shown}");
    }
    // Programs get each of them.
    let concise = folder.run(&["validate", "--strict", "--format=concise", "logs"]);
    assert_eq!(concise.matches("error[unknown-field]").count(), 6001);
}

/// Nearly every event from the vendor has some.
#[test]
fn notes_are_shown_only_when_their_severity_is_raised() {
    let folder = Folder::with("a.jsonl", (line("test-message") + "\n").repeat(2));
    assert_eq!(codes(&folder, &["a.jsonl", "--strict"]), (0, 0));
    assert_eq!(codes(&folder, &["a.jsonl", "--warn=deprecated-field"]), (0, 2));
    assert_eq!(codes(&folder, &["a.jsonl", "--deny=deprecated-field"]), (1, 2));
}

#[test]
fn invalid_options_are_refused_with_a_remedy() {
    let folder = Folder::with("a.json", "");
    for args in [
        &["--deny=wrong-tpye"][..],
        &["--allow=syntax"],
        &["--deny=wrong-type", "--allow=wrong-type"],
        &["--warn=warnings"],
        &["--exclude=a/***"],
        &["--exclude=/a"],
        &["--format=json=a.json"],
        &["--write-baseline=a.json"],
        &["--format=sarif=o.x", "--format=json=./o.x"],
        &["--config=no.toml"],
        &["--baseline=no.json"],
        &["--baseline=a", "--write-baseline=b"],
        &["--config=no.toml", "--no-config"],
    ] {
        assert_snapshot!(folder.run(&[&["validate"], args, &["a.json"]].concat()));
    }
}

#[test]
fn the_config_file_is_found_upwards_and_options_take_precedence() {
    let folder = Folder::new()
        .and("ccxlog.toml", "inputs = [\"logs\"]\nexclude = [\"logs/old/**\"]\nstrict = true\n[[overrides]]\npaths = [\"logs/legacy.json\"]\nallow = [\"wrong-type\"]\n[limits]\nmax-findings = 1\n")
        .and("logs/a.jsonl", unknown_field() + "\n" + &unknown_field().replace("new", "newer"))
        .and("logs/legacy.json", wrong_type())
        .and("logs/old/b.json", "broken")
        .and("sub/x.txt", "");
    assert_eq!(codes(&folder, &[]), (1, 1));
    assert_eq!(codes(&folder, &["--max-findings=9"]), (1, 2));
    assert_eq!(codes(&folder, &["--warn=unknown-field"]), (0, 1));
    assert_eq!(codes(&folder, &["--deny=wrong-type", "logs/legacy.json"]), (1, 1));
    assert_eq!(codes(&folder, &["--no-config", "logs"]), (1, 4));
    // In a subfolder, paths in the config file are still relative to the config file.
    let mut command = folder.command(&["validate", "--format=concise"]);
    let output = command.current_dir(folder.path("sub")).output().expect("the binary runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        output.status.code() == Some(1) && text.lines().count() == 1 && text.contains("a.jsonl:1:2:"),
        "{text}"
    );
    let (code, _, shown) = validate(&folder, &["logs/old/b.json"]);
    assert!(code == 0 && shown.contains("nothing to validate, 1 excluded by ccxlog.toml"), "{shown}");
    let (code, _, shown) = validate(&folder, &["logs/old"]);
    assert!(code == 2 && shown.contains("everything is excluded"), "{shown}");
    for pattern in ["logs", "logs/", "./logs", "logs/*.json*"] {
        let (_, _, shown) = validate(&folder, &["--exclude", pattern, "logs/a.jsonl"]);
        assert!(shown.contains("nothing to validate"), "{pattern}: {shown}");
    }
}

#[test]
fn an_invalid_config_file_is_refused_with_a_location() {
    let folder = Folder::with("a.json", "{}").and("ccxlog.toml", "strict = true\n  inptus = [\"a\"]\n");
    assert_snapshot!(folder.run(&["validate", "a.json"]));
    fs::write(folder.path("ccxlog.toml"), b"\xff").expect("a file");
    assert_snapshot!(folder.run(&["validate", "a.json"]));
    assert!(folder.run(&["validate", "--no-config", "a.json"]).contains("exit code: 1"));
}

#[test]
fn a_baseline_covers_known_findings_only() {
    let two = wrong_type() + "\n" + &unknown_field() + "\n";
    let folder = Folder::with("a.jsonl", two.clone() + &wrong_type() + "\n").and("b.jsonl", &two);
    assert_snapshot!(folder.run(&[
        "validate",
        "--quiet",
        "--format=concise",
        "--write-baseline=known.json",
        "a.jsonl",
        "b.jsonl"
    ]));
    assert_snapshot!(folder.text("known.json"));
    let baseline = ["--baseline=known.json", "a.jsonl", "b.jsonl"];
    assert_eq!(codes(&folder, &baseline), (0, 0));
    // Lines have moved, values have changed, and one finding is new.
    let moved =
        line("test-message") + "\n" + &two + &wrong_type().replace(":5", ":77") + "\n" + &wrong_type() + "\n";
    fs::write(folder.path("a.jsonl"), moved).expect("a file");
    assert_eq!(codes(&folder, &baseline), (1, 1));
    let shown =
        folder.run(&[&["validate", "--format=sarif=out.sarif", "--format=human"][..], &baseline].concat());
    assert!(shown.contains("1 error, 5 in the baseline"), "{shown}");
    let sarif = folder.text("out.sarif");
    assert_eq!(sarif.matches("\"occurrenceCount\":1,").count(), 1, "{sarif}");
    for text in ["\"startLine\":5", "\"relatedLocations\""] {
        // Only the new finding is reported, which is the third.
        assert_eq!(sarif.contains(text), text.contains("startLine"), "{text}");
    }
    // Findings of disabled rules do not count as gone, and an incomplete run writes no baseline.
    let shown = folder.run(&[&["validate", "--allow=wrong-type,unknown-field"][..], &baseline].concat());
    assert!(!shown.contains("gone"), "{shown}");
    let before = folder.bytes("known.json");
    let shown = folder.run(&["validate", "--write-baseline=known.json", "a.jsonl", "missing.jsonl"]);
    assert!(shown.contains("exit code: 2") && shown.contains("is not written: not all was read"), "{shown}");
    assert_eq!(folder.bytes("known.json"), before);
    // Some findings are gone.
    fs::write(folder.path("a.jsonl"), line("test-message")).expect("a file");
    fs::remove_file(folder.path("b.jsonl")).expect("a file");
    assert_snapshot!(folder.run(&["validate", "--baseline=known.json", "a.jsonl"]));
}

/// It has their pointers as they are shown.
#[test]
fn a_baseline_knows_findings_with_very_long_pointers() {
    let repeated = format!("{{\"{}\":{{\"a\":1,\"a\":2}},", "k".repeat(5000));
    let folder = Folder::with("a.jsonl", line("test-message").replacen('{', &repeated, 1));
    assert_eq!(codes(&folder, &["a.jsonl"]), (1, 2));
    assert_eq!(codes(&folder, &["--write-baseline=known.json", "a.jsonl"]).0, 0);
    assert_eq!(codes(&folder, &["--baseline=known.json", "a.jsonl"]), (0, 0));
}

/// It applies from wherever the command runs, and still does if the whole tree is moved.
#[test]
fn a_baseline_resolves_paths_from_its_own_folder() {
    let folder = Folder::with("work/logs/a.jsonl", wrong_type()).and("work/ci/x", "").and("other/x", "");
    let run = |at: &str, args: &[&str]| {
        let mut command = folder.command(&[&["validate", "--format=concise"], args].concat());
        let output = command.current_dir(folder.path(at)).output().expect("the binary runs");
        common::transcript(args, &output)
    };
    assert_eq!(code(&run("work", &["--write-baseline=ci/known.json", "logs"])), 0);
    assert!(folder.text("work/ci/known.json").contains("\"file\":\"../logs/a.jsonl\""));
    for (at, baseline, logs) in [
        ("work", "ci/known.json", "logs"),
        ("work/ci", "known.json", "../logs"),
        ("other", "../work/ci/known.json", "../work/logs"),
        (".", "work/ci/known.json", "work"),
    ] {
        let shown = run(at, &["--baseline", baseline, logs]);
        assert!(code(&shown) == 0 && shown.contains("1 in the baseline"), "{at}: {shown}");
    }
    fs::rename(folder.path("work"), folder.path("moved")).expect("a folder");
    assert_eq!(code(&run(".", &["--baseline=moved/ci/known.json", "moved/logs"])), 0);
    // Reports name what is gone as they name other files.
    fs::write(folder.path("moved/logs/a.jsonl"), line("test-message")).expect("a file");
    let shown = run("moved", &["--baseline=ci/known.json", "logs"]);
    assert!(shown.contains("  logs/a.jsonl: wrong-type at /cloudId (1)"), "{shown}");
    // In a repository, paths are from its root, as they are in reports.
    let folder = Folder::with("r/.git/HEAD", "").and("r/sub/logs/a.jsonl", wrong_type());
    assert_eq!(code(&folder.run(&["validate", "--write-baseline=r/sub/known.json", "r/sub/logs"])), 0);
    assert!(folder.text("r/sub/known.json").contains("\"file\":\"sub/logs/a.jsonl\""));
    assert_eq!(code(&folder.run(&["validate", "--baseline=r/sub/known.json", "r"])), 0);
}

#[test]
fn a_baseline_of_another_version_is_refused() {
    let folder =
        Folder::with("a.json", wrong_type()).and("known.json", "{\"ccxlogBaseline\": 2, \"findings\": []}");
    assert_snapshot!(folder.run(&["validate", "--baseline=known.json", "a.json"]));
}

#[test]
fn known_findings_do_not_count_towards_the_limit_of_new_ones() {
    let fields: Vec<_> =
        (0..1100).map(|n| unknown_field().replace("newField", &format!("field{n}"))).collect();
    let folder = Folder::with("a.jsonl", fields.join("\n"));
    let shown = folder.run(&["validate", "--quiet", "--write-baseline=known.json", "a.jsonl"]);
    assert!(shown.contains("more than"), "{shown}");
    let folder = folder.and("a.jsonl", fields[..900].join("\n"));
    folder.run(&["validate", "--quiet", "--write-baseline=known.json", "a.jsonl"]);
    let folder = folder.and("a.jsonl", fields.join("\n") + "\n" + &wrong_type());
    let args = ["validate", "--strict", "--format=junit", "--baseline=known.json", "a.jsonl"];
    let shown = folder.run(&args);
    assert!(shown.contains("failures=\"201\""), "{shown}");
}

/// Even if lists have enough of them before.
#[test]
fn all_known_findings_are_counted() {
    let fields: Vec<_> = (0..9).map(|n| unknown_field().replace("newField", &format!("field{n}"))).collect();
    let folder = Folder::with("a.jsonl", fields[4..].join("\n"));
    assert_eq!(codes(&folder, &["--quiet", "--write-baseline=known.json", "a.jsonl"]).0, 0);
    let folder = folder.and("a.jsonl", fields.join("\n"));
    let args = ["validate", "--threads=1", "--max-findings=2", "--baseline=known.json", "a.jsonl"];
    let shown = folder.run(&args);
    assert!(shown.contains("4 warnings, 5 in the baseline"), "{shown}");
}

#[test]
fn specific_expectations_are_matched_before_general_ones() {
    let broken = wrong_type().replacen("\"traceId\":\"", "\"traceId\":7,\"x\":\"", 1);
    let folder = Folder::with("f/a.json", broken)
        .and("f/a.json.expected", "# why\nerror wrong-type\nwrong-type /cloudId\nunknown-field\n");
    assert!(folder.run(&["test", "f"]).contains("all as expected"));
    folder.run(&["test", "--update", "f"]);
    let kept = folder.text("f/a.json.expected");
    assert!(kept.starts_with("# why"), "{kept}");
    let folder = folder.and("valid/b.json", line("test-message")).and("ccxlog.toml", "exclude = [\"valid\"]");
    let mut command = folder.command(&["test", "."]);
    let output = command.current_dir(folder.path("valid")).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn fixtures_are_compared_with_their_expectations() {
    let folder = Folder::new()
        .and("f/valid/a.json", documented("client-disconnected"))
        .and("f/wrong-type/b.json", wrong_type())
        .and("f/wrong-type/c.json", unknown_field())
        .and("f/valid/d.json", wrong_type())
        .and("f/e.json", wrong_type())
        .and("f/g.jsonl", unknown_field() + "\n{\n")
        .and("f/g.jsonl.expected", "1:2 unknown-field\n# a comment\nmissing-field /log\n");
    assert_snapshot!(folder.run(&["test", "f"]));
    assert_snapshot!(folder.run(&["test", "--update", "f"]));
    assert_snapshot!(folder.text("f/g.jsonl.expected"));
    let again = folder.run(&["test", "f"]);
    assert!(again.contains("4 as expected, 2 not as expected"), "{again}");
    let folder = folder.and("f/e.json.expected", "wrong-tpye\n").and("f/lost.json.expected", "");
    assert_snapshot!(folder.run(&["test", "f/e.json", "f/lost.json", "f"]));
    assert!(folder.run(&["test", "f/valid/a.json"]).contains("exit code: 0"));
}

#[test]
fn fixtures_are_valid_where_the_config_file_says_so() {
    let config =
        "inputs = [\"f\", \"g/*.json\"]\nexclude = [\"f/**\"]\n[test]\nvalid = [\"f/**\", \"typo/**\"]\n";
    let folder = Folder::with("ccxlog.toml", config)
        .and("f/a.json", line("test-message"))
        .and("f/b.json", line("test-message"))
        .and("f/wrong-type/c.json", wrong_type())
        .and("f/d.json", unknown_field())
        .and("f/d.json.expected", "unknown-field\n")
        .and("g/valid/e.json", "not a fixture, as the pattern does not match it");
    let shown = folder.run(&["test"]);
    assert!(code(&shown) == 2 && shown.contains("error: nothing matches `g/*.json`"), "{shown}");
    let folder = folder.and("g/f.json", line("test-message"));
    let shown = folder.run(&["test"]);
    assert!(
        code(&shown) == 1 && shown.contains("5 fixtures: 4 as expected, 1 without an expectation"),
        "{shown}"
    );
    assert!(shown.contains("open g/f.json"), "{shown}");
    let shown = folder.run(&["test", "."]);
    assert!(
        shown.contains("note: the pattern `typo/**` in `valid` of `[test]` matches none of the inputs"),
        "{shown}"
    );
    let folder = folder.and("f/x.json", wrong_type());
    let shown = folder.run(&["test", "--update", "f"]);
    let why = "failed f/x.json: `valid` of `[test]` in the config file says that there are no errors and no warnings";
    assert!(code(&shown) == 1 && shown.contains(why), "{shown}");
    assert!(!folder.path("f/x.json.expected").exists());
    let shown = Folder::new().run(&["test"]);
    assert!(code(&shown) == 2 && shown.contains("no DIR, and no `inputs` in a config file"), "{shown}");
}

#[test]
fn an_empty_fixture_is_not_valid() {
    let folder = Folder::with("f/valid/a.json", "").and("f/valid/b.json", line("test-message"));
    let shown = folder.run(&["test", "f"]);
    let why = "1:1 warning empty-input \"\": the input is empty  (found, not expected)";
    assert!(code(&shown) == 1 && shown.contains(why), "{shown}");
    let folder = Folder::with("f/empty-input/a.json", " \n")
        .and("f/b.json", "")
        .and("f/b.json.expected", "empty-input");
    assert_eq!(code(&folder.run(&["test", "f"])), 0);
}

/// Only when a folder was searched: a hook that names each file would get the note for every other pattern.
#[test]
fn patterns_that_match_nothing_are_noted() {
    let config = "exclude = [\"old/**\", \"typo/**\"]\n[[overrides]]\npaths = [\"nwe/**\", \"new/*\"]\nallow = [\"unknown-field\"]\n";
    let folder = Folder::with("ccxlog.toml", config)
        .and("logs/old/a.jsonl", line("test-message"))
        .and("new/b.jsonl", line("test-message"))
        .and("old/c.jsonl", line("test-message"));
    let args = ["validate", "--exclude", "**/x.jsonl", "--include", "**/?.jsonl", "--include", "y*"];
    let run = |more: &[&str]| folder.run(&[&args, more].concat());
    let (all, named, quiet) = (run(&["."]), run(&["new/b.jsonl"]), run(&["--quiet", "."]));
    for pattern in [
        "`typo/**` in `exclude`",
        "`nwe/**` in `paths`",
        "`**/x.jsonl` in `--exclude`",
        "`y*` in `--include`",
    ] {
        assert!(all.contains(&format!("note: the pattern {pattern}")), "{all}");
    }
    assert_eq!(all.matches("matches none of the inputs").count(), 4, "{all}");
    assert!(!named.contains("matches none") && !quiet.contains("note:"), "{named}{quiet}");
    // A config file is for all runs, so its patterns for other folders that exist are not a mistake of this one.
    let part = folder.run(&["validate", "logs"]);
    assert_eq!(part.matches("matches none of the inputs").count(), 1, "{part}");
    assert!(part.contains("the pattern `nwe/**` in `paths`"), "{part}");
    let part = folder.run(&["validate", "logs", "--exclude=x*"]);
    assert_eq!(part.matches("matches none of the inputs").count(), 2, "{part}");
}

/// The note says how to see values in the log of a pipeline, and appears only if a value was masked.
#[test]
fn masking_in_ci_is_noted_once() {
    let folder = Folder::with("a.jsonl", "x\n").and("b.jsonl", line("test-message"));
    let run = |ci: &str, args: &[&str]| {
        let output = folder.command(args).env("CI", ci).output().expect("the binary runs");
        String::from_utf8(output.stderr).expect("UTF-8").matches("`--show-values` shows them").count()
    };
    assert_eq!(run("true", &["validate", "a.jsonl"]), 1);
    assert_eq!(run("true", &["split", "a.jsonl", "--accepted=good", "--rejected=bad"]), 1);
    assert_eq!(run("", &["validate", "a.jsonl"]), 0);
    assert_eq!(run("true", &["validate", "b.jsonl"]), 0);
    assert_eq!(run("true", &["validate", "--show-values", "a.jsonl"]), 0);
    let args = ["split", "--show-values", "a.jsonl", "--accepted=good", "--rejected=bad"];
    assert_eq!(run("true", &args), 0);
    assert_eq!(run("true", &["validate", "--format=concise", "a.jsonl"]), 0);
}
