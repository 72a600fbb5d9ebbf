//! Tests the tree itself: the code map names every crate, and every module says what it is for.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_code_map_names_every_crate() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut crates = 0;
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(map.contains(&format!("* `crates/{name}`")), "ARCHITECTURE.md does not name crates/{name}");
        let manifest = fs::read_to_string(root().join("crates").join(&name).join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "the folder {name} is not named for its crate"
        );
        crates += 1;
    }
    assert!(crates >= 4, "{crates}");
}

#[test]
fn each_promise_names_existing_tests() {
    let text = fs::read_to_string(root().join("docs/reliability.md")).unwrap();
    let mut found = Vec::new();
    sources(&root().join("crates"), &mut found);
    let code: String = found.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let is_test = |name: &&str| {
        name.matches('_').count() >= 2 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let names: Vec<_> = text.split('`').skip(1).step_by(2).filter(is_test).collect();
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        assert!(code.contains(&format!("fn {name}() {{")), "{name}");
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut found = Vec::new();
    for folder in ["crates", "xtask", "tests"] {
        sources(&root().join(folder), &mut found);
    }
    assert!(found.len() > 60, "{}", found.len());
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        let first = text.lines().find(|line| !line.starts_with("// @generated")).unwrap_or_default();
        assert!(
            first.starts_with("//! "),
            "{} does not begin with a sentence of what it is for",
            path.display()
        );
    }
}
