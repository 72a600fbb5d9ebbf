//! Independent parsers and schemas accept what `ccxlog` reports.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Writes all reports about the corpus and an unreadable input into a folder.
fn reports() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ccxlog"));
    command.arg("validate").arg("--no-config").arg("--quiet").current_dir(folder.path());
    for format in ["sarif", "junit", "gitlab", "json"] {
        command.arg(format!("--format={format}=out.{format}"));
    }
    let output = command.arg(corpus).arg("missing.json").output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    folder
}

fn read(folder: &tempfile::TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a report")
}

/// Returns the source folder of a dependency.
fn sources(name: &str) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|package| package["name"] == name).expect("a dependency");
    Path::new(package["manifest_path"].as_str().expect("a path")).parent().expect("a folder").to_owned()
}

/// The `serde-sarif` crate contains the schema that OASIS publishes.
#[test]
fn sarif_matches_the_schema_of_oasis() {
    let schema = fs::read_to_string(sources("serde-sarif").join("src/schema.json")).expect("the schema");
    let mut schema: Value = serde_json::from_str(&schema).expect("JSON");
    // An invalid regular expression, for a field that we don't write.
    for part in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][part]["properties"]["language"];
        assert!(language.as_object_mut().is_some_and(|language| language.remove("pattern").is_some()));
    }
    assert!(schema["title"].as_str().is_some_and(|title| title.contains("2.1.0")), "{}", schema["title"]);
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    let text = read(&reports(), "out.sarif");
    let sarif: Value = serde_json::from_str(&text).expect("JSON");
    let errors: Vec<_> = validator
        .iter_errors(&sarif)
        .map(|error| format!("{}: {}", error.instance_path(), error.masked()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // The schema does reject something.
    assert!(!validator.is_valid(&serde_json::json!({ "version": "2.1.0" })));

    let run = &sarif["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert!(results.len() > 50, "{}", results.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("an index");
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

#[test]
fn an_independent_parser_reads_junit() {
    let folder = reports();
    let report = quick_junit::Report::deserialize_from_str(&read(&folder, "out.junit")).expect("JUnit");
    assert!(report.test_suites.len() > 50, "{}", report.test_suites.len());
    for suite in &report.test_suites {
        assert_eq!(suite.tests, suite.test_cases.len(), "{:?}", suite.name);
    }
    let failed: usize = report.test_suites.iter().map(|suite| suite.failures).sum();
    assert!(failed > 50, "{failed}");
    assert!(
        report
            .test_suites
            .iter()
            .any(|suite| suite.name.as_str().ends_with("missing.json") && suite.errors == 1)
    );
}

/// As documented by GitLab: fingerprints are unique, and paths are relative.
#[test]
fn gitlab_issues_have_every_required_field() {
    let folder = reports();
    let issues: Vec<Value> = serde_json::from_str(&read(&folder, "out.gitlab")).expect("JSON");
    assert!(issues.len() > 50);
    let mut fingerprints = std::collections::HashSet::new();
    for issue in &issues {
        for field in ["description", "check_name", "fingerprint", "severity"] {
            assert!(issue[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {issue}");
        }
        assert!(fingerprints.insert(issue["fingerprint"].to_string()), "{issue}");
        let severity = issue["severity"].as_str().expect("text");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{issue}");
        assert!(issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "{issue}");
        assert!(!issue["location"]["path"].as_str().expect("a path").starts_with("./"), "{issue}");
    }
}

/// The schema is the one that `ccxlog schema --report` prints.
#[test]
fn json_lines_match_their_schema() {
    let output = Command::new(env!("CARGO_BIN_EXE_ccxlog"))
        .args(["schema", "--report"])
        .output()
        .expect("the binary runs");
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let text = read(&reports(), "out.json");
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert!(validator.is_valid(&line), "{line}");
    }
    assert!(text.lines().last().expect("a line").contains("\"type\":\"summary\""));
}
