//! Which config file applies, who is told, and what it must not do.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;
use std::process::Output;

use common::{BROKEN, Folder, line};

const VALUE: &str = "987654321";

/// Returns a folder with a repository in `repo`, whose log has a finding with a value.
fn folder(config: &str) -> Folder {
    let event = line("test-message").replacen("\"cloudId\":\"test\"", "\"cloudId\":987654321", 1);
    assert!(event.contains(VALUE));
    Folder::with("repo/ccxlog.toml", config)
        .and("repo/.git/HEAD", "")
        .and("repo/logs/a.jsonl", format!("{event}\n{BROKEN}"))
}

fn run_in(folder: &Folder, below: &str, args: &[&str]) -> Output {
    folder.command(args).current_dir(folder.path(below)).output().expect("the binary runs")
}

fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).expect("UTF-8")
}

fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).expect("UTF-8")
}

/// All commands with settings.
const COMMANDS: [&[&str]; 9] = [
    &["validate", "a.jsonl"],
    &["split", "a.jsonl", "--accepted=good", "--rejected=bad"],
    &["replay", "bad", "--accepted=good", "--rejected=worse"],
    &["drift", "a.jsonl"],
    &["sessions", "a.jsonl"],
    &["find", "a.jsonl"],
    &["top", "a.jsonl", "--by=eventName"],
    &["coverage", "a.jsonl"],
    &["test", "."],
];

#[test]
fn every_command_says_which_config_file_applies() {
    let folder = folder("");
    for command in COMMANDS {
        let note = "note: using the config file `../ccxlog.toml`\n";
        let output = run_in(&folder, "repo/logs", command);
        assert!(stderr(&output).starts_with(note), "{command:?}: {output:?}");
        let output = run_in(&folder, "repo/logs", &[command, &["--no-config"]].concat());
        assert!(!stderr(&output).contains("config file"), "{command:?}: {output:?}");
        let config = folder.path("repo/ccxlog.toml");
        let named = ["--config", config.to_str().expect("UTF-8")];
        let output = run_in(&folder, "repo/logs", &[command, &named].concat());
        assert!(
            stderr(&output).contains(&format!("using the config file `{}`", config.display())),
            "{output:?}"
        );
        if command[0] != "test" {
            let output = run_in(&folder, "repo/logs", &[command, &["--quiet"]].concat());
            assert!(!stderr(&output).contains("config file"), "{command:?}: {output:?}");
        }
    }
}

#[test]
fn a_config_file_outside_of_the_repository_is_reported_and_does_not_apply() {
    let folder = folder("").and("ccxlog.toml", "allow = [\"wrong-type\", \"missing-field\"]\n");
    fs::remove_file(folder.path("repo/ccxlog.toml")).expect("a file");
    let output = run_in(&folder, "repo/logs", &["validate", "a.jsonl"]);
    assert_eq!(output.status.code(), Some(1));
    let note = "note: not using the config file `../../ccxlog.toml`, as it is outside of the repository; to use it, \
                give `--config ../../ccxlog.toml`\n";
    assert!(stderr(&output).starts_with(note), "{output:?}");
    let output = run_in(&folder, "repo/logs", &["validate", "a.jsonl", "--config", "../../ccxlog.toml"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = run_in(&folder, "repo/logs", &["validate", "a.jsonl", "--quiet"]);
    assert!(output.status.code() == Some(1) && output.stderr.is_empty(), "{output:?}");
}

/// As `/tmp` is, whoever owns it.
#[cfg(unix)]
#[test]
fn a_config_file_in_a_shared_folder_does_not_apply_below_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::with("ccxlog.toml", "allow = [\"missing-field\"]\n").and("logs/a.jsonl", BROKEN);
    let validate = || run_in(&folder, "logs", &["validate", "a.jsonl"]);
    assert_eq!(validate().status.code(), Some(0));
    fs::set_permissions(folder.path(""), fs::Permissions::from_mode(0o1777)).expect("our own folder");
    let output = validate();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("as the folder `..` is shared by all users"), "{output:?}");
}

/// By its path from the root of the repository, and never by one that only this machine has.
#[test]
fn every_report_for_machines_names_the_config_file() {
    let folder = folder("");
    let here = folder.path("");
    let here = here.to_str().expect("UTF-8");
    let validate = |format: &str| {
        let output = run_in(&folder, "repo/logs", &["validate", "a.jsonl", "--format", format]);
        assert!(!stdout(&output).contains(here), "{output:?}");
        stdout(&output).to_owned()
    };
    let summary = validate("json");
    let summary: serde_json::Value =
        serde_json::from_str(summary.lines().last().expect("a line")).expect("JSON");
    assert_eq!(summary["config"], "ccxlog.toml");
    let sarif: serde_json::Value = serde_json::from_str(&validate("sarif")).expect("JSON");
    let artifact = serde_json::json!({
        "location": { "uri": "ccxlog.toml" }, "roles": ["userSpecifiedConfiguration"]
    });
    assert_eq!(sarif["runs"][0]["artifacts"], serde_json::json!([artifact]));
    assert!(validate("junit").contains("<property name=\"config\" value=\"ccxlog.toml\"/>"));
    assert!(validate("html").contains("The config file is <code>ccxlog.toml</code>."));

    let coverage = run_in(&folder, "repo/logs", &["coverage", "a.jsonl", "--format=json"]);
    let drift = run_in(&folder, "repo/logs", &["drift", "a.jsonl", "--format=json"]);
    for output in [coverage, drift] {
        let report: serde_json::Value = serde_json::from_str(stdout(&output)).expect("JSON");
        assert_eq!(report["config"], "ccxlog.toml");
    }

    let args = ["validate", "a.jsonl", "--format=github"];
    let mut command = folder.command(&args);
    command.current_dir(folder.path("repo/logs")).env("GITHUB_STEP_SUMMARY", folder.path("summary.md"));
    assert_eq!(command.output().expect("the binary runs").status.code(), Some(1));
    assert!(folder.text("summary.md").contains("The config file is ccxlog.toml.\n"));

    // One that is elsewhere is called what the command line calls it.
    let folder = folder.and("elsewhere.toml", "");
    let args = ["validate", "a.jsonl", "--format=json", "--config=../../elsewhere.toml"];
    let output = run_in(&folder, "repo/logs", &args);
    assert!(stdout(&output).contains("\"config\":\"../../elsewhere.toml\""), "{output:?}");
    let output = run_in(&folder, "repo/logs", &["validate", "a.jsonl", "--format=json", "--no-config"]);
    assert!(stdout(&output).contains("\"config\":null"), "{output:?}");
}

/// Whoever may change the file in a repository must not be able to unmask the public log of its pipeline.
#[test]
fn a_config_file_does_not_unmask_values_in_ci() {
    let folder = folder("show-values = true\n");
    let shows = |ci: &str, args: &[&str]| {
        let output = folder.command(args).current_dir(folder.path("repo/logs")).env("CI", ci).output();
        let output = output.expect("the binary runs");
        assert!(output.status.code() == Some(1), "{output:?}");
        let is_noted =
            stderr(&output).contains("`../ccxlog.toml`, except for `show-values`, as `CI` is set\n");
        assert_eq!(is_noted, ci == "true", "{output:?}");
        (stdout(&output).to_owned() + stderr(&output)).contains(VALUE)
    };
    for format in ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "html"] {
        let args = ["validate", "a.jsonl", "--format", format];
        assert!(!shows("true", &args), "{format}");
        assert!(shows("", &args), "{format}");
        assert!(shows("true", &[&args[..], &["--show-values"]].concat()), "{format}");
    }
    let drift = ["drift", "a.jsonl", "--format=json"];
    assert!(!shows("true", &drift) && shows("", &drift));
    let split = ["split", "a.jsonl", "--accepted=good", "--rejected=bad"];
    assert!(!shows("true", &split) && shows("", &split));
}
