//! `cargo xtask test-python` and `cargo xtask test-spark`: build the wheel, install it, and test what was installed.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::tools::{absolute, alone, build_programs, built, cargo, children, name, root, run, target};
use crate::virtual_environment;

/// The oldest Java that Spark 4 runs in.
const OLDEST_JAVA: u32 = 17;

/// The environments of the engines, with their lock files.
const ENGINES: [(&str, &str, &str); 3] = [
    ("CCX_PYTHON_SPARK4", "spark4", "packaging/spark/requirements-spark4.txt"),
    ("CCX_PYTHON_SPARK3", "spark3", "packaging/spark/requirements-spark3.txt"),
    ("CCX_PYTHON_SAIL", "sail", "packaging/spark/requirements-sail.txt"),
];

pub(crate) fn run_all() -> Outcome {
    let wheel = wheel()?;
    let programs = virtual_environment::locked("python", "packaging/python/requirements.txt")?;
    let python = programs.join("python");
    install(&python, &["--force-reinstall", "--no-deps"], &wheel)?;
    let mut mypy = Command::new(programs.join("mypy"));
    mypy.args(["--config-file", "pyproject.toml", "--cache-dir"])
        .arg(absolute(&target().join("python/mypy"))?);
    run(mypy.args(["python", "../../packaging/python/typed.py"]).current_dir(root().join(FOLDER)))?;
    run(tests(&python, "packaging/python", &wheel)?.arg("--verbose"))?;
    // That it works, not how fast it is.
    let mut bench = Command::new(&python);
    bench.args(["bench/python.py", "--events", "300", "--rounds", "1", "--ccxlog"]);
    bench.arg(absolute(&built("ccxlog"))?).arg("--work").arg(absolute(&target().join("python/work"))?);
    run(bench.current_dir(root()))
}

pub(crate) fn run_spark() -> Outcome {
    check_java()?;
    let wheel = wheel()?;
    let site = absolute(&target().join("python/site"))?;
    if site.exists() {
        fs::remove_dir_all(&site).map_err(|error| format!("cannot empty {}: {error}", site.display()))?;
    }
    let mut environments = Vec::new();
    for (variable, name, lock) in ENGINES {
        environments.push((variable, virtual_environment::locked(name, lock)?.join("python")));
    }
    // A folder of its own, which the tests put on the path of each process or not.
    let folder = site.to_str().ok_or("the path of the target folder is not UTF-8")?;
    let python = &environments[0].1;
    install(python, &["--no-deps", "--target", folder], &wheel)?;
    let mut tests = tests(python, "packaging/spark", &wheel)?;
    run(tests
        .arg("--verbose")
        .env("CCX_WHEEL_SITE", &site)
        .env("PYTHONPATH", &site)
        .envs(environments.clone()))?;
    // The same.
    let mut bench = Command::new(python);
    bench.args([
        "bench/spark.py",
        "--events",
        "400",
        "--objects",
        "4",
        "--small-objects",
        "4",
        "--rounds",
        "1",
    ]);
    bench
        .arg("--ccxlog")
        .arg(absolute(&built("ccxlog"))?)
        .arg("--site")
        .arg(&site)
        .arg("--python")
        .arg(python);
    run(bench.arg("--work").arg(absolute(&target().join("python/work/bench"))?).current_dir(root()))
}

/// The folder of the package.
const FOLDER: &str = "crates/cloudconnexa-python";

/// Builds the wheel, and returns its path.
fn wheel() -> Result<PathBuf, String> {
    let tools = virtual_environment::locked("packaging", "packaging/requirements.txt")?;
    let folder = absolute(&target().join("python/wheels"))?;
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("cannot empty {}: {error}", folder.display()))?;
    }
    let mut build = alone(Command::new(tools.join("maturin")));
    // The profile of tests, as dependencies are already built with it.
    build
        .args(["build", "--quiet", "--profile", "dev", "--locked", "--compatibility", "linux", "--out"])
        .arg(&folder);
    run(build.current_dir(root().join(FOLDER)))?;
    let is_wheel = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "whl");
    let wheels: Vec<PathBuf> = children(&folder).into_iter().filter(is_wheel).collect();
    match &wheels[..] {
        [wheel] if name(wheel).contains("-abi3-") => Ok(wheel.clone()),
        [wheel] => Err(format!("{} is not for every version of Python", name(wheel))),
        _ => Err(format!("maturin made {} wheels, but should make one", wheels.len())),
    }
}

/// Builds the package as it is published, and returns the folder that it is in.
pub(crate) fn optimised() -> Result<PathBuf, String> {
    run(&mut cargo(&["build", "--profile", "dist", "--locked", "--package", "cloudconnexa-python"]))?;
    let site = absolute(&target().join("python/dist"))?;
    let package = site.join("cloudconnexa_events");
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", package.display());
    if package.exists() {
        fs::remove_dir_all(&package).map_err(failed)?;
    }
    copy(&root().join(FOLDER).join("python/cloudconnexa_events"), &package).map_err(failed)?;
    let library = format!("{DLL_PREFIX}_native{DLL_SUFFIX}");
    fs::copy(target().join("dist").join(library), package.join("_native.abi3.so")).map_err(failed)?;
    Ok(site)
}

/// Copies a folder and the folders in it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for path in children(from) {
        let copied = to.join(name(&path));
        if path.is_dir() {
            copy(&path, &copied)?;
        } else {
            fs::copy(&path, copied)?;
        }
    }
    Ok(())
}

/// Returns the Python of the environment of Spark 4.
pub(crate) fn spark() -> Result<PathBuf, String> {
    check_java()?;
    let (_, name, lock) = ENGINES[0];
    Ok(virtual_environment::locked(name, lock)?.join("python"))
}

fn install(python: &Path, options: &[&str], wheel: &Path) -> Outcome {
    let mut install = Command::new(python);
    install.args(["-m", "pip", "--disable-pip-version-check", "install", "--quiet"]);
    run(install.args(options).arg(wheel))
}

/// Returns the command that runs the tests of a folder.
fn tests(python: &Path, folder: &str, wheel: &Path) -> Result<Command, String> {
    let mut tests = Command::new(python);
    tests.args(["-m", "unittest", "discover", "--start-directory", folder]);
    build_programs()?;
    tests
        .current_dir(root())
        .env("CCX_CCXLOG", absolute(&built("ccxlog"))?)
        .env("CCX_WHEEL", wheel)
        .env("CCX_WORK", absolute(&target().join("python/work"))?)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(tests)
}

fn check_java() -> Outcome {
    let output = Command::new("java").arg("-version").output().ok().filter(|output| output.status.success());
    let needed = format!(
        "Java {OLDEST_JAVA} or newer is needed to test packaging/spark; install it (on Debian: apt-get install \
         openjdk-{OLDEST_JAVA}-jre-headless), then run this again"
    );
    let Some(output) = output else { return Err(needed) };
    // It prints to standard error: openjdk version "17.0.15" 2025-04-15.
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let version = text.split('"').nth(1).unwrap_or_default();
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_JAVA) {
        return Err(format!("this is Java {version}, but {needed}"));
    }
    Ok(())
}
