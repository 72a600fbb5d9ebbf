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

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

/// Whether `file`, which has this code, declares a test of this name.
fn declares_test(file: &str, code: &str, name: &str) -> bool {
    if has_extension(file, "py") {
        return name.starts_with("test_") && code.contains(&format!("\n    def {name}(self):\n"));
    }
    code.split_once(&format!("fn {name}() {{")).is_some_and(|(before, _)| {
        let attributes = before.rsplit("\n\n").next().unwrap_or_default();
        attributes.contains("#[test]")
    })
}

/// In each table row and paragraph of docs/reliability.md, the names of tests follow the path of their file.
#[test]
fn each_promise_names_tests_that_exist() {
    let text = fs::read_to_string(root().join("docs/reliability.md")).unwrap();
    let is_test = |name: &str| {
        name.matches('_').count() >= 2
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let paragraphs = text.split("\n\n");
    let blocks = paragraphs.flat_map(|text| text.split(if text.starts_with('|') { "\n" } else { "\n\n" }));
    let mut tests = 0;
    for block in blocks {
        let mut file = None;
        for name in block.split('`').skip(1).step_by(2) {
            if has_extension(name, "rs") || has_extension(name, "py") {
                let folders = ["crates/cloudconnexa-cli", "crates", "."];
                let path =
                    folders.iter().map(|folder| root().join(folder).join(name)).find(|path| path.is_file());
                let path = path.unwrap_or_else(|| panic!("there is no file {name}"));
                file = Some((name, fs::read_to_string(path).unwrap()));
            } else if is_test(name) {
                let (file, code) = file.as_ref().unwrap_or_else(|| panic!("no file is named before {name}"));
                assert!(declares_test(file, code, name), "{file} has no test {name}");
                tests += 1;
            }
        }
    }
    assert!(tests > 60, "{tests}");
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut found = Vec::new();
    for folder in ["crates", "xtask", "tests"] {
        sources(&root().join(folder), &mut found);
    }
    // `foo/tests.rs` holds the tests of `foo`, as its name says.
    found.retain(|path| !path.ends_with("tests.rs"));
    assert!(found.len() > 60, "{}", found.len());
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        let first = text.lines().find(|line| !line.starts_with("// @generated")).unwrap_or_default();
        assert!(
            first.starts_with("//! "),
            "{} does not start with a sentence that says what it is for",
            path.display()
        );
    }
}
