//! Counts events by name in the inputs that are given as arguments.
//!
//! Rejected records go to standard error. The exit code is 1 if an input could not be read to its end, or if there are no
//! arguments.
//!
//! ```sh
//! cargo run --example count_events -- CloudConnexa/ more/*.jsonl.gz
//! ```

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a program of its own")]

use std::collections::BTreeMap;
use std::env;
use std::process::ExitCode;

use cloudconnexa_reader::Reader;

fn main() -> ExitCode {
    let inputs: Vec<_> = env::args_os().skip(1).collect();
    if inputs.is_empty() {
        eprintln!("usage: count_events INPUT...");
        return ExitCode::FAILURE;
    }
    let mut counts = BTreeMap::<_, u64>::new();
    let mut exit_code = ExitCode::SUCCESS;
    for event in Reader::new(inputs).events() {
        match event {
            Ok(Ok(event)) => *counts.entry(event.event_name().to_owned()).or_default() += 1,
            Ok(Err(rejected)) => eprintln!("{rejected}"),
            Err(error) => {
                eprintln!("{error}");
                exit_code = ExitCode::FAILURE;
            }
        }
    }
    for (name, count) in counts {
        println!("{count:>9} {name}");
    }
    exit_code
}
