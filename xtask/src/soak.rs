//! `cargo xtask soak`: the tests that are too long for each commit, such as ten hours of a busy log.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::tools::{cargo, measured_on, show};

/// The files with tests that all other runs ignore: a package, and the name of the file.
const FILES: &[(&str, &str)] = &[
    ("cloudconnexa-cli", "soak"),
    ("cloudconnexa-compat", "random_edits"),
    ("cloudconnexa-drift", "drift"),
    ("cloudconnexa-drift", "profiles"),
];

/// Runs the long tests one after another, in a release build.
pub(crate) fn run_all() -> Outcome {
    println!("{}", measured_on());
    for (package, file) in FILES {
        let mut test = cargo(&["test", "--release", "--locked", "--package", package, "--test", file]);
        test.args(["--", "--ignored", "--nocapture", "--test-threads", "1"]);
        if run_tests(&mut test)? == 0 {
            return Err(format!("`{}` has run no test", show(&test)));
        }
    }
    Ok(())
}

/// Runs tests, shows their output, and returns how many have passed.
fn run_tests(command: &mut Command) -> Result<u64, String> {
    let shown = show(command);
    let cannot = |error| format!("cannot run `{shown}`: {error}");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(cannot)?;
    let mut passed = 0;
    for line in child.stdout.take().into_iter().flat_map(|stdout| BufReader::new(stdout).lines()) {
        let line = line.map_err(cannot)?;
        println!("{line}");
        passed += count_passed(&line).unwrap_or_default();
    }
    let status = child.wait().map_err(cannot)?;
    if status.success() { Ok(passed) } else { Err(format!("`{shown}` ended with {status}")) }
}

/// Returns the number of tests that have passed, if the line is the summary of all tests.
fn count_passed(line: &str) -> Option<u64> {
    let (count, _) = line.strip_prefix("test result: ok. ")?.split_once(" passed;")?;
    count.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{FILES, count_passed};
    use crate::tools::{children, root};

    #[test]
    fn tests_that_passed_are_counted() {
        let summary =
            "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 4 filtered out; finished in 9.00s";
        assert_eq!(count_passed(summary), Some(2));
        assert_eq!(count_passed(&summary.replace("ok. 2", "ok. 0")), Some(0));
        assert_eq!(count_passed("test a_test ... ok"), None);
    }

    /// Returns the sources below a folder with tests that are ignored.
    fn ignoring(folder: &Path, found: &mut Vec<String>) {
        for path in children(folder) {
            if path.is_dir() {
                ignoring(&path, found);
            } else if std::fs::read_to_string(&path).is_ok_and(|text| text.contains("\n#[ignore")) {
                let path = path.strip_prefix(root()).unwrap().display().to_string();
                found.push(path.replace('\\', "/"));
            }
        }
    }

    #[test]
    fn every_ignored_test_is_run() {
        let mut found = Vec::new();
        for folder in ["crates", "tests/tests", "xtask"] {
            ignoring(&root().join(folder), &mut found);
        }
        let listed: Vec<_> =
            FILES.iter().map(|(package, file)| format!("crates/{package}/tests/{file}.rs")).collect();
        assert_eq!(found, listed);
    }
}
