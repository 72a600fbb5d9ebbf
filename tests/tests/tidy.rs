//! Tests the tree itself: the code map names every crate, every module says what it is for, and what only some code may do is
//! in no other.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
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

/// Returns the sources below the folders, as paths from the root with `/`, and their text.
fn texts(folders: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in folders {
        sources(&root().join(folder), &mut found);
    }
    let named = |path: &PathBuf| {
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        (name, fs::read_to_string(path).unwrap())
    };
    found.sort();
    found.iter().map(named).collect()
}

/// The module that calls intrinsics of the processor.
const UNSAFE_MODULE: &str = "crates/cloudconnexa-validator/src/fast/scan/sse2.rs";

/// Everywhere else the compiler refuses `unsafe`; here, that nothing keeps it from doing so.
#[test]
fn only_one_module_is_unsafe() {
    let manifest = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let workspace = manifest("Cargo.toml");
    assert!(workspace.contains("[workspace.lints.rust]") && workspace.contains("unsafe_code = \"forbid\""));
    let crates = fs::read_dir(root().join("crates")).unwrap();
    let crates = crates.map(|entry| format!("crates/{}", entry.unwrap().file_name().into_string().unwrap()));
    for folder in crates.chain(["tests".to_owned(), "xtask".to_owned()]) {
        let manifest = manifest(&format!("{folder}/Cargo.toml"));
        // There, `forbid` could not be lifted for the one module.
        let expected = if UNSAFE_MODULE.starts_with(&format!("{folder}/")) {
            "[lints.rust]\nmissing_docs = \"warn\"\nunsafe_code = \"deny\"\n"
        } else {
            "[lints]\nworkspace = true\n"
        };
        assert!(manifest.contains(expected), "{folder}/Cargo.toml does not have {expected:?}");
    }
    let texts = texts(&["crates", "tests", "xtask", "bench", "fuzz"]);
    assert!(texts.iter().any(|(name, text)| name == UNSAFE_MODULE && text.contains("allow(unsafe_code")));
    let is_this = |name: &str| name == "tests/tests/tidy.rs" || name == UNSAFE_MODULE;
    for (name, text) in texts.iter().filter(|(name, _)| !is_this(name)) {
        let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
        for line in code {
            let forms = [
                "allow(unsafe_code",
                "expect(unsafe_code",
                "deny(unsafe_code",
                "unsafe {",
                "unsafe fn",
                "unsafe impl",
                "unsafe trait",
                "unsafe extern",
                "#[unsafe(",
            ];
            assert!(!forms.iter().any(|form| line.contains(form)), "{name}: {}", line.trim());
        }
    }
}

/// Crates that may touch what `clippy.toml` lists. Their tests, and those of other crates, may as well.
const IMPURE: &[&str] = &[
    "crates/cloudconnexa-cli/src/lib.rs",
    "crates/cloudconnexa-python/src/lib.rs",
    "crates/cloudconnexa-reader/src/lib.rs",
    "crates/cloudconnexa-remote/src/lib.rs",
    "tests/src/lib.rs",
    "xtask/src/main.rs",
];

#[test]
fn only_some_crates_touch_files_clock_and_environment() {
    let texts = texts(&["crates", "tests", "xtask"]);
    let is_test =
        |name: &str| name.contains("/tests/") || name.contains("/examples/") || name.ends_with("/tests.rs");
    let lifted = texts.iter().filter(|(_, text)| text.contains("clippy::disallowed_m"));
    let lifted: Vec<_> = lifted.map(|(name, _)| &**name).filter(|name| !is_test(name)).collect();
    assert_eq!(lifted, IMPURE);
    // The reader is told how many threads to use and when to stop.
    let reader = |name: &str| name.starts_with("crates/cloudconnexa-reader/src/") && !is_test(name);
    for (name, text) in texts.iter().filter(|(name, _)| reader(name)) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            let forms = ["Instant::", "SystemTime::", "env::", "Command::"];
            assert!(!forms.iter().any(|form| line.contains(form)), "{name}: {}", line.trim());
        }
    }
}

/// It is the published hook, but for where the program comes from.
#[test]
fn the_hook_for_an_installed_program_is_the_published_one() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let (published, docs) = (read(".pre-commit-hooks.yaml"), read("docs/ci.md"));
    let example = docs.split("```").find(|block| block.contains("language: system")).expect("an example");
    let value = |text: &str, key: &str| {
        let line = text
            .lines()
            .find_map(|line| line.trim_start_matches([' ', '-']).strip_prefix(&format!("{key}: ")));
        line.unwrap_or_else(|| panic!("no {key} in {text}")).trim().to_owned()
    };
    for key in ["id", "name", "entry", "require_serial"] {
        assert_eq!(value(example, key), value(&published, key), "{key}");
    }
    let files = value(example, "files");
    assert!(files.starts_with("^fixtures/.*") && files.ends_with(&value(&published, "files")), "{files}");
    assert!(example.starts_with("yaml\n# .pre-commit-config.yaml\n"), "{example}");
}

/// Returns the number of cells of a row of a table: those between bars that are not escaped.
fn cells(row: &str) -> usize {
    row.replace("\\|", "").matches('|').count().saturating_sub(1)
}

#[test]
fn rows_of_tables_have_as_many_cells_as_their_header() {
    let docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "BENCHMARKS.md", "CHANGELOG.md", "SECURITY.md"];
    let pages = docs.chain(pages.map(|name| root().join(name)));
    let mut rows = 0;
    for path in pages.filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let text = fs::read_to_string(&path).unwrap();
        let (mut header, mut before, mut is_code) = (None, "", false);
        for (index, line) in text.lines().enumerate() {
            let place = format!("{}:{}", path.display(), index + 1);
            is_code ^= line.trim_start().starts_with("```");
            if is_code || !line.starts_with('|') {
                // A line break within a row ends the table for most readers.
                assert!(header.is_none() || line.trim().is_empty(), "{place}: the table goes on without `|`");
                header = None;
            } else if let Some(expected) = header {
                assert!(line.ends_with('|'), "{place}: the row does not end with `|`");
                assert_eq!(cells(line), expected, "{place}: {line}");
                rows += 1;
            } else {
                assert!(before.trim().is_empty(), "{place}: a table needs an empty line before it");
                header = Some(cells(line));
            }
            before = line;
        }
    }
    assert!(rows > 100, "{rows}");
}
