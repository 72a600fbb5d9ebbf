//! Runs every fuzz target over its seeds in `fuzz/seeds`, which include the inputs of past failures, and over the corpus.

use std::fs;
use std::path::{Path, PathBuf};

/// The files below a folder of the workspace.
fn files(folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let files: Vec<_> = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().to_owned(), fs::read(entry.path()).unwrap()))
        .collect();
    assert!(!files.is_empty());
    files
}

/// Runs a target over all seeds, and names the one that fails.
fn hold(target: fn(&[u8]), seeds: &[(PathBuf, Vec<u8>)]) {
    for (path, bytes) in seeds {
        let held = std::panic::catch_unwind(|| target(bytes));
        assert!(held.is_ok(), "{} fails, as reported above", path.display());
    }
}

/// The seeds of one target, of which there must be some.
fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    files(&format!("fuzz/seeds/{target}"))
}

fn corpus() -> Vec<(PathBuf, Vec<u8>)> {
    files("tests/corpus")
}

#[test]
fn seeds_of_records_hold() {
    hold(super::tiers, &corpus());
    hold(super::tiers, &seeds("tiers"));
}

#[test]
fn seeds_of_views_hold() {
    hold(super::views, &corpus());
    hold(super::views, &seeds("views"));
    hold(super::views, &seeds("tiers"));
}

#[test]
fn seeds_of_lines_hold() {
    let corpus = corpus();
    hold(super::lines, &corpus);
    hold(super::lines, &seeds("lines"));
    hold(super::lines, &seeds("rejected"));
    let all = corpus.iter().flat_map(|(_, bytes)| bytes.iter().copied().chain([b'\n'])).collect::<Vec<_>>();
    hold(super::lines, &[(PathBuf::from("the corpus"), all)]);
}

#[test]
fn seeds_of_rejected_files_hold() {
    hold(super::rejected, &seeds("rejected"));
    hold(super::rejected, &corpus());
}

#[test]
fn seeds_of_config_files_hold() {
    hold(super::config, &seeds("config"));
}

#[test]
fn seeds_of_expectations_hold() {
    hold(super::expected, &seeds("expected"));
}

#[test]
fn seeds_of_states_hold() {
    hold(super::state, &seeds("state"));
}

#[test]
fn seeds_of_baselines_hold() {
    hold(super::baseline, &seeds("baseline"));
}

/// Without seeds, a target would only run in the fuzzer.
#[test]
fn each_target_has_seeds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let names = |folder: &str| {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names("fuzz_targets"), names("seeds"));
    assert_eq!(names("seeds").len(), 12);
}
