//! The chores of this workspace, run as `cargo xtask TASK`.

#![allow(clippy::disallowed_methods, reason = "chores touch files and environment")]

mod bench;
mod ci;
mod codegen;
mod fuzz;
mod package;
mod ship;
mod snapshots;
mod soak;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

tasks:
  codegen [--check]   generate code from schema/; with --check, fail where it is stale and change nothing
  ci                  everything that has to hold on every commit: what CI runs
  bench [--events N] [--rounds N] [--quick] [--peers]
                      ours and its peers over the same events, side by side: BENCHMARKS.md; --quick takes few
                      events, and leaves out what takes minutes to build; --peers runs the command lines of
                      others as well, which it installs below target/peers
  fuzz [--seconds N] [--target NAME]...
                      arbitrary bytes for everything that reads bytes: all targets of fuzz/, or those that are named,
                      for N seconds each (60)
  soak                ten hours of a busy log, through validate, split and replay: counts and memory
  package             package the crates that ship, and build a crate outside the workspace against them
  ship                lint and run what is for CI: action, templates, hook, wheel, image, recipes of docs/ci.md";

/// What a task comes to: done, or why not.
type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["codegen"] => codegen::run(codegen::Mode::Write),
        ["codegen", "--check"] => codegen::run(codegen::Mode::Check),
        ["ci"] => ci::run_all(),
        ["bench", ref rest @ ..] => match bench::Options::parse(rest) {
            Some(options) => bench::run_all(&options),
            None => return misused(&words),
        },
        ["fuzz", ref rest @ ..] => match fuzz::Options::parse(rest) {
            Some(options) => fuzz::run_all(&options),
            None => return misused(&words),
        },
        ["soak"] => soak::run_all(),
        ["package"] => package::run_all(),
        ["ship"] => ship::run_all(),
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
