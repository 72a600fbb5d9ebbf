//! `ccxlog`: validates the log events that OpenVPN CloudConnexa streams to S3.
//!
//! This is the program, not an interface for others: it has one function, which is all that `src/main.rs` calls, so that
//! tests and fuzz targets can be built against what is below. To validate from Rust, use `cloudconnexa-validator`.

#![allow(clippy::disallowed_methods, reason = "here is where files, clock and environment are touched")]

mod args;
mod baseline;
mod check;
mod commands;
mod config;
mod coverage;
mod drift;
mod exit;
mod expectations;
mod follow;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod globs;
mod inputs;
mod levels;
mod nearest;
mod outputs;
mod paths;
mod progress;
mod rejected;
mod settings;
mod signals;
mod size;
mod split_outputs;
mod state;
mod table;
mod terminal;
mod time;
mod visitors;

use clap::Parser;

/// Does what the command line of this process says.
pub fn main() -> std::process::ExitCode {
    let args = args::Args::parse();
    args.color.write_global();
    commands::dispatch(args.command).into()
}
