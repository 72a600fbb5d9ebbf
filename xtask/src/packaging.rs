//! `cargo xtask test-packaging`: lints and tests everything that brings `ccxlog` to where CI runs: `packaging/`,
//! `docs/ci.md`, workflows. The npm package has [a task of its own](crate::npm).

use std::path::Path;
use std::process::Command;

use crate::tools::{absolute, root, run, target};
use crate::{Outcome, virtual_environment};

/// Programs that the scripts under test call, in addition to what every system has.
const PROGRAMS: &[&str] = &["bash", "curl", "git"];

pub(crate) fn run_all() -> Outcome {
    let tools = virtual_environment::locked("packaging", "packaging/requirements.txt")?;
    for program in PROGRAMS {
        if Command::new(program).arg("--version").output().is_err() {
            return Err(format!("{program} is needed to test packaging/; install it, then run this again"));
        }
    }
    lint(&tools)?;
    let mut tests = Command::new(tools.join("python"));
    tests.args(["-m", "unittest", "discover", "--start-directory", "packaging/tests", "--verbose"]);
    // The programs of the environment come first, as tests depend on their versions.
    run(tests
        .current_dir(root())
        .env("CARGO_TARGET_DIR", absolute(&target())?)
        .env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// Lints every file that a forge or a container builder reads, with the usual linters.
fn lint(tools: &Path) -> Outcome {
    let shellcheck = tools.join("shellcheck");
    let shellcheck = shellcheck.to_str().ok_or("the path of the target folder is not UTF-8")?;
    let lints: &[(&str, &[&str])] = &[
        ("actionlint", &["-shellcheck", shellcheck]),
        ("zizmor", &["--quiet", "--offline", "--persona=pedantic", "action.yml", ".github"]),
        ("check-jsonschema", &["--builtin-schema", "vendor.github-actions", "action.yml"]),
        (
            "check-jsonschema",
            &["--builtin-schema", "vendor.gitlab-ci", "packaging/gitlab/ccxlog.gitlab-ci.yml"],
        ),
        ("pre-commit", &["validate-manifest", ".pre-commit-hooks.yaml"]),
        // By the schema that its first line names.
        ("taplo", &["lint", "ccxlog.toml"]),
        ("hadolint", &["Dockerfile"]),
        (
            "shellcheck",
            &[
                ".ci/run",
                "packaging/build-static.sh",
                "packaging/action/install.sh",
                "packaging/action/validate.sh",
            ],
        ),
    ];
    for (program, arguments) in lints {
        run(Command::new(tools.join(program)).args(*arguments).current_dir(root()))?;
    }
    Ok(())
}
