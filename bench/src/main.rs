//! Ours and its peers over the same events: medians of CPU time, interleaved, as a Markdown table.
//!
//! `cargo run --release -- [EVENTS [ROUNDS [CONTENDER [SCENARIO]]]]`, the last two by a part of their names.

mod contenders;
mod sample;

use std::time::Duration;

use contenders::Input;
use cpu_time::ThreadTime;
use sample::Twist;

const SCENARIOS: &[(&str, Twist)] = &[
    ("unknown fields in every event", Twist::UnknownField),
    ("keys shuffled", Twist::Shuffled),
    ("pretty-printed", Twist::Pretty),
    ("escapes in every text", Twist::Escapes),
    ("texts beyond ASCII", Twist::BeyondAscii),
    ("every event invalid", Twist::Invalid),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, default: usize| arguments.get(at).map_or(default, |text| text.parse().expect("a number"));
    let (events, rounds) = (number(0, 20_000), number(1, 9).max(1));
    let part = |at: usize| arguments.get(at).map_or("", String::as_str);

    let plain = Input::new(&sample::events(events, 1, Twist::Plain));
    println!(
        "{events} events, {:.0} bytes each, {rounds} rounds, CPU time of one thread\n",
        bytes(&plain) / events as f64
    );
    let mut contenders = contenders::all();
    contenders.retain(|contender| contender.name.contains(part(2)) || contender.name == "ours: judge");
    let mut times = vec![Vec::new(); contenders.len()];
    for _ in 0..rounds {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            let (time, valid) = measure(|| (contender.run)(&plain));
            assert_eq!(valid, events, "{}", contender.name);
            times.push(time);
        }
    }
    let medians: Vec<Duration> = times.iter_mut().map(|times| median(times)).collect();
    println!("| contender | ns an event | MB/s | ours is faster by |\n|---|---:|---:|---:|");
    for (contender, time) in contenders.iter().zip(&medians) {
        println!(
            "| {} | {:.0} | {:.0} | {:.2} |",
            contender.name,
            time.as_nanos() as f64 / events as f64,
            bytes(&plain) / time.as_secs_f64() / 1e6,
            time.as_secs_f64() / medians[0].as_secs_f64()
        );
    }

    println!(
        "\n| scenario | contender | ns an event | MB/s | of the plain rate in events | in bytes | valid |\n|---|---|---:|---:|---:|---:|---:|"
    );
    for &(name, twist) in SCENARIOS {
        if !name.contains(part(3)) {
            continue;
        }
        let twisted = Input::new(&sample::events(events, 1, twist));
        let mut asked: Vec<_> = contenders
            .iter_mut()
            .filter(|contender| match twist {
                Twist::Invalid => contender.name.contains("tier") || contender.name.contains("jsonschema"),
                _ => contender.name.starts_with("ours: judge"),
            })
            .map(|contender| (contender, Vec::new(), Vec::new(), 0))
            .collect();
        for _ in 0..rounds {
            for (contender, base, times, valid) in &mut asked {
                base.push(measure(|| (contender.run)(&plain)).0);
                let (time, count) = measure(|| (contender.run)(&twisted));
                times.push(time);
                *valid = count;
            }
        }
        for (contender, mut base, mut times, valid) in asked {
            let (base, time) = (median(&mut base), median(&mut times));
            let ratio = base.as_secs_f64() / time.as_secs_f64();
            println!(
                "| {name} | {} | {:.0} | {:.0} | {:.0} % | {:.0} % | {valid} |",
                contender.name,
                time.as_nanos() as f64 / events as f64,
                bytes(&twisted) / time.as_secs_f64() / 1e6,
                ratio * 100.0,
                ratio * 100.0 * bytes(&twisted) / bytes(&plain),
            );
        }
    }
}

fn bytes(input: &Input) -> f64 {
    input.text.len() as f64
}

fn measure(run: impl FnOnce() -> usize) -> (Duration, usize) {
    let start = ThreadTime::now();
    let valid = run();
    (start.elapsed(), valid)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
