//! `ccxlog validate`: is all of it valid, and if not, what is wrong where?

use std::io::{self, IsTerminal as _, Write as _};
use std::num::NonZero;
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use cloudconnexa_validator::Severity;

use crate::args::Validate;
use crate::exit::Exit;
use crate::input;
use crate::run::{self, Plan};
use crate::terminal;

pub(super) fn run(args: &Validate) -> Exit {
    let stdin = [PathBuf::from("-")];
    let inputs = match args.inputs.as_slice() {
        [] if io::stdin().is_terminal() => {
            terminal::problem(
                "no INPUT, and standard input is a terminal; try `ccxlog validate FILE`, or `--help`",
            );
            return Exit::Failure;
        }
        [] => stdin.as_slice(),
        inputs => inputs,
    };

    let started = Instant::now();
    let gathered = input::gather(inputs);
    for problem in &gathered.problems {
        terminal::problem(problem);
    }
    for note in gathered.notes.iter().filter(|_| !args.quiet) {
        terminal::note(note);
    }
    let plan = Plan {
        max_record_bytes: args.max_record_bytes,
        max_findings: args.max_findings,
        threads: threads(args.threads),
        quiet: args.quiet,
    };
    let mut run = run::run(&gathered.sources, plan);
    run.summary.left_out = gathered.left_out;
    run.summary.tally.unread += gathered.problems.len() as u64;
    if args.inputs.is_empty() && run.summary.tally.empty > 0 {
        // A pattern that matched nothing, a command in front that failed: a check of nothing must not pass for one.
        terminal::problem("no INPUT, and nothing came on standard input; give `-` if it may be empty");
        return Exit::Failure;
    }

    let mut exit = Exit::Clean;
    if run.summary.tally.severe(Severity::Error) > 0 {
        exit = Exit::Findings;
    }
    if run.summary.tally.unread > 0 {
        exit = Exit::Failure;
    }
    match run.output_failed {
        // Whoever reads our output has seen enough: not a word more. As not all was judged, this is no success.
        Some(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            return if exit == Exit::Clean { Exit::Failure } else { exit };
        }
        Some(error) => {
            terminal::problem(&format!("cannot write to standard output: {error}"));
            exit = Exit::Failure;
        }
        None => {}
    }
    if !args.quiet && !gathered.sources.is_empty() {
        let _ = write!(anstream::stderr(), "{}", run.summary.render(started.elapsed()));
    }
    exit
}

/// As many as were asked for, within reason, or as there are cores.
fn threads(asked: Option<NonZero<usize>>) -> usize {
    const REASON: usize = 256;
    let cores = || thread::available_parallelism().ok();
    asked.or_else(cores).map_or(1, NonZero::get).min(REASON)
}
