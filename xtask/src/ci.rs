//! `cargo xtask ci`: everything that has to hold on every commit.

use std::env;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::tools::{HEAVY, alone, built, cargo, installed, root, run, target};
use crate::{Outcome, bench, codegen, npm, package, python, schema_version, snapshots, test_binaries};

/// Pinned, so that a new release of it cannot fail a commit that has not changed.
const CARGO_DENY: &str = "0.20.2";

/// A step and its name.
type Step = (&'static str, fn() -> Outcome);

/// Steps that fail quickly come first.
const STEPS: &[Step] = &[
    ("generated code is fresh", codegen::check_code),
    ("formatting", formatting),
    ("lints", || {
        run(&mut cargo(&[
            "clippy",
            "--workspace",
            HEAVY,
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]))
    }),
    ("tests", tests),
    // From here on, everything uses the `ccxlog` that the tests have built.
    ("generated schemas and documentation are fresh", || codegen::check_output(ccxlog)),
    ("our own events", own_events),
    ("the version of the schema", || schema_version::check(ccxlog)),
];

/// Steps that leave a processor idle for much of their time.
const STEPS_BESIDE_PACKAGING: &[Step] = &[
    ("documentation", || {
        let mut doc = cargo(&["doc", "--workspace", HEAVY, "--no-deps", "--locked"]);
        run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    }),
    ("benchmarks build and run", bench::check),
    ("packages", package::run_all),
    ("the npm package", npm::run_all),
    ("the Python package", python::run_all),
    ("Spark", python::run_spark),
    ("licences, bans and sources", deny),
];

/// Checks the formatting. `cargo fmt` finds files by their `mod` lines, so those of rules, which a macro declares, are
/// named here.
fn formatting() -> Outcome {
    let folder = root().join("crates/cloudconnexa-validator/src/rules");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let rules = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut fmt = cargo(&["fmt", "--all", "--check", "--"]);
    run(fmt.args(rules.filter(|path| path.extension().is_some_and(|extension| extension == "rs"))))
}

pub(crate) fn run_all() -> Outcome {
    let start = Instant::now();
    let mut times = Vec::new();
    let outcome = run_steps(&mut times);
    eprintln!("\nseconds  step");
    for (name, time) in times.iter().copied().chain([("total", start.elapsed())]) {
        eprintln!("{:>7.0}  {name}", time.as_secs_f64());
    }
    outcome?;
    eprintln!("\nall {} steps passed", times.len());
    Ok(())
}

fn run_steps(times: &mut Vec<(&'static str, Duration)>) -> Outcome {
    // The tests build this program again, after which the system no longer knows where it is.
    let program = env::current_exe().map_err(|error| format!("cannot find xtask: {error}"))?;
    for (name, step) in STEPS {
        timed(name, step, times)?;
    }
    let mut beside = Vec::new();
    let outcome = thread::scope(|scope| {
        // It builds with profiles of its own, so neither waits for the other's lock on the target folder.
        let packaging = scope.spawn(|| timed("packaging", || packaging(&program), &mut beside));
        let outcome = STEPS_BESIDE_PACKAGING.iter().try_for_each(|(name, step)| timed(name, step, times));
        let packaging = packaging.join().unwrap_or_else(|_| Err("packaging: the step panicked".to_owned()));
        outcome.and(packaging)
    });
    times.append(&mut beside);
    outcome
}

/// Runs a step and notes how long it took.
fn timed(
    name: &'static str,
    step: impl FnOnce() -> Outcome,
    times: &mut Vec<(&'static str, Duration)>,
) -> Outcome {
    eprintln!("\n[{name}]");
    let start = Instant::now();
    let outcome = step();
    times.push((name, start.elapsed()));
    outcome.map_err(|message| format!("{name}: {message}"))
}

/// Runs `cargo xtask test-packaging`, and prints its output in one piece.
fn packaging(program: &Path) -> Outcome {
    let log = target().join("test-packaging.log");
    let failed =
        |error: std::io::Error| format!("cannot run test-packaging, or write {}: {error}", log.display());
    let file = File::create(&log).map_err(failed)?;
    let mut task = alone(Command::new(program));
    task.arg("test-packaging").stdout(file.try_clone().map_err(failed)?).stderr(file);
    let outcome = run(&mut task);
    eprintln!("\n[output of packaging]\n{}", String::from_utf8_lossy(&fs::read(&log).map_err(failed)?));
    outcome
}

/// Runs all tests; after them, every snapshot must have been used by one.
fn tests() -> Outcome {
    let references = target().join("insta-references.txt");
    snapshots::forget(&references)?;
    // A snapshot that differs fails, here as in CI, and nothing is written.
    let variables = [
        ("INSTA_UPDATE", "no".into()),
        ("INSTA_SNAPSHOT_REFERENCES_FILE", references.clone().into_os_string()),
    ];
    test_binaries::run_all(&variables)?;
    snapshots::check(&references)
}

/// Returns the `ccxlog` that the tests have built. `cargo run` would build it again, as features differ without tests.
fn ccxlog() -> Command {
    let mut ccxlog = Command::new(built("ccxlog"));
    ccxlog.current_dir(root());
    ccxlog
}

/// Runs the command line on our own events as a user would: on those that have to be valid, as `ccxlog.toml` says, on samples
/// of every finding, and for coverage, as there has to be a sample of everything that the schema describes.
fn own_events() -> Outcome {
    run(ccxlog().arg("validate"))?;
    let corpus = ["valid", "noticed", "invalid", "semantic"].map(|kind| format!("tests/corpus/{kind}"));
    // That file is not text to any JSON reader, so it is not checked.
    run(ccxlog().args(["test", "--exclude", "**/utf-16.json"]).args(corpus))?;
    let valid = ["tests/corpus/valid", "tests/corpus/noticed", "crates/cloudconnexa-events/examples"];
    run(ccxlog().args(["coverage", "--min", "100%"]).args(valid))
}

fn deny() -> Outcome {
    check_dependencies(&["licenses", "bans", "sources"])
}

/// Looks for known vulnerabilities of dependencies. Not a step, as a commit that has not changed would fail.
pub(crate) fn check_advisories() -> Outcome {
    check_dependencies(&["advisories"])
}

fn check_dependencies(checks: &[&str]) -> Outcome {
    let mut deny = Command::new(installed("cargo-deny", CARGO_DENY)?);
    run(deny.arg("check").args(checks).current_dir(root()))
}
