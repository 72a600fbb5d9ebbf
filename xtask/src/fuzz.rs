//! `cargo xtask fuzz`: runs each fuzz target for a limited time.

use std::fs;
use std::io::Write as _;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Outcome;
use crate::tools::{absolute, alone, installed, root, run, show, target};

/// Pinned, like all tools that are installed.
const CARGO_FUZZ: &str = "0.13.2";

/// How long each target runs by default.
const DEFAULT_SECONDS: u32 = 60;

/// A fuzz target, and its inputs in addition to `fuzz/seeds/`.
struct Target {
    name: &'static str,
    /// Whether the events of the corpus are seeds.
    events: bool,
    /// The name of a file in `fuzz/dictionaries`, whose words are put into inputs.
    dictionary: Option<&'static str>,
    /// The maximum length of inputs, as longer ones are slow and reach nothing new.
    max_bytes: u32,
}

const TARGETS: &[Target] = &[
    Target { name: "tiers", events: true, dictionary: Some("log-event"), max_bytes: 8192 },
    Target { name: "views", events: true, dictionary: Some("log-event"), max_bytes: 8192 },
    Target { name: "lines", events: true, dictionary: Some("log-event"), max_bytes: 4096 },
    Target { name: "rejected", events: false, dictionary: Some("log-event"), max_bytes: 4096 },
    Target { name: "gzip", events: true, dictionary: None, max_bytes: 4096 },
    Target { name: "config", events: false, dictionary: None, max_bytes: 2048 },
    Target { name: "expected", events: false, dictionary: None, max_bytes: 1024 },
    Target { name: "state", events: false, dictionary: None, max_bytes: 4096 },
    Target { name: "baseline", events: false, dictionary: None, max_bytes: 4096 },
    Target { name: "profile", events: false, dictionary: Some("log-event"), max_bytes: 12_288 },
    Target { name: "schema", events: false, dictionary: None, max_bytes: 12_288 },
    Target { name: "listing", events: false, dictionary: None, max_bytes: 4096 },
];

/// The targets to run, for how long, and from which seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    seconds: u32,
    /// A new one in each run, unless it is given.
    seed: NonZero<u32>,
    /// Empty for all targets.
    targets: Vec<String>,
}

impl Options {
    /// Reads the arguments after `fuzz`; `None` if they are wrong.
    pub(crate) fn parse(arguments: &[&str]) -> Option<Self> {
        let mut options = Self { seconds: DEFAULT_SECONDS, seed: fresh_seed(), targets: Vec::new() };
        let mut arguments = arguments.iter();
        while let Some(&argument) = arguments.next() {
            let value = arguments.next()?;
            match argument {
                "--seconds" => options.seconds = value.parse().ok().filter(|&seconds| seconds > 0)?,
                "--seed" => options.seed = value.parse().ok()?,
                "--target" if TARGETS.iter().any(|target| target.name == *value) => {
                    options.targets.push((*value).to_owned());
                }
                _ => return None,
            }
        }
        Some(options)
    }

    fn wants(&self, name: &str) -> bool {
        self.targets.is_empty() || self.targets.iter().any(|wanted| wanted == name)
    }
}

impl TargetResult {
    /// Returns why the target has not passed, even if the program succeeds.
    fn problem(&self) -> Option<&'static str> {
        if self.failing_input.is_some() {
            Some("found an input that fails")
        } else {
            (self.executions == 0).then_some("has executed nothing")
        }
    }
}

/// Returns a seed that differs from run to run. To libFuzzer, 0 is none.
fn fresh_seed() -> NonZero<u32> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    NonZero::new(since.subsec_nanos()).unwrap_or(NonZero::<u32>::MIN)
}

/// The result of a target.
#[derive(Debug, Default, PartialEq, Eq)]
struct TargetResult {
    executions: u64,
    /// How many edges of the code were covered: by the seeds, and at the end.
    covered: (u64, u64),
    /// How many inputs were kept, because they covered something new.
    kept: u64,
    /// The path of an input that fails.
    failing_input: Option<String>,
}

pub(crate) fn run_all(options: &Options) -> Outcome {
    let programs = build()?;
    println!("seed {0}; `--seed {0}` starts from it again", options.seed);
    let mut failures = Vec::new();
    for target in TARGETS.iter().filter(|target| options.wants(target.name)) {
        let result = fuzz(target, &programs, options)?;
        let (before, after) = result.covered;
        println!(
            "{:10}{:>12} executions{:>8} edges covered, {:>5} of them new, {:>5} inputs kept   {}",
            target.name,
            result.executions,
            after,
            after.saturating_sub(before),
            result.kept,
            if result.failing_input.is_some() { "FAILED" } else { "ok" },
        );
        if let Some(path) = result.failing_input {
            failures.push(format!(
                "{}: {path}\n    reproduce it:  {} {path}\n    once it is fixed, keep it under a descriptive name in fuzz/seeds/{}/",
                target.name,
                programs.join(target.name).display(),
                target.name,
            ));
        }
    }
    if failures.is_empty() {
        return Ok(());
    }
    Err(format!("some targets failed:\n  {}", failures.join("\n  ")))
}

/// Builds all targets, and returns the folder that they are in.
fn build() -> Result<PathBuf, String> {
    let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    if Command::new(&compiler).arg("--version").output().is_err() {
        return Err(format!(
            "a C++ compiler is needed to build libFuzzer, and `{}` cannot be run; install one (on Debian: apt-get install \
             g++), or name it in CXX, then run this again",
            Path::new(&compiler).display()
        ));
    }
    let program = installed("cargo-fuzz", CARGO_FUZZ)?;
    let (host, is_nightly) = toolchain()?;
    let folder = absolute(&root().join("fuzz/target"))?;
    let mut build = alone(Command::new(program));
    build.args(["fuzz", "build", "--fuzz-dir", "fuzz", "--target-dir"]).arg(&folder);
    if !is_nightly {
        // Stable compilers have sanitizers as well, but allow them only with this.
        build.env("RUSTC_BOOTSTRAP", "1");
    }
    run(&mut build)?;
    Ok(folder.join(host).join("release"))
}

/// Returns the target triple of the host, and whether the compiler is a nightly one.
fn toolchain() -> Result<(String, bool), String> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let output = rustc.arg("-vV").current_dir(root()).output();
    let output = output.map_err(|error| format!("cannot run `{}`: {error}", show(&rustc)))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let host = value("host:").ok_or_else(|| format!("`{}` names no host", show(&rustc)))?;
    let is_nightly = value("release:").is_some_and(|release| release.contains("nightly"));
    Ok((host.to_owned(), is_nightly))
}

fn fuzz(target: &Target, programs: &Path, options: &Options) -> Result<TargetResult, String> {
    let name = target.name;
    let corpus = folder(&root().join("fuzz/corpus").join(name))?;
    let artifacts = folder(&root().join("fuzz/artifacts").join(name))?;
    let mut command = Command::new(programs.join(name));
    command.arg(corpus).arg(root().join("fuzz/seeds").join(name)).arg(generated_seeds(target)?);
    if let Some(dictionary) = target.dictionary {
        let path = root().join("fuzz/dictionaries").join(dictionary).with_extension("dict");
        command.arg(format!("-dict={}", path.display()));
    }
    command.arg(format!("-max_total_time={}", options.seconds));
    command.arg(format!("-seed={}", options.seed));
    command.arg(format!("-max_len={}", target.max_bytes));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.args(["-print_final_stats=1", "-timeout=20", "-rss_limit_mb=3072", "-report_slow_units=20"]);
    let output = command.current_dir(root()).stdout(Stdio::null()).stderr(Stdio::piped()).output();
    let output = output.map_err(|error| format!("cannot run `{}`: {error}", show(&command)))?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    let result = parse_output(&stderr);
    if output.status.success() && result.problem().is_none() {
        return Ok(result);
    }
    // What an input does not tell: how it was come by.
    let log = artifacts.join("log.txt");
    fs::write(&log, format!("{}\n{stderr}", show(&command)))
        .map_err(|error| format!("cannot write {}: {error}", log.display()))?;
    // The report of a failure is at the end.
    let lines: Vec<_> = stderr.lines().collect();
    eprintln!("{}", lines[lines.len().saturating_sub(60)..].join("\n"));
    if result.failing_input.is_some() {
        return Ok(result);
    }
    let problem = result.problem().unwrap_or("failed without an input");
    Err(format!("`{}` {problem}, and ended with {}; see {}", show(&command), output.status, log.display()))
}

/// Reads the output of libFuzzer.
fn parse_output(text: &str) -> TargetResult {
    let mut result = TargetResult::default();
    let number = |text: &str| text.trim().split(' ').next().and_then(|word| word.parse().ok());
    for line in text.lines() {
        if let Some(covered) = line.split_once(" cov: ").and_then(|(_, rest)| number(rest)) {
            if line.contains("\tINITED ") {
                result.covered.0 = covered;
            }
            result.covered.1 = covered;
        } else if let Some(count) = line.strip_prefix("stat::number_of_executed_units:").and_then(number) {
            result.executions = count;
        } else if let Some(count) = line.strip_prefix("stat::new_units_added:").and_then(number) {
            result.kept = count;
        } else if let Some((_, path)) = line.split_once("Test unit written to ")
            && !path.contains("/slow-unit-")
        {
            result.failing_input = Some(path.trim().to_owned());
        }
    }
    result
}

/// Writes the seeds that are made from files of the repository, and returns their folder.
fn generated_seeds(target: &Target) -> Result<PathBuf, String> {
    let seeds = folder(&self::target().join("fuzz-seeds").join(target.name))?;
    let mut sources = Vec::new();
    if target.events {
        for folder in ["tests/corpus", "crates/cloudconnexa-events/examples", "tests/demo"] {
            collect(&root().join(folder), &mut sources)
                .map_err(|error| format!("cannot read {folder}: {error}"))?;
        }
    }
    if target.name == "config" {
        sources.push(root().join("ccxlog.toml"));
    }
    let is_gzip = target.name == "gzip";
    for (number, source) in sources.iter().enumerate() {
        let name = source.file_name().unwrap_or_default().to_string_lossy();
        let seed = seeds.join(format!("{number:04}-{name}"));
        let written = fs::read(source).and_then(|bytes| {
            let bytes = if is_gzip { compressed(&bytes, number)? } else { bytes };
            fs::write(&seed, bytes)
        });
        written
            .map_err(|error| format!("cannot make {} from {}: {error}", seed.display(), source.display()))?;
    }
    Ok(seeds)
}

fn compressed(bytes: &[u8], number: usize) -> std::io::Result<Vec<u8>> {
    let level = Compression::new([0, 1, 6, 9][number % 4]);
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Adds all files below a folder, sorted by name.
fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// Creates a folder if it does not exist, and returns its absolute path.
fn folder(path: &Path) -> Result<PathBuf, String> {
    fs::create_dir_all(path).map_err(|error| format!("cannot make {}: {error}", path.display()))?;
    absolute(path)
}

#[cfg(test)]
mod tests {
    use super::{Options, TARGETS, TargetResult, parse_output};

    #[test]
    fn wrong_arguments_are_refused() {
        let wrong = [
            &["--seconds"][..],
            &["--seconds", "0"],
            &["--seed", "0"],
            &["--target", "none"],
            &["--fast", "1"],
        ];
        for arguments in wrong {
            assert_eq!(Options::parse(arguments), None, "{arguments:?}");
        }
        let options = Options::parse(&["--target", "lines", "--seconds", "5"]).unwrap();
        assert!(options.seconds == 5 && options.wants("lines") && !options.wants("tiers"));
        assert!(Options::parse(&[]).unwrap().wants("tiers"));
        assert_eq!(Options::parse(&["--seed", "7"]).unwrap().seed.get(), 7);
    }

    #[test]
    fn the_output_of_libfuzzer_is_read() {
        let output = "#7\tINITED cov: 1200 ft: 90 corp: 7/1b\n#99\tNEW    cov: 1210 ft: 91 corp: 8/2b\n\
                    artifact_prefix='/x/'; Test unit written to /x/slow-unit-1\n\
                    artifact_prefix='/x/'; Test unit written to /x/crash-1\n\
                    stat::number_of_executed_units: 4711\nstat::new_units_added:          12\n";
        let failing_input = Some("/x/crash-1".to_owned());
        let expected = TargetResult { executions: 4711, covered: (1200, 1210), kept: 12, failing_input };
        assert_eq!(parse_output(output), expected);
        assert_eq!(parse_output(output).problem(), Some("found an input that fails"));
        assert_eq!(parse_output("nothing"), TargetResult::default());
    }

    #[test]
    fn a_target_that_has_executed_nothing_fails() {
        assert_eq!(parse_output("nothing").problem(), Some("has executed nothing"));
        assert_eq!(parse_output("stat::number_of_executed_units: 1\n").problem(), None);
    }

    #[test]
    fn the_manifest_lists_the_same_targets() {
        let manifest = std::fs::read_to_string(crate::tools::root().join("fuzz/Cargo.toml")).unwrap();
        let names = manifest.lines().filter_map(|line| line.strip_prefix("name = \""));
        let mut names: Vec<_> = names.map(|name| name.trim_end_matches('"')).skip(1).collect();
        let mut expected: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected);
    }
}
