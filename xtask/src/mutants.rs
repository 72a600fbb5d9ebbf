//! `cargo xtask mutants`: changes the code on which promises depend, one place at a time, and expects a test to fail.

use std::fs;
use std::process::Command;

use crate::Outcome;
use crate::tools::{absolute, alone, installed, run, target};

/// Pinned, like all tools that are installed.
const CARGO_MUTANTS: &str = "27.1.0";

/// Code that is changed, and the tests that have to notice.
struct Scope {
    package: &'static str,
    /// Relative to the folder of the crate.
    files: &'static [&'static str],
    /// Arguments of `cargo test`: the fast tests that hold the promises.
    tests: &'static [&'static str],
    /// Packages whose tests have to notice.
    test_packages: &'static str,
}

/// What `docs/reliability.md` promises about outputs, state, splitting and validity is decided here.
const SCOPES: &[Scope] = &[
    Scope {
        package: "cloudconnexa-cli",
        files: &[
            "src/outputs.rs",
            "src/outputs/**",
            "src/split_outputs.rs",
            "src/split_outputs/**",
            "src/state/**",
            "src/check/**",
        ],
        tests: &[
            "--lib",
            "--test",
            "split",
            "--test",
            "replay",
            "--test",
            "state",
            "--test",
            "reports",
            "--test",
            "follow",
            "--test",
            "permissions",
            "--test",
            "unreadable",
        ],
        test_packages: "cloudconnexa-cli",
    },
    Scope {
        package: "cloudconnexa-reader",
        files: &["src/records/**"],
        tests: &["--lib", "--test", "reader"],
        test_packages: "cloudconnexa-reader",
    },
    Scope {
        package: "cloudconnexa-validator",
        files: &["src/fast/**"],
        tests: &["--lib", "--test", "tiers", "--test", "fast_tier", "--test", "lines", "--test", "views"],
        test_packages: "cloudconnexa-validator,workspace-tests",
    },
];

/// Tries one part of the mutants, such as `0/8`, or all of them.
pub(crate) fn run_all(shard: Option<&str>) -> Outcome {
    let program = installed("cargo-mutants", CARGO_MUTANTS)?;
    let mut problems = Vec::new();
    for scope in SCOPES {
        let output = absolute(&target().join("mutants").join(scope.package))?;
        fs::create_dir_all(&output).map_err(|error| format!("cannot make {}: {error}", output.display()))?;
        let mut mutants = alone(Command::new(&program));
        mutants.args(["mutants", "--package", scope.package, "--test-package", scope.test_packages]);
        for file in scope.files {
            mutants.args(["--file", &format!("crates/{}/{file}", scope.package)]);
        }
        if let Some(shard) = shard {
            mutants.args(["--shard", shard]);
        }
        let outcome = run(mutants.arg("--output").arg(&output).arg("--").args(scope.tests));
        problems.extend(outcome.err());
        let list = fs::read_to_string(output.join("mutants.out/mutants.json")).unwrap_or_default();
        if !list.contains("\"function\"") {
            problems.push(format!("{}: nothing was changed, so nothing was tested", scope.package));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(format!("see above:\n  {}", problems.join("\n  "))) }
}

#[cfg(test)]
mod tests {
    use super::SCOPES;
    use crate::tools::root;

    #[test]
    fn the_listed_code_exists() {
        for scope in SCOPES {
            for file in scope.files {
                let path = root().join("crates").join(scope.package).join(file.trim_end_matches("/**"));
                assert!(path.exists(), "{}", path.display());
            }
        }
    }
}
