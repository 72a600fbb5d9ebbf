//! `cargo xtask fuzz`: arbitrary bytes for everything that reads bytes, for a while each.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Outcome;
use crate::tools::{absolute, alone, installed, root, run, show, target};

/// Pinned, as what else is installed.
const CARGO_FUZZ: &str = "0.13.2";

/// How long each target is run, unless that is said.
const SECONDS: u32 = 60;

/// A fuzz target, and what it begins with besides `fuzz/seeds/`.
struct Target {
    name: &'static str,
    /// Events, as they are in our corpus.
    events: bool,
    /// Words that it is worth to put into inputs.
    dictionary: Option<&'static str>,
    /// The longest input: what is longer shows the same, slowly.
    longest: u32,
}

const TARGETS: &[Target] = &[
    Target { name: "tiers", events: true, dictionary: Some("log-event"), longest: 8192 },
    Target { name: "lines", events: true, dictionary: Some("log-event"), longest: 4096 },
    Target { name: "rejected", events: false, dictionary: Some("log-event"), longest: 4096 },
    Target { name: "gzip", events: true, dictionary: None, longest: 4096 },
    Target { name: "config", events: false, dictionary: None, longest: 2048 },
    Target { name: "expected", events: false, dictionary: None, longest: 1024 },
    Target { name: "state", events: false, dictionary: None, longest: 4096 },
    Target { name: "baseline", events: false, dictionary: None, longest: 4096 },
    Target { name: "profile", events: false, dictionary: Some("log-event"), longest: 12_288 },
    Target { name: "schema", events: false, dictionary: None, longest: 12_288 },
    Target { name: "listing", events: false, dictionary: None, longest: 4096 },
];

/// What to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    seconds: u32,
    /// All, if there are none.
    targets: Vec<String>,
}

impl Options {
    /// Reads the words behind `fuzz`; none where they make no sense.
    pub(crate) fn parse(words: &[&str]) -> Option<Self> {
        let mut options = Self { seconds: SECONDS, targets: Vec::new() };
        let mut words = words.iter();
        while let Some(&word) = words.next() {
            let value = words.next()?;
            match word {
                "--seconds" => options.seconds = value.parse().ok().filter(|&seconds| seconds > 0)?,
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

/// What came of a target.
#[derive(Debug, Default, PartialEq, Eq)]
struct Fared {
    executions: u64,
    /// Places of the code that were reached: by the seeds, and in the end.
    covered: (u64, u64),
    /// Inputs that reached something new.
    kept: u64,
    /// Where the input lies that did not hold.
    found: Option<String>,
}

pub(crate) fn run_all(options: &Options) -> Outcome {
    let programs = build()?;
    let mut findings = Vec::new();
    for target in TARGETS.iter().filter(|target| options.wants(target.name)) {
        let fared = fuzz(target, &programs, options.seconds)?;
        let (before, after) = fared.covered;
        println!(
            "{:10}{:>12} executions{:>8} places covered, {:>5} of them new, {:>5} inputs kept   {}",
            target.name,
            fared.executions,
            after,
            after.saturating_sub(before),
            fared.kept,
            if fared.found.is_some() { "FOUND" } else { "ok" },
        );
        if let Some(found) = fared.found {
            findings.push(format!(
                "{}: {found}\n    see it again:  {} {found}\n    once mended, keep it under a name that says what it is, in fuzz/seeds/{}/",
                target.name,
                programs.join(target.name).display(),
                target.name,
            ));
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    Err(format!("what must hold does not:\n  {}", findings.join("\n  ")))
}

/// Builds all targets; gives the folder that they are in.
fn build() -> Result<PathBuf, String> {
    let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    if Command::new(&compiler).arg("--version").output().is_err() {
        return Err(format!(
            "a C++ compiler is needed to build libFuzzer, and `{}` is none; install one (on Debian: apt-get install \
             g++), or name it by CXX, then run this again",
            Path::new(&compiler).display()
        ));
    }
    let program = installed("cargo-fuzz", CARGO_FUZZ)?;
    let (host, is_nightly) = toolchain()?;
    let folder = absolute(&root().join("fuzz/target"))?;
    let mut build = alone(Command::new(program));
    build.args(["fuzz", "build", "--fuzz-dir", "fuzz", "--target-dir"]).arg(&folder);
    if !is_nightly {
        // Sanitizers are there, only not for everybody.
        build.env("RUSTC_BOOTSTRAP", "1");
    }
    run(&mut build)?;
    Ok(folder.join(host).join("release"))
}

/// What is built for, and whether unstable options are to be had.
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

fn fuzz(target: &Target, programs: &Path, seconds: u32) -> Result<Fared, String> {
    let name = target.name;
    let corpus = folder(&root().join("fuzz/corpus").join(name))?;
    let artifacts = folder(&root().join("fuzz/artifacts").join(name))?;
    let mut command = Command::new(programs.join(name));
    command.arg(corpus).arg(root().join("fuzz/seeds").join(name)).arg(made(target)?);
    if let Some(dictionary) = target.dictionary {
        let path = root().join("fuzz/dictionaries").join(dictionary).with_extension("dict");
        command.arg(format!("-dict={}", path.display()));
    }
    command.arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-max_len={}", target.longest));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.args(["-print_final_stats=1", "-timeout=20", "-rss_limit_mb=3072", "-report_slow_units=20"]);
    let output = command.current_dir(root()).stdout(Stdio::null()).stderr(Stdio::piped()).output();
    let output = output.map_err(|error| format!("cannot run `{}`: {error}", show(&command)))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let fared = read(&told);
    if output.status.success() && fared.found.is_none() {
        return Ok(fared);
    }
    // What it says of a finding is at its end.
    let lines: Vec<_> = told.lines().collect();
    eprintln!("{}", lines[lines.len().saturating_sub(60)..].join("\n"));
    if fared.found.is_none() {
        return Err(format!("`{}` ended with {}", show(&command), output.status));
    }
    Ok(fared)
}

/// Reads what libFuzzer says.
fn read(told: &str) -> Fared {
    let mut fared = Fared::default();
    let number = |text: &str| text.trim().split(' ').next().and_then(|word| word.parse().ok());
    for line in told.lines() {
        if let Some(covered) = line.split_once(" cov: ").and_then(|(_, rest)| number(rest)) {
            if line.contains("\tINITED ") {
                fared.covered.0 = covered;
            }
            fared.covered.1 = covered;
        } else if let Some(count) = line.strip_prefix("stat::number_of_executed_units:").and_then(number) {
            fared.executions = count;
        } else if let Some(count) = line.strip_prefix("stat::new_units_added:").and_then(number) {
            fared.kept = count;
        } else if let Some((_, path)) = line.split_once("Test unit written to ")
            && !path.contains("/slow-unit-")
        {
            fared.found = Some(path.trim().to_owned());
        }
    }
    fared
}

/// A folder of what a target begins with that is not checked in, since it is made of what is.
fn made(target: &Target) -> Result<PathBuf, String> {
    let made = folder(&self::target().join("fuzz-seeds").join(target.name))?;
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
        let seed = made.join(format!("{number:04}-{name}"));
        let copied = fs::read(source).and_then(|bytes| {
            let bytes = if is_gzip { compressed(&bytes, number)? } else { bytes };
            fs::write(&seed, bytes)
        });
        copied.map_err(|error| format!("cannot make {} of {}: {error}", seed.display(), source.display()))?;
    }
    Ok(made)
}

fn compressed(bytes: &[u8], number: usize) -> std::io::Result<Vec<u8>> {
    let level = Compression::new([0, 1, 6, 9][number % 4]);
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// All files below a folder, by name.
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

/// Makes sure that a folder is there; gives the whole path to it.
fn folder(path: &Path) -> Result<PathBuf, String> {
    fs::create_dir_all(path).map_err(|error| format!("cannot make {}: {error}", path.display()))?;
    absolute(path)
}

#[cfg(test)]
mod tests {
    use super::{Fared, Options, TARGETS, read};

    #[test]
    fn nonsense_is_refused() {
        for words in [&["--seconds"][..], &["--seconds", "0"], &["--target", "none"], &["--fast", "1"]] {
            assert_eq!(Options::parse(words), None, "{words:?}");
        }
        let options = Options::parse(&["--target", "lines", "--seconds", "5"]).unwrap();
        assert!(options.seconds == 5 && options.wants("lines") && !options.wants("tiers"));
        assert!(Options::parse(&[]).unwrap().wants("tiers"));
    }

    #[test]
    fn what_libfuzzer_says_is_read() {
        let told = "#7\tINITED cov: 1200 ft: 90 corp: 7/1b\n#99\tNEW    cov: 1210 ft: 91 corp: 8/2b\n\
                    artifact_prefix='/x/'; Test unit written to /x/slow-unit-1\n\
                    artifact_prefix='/x/'; Test unit written to /x/crash-1\n\
                    stat::number_of_executed_units: 4711\nstat::new_units_added:          12\n";
        let found = Some("/x/crash-1".to_owned());
        assert_eq!(read(told), Fared { executions: 4711, covered: (1200, 1210), kept: 12, found });
        assert_eq!(read("nothing"), Fared::default());
    }

    #[test]
    fn each_target_is_run() {
        let manifest = std::fs::read_to_string(crate::tools::root().join("fuzz/Cargo.toml")).unwrap();
        let named = manifest.lines().filter_map(|line| line.strip_prefix("name = \""));
        let mut named: Vec<_> = named.map(|name| name.trim_end_matches('"')).skip(1).collect();
        let mut run: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        named.sort_unstable();
        run.sort_unstable();
        assert_eq!(named, run);
    }
}
