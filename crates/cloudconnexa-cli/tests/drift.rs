//! `ccxlog drift`: differences, profiles, proposals, and what fails a run.

#![allow(clippy::disallowed_methods, reason = "tests read and write files")]

mod common;

use common::{Folder, code, documented, gzip, line};
use insta::assert_snapshot;

/// Two documented events, changed as a vendor might change them.
fn logs() -> Folder {
    let connected = line("client-disconnected");
    let changed = connected
        .replacen('{', "{\"tenantRegion\":\"eu-central-1\",", 1)
        .replace("\"clientOsType\":\"macOS\"", "\"clientOsType\":\"ChromeOS\"")
        .replace("\"sessionBytesIn\":34409", "\"sessionBytesIn\":\"34409\"");
    let created = line("domain-blocked").replace("\"domain-blocked\"", "\"user-created\"");
    let lines = [connected, changed, created, "no event".to_owned()].join("\n");
    Folder::with("logs/a.jsonl", lines)
}

#[test]
fn every_difference_is_reported_with_details() {
    let folder = logs();
    assert_snapshot!(folder.run(&["drift", "logs"]));
    assert_snapshot!(folder.run(&["drift", "logs", "--format", "json", "-q"]));
    let quiet = folder.run(&[
        "drift",
        "logs",
        "-q",
        "--allow",
        "unreadable,new-event,new-field,type-changed,new-value",
    ]);
    assert_eq!(quiet.lines().nth(1), Some("exit code: 0"));
    assert!(folder.run(&["drift", "logs", "--allow", "news"]).contains("there is no such kind of drift"));
}

#[test]
fn drift_in_the_profile_is_not_reported() {
    let folder = logs();
    assert!(folder.run(&["drift", "logs", "--write-profile", "p.json", "-q"]).contains("exit code: 1"));
    let known = folder.run(&["drift", "logs", "--against", "p.json"]);
    assert!(
        known.contains("exit code: 0") && known.contains("no drift from the schema and `p.json`"),
        "{known}"
    );
    let merged = folder.run(&["drift", "--merge", "p.json", "p.json", "--write-profile", "two.json", "-q"]);
    assert!(merged.contains("exit code: 0"), "{merged}");
    let two = folder.text("two.json");
    assert!(two.contains("\"records\": 6") && !two.contains("ChromeOS"), "{two}");
}

#[test]
fn profiles_and_reports_match_their_schemas() {
    let folder = logs();
    folder.run(&["drift", "logs", "--write-profile", "p.json", "--format", "json", "-o", "drift.json"]);
    for (what, file) in [("profile", "p.json"), ("drift", "drift.json")] {
        let path = format!("{}/../../schema/ccxlog/{what}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let schema = serde_json::from_str(&std::fs::read_to_string(path).expect("a schema")).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let text = std::fs::read_to_string(folder.path(file)).expect("it was written");
        let value = serde_json::from_str(&text).expect("JSON");
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn profiles_do_not_depend_on_threads_or_files() {
    let sample = |seed: &str| {
        let folder = Folder::new();
        folder.sample("s.jsonl", &["--events", "3000", "--seed", seed, "--invalid", "0.05"]);
        folder.bytes("s.jsonl")
    };
    let (one, two) = (sample("1"), sample("2"));
    let folder = Folder::with("apart/1.jsonl.gz", gzip(&one))
        .and("apart/2.jsonl", &two)
        .and("all.jsonl", [two, one].concat());
    let mut profiles = Vec::new();
    for (input, threads) in [("apart", "1"), ("apart", "3"), ("all.jsonl", "1"), ("all.jsonl", "4")] {
        folder.run(&["drift", input, "--threads", threads, "--write-profile", "p.json"]);
        profiles.push(folder.text("p.json"));
    }
    assert!(profiles.iter().all(|profile| *profile == profiles[0]));
    folder.run(&["drift", "apart/1.jsonl.gz", "--write-profile", "1.json"]);
    folder.run(&["drift", "apart/2.jsonl", "--write-profile", "2.json"]);
    folder.run(&["drift", "--merge", "2.json", "1.json", "--write-profile", "m.json"]);
    assert_eq!(folder.text("m.json"), profiles[0]);
}

#[test]
fn records_that_are_not_events_are_counted_by_what_they_are() {
    let event = line("client-disconnected");
    let other =
        r#"{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"a"}"#;
    let folder = Folder::with("a.jsonl", [&event, other, other, r#"{"hello":1}"#].join("\n"));
    let report = folder.run(&["drift", "a.jsonl", "--write-profile", "p.json", "-q"]);
    assert!(report.contains("exit code: 1") && report.contains("not-an-event/cloudtrail"), "{report}");
    let profile: serde_json::Value = serde_json::from_str(&folder.text("p.json")).expect("JSON");
    assert_eq!(profile["profile"]["records"], 1);
    let others = serde_json::json!({"not-an-event/cloudtrail": 2, "not-an-event/unknown": 1});
    assert_eq!(profile["profile"]["others"], others);
}

/// With exit code 2.
#[test]
fn a_failed_run_says_why_and_keeps_the_old_profile() {
    let folder = logs();
    folder.run(&["drift", "logs", "--write-profile", "p.json", "-q"]);
    let good = folder.text("p.json");
    let folder = folder
        .and("cut.json", &good[..good.len() / 2])
        .and("edited.json", good.replacen("\"records\": 3", "\"records\": 4", 1))
        .and("newer.json", good.replacen("Profile\": 1", "Profile\": 2", 1))
        .and("other.json", "{\"a\": 1}")
        .and("broken.jsonl.gz", &gzip(documented("test-message"))[..40]);
    for (args, why) in [
        (&["drift", "logs", "--against", "cut.json"][..], "its checksum is missing"),
        (&["drift", "logs", "--against", "edited.json"], "is damaged or was edited"),
        (&["drift", "--merge", "p.json", "newer.json"], "is a profile of format 2"),
        (&["drift", "--merge", "p.json", "none.json"], "cannot read the profile `none.json`"),
        (&["drift", "logs", "--schema", "other.json"], "is not a schema of log events"),
        (&["drift", "logs", "--schema", "logs/a.jsonl"], "is not JSON"),
        (
            &["drift", "logs", "--write-profile", "no/p.json"],
            "cannot write to `no/p.json`: there is no folder `no`",
        ),
        (&["drift", "logs", "--write-profile", "x", "-o", "x"], "is named by two options"),
        (&["drift", "p.json", "--write-profile", "p.json"], "is an input"),
        (&["drift", "broken.jsonl.gz", "--write-profile", "p.json"], "could not be read to the end"),
        (&["drift", "none"], "`none`"),
        (&["drift", "logs", "--exclude", "logs"], "everything is excluded"),
    ] {
        let shown = folder.run(args);
        assert!(shown.contains("exit code: 2") && shown.contains(why), "{shown}");
    }
    assert_eq!(folder.text("p.json"), good);
    assert!(folder.pipe(&["drift"], b"").contains("nothing came on standard input"));
}

/// With the proposed change applied to the schema, the same logs have no drift, but for a required field of another type: a
/// proposal removes no requirement.
#[test]
fn the_proposed_schema_change_silences_the_drift() {
    let folder = logs();
    let shown = folder.run(&["drift", "logs", "--propose=schema.diff"]);
    assert!(shown.contains("not in the proposal: records are not JSON objects"), "{shown}");
    let diff = folder.text("schema.diff");
    assert_snapshot!(diff);
    let patch = folder.run(&["drift", "logs", "-q", "--propose", "--propose-format", "patch"]);
    let (_, patch) = patch.split_once("----- stdout -----\n").expect("it was printed");
    let (patch, report) = patch.split_once("----- stderr -----\n").expect("it was printed");
    assert!(report.contains("drift[new-event]"));
    let patch: serde_json::Value = serde_json::from_str(patch).expect("JSON");
    assert!(patch.as_array().is_some_and(|patch| patch.len() > 4));

    let schema = folder.run(&["schema"]);
    let (_, schema) = schema.split_once("----- stdout -----\n").expect("it was printed");
    let folder = folder.and("schema/log-event.schema.json", schema);
    let applied = std::process::Command::new("git")
        .args(["apply", "schema.diff"])
        .current_dir(folder.path("."))
        .status();
    assert!(applied.expect("git runs").success());
    let shown = folder.run(&[
        "drift",
        "logs",
        "--schema",
        "schema/log-event.schema.json",
        "--allow",
        "unreadable",
        "-q",
    ]);
    let drifts: Vec<_> = shown.lines().filter(|line| line.starts_with("drift[")).collect();
    assert!(
        matches!(drifts[..], [one] if one.contains("type-changed") && one.contains("sessionBytesIn")),
        "{shown}"
    );
}

/// Names contain HTML and control characters; values are secret.
#[test]
fn names_are_escaped_and_values_are_masked() {
    let event = line("test-message")
        .replacen('{', "{\"<script>alert(1)</script>\\u001b[31m\\u202e\":\"Swordfish\",", 1)
        .replace("\"test-message\"", "\"Swordfish \\u0007<b>\"")
        .replace("\"Activity.Admin\"", "\"Swordfish.Admin\"");
    let folder = Folder::with("a.jsonl", event);
    let shown = folder.run(&["drift", "a.jsonl"]);
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}') && !shown.contains('\u{7}'), "{shown}");
    assert!(shown.contains(r"\u001b[31m") && shown.contains("Swordfish.Admin"), "{shown}");
    let masked = folder.run(&["drift", "a.jsonl", "--format", "json", "--write-profile", "p.json"]);
    let profile = folder.text("p.json");
    assert!(!masked.contains("Swordfish") && !profile.contains("Swordfish"), "{masked}{profile}");
    let ci = folder.command(&["drift", "a.jsonl"]).env("CI", "true").output().expect("it runs");
    assert!(!String::from_utf8_lossy(&ci.stdout).contains("Swordfish"));
    let unmasked =
        folder.run(&["drift", "a.jsonl", "--format", "json", "--write-profile", "p.json", "--show-values"]);
    let profile = folder.text("p.json");
    assert!(unmasked.contains("Swordfish") && profile.contains("Swordfish"));
}

/// Their differences from the schema were reported when they were written.
#[test]
fn merging_profiles_into_another_does_not_fail_for_drift() {
    let unknown = line("test-message").replacen('{', "{\"newField\":1,", 1);
    let folder = Folder::with("a.jsonl", &unknown).and("b.jsonl", line("test-message"));
    assert_eq!(folder.exit_code(&["drift", "a.jsonl", "--write-profile=a"]), Some(1));
    assert_eq!(folder.exit_code(&["drift", "b.jsonl", "--write-profile=b"]), Some(0));
    let merge = ["drift", "--merge", "a", "b"];
    let shown = folder.run(&[&merge, &["--write-profile=all"][..]].concat());
    assert!(code(&shown) == 0 && shown.contains("drift[new-field]"), "{shown}");
    assert_eq!(code(&folder.run(&merge)), 1);
    assert_eq!(folder.exit_code(&[&merge, &["--write-profile=all", "--against=b"][..]].concat()), Some(1));
    assert_eq!(folder.exit_code(&["drift", "--merge", "all"]), Some(1));
}

#[test]
fn a_state_file_lets_drift_read_only_what_is_new() {
    let unknown = line("test-message").replacen('{', "{\"newField\":1,", 1);
    let folder = Folder::with("logs/a.jsonl", &unknown);
    let drift =
        |more: &[&str]| folder.run(&[&["drift", "logs", "--state=s", "--write-profile=p"], more].concat());
    // A run that does not come to its end remembers nothing.
    let failed = drift(&["--output=no/such/folder"]);
    assert_eq!(code(&failed), 2, "{failed}");
    let first = drift(&[]);
    assert!(code(&first) == 1 && first.contains("drift[new-field]"), "{first}");
    let profile = folder.bytes("p");
    let again = drift(&[]);
    let note = "note: nothing is new, so nothing is compared and no profile is written; 1 input read before";
    assert!(code(&again) == 0 && again.contains(note) && folder.bytes("p") == profile, "{again}");
    let folder = folder.and("logs/b.jsonl", line("test-message"));
    let drift = |more: &[&str]| folder.run(&[&["drift", "logs", "--state=s"], more].concat());
    let third = drift(&[]);
    assert!(code(&third) == 0 && third.contains("in 1 record "), "{third}");
    let shown = drift(&["--output=s"]);
    assert!(code(&shown) == 2 && shown.contains("`s` is named by two options"), "{shown}");
    let shown = folder.run(&["drift", "--merge", "p", "--state=s"]);
    assert!(code(&shown) == 2 && shown.contains("`--merge` reads none"), "{shown}");
}
