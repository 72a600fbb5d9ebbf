//! `ccxlog`: validates the log events that OpenVPN CloudConnexa streams to S3.
//!
//! This library is the program, for callers that cannot run the binary: the Python package, tests and fuzz targets. To validate events from Rust, use `cloudconnexa-validator`.

#![allow(clippy::disallowed_methods, reason = "this crate is the one that uses files, clock and environment")]

mod args;
mod baseline;
mod check;
mod commands;
mod config;
mod connections;
mod convert;
mod coverage;
mod data_output;
mod drift;
mod empty_inputs;
mod exit;
mod expectations;
mod filter;
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
mod record_lines;
mod rejected;
mod released;
mod schema_diff;
mod settings;
mod signals;
mod size;
mod split_outputs;
mod state;
mod table;
mod terminal;
mod time;
mod top;
mod unreadable;
mod usage;
mod visitors;

use std::ffi::OsString;

use clap::Parser;

/// Runs the command line of this process. Returns the exit code.
pub fn main() -> std::process::ExitCode {
    run(std::env::args_os()).into()
}

/// Runs a command line, of which the first argument is the name of the program. Returns the exit code.
///
/// The process is that of the program: this may end it, and handles its signals.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let args = args::Args::try_parse_from(arguments)
        .unwrap_or_else(|error| usage::with_helpful_suggestions(error).exit());
    args.color.write_global();
    commands::dispatch(args.command).code()
}
