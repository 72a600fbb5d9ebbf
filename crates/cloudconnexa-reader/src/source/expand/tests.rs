//! Compares what patterns match with the `glob` crate, and tries trees for which it takes exponential time.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::expand;
use crate::source::testing::Random;

/// The first occurrence of each path. The sources of an input are without repetitions anyway.
fn distinct(paths: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    paths.filter(|path| seen.insert(path.clone())).collect()
}

fn expanded(pattern: &str) -> Vec<PathBuf> {
    distinct(expand(pattern).unwrap().map(Result::unwrap))
}

fn tree(folder: &Path, files: &[&str]) {
    for file in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
}

#[test]
fn the_same_paths_are_found_in_the_same_order_as_by_the_glob_crate() {
    const FILES: [&str; 12] = [
        "a.json",
        "b.jsonl",
        ".hidden.json",
        "a/a.json",
        "a/a/a.json",
        "a/a/b/c.json",
        "a/b/a/b/a.json",
        "a/.d/a.json",
        "b/a/a.json",
        "b/a/a/z.json",
        "b/ü.json",
        "c/[x].json",
    ];
    const PARTS: [&str; 15] =
        ["a", "b", "**", "**", "*", "*", "*.json", "?", "[ab]", "[!a]*", ".", "..", ".*", "a*", "*ü*"];
    let folder = tempfile::tempdir().unwrap();
    // Deep enough for `..`: what is next to a temporary folder changes.
    let root = folder.path().join("1/2/3/4/5");
    tree(&root, &FILES);
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let mut found = 0;
    for _ in 0..1500 {
        let root = root.display().to_string();
        let mut pattern = root.clone();
        for _ in 0..=random.below(4) {
            pattern += "/";
            pattern += PARTS[random.below(PARTS.len())];
        }
        let expected = distinct(glob::glob(&pattern).unwrap().filter_map(Result::ok));
        let ours = expanded(&pattern);
        if pattern[root.len()..].contains("/.") {
            // A folder that is left and entered again is listed once here.
            let files = |paths: &[PathBuf]| -> HashSet<PathBuf> {
                paths.iter().map(|path| path.canonicalize().unwrap()).collect()
            };
            assert_eq!(files(&ours), files(&expected), "{pattern}");
        } else {
            assert_eq!(ours, expected, "{pattern}");
        }
        found += ours.len();
    }
    assert!(found > 1000, "{found}");
}

#[test]
fn relative_patterns_give_relative_paths() {
    // The working directory of a test is the folder of its crate.
    let expected = [PathBuf::from("src/source/expand.rs")];
    for pattern in ["src/*/expand.rs", "./src/sourc?/expand.rs", "src//**/expand.rs", "**/source/expand.rs"] {
        assert_eq!(expanded(pattern), expected, "{pattern}");
    }
    assert_eq!(expanded("s[r]c/"), [PathBuf::from("src")]);
    assert!(expanded("Cargo.tom[l]/").is_empty());
    assert!(expand("a**").is_err());
}

/// Trying one way after another, this test would not end.
#[test]
fn no_pattern_takes_exponential_time() {
    let folder = tempfile::tempdir().unwrap();
    let deep = "a/".repeat(60);
    tree(folder.path(), &[&format!("{deep}x.json")]);
    let root = folder.path().display();
    assert_eq!(expanded(&format!("{root}/{}*.json", "**/a/".repeat(30))).len(), 1);
    assert_eq!(expanded(&format!("{root}/{}*.json", "**/*/".repeat(30))).len(), 1);
    assert!(expanded(&format!("{root}/{}*.json", "**/a/".repeat(61))).is_empty());
    assert!(expanded(&format!("{root}/{}x.json", "*/../".repeat(40))).is_empty());
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_are_followed_once() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path(), &["a/x.json", "b/y.json"]);
    for (link, target) in [("a/one", ".."), ("a/two", ".."), ("b/one", "../a"), ("b/two", "../a")] {
        std::os::unix::fs::symlink(target, folder.path().join(link)).unwrap();
    }
    let found = expanded(&format!("{}/**/*.json", folder.path().display()));
    assert_eq!(found, ["a/x.json", "b/y.json"].map(|name| folder.path().join(name)));
}

/// As root, everything can be read.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_reported() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    tree(folder.path(), &["a/x.json", "b/y.json"]);
    let closed = folder.path().join("a");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let is_root = fs::read_dir(&closed).is_ok();
    let found: Vec<_> = expand(&format!("{}/*/*.json", folder.path().display())).unwrap().collect();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let errors: Vec<_> =
        found.iter().filter_map(|found| found.as_ref().err()).map(|(path, _)| path).collect();
    assert_eq!(errors.len(), usize::from(!is_root), "{errors:?}");
    assert!(errors.iter().all(|path| **path == closed));
    assert_eq!(found.len(), 2);
}
