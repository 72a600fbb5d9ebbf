//! `cargo xtask ci`: everything that has to hold on every commit.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::tools::{built, cargo, installed, root, run, target};
use crate::{Outcome, bench, codegen, package, packaging, snapshots};

/// Pinned, so that a new release of it cannot fail a commit that has not changed.
const CARGO_DENY: &str = "0.20.2";

/// A step and its name.
type Step = (&'static str, fn() -> Outcome);

/// Steps that fail quickly come first.
const STEPS: &[Step] = &[
    ("generated code is fresh", codegen::check_code),
    ("formatting", formatting),
    ("lints", || {
        run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
    }),
    ("tests", tests),
    // From here on, everything uses the `ccxlog` that the tests have built.
    ("generated schemas are fresh", || codegen::check_schemas(ccxlog)),
    ("our own events", own_events),
    ("documentation", || {
        let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
        run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    }),
    ("benchmarks build and run", bench::check),
    ("packages", package::run_all),
    ("packaging", packaging::run_all),
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
    for (index, (name, step)) in STEPS.iter().enumerate() {
        eprintln!("\n[{}/{}] {name}", index + 1, STEPS.len());
        let step_start = Instant::now();
        let outcome = step();
        times.push((*name, step_start.elapsed()));
        if let Err(message) = outcome {
            print_times(&times, start.elapsed());
            return Err(format!("{name}: {message}"));
        }
    }
    print_times(&times, start.elapsed());
    eprintln!("\nall {} steps passed", STEPS.len());
    Ok(())
}

/// Prints a table of seconds per step.
fn print_times(times: &[(&str, Duration)], total: Duration) {
    eprintln!("\nseconds  step");
    for (name, time) in times.iter().copied().chain([("total", total)]) {
        eprintln!("{:>7.0}  {name}", time.as_secs_f64());
    }
}

/// Runs all tests; after them, every snapshot must have been used by one.
fn tests() -> Outcome {
    let references = target().join("insta-references.txt");
    snapshots::forget(&references)?;
    let mut test = cargo(&["test", "--workspace", "--locked"]);
    // A snapshot that differs fails, here as in CI, and nothing is written.
    run(test.env("INSTA_UPDATE", "no").env("INSTA_SNAPSHOT_REFERENCES_FILE", &references))?;
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
