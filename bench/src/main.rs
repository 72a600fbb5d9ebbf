//! Compares validators over the same events by the CPU time of one thread, and prints Markdown tables.
//!
//! `cargo xtask bench` runs it. Contenders take turns in each round, and figures are medians of the rounds.

mod contenders;
mod derive;
mod inflate;
mod naive;
mod options;
mod quotes;
mod scenarios;

use std::process::ExitCode;
use std::time::Duration;

use contenders::{Contender, Takes};
use cpu_time::ThreadTime;
use options::{Options, USAGE};
use scenarios::{Input, Scenario};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode @ ("--naive" | "--naive-errors"), path] =
        arguments.iter().map(String::as_str).collect::<Vec<_>>()[..]
    {
        let done = naive::run(path.as_ref(), mode == "--naive-errors");
        return if done { ExitCode::SUCCESS } else { ExitCode::from(2) };
    }
    let Some(options) = Options::parse(arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let scenarios = scenarios::all();
    let plain = scenarios[0].events(options.events);
    println!(
        "{} events, {:.0} bytes each, {} rounds, CPU time of one thread\n",
        options.events,
        plain.bytes() / options.events as f64,
        options.rounds
    );
    let mut contenders = contenders::all();
    let first = contenders[0].name;
    contenders.retain(|contender| contender.name == first || contender.name.contains(&options.contender));
    over_plain(&mut contenders, &plain, options.rounds);
    println!();
    over_unusual(&mut contenders, &plain, &scenarios[1..], &options);
    inflate::run(&plain, options.rounds, &options.contender);
    ExitCode::SUCCESS
}

/// Measures all contenders over the usual events, and compares them with the first.
fn over_plain(contenders: &mut [Contender], plain: &Input, rounds: usize) {
    let mut times = vec![Vec::new(); contenders.len()];
    for _ in 0..rounds {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            times.push(measure(contender, plain, true));
        }
    }
    println!("| contender | ns an event | MB/s | ours is faster by |\n|---|---:|---:|---:|");
    let times: Vec<_> = times.iter_mut().map(|times| median(times)).collect();
    for (contender, time) in contenders.iter().zip(&times) {
        let factor = time.as_secs_f64() / times[0].as_secs_f64();
        println!("| {} | {} | {factor:.2} |", contender.name, rate(*time, plain));
    }
}

/// Measures contenders over unusual events, and compares each with its own rate over the usual ones.
fn over_unusual(contenders: &mut [Contender], plain: &Input, scenarios: &[Scenario], options: &Options) {
    println!(
        "| scenario | contender | ns an event | MB/s | of the plain rate, in events | in bytes |\n\
         |---|---|---:|---:|---:|---:|"
    );
    for scenario in scenarios.iter().filter(|scenario| scenario.name.contains(&options.scenario)) {
        let unusual = scenario.events(options.events);
        let takes_part = |contender: &&mut Contender| match contender.takes {
            Takes::All => true,
            Takes::Plain => false,
            Takes::Invalid => !scenario.valid,
        };
        let mut measured: Vec<_> = contenders
            .iter_mut()
            .filter(takes_part)
            .map(|contender| (contender, Vec::new(), Vec::new()))
            .collect();
        for _ in 0..options.rounds {
            for (contender, usual, times) in &mut measured {
                usual.push(measure(contender, plain, true));
                times.push(measure(contender, &unusual, scenario.valid));
            }
        }
        for (contender, mut usual, mut times) in measured {
            let (usual, time) = (median(&mut usual), median(&mut times));
            let share = 100.0 * usual.as_secs_f64() / time.as_secs_f64();
            println!(
                "| {} | {} | {} | {share:.0} % | {:.0} % |",
                scenario.name,
                contender.name,
                rate(time, &unusual),
                share * unusual.bytes() / plain.bytes(),
            );
        }
    }
}

/// Returns nanoseconds per event and megabytes per second, as cells of a table.
fn rate(time: Duration, input: &Input) -> String {
    let events = input.ends.len() as f64;
    format!("{:.0} | {:.0}", time.as_nanos() as f64 / events, input.bytes() / time.as_secs_f64() / 1e6)
}

/// Returns the time of one pass. Fails unless all records come out as valid, or none if `valid` is false.
fn measure(contender: &mut Contender, input: &Input, valid: bool) -> Duration {
    let start = ThreadTime::now();
    let count = (contender.run)(input);
    let time = start.elapsed();
    assert_eq!(count, if valid { input.ends.len() } else { 0 }, "{}", contender.name);
    time
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
