//! `cargo xtask codegen`: generates the checked-in code from the schema.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Outcome, tools};

/// What to do with generated files that differ from the checked-in ones.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    /// Write them.
    Write,
    /// Fail.
    Check,
}

/// The schemas of files that `ccxlog` reads and writes: the option of `ccxlog schema` for each, and the file.
const CCXLOG_SCHEMAS: [(&str, &str); 6] = [
    ("--config", "schema/ccxlog/config.schema.json"),
    ("--report", "schema/ccxlog/report.schema.json"),
    ("--coverage", "schema/ccxlog/coverage.schema.json"),
    ("--drift", "schema/ccxlog/drift.schema.json"),
    ("--profile", "schema/ccxlog/profile.schema.json"),
    ("--sessions", "schema/ccxlog/sessions.schema.json"),
];

pub(crate) fn run(mode: Mode) -> Outcome {
    let stale = stale_code(mode)?;
    // The generated code makes `ccxlog`, which makes the rest.
    let run = || tools::cargo(&["run", "--quiet", "--locked", "--package", "cloudconnexa-cli", "--"]);
    if stale.is_empty() { report(&stale_schemas(mode, run)?) } else { report(&stale) }
}

/// Checks the generated code alone, which needs no build of `ccxlog`.
pub(crate) fn check_code() -> Outcome {
    report(&stale_code(Mode::Check)?)
}

/// Checks the schemas that this `ccxlog` prints.
pub(crate) fn check_schemas(ccxlog: impl Fn() -> Command) -> Outcome {
    report(&stale_schemas(Mode::Check, ccxlog)?)
}

fn report(stale: &[&str]) -> Outcome {
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("stale: {}; run `cargo xtask codegen` and commit what it writes", stale.join(", ")))
}

/// Returns the paths of those files of generated code that differ from what the schema yields, and writes them if told to.
fn stale_code(mode: Mode) -> Result<Vec<&'static str>, String> {
    let root = tools::root();
    let schema = fs::read_to_string(root.join(cloudconnexa_codegen::SCHEMA))
        .map_err(|error| format!("cannot read {}: {error}", cloudconnexa_codegen::SCHEMA))?;
    let files = cloudconnexa_codegen::render(&schema.replace("\r\n", "\n"))
        .map_err(|error| format!("cannot generate code from the schema:\n{error}"))?;
    let mut stale = Vec::new();
    for file in &files {
        if !ensure(&root.join(file.path), &file.contents, mode)? {
            stale.push(file.path);
        }
    }
    Ok(stale)
}

/// Like [`stale_code`], for the schemas that `ccxlog` prints.
fn stale_schemas(mode: Mode, ccxlog: impl Fn() -> Command) -> Result<Vec<&'static str>, String> {
    let mut stale = Vec::new();
    for (option, path) in CCXLOG_SCHEMAS {
        if !ensure(&tools::root().join(path), &print_schema(ccxlog(), option)?, mode)? {
            stale.push(path);
        }
    }
    Ok(stale)
}

/// Returns the output of `ccxlog schema` with an option.
fn print_schema(mut ccxlog: Command, option: &str) -> Result<String, String> {
    let output = ccxlog.args(["schema", option]).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cannot run {}: {error}", tools::show(&ccxlog)))?;
    if !output.status.success() {
        return Err(format!("`ccxlog schema {option}` ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`ccxlog schema {option}` did not print UTF-8"))
}

/// Makes sure that the file at `path` has these contents. Returns `false` if it has others and `mode` forbids writing.
///
/// A file that is up to date is not touched, so that nothing is rebuilt.
fn ensure(path: &Path, contents: &str, mode: Mode) -> Result<bool, String> {
    let found = fs::read_to_string(path).unwrap_or_default();
    if found.replace("\r\n", "\n") == contents {
        return Ok(true);
    }
    if mode == Mode::Check {
        return Ok(false);
    }
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, contents));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    println!("wrote {}", path.display());
    Ok(true)
}
