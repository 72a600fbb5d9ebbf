//! Shared by the tests of the workspace: the corpus, findings as text, and a mutator of events.

#![allow(clippy::disallowed_methods, reason = "tests read files and settings")]

pub mod mutate;

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use cloudconnexa_validator::{Finding, Position, Severity};

/// A file of the corpus.
#[derive(Debug)]
pub struct Sample {
    /// Its folder below `tests/corpus`: `valid/client-connected`, `invalid/wrong-type` …
    pub folder: String,
    /// Its file name without extension, which names the quirk or the defect.
    pub name: String,
    /// Its content: one record.
    pub bytes: Vec<u8>,
}

/// Returns the folder of the corpus.
pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Returns the samples whose folder starts with `prefix`, sorted.
///
/// # Panics
///
/// If there are none: a test without samples proves nothing.
pub fn samples(prefix: &str) -> Vec<Sample> {
    let mut found = Vec::new();
    collect(&corpus(), "", &mut found);
    found.retain(|sample| sample.folder.starts_with(prefix));
    found.sort_by(|a, b| (&a.folder, &a.name).cmp(&(&b.folder, &b.name)));
    assert!(!found.is_empty(), "no samples in {prefix}");
    found
}

fn collect(path: &Path, folder: &str, found: &mut Vec<Sample>) {
    for entry in fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())) {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            let folder = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            collect(&path, &folder, found);
        } else if let Some(name) = name.strip_suffix(".json") {
            let bytes = fs::read(&path).unwrap();
            found.push(Sample { folder: folder.to_owned(), name: name.to_owned(), bytes });
        }
    }
}

/// Returns the number in the environment variable `name`, or `default`.
///
/// # Panics
///
/// If the variable is not a number.
pub fn setting(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

/// Prints a finding in a few lines: id, position, pointer, then its text with values and masked.
pub fn show(finding: &Finding) -> String {
    let location = |at: Position| format!("{}:{}", at.line, at.column);
    let span = finding.span();
    let severity = match finding.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut out = format!(
        "{severity}[{}] {}..{} ({}..{}) at {:?}\n",
        finding.rule().id,
        location(span.start),
        location(span.end),
        span.start.offset,
        span.end.offset,
        finding.pointer(),
    );
    for (kind, text) in [("shown", finding.text()), ("masked", finding.masked())] {
        let _ = writeln!(out, "  {kind}: {}", text.message);
        let _ = writeln!(out, "    label: {}", text.label);
        if let Some(help) = &text.help {
            let _ = writeln!(out, "    help: {help}");
        }
    }
    out
}

/// The programs of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
