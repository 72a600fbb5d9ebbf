//! `ccxlog man`: prints or writes the manual pages, from the same definition as `--help`.

use std::io::Write as _;
use std::path::Path;

use clap::CommandFactory as _;

use crate::args::Args;
use crate::exit::Exit;
use crate::terminal;

pub(super) fn run(dir: Option<&Path>) -> Exit {
    let command = Args::command();
    if let Some(dir) = dir {
        let written = std::fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(command, dir));
        return match written {
            Ok(()) => Exit::Clean,
            Err(error) => {
                terminal::problem(&format!("cannot write the manual to `{}`: {error}", dir.display()));
                Exit::Failure
            }
        };
    }
    let mut out = terminal::stdout();
    Exit::from_printing(clap_mangen::Man::new(command).render(&mut out).and_then(|()| out.flush()))
}
