//! `cargo xtask test-npm`: packs the npm package, installs it into an empty folder, and tests it there, with Node.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::tools::{absolute, build_programs, built, children, name, root, run, target};

/// The oldest version of Node that the package promises to run in.
const OLDEST_NODE: u32 = 18;

pub(crate) fn run_all() -> Outcome {
    check_node()?;
    let work = installed()?.join("work");
    let verdicts = verdicts()?;
    if work.exists() {
        fs::remove_dir_all(&work).map_err(|error| format!("cannot empty {}: {error}", work.display()))?;
    }
    copy(&root().join("packaging/npm/tests"), &work)?;
    write(&work.join("package.json"), "{ \"private\": true, \"type\": \"module\" }\n")?;
    run(npm(&["pack", "--silent", "--pack-destination"]).arg(&work).arg(root().join("packaging/npm")))?;
    let is_packed = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "tgz");
    let packed: Vec<PathBuf> = children(&work).into_iter().filter(is_packed).collect();
    let [packed] = &packed[..] else {
        return Err(format!("`npm pack` made {} files, but should make one", packed.len()));
    };
    // It has no dependencies, so it installs without a registry.
    let install = ["install", "--offline", "--no-save", "--no-package-lock", "--ignore-scripts", "--silent"];
    run(npm(&install).arg(packed).current_dir(&work))?;
    let mut tests = Command::new("node");
    tests.arg("--test").args(children(&work).iter().filter(|path| name(path).ends_with(".test.js")));
    let program = absolute(&built("ccxlog"))?;
    run(tests
        .current_dir(&work)
        .env("CCX_ROOT", absolute(&root())?)
        .env("CCX_VERDICTS", verdicts)
        .env("CCX_CCXLOG", program))
}

fn check_node() -> Outcome {
    let version =
        Command::new("node").arg("--version").output().ok().filter(|output| output.status.success());
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let needed = format!(
        "Node {OLDEST_NODE} or newer and npm are needed to test packaging/npm; install them (on Debian: \
         apt-get install nodejs npm), then run this again"
    );
    let Some(version) = version else { return Err(needed) };
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        return Err(format!("this is Node {version}, but {needed}"));
    }
    let is_there = npm(&["--version"]).stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    if is_there { Ok(()) } else { Err(needed) }
}

/// Returns the folder with the tools that the tests use, below the target folder. They are installed again whenever their lock
/// file has changed.
fn installed() -> Result<PathBuf, String> {
    let home = absolute(&target().join("tools").join("npm"))?;
    let tests = root().join("packaging/npm/tests");
    let lock = read(&tests.join("package-lock.json"))?;
    let kept = home.join("installed.json");
    if fs::read_to_string(&kept).is_ok_and(|kept| kept == lock) {
        return Ok(home);
    }
    write(&home.join("package.json"), &read(&tests.join("package.json"))?)?;
    write(&home.join("package-lock.json"), &lock)?;
    run(npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]).current_dir(&home))?;
    write(&kept, &lock)?;
    Ok(home)
}

/// Runs the program that prints records with verdicts. Returns the path of its output.
fn verdicts() -> Result<PathBuf, String> {
    build_programs()?;
    let path = absolute(&target().join("verdicts.jsonl"))?;
    let file = File::create(&path).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    let program = target().join("debug/examples").join(format!("verdicts{}", env::consts::EXE_SUFFIX));
    run(Command::new(program).stdout(file))?;
    Ok(path)
}

fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).env("npm_config_update_notifier", "false");
    command
}

/// Copies the files of a folder. It has no folders in it.
fn copy(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to).map_err(|error| format!("cannot create {}: {error}", to.display()))?;
    for path in children(from) {
        fs::copy(&path, to.join(name(&path)))
            .map_err(|error| format!("cannot copy {}: {error}", path.display()))?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Outcome {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    folder
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}
