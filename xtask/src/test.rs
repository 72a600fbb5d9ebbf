//! `cargo xtask test`: the tests that are worth running after each change, or all of them.

use crate::Outcome;
use crate::tools::{HEAVY, cargo, children, name, root, run};

/// Integration tests of the command line that take minutes: they fail at every byte, run for hours of log time, or talk to
/// a server.
const SLOW: &[&str] = &["faults", "follow", "hostile", "objects", "soak", "threads"];

/// Unit tests that take minutes.
const SLOW_MODULE: &str = "fault_tests";

/// Runs unit and snapshot tests of all crates, but not the slow ones.
pub(crate) fn run_quick() -> Outcome {
    let mut test = cargo(&["test", "--workspace", "--lib", "--bins", "--locked"]);
    for path in children(&root().join("crates/cloudconnexa-cli/tests")) {
        let file = name(&path);
        if let Some(test_name) = file.strip_suffix(".rs").filter(|name| !SLOW.contains(name)) {
            test.args(["--test", test_name]);
        }
    }
    run(test.env("INSTA_UPDATE", "no").args(["--", "--skip", SLOW_MODULE]))
}

/// Integration tests of the command line that run on Windows. The others compare paths with slashes, or send signals.
const ON_WINDOWS: &[&str] = &["compat", "formats", "split", "threads"];

/// Runs all tests, as far as the system allows.
pub(crate) fn run_full() -> Outcome {
    let with = |arguments: &[&str]| {
        let mut test = cargo(&["test", HEAVY, "--locked", "--no-fail-fast"]);
        run(test.args(arguments).env("INSTA_UPDATE", "no"))
    };
    if !cfg!(windows) {
        return with(&["--workspace"]);
    }
    with(&["--workspace", "--exclude", "cloudconnexa-cli"])?;
    let names = ON_WINDOWS.iter().flat_map(|name| ["--test", name]);
    let arguments: Vec<_> =
        ["--package", "cloudconnexa-cli", "--lib", "--bins"].into_iter().chain(names).collect();
    with(&arguments)
}
