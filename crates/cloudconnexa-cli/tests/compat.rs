//! Files in `compat/` that version 0.1.0 wrote: they are still read, and are still written the same.

#![allow(clippy::disallowed_methods, reason = "tests touch files")]

mod common;

use std::fs;

use common::Folder;
use serde_json::Value;

const BASELINE: &str = include_str!("compat/baseline.json");
const PROFILE: &str = include_str!("compat/profile.json");
const REJECTED: &str = include_str!("compat/rejected.jsonl");
const EXPECTED: &str = include_str!("compat/fixtures/b.json.expected");
const CONFIG: &str = include_str!("compat/ccxlog.toml");

/// The inputs that the files are about.
fn folder() -> Folder {
    Folder::with("logs/a.json", include_bytes!("compat/logs/a.json"))
        .and("logs/b.json", include_bytes!("compat/logs/b.json"))
        .and("logs/c.json", include_bytes!("compat/logs/c.json"))
        .and("logs/d.json", include_bytes!("compat/logs/d.json"))
}

#[test]
fn an_old_baseline_covers_the_same_findings_and_is_written_the_same() {
    let folder = folder().and("baseline.json", BASELINE);
    let run = folder.run(&["validate", "--no-config", "--baseline=baseline.json", "logs"]);
    assert!(run.contains("exit code: 0"), "{run}");
    let run = folder.run(&["validate", "--no-config", "--quiet", "--write-baseline=new.json", "logs"]);
    assert!(run.contains("exit code: 0"), "{run}");
    assert_eq!(folder.text("new.json"), BASELINE);
}

#[test]
fn old_state_files_are_accepted_and_appended_to() {
    for state in [include_str!("compat/runs.state"), include_str!("compat/followed.state")] {
        let folder = folder().and("runs.state", state);
        let args = ["validate", "--no-config", "--quiet", "--state=runs.state", "logs/a.json"];
        let run = folder.run(&args);
        assert!(run.contains("exit code: 0"), "{run}");
        let text = folder.text("runs.state");
        let added = text.strip_prefix(state).expect("the old lines are kept");
        assert_eq!(added.lines().count(), 2, "an input and the end of the run: {added}");
        let run = folder.run(&args);
        assert!(run.contains("exit code: 0"), "{run}");
    }
}

#[test]
fn an_old_profile_is_read_and_is_written_the_same() {
    let folder = folder().and("profile.json", PROFILE);
    let args = ["drift", "--no-config", "--against=profile.json", "--write-profile=new.json", "logs/a.json"];
    let run = folder.run(&args);
    assert!(run.contains("exit code: 0"), "{run}");
    assert_eq!(folder.text("new.json"), PROFILE);
    let run = folder.run(&["drift", "--no-config", "--merge=profile.json", "--write-profile=merged.json"]);
    assert!(run.contains("exit code: 0"), "{run}");
    assert_eq!(folder.text("merged.json"), PROFILE);
}

#[test]
fn an_old_rejected_file_is_replayed_and_is_written_the_same() {
    let lines = |text: &str| -> Vec<Value> {
        text.lines().map(|line| serde_json::from_str(line).expect("an object per line")).collect()
    };
    let folder = folder().and("old.jsonl", REJECTED);
    let outputs = ["--accepted=good.jsonl", "--rejected=bad.jsonl"];
    let rejected = |args: [&str; 4]| {
        let run = folder.run(&[args.as_slice(), &outputs].concat());
        assert!(run.contains("exit code: 1"), "{run}");
        lines(&folder.text("bad.jsonl"))
    };

    let mut split = rejected(["split", "--no-config", "--quiet", "logs"]);
    let mut old = lines(REJECTED);
    for finding in split.iter_mut().chain(&mut old).flat_map(|line| line["findings"].as_array_mut().unwrap())
    {
        // Messages may be reworded; everything else is data.
        finding["message"].take();
    }
    for (line, old) in split.iter_mut().zip(&old) {
        // Those of short records are limited by now. The others are counted.
        let (found, all) = (line["findings"].as_array().unwrap(), old["findings"].as_array().unwrap());
        let left_out = line["moreFindings"].as_u64().unwrap_or(0);
        assert_eq!(found.len() as u64 + left_out, all.len() as u64);
        assert_eq!(*found, all[..found.len()]);
        line["findings"] = old["findings"].clone();
        line.as_object_mut().unwrap().remove("moreFindings");
    }
    assert_eq!(split, old);

    let mut replayed = rejected(["replay", "--no-config", "--quiet", "old.jsonl"]);
    for line in replayed.iter_mut().chain(&mut old) {
        // What surrounds the elements of an array is checked as a record of its own.
        line["findings"].take();
        line.as_object_mut().unwrap().remove("moreFindings");
    }
    assert_eq!(replayed, old);
}

#[test]
fn an_old_expectation_file_is_met_and_is_written_the_same() {
    let folder = Folder::with("fixtures/b.json", include_bytes!("compat/fixtures/b.json"))
        .and("fixtures/b.json.expected", EXPECTED);
    let run = folder.run(&["test", "--no-config", "fixtures"]);
    assert!(run.contains("exit code: 0"), "{run}");
    let path = folder.path("fixtures/b.json.expected");
    fs::remove_file(&path).unwrap();
    folder.run(&["test", "--no-config", "--update", "fixtures"]);
    assert_eq!(fs::read_to_string(path).unwrap(), EXPECTED);
}

#[test]
fn an_old_config_file_is_obeyed() {
    let folder = folder().and("ccxlog.toml", CONFIG).and("baseline.json", BASELINE);
    let run = folder.run(&["validate"]);
    assert!(run.contains("exit code: 0"), "{run}");
    let findings = folder.text("findings.jsonl");
    assert!(findings.lines().last().unwrap().contains("\"exitCode\":0"), "{findings}");
    let run = folder.run(&["coverage", "--quiet"]);
    assert!(run.contains("exit code: 0"), "{run}");
}
