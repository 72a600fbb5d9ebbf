//! Checks that each promise in docs/reliability.md names tests that exist and run, and where.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::path::Path;

/// Where a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Platform {
    Everywhere,
    Unix,
    Linux,
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Everywhere => "",
            Self::Unix => "(Unix)",
            Self::Linux => "(Linux)",
        })
    }
}

/// A test as its source declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Declared {
    platform: Platform,
    is_ignored: bool,
}

/// The source files that the page names.
trait Sources {
    /// Returns the text of a file, if it exists.
    fn read(&self, path: &str) -> Option<String>;
}

/// The files of the repository. Paths are relative to the command line, the folder of crates or the root.
struct Repository;

impl Sources for Repository {
    fn read(&self, path: &str) -> Option<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        ["crates/cloudconnexa-cli", "crates", "."]
            .iter()
            .find_map(|folder| fs::read_to_string(root.join(folder).join(path)).ok())
    }
}

/// Returns the attributes above each line of `code` that `is_wanted`.
fn attributes(code: &str, is_wanted: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
    let lines: Vec<_> = code.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| is_wanted(line))?;
    let above = lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
    Some(above.filter(|line| line.starts_with("#[")).copied().collect())
}

fn platform(attributes: &[&str]) -> Platform {
    let is_any = |name: &str| attributes.iter().any(|attribute| attribute.contains(name));
    if is_any("cfg(target_os = \"linux\")]") {
        Platform::Linux
    } else if is_any("cfg(unix)]") {
        Platform::Unix
    } else {
        Platform::Everywhere
    }
}

/// Returns where the code of a file is compiled, as the file and the one that declares it say.
fn platform_of_file(path: &str, sources: &dyn Sources) -> Platform {
    let code = sources.read(path).unwrap_or_default();
    let own = platform(&code.lines().filter(|line| line.starts_with("#![")).collect::<Vec<_>>());
    let path = Path::new(path);
    let (Some(folder), Some(name)) = (path.parent().and_then(Path::to_str), path.file_stem()) else {
        return own;
    };
    let declares = format!("mod {};", name.display());
    let parents = [format!("{folder}.rs"), format!("{folder}/mod.rs"), format!("{folder}/lib.rs")];
    let parents = parents.iter().filter_map(|parent| sources.read(parent));
    parents
        .filter_map(|code| attributes(&code, |line| line == declares).map(|found| platform(&found)))
        .fold(own, Platform::max)
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// Returns how a file declares the test `name`, if it does.
fn declared(path: &str, name: &str, sources: &dyn Sources) -> Option<Declared> {
    let code = sources.read(path)?;
    if has_extension(path, "py") {
        let is_linux = code.contains("\n    sys.platform == \"linux\" and ");
        let platform = if is_linux { Platform::Linux } else { Platform::Everywhere };
        let is_test = name.starts_with("test_") && code.contains(&format!("\n    def {name}(self):\n"));
        return is_test.then_some(Declared { platform, is_ignored: false });
    }
    let attributes = attributes(&code, |line| line.starts_with(&format!("fn {name}(")))?;
    attributes.contains(&"#[test]").then(|| Declared {
        platform: platform(&attributes).max(platform_of_file(path, sources)),
        is_ignored: attributes.iter().any(|attribute| attribute.starts_with("#[ignore")),
    })
}

/// A file or a test that a passage names, and the platform in parentheses after it.
struct Named<'a> {
    name: &'a str,
    platform: Platform,
}

/// Returns what stands in backticks.
fn names(text: &str) -> impl Iterator<Item = Named<'_>> {
    let parts: Vec<_> = text.split('`').collect();
    (1..parts.len()).step_by(2).map(move |index| {
        let after = parts.get(index + 1).copied().unwrap_or_default();
        let platforms = [Platform::Linux, Platform::Unix];
        let platform = platforms.into_iter().find(|name| after.trim_start().starts_with(&name.to_string()));
        Named { name: parts[index], platform: platform.unwrap_or(Platform::Everywhere) }
    })
}

/// Checks the tests that a passage names, after their files. Returns their number.
fn check(passage: &str, is_row: bool, sources: &dyn Sources, problems: &mut Vec<String>) -> usize {
    let mut file: Option<(Named<'_>, bool)> = None;
    let mut tests = HashSet::new();
    let is_file = |name: &str| has_extension(name, "rs") || has_extension(name, "py");
    let is_test = |name: &str| {
        name.contains('_')
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    for named in names(passage) {
        if is_file(named.name) {
            if let Some((file, false)) = &file {
                problems.push(format!("no test of {} is named", file.name));
            }
            if sources.read(named.name).is_none() {
                problems.push(format!("there is no file {}", named.name));
            }
            file = Some((named, false));
        } else if is_test(named.name) {
            let Some((file, has_tests)) = &mut file else {
                problems.push(format!("no file is named before {}", named.name));
                continue;
            };
            *has_tests = true;
            if !tests.insert((file.name, named.name)) {
                problems.push(format!("{} is named twice", named.name));
            }
            match declared(file.name, named.name, sources) {
                None => problems.push(format!("{} has no test {}", file.name, named.name)),
                Some(test) => {
                    if is_row && test.is_ignored {
                        problems.push(format!("{} is ignored, so no run of all tests shows it", named.name));
                    }
                    let said = file.platform.max(named.platform);
                    if test.platform != said {
                        let (name, runs) = (named.name, test.platform);
                        problems.push(format!(
                            "{name} runs on {runs:?}, and the page says {said:?}: write `{name}` {runs}"
                        ));
                    }
                }
            }
        } else if is_row {
            problems.push(format!("`{}` is neither a file nor a test", named.name));
        }
    }
    if let Some((file, false)) = file.filter(|_| is_row) {
        problems.push(format!("no test of {} is named", file.name));
    }
    tests.len()
}

/// Returns what is wrong with a page of promises, and the number of tests that it names.
///
/// Each table whose last column is `test` or `seeds` names at least one test per row. Elsewhere, names of tests in a paragraph
/// follow that of their file.
fn check_page(text: &str, sources: &dyn Sources) -> (Vec<String>, usize) {
    let (mut problems, mut tests, mut promises) = (Vec::new(), 0, HashSet::new());
    for paragraph in text.split("\n\n") {
        let cells = |row: &str| {
            row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
        };
        let mut rows = paragraph.lines().filter(|line| line.starts_with('|'));
        let Some(header) = rows.next().map(cells) else {
            tests += check(paragraph, false, sources, &mut problems);
            continue;
        };
        if !["test", "seeds"].contains(&header.last().map_or("", String::as_str)) {
            continue;
        }
        for row in rows.skip(1).map(cells) {
            let (promise, tested) = (row[0].clone(), row.last().cloned().unwrap_or_default());
            let mut found = Vec::new();
            if row.len() != header.len() {
                found.push(format!("{} cells instead of {}", row.len(), header.len()));
            }
            let count = check(&tested, true, sources, &mut found);
            if count == 0 {
                found.push("no test is named".to_owned());
            }
            if !promises.insert(promise.clone()) {
                found.push("it is listed twice".to_owned());
            }
            tests += count;
            problems.extend(found.into_iter().map(|problem| format!("{promise}: {problem}")));
        }
    }
    (problems, tests)
}

#[test]
fn each_promise_names_tests_that_exist_and_run() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reliability.md")).unwrap();
    let (problems, tests) = check_page(&text, &Repository);
    assert!(problems.is_empty(), "docs/reliability.md:\n  {}", problems.join("\n  "));
    assert!(tests > 80, "{tests}");
}

/// A tree of three files.
struct Example;

impl Sources for Example {
    fn read(&self, path: &str) -> Option<String> {
        let text = match path {
            "tests/a.rs" => {
                "//! Tests.\n\n/// Says more.\n#[test]\nfn holds_for_2_threads() {}\n\nfn no_test() {}\n\n\
                 #[cfg(target_os = \"linux\")]\n#[test]\nfn takes_memory() {}\n\n#[test]\n#[ignore = \"slow\"]\nfn is_slow() {}\n\n\
                 #[cfg(unix)]\nmod b;\n"
            }
            "tests/a/b.rs" => "#[test]\nfn is_below() -> io::Result<()> {\n}\n",
            "tests/unix.rs" => "#![cfg(unix)]\n\n#[test]\nfn is_killed() {}\n",
            _ => return None,
        };
        Some(text.to_owned())
    }
}

fn problems(cell: &str) -> Vec<String> {
    let page = format!("# Promises\n\n| promise | test |\n|---|---|\n| It holds | {cell} |\n");
    check_page(&page, &Example).0
}

#[test]
fn rows_that_name_their_tests_and_platforms_are_accepted() {
    for cell in [
        "`tests/a.rs`: `holds_for_2_threads`",
        "`tests/a.rs`: `holds_for_2_threads` (twice), `takes_memory` (Linux)",
        "`tests/unix.rs` (Unix): `is_killed`; `tests/a/b.rs`: `is_below` (Unix)",
    ] {
        assert_eq!(problems(cell), [""; 0], "{cell}");
    }
}

#[test]
fn rows_without_a_test_that_runs_are_refused() {
    for (cell, problem) in [
        ("", "no test is named"),
        ("see above", "no test is named"),
        ("`tests/a.rs`", "no test of tests/a.rs is named"),
        ("`tests/a.rs`; `tests/unix.rs` (Unix): `is_killed`", "no test of tests/a.rs is named"),
        ("`tests/none.rs`: `holds_for_2_threads`", "there is no file tests/none.rs"),
        ("`tests/a.rs`: `holds_for_3_threads`", "tests/a.rs has no test holds_for_3_threads"),
        ("`tests/a.rs`: `no_test`", "tests/a.rs has no test no_test"),
        ("`tests/a.rs`: `holds`", "`holds` is neither a file nor a test"),
        ("`tests/a.rs`: `is_slow`", "is_slow is ignored"),
        ("`holds_for_2_threads`", "no file is named before holds_for_2_threads"),
        ("`tests/a.rs`: `takes_memory`", "takes_memory runs on Linux, and the page says Everywhere"),
        ("`tests/a.rs`: `takes_memory` (Unix)", "takes_memory runs on Linux, and the page says Unix"),
        ("`tests/a.rs` (Linux): `holds_for_2_threads`", "runs on Everywhere, and the page says Linux"),
        ("`tests/unix.rs`: `is_killed`", "is_killed runs on Unix"),
        ("`tests/a/b.rs`: `is_below`", "is_below runs on Unix"),
        ("`tests/a.rs`: `holds_for_2_threads`, `holds_for_2_threads`", "holds_for_2_threads is named twice"),
        ("`tests/a.rs`: `holds_for_2_threads` | more", "3 cells instead of 2"),
    ] {
        let found = problems(cell);
        assert!(found.iter().any(|found| found.contains(problem)), "{cell}: {found:?}");
    }
    let row = "| It holds | `tests/a.rs`: `holds_for_2_threads` |\n";
    let page = format!("| promise | test |\n|---|---|\n{row}{row}");
    assert_eq!(check_page(&page, &Example).0, ["It holds: it is listed twice"]);
}

#[test]
fn paragraphs_name_tests_that_exist() {
    let page = "The tests are in `tests/a.rs`: `is_slow` and `holds_for_3_threads`.\n";
    assert_eq!(
        check_page(page, &Example),
        (vec!["tests/a.rs has no test holds_for_3_threads".to_owned()], 2)
    );
}
