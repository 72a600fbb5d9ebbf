//! `cargo xtask ci`: everything that has to hold on every commit.

use std::process::Command;
use std::time::Instant;

use crate::tools::{cargo, installed, root, run, target};
use crate::{Outcome, bench, codegen, package, ship, snapshots};

/// Pinned, so that a new release of it cannot fail a commit that has not changed.
const CARGO_DENY: &str = "0.20.2";

/// A step, and the name to run it by.
type Step = (&'static str, fn() -> Outcome);

/// What is quick to fail comes first.
const STEPS: &[Step] = &[
    ("generated code is fresh", || codegen::run(codegen::Mode::Check)),
    ("formatting", formatting),
    ("lints", || {
        run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
    }),
    ("tests", tests),
    ("our own events", own_events),
    ("documentation", || {
        let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
        run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    }),
    ("benchmarks build and run", bench::check),
    ("packages", package::run_all),
    ("packaging", ship::run_all),
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
    for (index, (name, step)) in STEPS.iter().enumerate() {
        eprintln!("\n[{}/{}] {name}", index + 1, STEPS.len());
        let begun = Instant::now();
        step().map_err(|message| format!("{name}: {message}"))?;
        eprintln!("[{}/{}] {name}: ok in {:.0?}", index + 1, STEPS.len(), begun.elapsed());
    }
    eprintln!("\nall {} steps passed in {:.0?}", STEPS.len(), start.elapsed());
    Ok(())
}

/// All tests; then no snapshot may be left that none of them looked at.
fn tests() -> Outcome {
    let references = target().join("insta-references.txt");
    snapshots::forget(&references)?;
    let mut test = cargo(&["test", "--workspace", "--locked"]);
    // A snapshot that differs fails, here as in CI, and nothing is written.
    run(test.env("INSTA_UPDATE", "no").env("INSTA_SNAPSHOT_REFERENCES_FILE", &references))?;
    snapshots::check(&references)
}

/// The command line over our own events, as anybody would use it: those that have to be valid, as `ccxlog.toml` says, and
/// samples of every finding; and whether there is a sample of all that the schema describes.
fn own_events() -> Outcome {
    let ccxlog = ["run", "--quiet", "--locked", "--package", "cloudconnexa-cli", "--"];
    run(cargo(&ccxlog).arg("validate"))?;
    let corpus = ["valid", "noticed", "invalid", "semantic"].map(|kind| format!("tests/corpus/{kind}"));
    // That file is no text at all to any JSON reader, and none to be judged.
    run(cargo(&ccxlog).args(["test", "--exclude", "**/utf-16.json"]).args(corpus))?;
    let valid = ["tests/corpus/valid", "tests/corpus/noticed", "crates/cloudconnexa-events/examples"];
    run(cargo(&ccxlog).args(["coverage", "--min", "100%"]).args(valid))
}

fn deny() -> Outcome {
    let mut deny = Command::new(installed("cargo-deny", CARGO_DENY)?);
    run(deny.args(["check", "licenses", "bans", "sources"]).current_dir(crate::tools::root()))
}
