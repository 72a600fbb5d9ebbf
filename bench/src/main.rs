//! Ours and its peers over the same events: CPU time of one thread, contenders taking turns, as Markdown tables.
//!
//! Run by `cargo xtask bench`; figures are medians of the rounds.

mod contenders;
mod inflate;
mod options;
mod scenarios;

use std::process::ExitCode;
use std::time::Duration;

use contenders::{Contender, Takes};
use cpu_time::ThreadTime;
use options::{Options, USAGE};
use scenarios::{Input, Scenario};

fn main() -> ExitCode {
    let Some(options) = Options::parse(std::env::args().skip(1)) else {
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

/// All over the usual events, the first as the measure of the others.
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

/// Those who are asked over events with something unusual, each against its own rate over the usual ones.
fn over_unusual(contenders: &mut [Contender], plain: &Input, scenarios: &[Scenario], options: &Options) {
    println!(
        "| scenario | contender | ns an event | MB/s | of the plain rate, in events | in bytes |\n\
         |---|---|---:|---:|---:|---:|"
    );
    for scenario in scenarios.iter().filter(|scenario| scenario.name.contains(&options.scenario)) {
        let unusual = scenario.events(options.events);
        let is_asked = |contender: &&mut Contender| match contender.takes {
            Takes::All => true,
            Takes::Plain => false,
            Takes::Invalid => !scenario.valid,
        };
        let mut asked: Vec<_> = contenders
            .iter_mut()
            .filter(is_asked)
            .map(|contender| (contender, Vec::new(), Vec::new()))
            .collect();
        for _ in 0..options.rounds {
            for (contender, usual, times) in &mut asked {
                usual.push(measure(contender, plain, true));
                times.push(measure(contender, &unusual, scenario.valid));
            }
        }
        for (contender, mut usual, mut times) in asked {
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

/// Time for each event, and bytes for each second.
fn rate(time: Duration, input: &Input) -> String {
    let events = input.ends.len() as f64;
    format!("{:.0} | {:.0}", time.as_nanos() as f64 / events, input.bytes() / time.as_secs_f64() / 1e6)
}

/// The time that it takes; all or none has to come out as valid.
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
