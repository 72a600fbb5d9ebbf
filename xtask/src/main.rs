//! The tasks of this workspace, run as `cargo xtask TASK`.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tasks use files, programs and the terminal"
)]

mod bench;
mod ci;
mod codegen;
mod features;
mod fuzz;
mod mutants;
mod npm;
mod package;
mod packaging;
mod python;
mod released;
mod schema_version;
mod snapshots;
mod soak;
mod test;
mod test_binaries;
mod tools;
mod virtual_environment;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

tasks:
  test [--full]       the quick loop: unit and snapshot tests, without the slow ones; with --full, all that the system can run
  ci                  everything that has to hold on every commit; CI runs this
  codegen [--check]   generate code from schema/; with --check, fail if it is stale and change nothing
  release-schema      copy schema/log-event.schema.json to schema/released/VERSION, where it never changes again
  bench [--events N] [--rounds N] [--quick] [--peers | --streams | --bucket | --threads | --python | --spark]
                      measure ours and its peers on the same events, side by side (see BENCHMARKS.md); --quick uses
                      few events and leaves out peers that take minutes to build; --peers also runs other command
                      lines, which it installs below target/peers; instead, --streams runs all commands over streams
                      that are unusual in one way each, --bucket reads from a slow server, and --threads has more
                      threads than processors; --python compares the Python package with others, and --spark runs it on
                      one worker and on two
  fuzz [--seconds N] [--seed N] [--target NAME]...
                      run all fuzz targets, or those that are named, for N seconds each (60), from a new seed each time
  soak                run the tests that are too long for each commit: validate, split and replay over ten hours of a busy
                      log, drift over a million events, a thousand random edits of the schema
  features            lint and test what builds without default features
  advisories          look for known vulnerabilities of dependencies
  mutants [--shard K/N]
                      change the code that promises depend on, one place at a time, and expect a test to fail; takes hours,
                      so a part of it can be run
  package             package the crates that are published, and build a crate outside the workspace with them
  test-packaging      lint and run everything that brings ccxlog to a pipeline: action, templates, hook, wheel, image,
                      and the recipes of docs/ci.md (formerly `ship`)
  test-npm            pack and install the npm package, and test it with Node, TypeScript, ajv and the language service of
                      editors
  test-python         build the Python package, install it into an empty environment, and test it there
  test-spark          run the Python package on a cluster of processes, with Spark 4, Spark 3.5 and Sail";

/// The result of a task; an error is a message.
type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["test"] => test::run_quick(),
        ["test", "--full"] => test::run_full(),
        ["ci"] => ci::run_all(),
        ["codegen"] => codegen::run(codegen::Mode::Write),
        ["codegen", "--check"] => codegen::run(codegen::Mode::Check),
        ["release-schema"] => released::release(),
        ["bench", ref rest @ ..] => match bench::Options::parse(rest) {
            Some(options) => bench::run_all(&options),
            None => return misused(&words),
        },
        ["fuzz", ref rest @ ..] => match fuzz::Options::parse(rest) {
            Some(options) => fuzz::run_all(&options),
            None => return misused(&words),
        },
        ["soak"] => soak::run_all(),
        ["features"] => features::run_all(),
        ["advisories"] => ci::check_advisories(),
        ["mutants"] => mutants::run_all(None),
        ["mutants", "--shard", shard] => mutants::run_all(Some(shard)),
        ["package"] => package::run_all(),
        ["test-packaging" | "ship"] => packaging::run_all(),
        ["test-npm"] => npm::run_all(),
        ["test-python"] => python::run_all(),
        ["test-spark"] => python::run_spark(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => return misused(&words),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn misused(words: &[&str]) -> ExitCode {
    let task = if words.is_empty() { "no task given".to_owned() } else { words.join(" ") };
    eprintln!("error: unknown task: {task}\n\n{USAGE}");
    ExitCode::from(2)
}
