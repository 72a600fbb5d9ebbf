//! `ccxlog`: validates the log events that OpenVPN CloudConnexa streams to S3.

#![allow(clippy::disallowed_methods, reason = "here is where files, clock and environment are touched")]

mod args;
mod baseline;
mod commands;
mod config;
mod exit;
mod fingerprint;
mod fixtures;
mod forge;
mod inflate;
mod input;
mod lengths;
mod levels;
mod nearest;
mod outputs;
mod parts;
mod progress;
mod rejected;
mod render;
mod run;
mod sample;
mod select;
mod settings;
mod signals;
mod size;
mod state;
mod summary;
mod table;
mod terminal;

use clap::Parser;

fn main() -> std::process::ExitCode {
    let args = args::Args::parse();
    args.color.write_global();
    commands::dispatch(args.command).into()
}
