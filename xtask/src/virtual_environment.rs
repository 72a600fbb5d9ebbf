//! Virtual environments of Python below the target folder, each with what a lock file lists.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tools::{absolute, root, run, target};

/// Succeeds on the Python that lock files are made for, if it can make virtual environments.
const PYTHON: &str = "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))";

/// The folder with the programs of a virtual environment.
const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// Returns the folder with the programs of the environment `name`, which has what `lock` lists, a path from the root. It is
/// created again whenever that file has changed.
pub(crate) fn locked(name: &str, lock: &str) -> Result<PathBuf, String> {
    let home = absolute(&target().join("tools").join(name))?;
    let programs = home.join(PROGRAMS);
    let wanted = root().join(lock);
    let lock = fs::read(&wanted).map_err(|error| format!("cannot read {}: {error}", wanted.display()))?;
    let installed = home.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|kept| kept == lock) {
        return Ok(programs);
    }
    create(&home)?;
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

/// Creates an empty environment.
fn create(home: &Path) -> Result<(), String> {
    if !Command::new("python3").args(["-c", PYTHON]).output().is_ok_and(|output| output.status.success()) {
        return Err("python3 is needed to test packaging/, 3.11 or newer, with its modules venv and ensurepip; install it (on \
                    Debian: apt-get install python3-venv), then run this again"
            .to_owned());
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(home))
}
