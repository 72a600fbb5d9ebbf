//! `cargo xtask test-packaging`: lints and tests everything that brings `ccxlog` to where CI runs: `packaging/`,
//! `docs/ci.md`, workflows. The npm package has [a task of its own](crate::npm).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::tools::{absolute, root, run, target};

/// Succeeds on the Python that `packaging/requirements.txt` is locked for, if it can make virtual environments.
const PYTHON: &str = "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))";

/// Programs that the scripts under test call, in addition to what every system has.
const PROGRAMS: &[&str] = &["bash", "curl", "git"];

pub(crate) fn run_all() -> Outcome {
    let tools = tools()?;
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

/// Returns the folder with the programs of `packaging/requirements.txt`, in a virtual environment below the target folder. It
/// is created again whenever that file has changed.
fn tools() -> Result<PathBuf, String> {
    let home = target().join("tools").join("packaging");
    let programs = home.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let wanted = root().join("packaging/requirements.txt");
    let lock = fs::read(&wanted).map_err(|error| format!("cannot read {}: {error}", wanted.display()))?;
    let installed = home.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|kept| kept == lock) {
        return Ok(programs);
    }
    if !Command::new("python3").args(["-c", PYTHON]).output().is_ok_and(|output| output.status.success()) {
        return Err(
            "python3 is needed to test packaging/, 3.11 or newer, with its modules venv and ensurepip; \
                    install it (on Debian: apt-get install python3-venv), then run this again"
                .to_owned(),
        );
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
    let mut install = Command::new(programs.join("python"));
    install.args([
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--require-hashes",
        "--requirement",
    ]);
    run(install.arg(&wanted))?;
    fs::write(&installed, lock).map_err(|error| format!("cannot write {}: {error}", installed.display()))?;
    Ok(programs)
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
