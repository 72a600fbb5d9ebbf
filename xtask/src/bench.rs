//! `cargo xtask bench`: compares our validator with others in one process, and on request as separate programs.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::tools::{absolute, built, cargo, measured_on, root, run, target};
use crate::{Outcome, python};

/// The measurements to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// `--events` and `--rounds`, as given.
    sizes: Vec<String>,
    quick: bool,
    beyond: Beyond,
}

/// What is measured beside the contenders in one process, or instead of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Beyond {
    #[default]
    Nothing,
    Peers,
    Streams,
    Bucket,
    Threads,
    Python,
    Spark,
}

impl Options {
    /// Reads the arguments after `bench`; `None` if they are wrong.
    pub(crate) fn parse(words: &[&str]) -> Option<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(&word) = words.next() {
            match word {
                "--quick" => options.quick = true,
                "--peers" => options.beyond = Beyond::Peers,
                "--streams" => options.beyond = Beyond::Streams,
                "--bucket" => options.beyond = Beyond::Bucket,
                "--threads" => options.beyond = Beyond::Threads,
                "--python" => options.beyond = Beyond::Python,
                "--spark" => options.beyond = Beyond::Spark,
                "--events" | "--rounds" => {
                    let number = words.next()?.parse::<u32>().ok().filter(|&number| number > 0)?;
                    options.sizes.extend([word.to_owned(), number.to_string()]);
                }
                _ => return None,
            }
        }
        Some(options)
    }

    /// Returns the arguments to pass on. Small sizes come first, as the last value of an option counts.
    fn sizes(&self, small: [&str; 4]) -> Vec<String> {
        let small = small.iter().filter(|_| self.quick).map(|&word| word.to_owned());
        small.chain(self.sizes.iter().cloned()).collect()
    }
}

pub(crate) fn run_all(options: &Options) -> Outcome {
    println!("{}", measured_on());
    match options.beyond {
        Beyond::Streams => return streams(options),
        Beyond::Bucket => return bucket(options),
        Beyond::Threads => return threads(options),
        Beyond::Python => return python(options),
        Beyond::Spark => return spark(options),
        Beyond::Nothing | Beyond::Peers => {}
    }
    let mut bench = in_bench("run");
    bench.arg("--release");
    if !options.quick {
        bench.args(["--features", "libraries"]);
    }
    bench.arg("--").args(options.sizes(["--events", "3000", "--rounds", "3"]));
    run(&mut bench)?;
    if options.beyond == Beyond::Nothing {
        return Ok(());
    }
    build_dist()?;
    let mut peers = Command::new("python3");
    peers.arg("bench/peers/run.py").args(options.sizes(["--events", "3000", "--rounds", "1"]));
    if options.quick {
        peers.args(["--files", "200"]);
    }
    peers.arg("--ccxlog").arg(target().join("dist/ccxlog")).arg("--work").arg(target().join("peers"));
    run(peers.current_dir(root()))
}

/// Builds `ccxlog` as it is published.
fn build_dist() -> Outcome {
    let package = ["--package", "cloudconnexa-cli", "--features", "parquet"];
    run(cargo(&["build", "--profile", "dist", "--locked"]).args(package))
}

/// Measures the commands of ccxlog over unusual streams, as programs.
fn streams(options: &Options) -> Outcome {
    build_dist()?;
    run(in_bench("build").arg("--release"))?;
    let mut command = streams_over(&target().join("dist/ccxlog"), &target().join("release"));
    run(command.args(options.sizes(["--events", "3000", "--rounds", "1"])))
}

/// Reads a bucket whose requests take a while.
fn bucket(options: &Options) -> Outcome {
    build_dist()?;
    let small: &[&str] = if options.quick { &["--objects", "500"] } else { &[] };
    run(script("bucket.py", &target().join("dist/ccxlog")).args(small))
}

/// Measures more threads than there are processors.
fn threads(options: &Options) -> Outcome {
    build_dist()?;
    let mut command = script("threads.py", &target().join("dist/ccxlog"));
    command.args(options.sizes(["--events", "3000", "--rounds", "1"]));
    if options.quick {
        command.args(["--files", "200"]);
    }
    run(command.arg("--work").arg(target().join("threads")))
}

/// Compares the Python package with others.
fn python(options: &Options) -> Outcome {
    build_dist()?;
    let mut command = script("python.py", &target().join("dist/ccxlog"));
    command.arg("--site").arg(python::optimised()?).arg("--work").arg(target().join("peers"));
    run(command.args(options.sizes(["--events", "3000", "--rounds", "1"])))
}

/// Measures the Python package on a cluster of processes.
fn spark(options: &Options) -> Outcome {
    build_dist()?;
    let mut command = script("spark.py", &target().join("dist/ccxlog"));
    command.arg("--site").arg(python::optimised()?).arg("--python").arg(python::spark()?);
    command.arg("--work").arg(absolute(&target().join("spark"))?);
    run(command.args(options.sizes(["--events", "3000", "--rounds", "1"])))
}

/// The command that runs programs over unusual streams. The naive pair is in the folder `bench`.
fn streams_over(ccxlog: &Path, bench: &Path) -> Command {
    let mut command = script("streams.py", ccxlog);
    let naive = bench.join(format!("cloudconnexa-bench{}", env::consts::EXE_SUFFIX));
    command.arg("--naive").arg(naive).arg("--work").arg(target().join("streams"));
    command
}

/// The command that runs a program of `bench/` with this `ccxlog`.
fn script(name: &str, ccxlog: &Path) -> Command {
    let mut command = Command::new("python3");
    command.arg(Path::new("bench").join(name)).arg("--ccxlog").arg(ccxlog).current_dir(root());
    command
}

/// Builds and runs the benchmarks on a few events, as a part of `cargo xtask ci`. The tests have built `ccxlog`.
pub(crate) fn check() -> Outcome {
    let mut bench = in_bench("run");
    // For so few events, optimising takes longer than it saves.
    for package in ["cloudconnexa-tape", "cloudconnexa-validator", "jsonschema"] {
        bench.args(["--config", &format!("profile.dev.package.{package}.opt-level=0")]);
    }
    run(bench.args(["--features", "libraries", "--", "--events", "200", "--rounds", "1"]))?;
    let ccxlog = built("ccxlog");
    run(streams_over(&ccxlog, &target().join("debug")).args(["--events", "50", "--rounds", "1"]))?;
    run(script("bucket.py", &ccxlog).args(["--objects", "100", "--latency", "2", "--at-once", "8"]))?;
    let mut threads = script("threads.py", &ccxlog);
    threads.args(["--events", "300", "--files", "20", "--rounds", "1"]);
    run(threads.arg("--work").arg(target().join("threads")))
}

/// The command that builds or runs the benchmark, which is a workspace of its own.
fn in_bench(command: &str) -> Command {
    let mut bench = cargo(&[command, "--locked", "--manifest-path", "bench/Cargo.toml"]);
    // The same folder as ours: dependencies with the same features and profile are built once.
    bench.env("CARGO_TARGET_DIR", target());
    bench
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn given_sizes_override_the_small_ones() {
        let options = Options::parse(&["--rounds", "9", "--quick"]).unwrap();
        assert_eq!(
            options.sizes(["--events", "1", "--rounds", "1"]).join(" "),
            "--events 1 --rounds 1 --rounds 9"
        );
        assert!(Options::parse(&[]).unwrap().sizes(["", "", "", ""]).is_empty());
    }

    #[test]
    fn wrong_arguments_are_refused() {
        for words in [&["--events"][..], &["--events", "some"], &["--rounds", "0"], &["--fast"]] {
            assert_eq!(Options::parse(words), None, "{words:?}");
        }
    }
}
