//! `cargo xtask bench`: ours and its peers, in one process, and on demand whole processes.

use std::process::Command;

use crate::Outcome;
use crate::tools::{cargo, root, run, target};

/// What to measure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// `--events` and `--rounds`, as they were given.
    sizes: Vec<String>,
    quick: bool,
    peers: bool,
}

impl Options {
    /// Reads the words behind `bench`; none where they make no sense.
    pub(crate) fn parse(words: &[&str]) -> Option<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(&word) = words.next() {
            match word {
                "--quick" => options.quick = true,
                "--peers" => options.peers = true,
                "--events" | "--rounds" => {
                    let number = words.next()?.parse::<u32>().ok().filter(|&number| number > 0)?;
                    options.sizes.extend([word.to_owned(), number.to_string()]);
                }
                _ => return None,
            }
        }
        Some(options)
    }

    /// The sizes to ask for: small ones first, as what comes later counts.
    fn sizes(&self, small: [&str; 4]) -> Vec<String> {
        let small = small.iter().filter(|_| self.quick).map(|&word| word.to_owned());
        small.chain(self.sizes.iter().cloned()).collect()
    }
}

pub(crate) fn run_all(options: &Options) -> Outcome {
    let mut bench = bench();
    bench.arg("--release");
    if !options.quick {
        bench.args(["--features", "libraries"]);
    }
    bench.arg("--").args(options.sizes(["--events", "3000", "--rounds", "3"]));
    run(&mut bench)?;
    if !options.peers {
        return Ok(());
    }
    run(&mut cargo(&["build", "--release", "--locked", "--package", "cloudconnexa-cli"]))?;
    let mut peers = Command::new("python3");
    peers.arg("bench/peers/run.py").args(options.sizes(["--events", "3000", "--rounds", "1"]));
    if options.quick {
        peers.args(["--files", "200"]);
    }
    peers.arg("--ccxlog").arg(target().join("release/ccxlog")).arg("--work").arg(target().join("peers"));
    run(peers.current_dir(root()))
}

/// That all of it still builds and runs: as part of `cargo xtask ci`.
pub(crate) fn check() -> Outcome {
    run(bench().args(["--features", "libraries", "--", "--events", "200", "--rounds", "1"]))
}

/// Runs the benchmark: a workspace of its own, which is built beside ours.
fn bench() -> Command {
    let mut bench = cargo(&["run", "--locked", "--manifest-path", "bench/Cargo.toml"]);
    bench.env("CARGO_TARGET_DIR", target().join("bench"));
    bench
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn small_sizes_give_way_to_those_that_are_asked_for() {
        let options = Options::parse(&["--rounds", "9", "--quick"]).unwrap();
        assert_eq!(
            options.sizes(["--events", "1", "--rounds", "1"]).join(" "),
            "--events 1 --rounds 1 --rounds 9"
        );
        assert!(Options::parse(&[]).unwrap().sizes(["", "", "", ""]).is_empty());
    }

    #[test]
    fn nonsense_is_refused() {
        for words in [&["--events"][..], &["--events", "some"], &["--rounds", "0"], &["--fast"]] {
            assert_eq!(Options::parse(words), None, "{words:?}");
        }
    }
}
