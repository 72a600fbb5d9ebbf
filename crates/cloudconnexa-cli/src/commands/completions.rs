//! `ccxlog completions`: prints the completion script for a shell.

use std::io::Write as _;

use clap::CommandFactory as _;

use crate::args::Args;
use crate::exit::Exit;
use crate::terminal;

pub(super) fn run(shell: clap_complete::Shell) -> Exit {
    // The generator panics if it can't write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "ccxlog", &mut script);
    let mut out = terminal::stdout();
    Exit::from_printing(out.write_all(&script).and_then(|()| out.flush()))
}
