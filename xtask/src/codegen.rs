//! `cargo xtask codegen`: the schema in, the checked-in code out.

use std::fs;
use std::path::Path;

use crate::{Outcome, tools};

/// What to do with what was generated.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    /// Write what differs.
    Write,
    /// Fail where something differs.
    Check,
}

/// The schemas of what `ccxlog` itself reads and writes: its option for each, and the file.
const OF_COMMAND_LINE: [(&str, &str); 6] = [
    ("--config", "schema/ccxlog/config.schema.json"),
    ("--report", "schema/ccxlog/report.schema.json"),
    ("--coverage", "schema/ccxlog/coverage.schema.json"),
    ("--drift", "schema/ccxlog/drift.schema.json"),
    ("--profile", "schema/ccxlog/profile.schema.json"),
    ("--sessions", "schema/ccxlog/sessions.schema.json"),
];

pub(crate) fn run(mode: Mode) -> Outcome {
    let root = tools::root();
    let schema = fs::read_to_string(root.join(cloudconnexa_codegen::SCHEMA))
        .map_err(|error| format!("cannot read {}: {error}", cloudconnexa_codegen::SCHEMA))?;
    let files = cloudconnexa_codegen::render(&schema.replace("\r\n", "\n"))
        .map_err(|error| format!("the schema cannot be generated from:\n{error}"))?;
    let mut stale = Vec::new();
    for file in &files {
        if !ensure(&root.join(file.path), &file.contents, mode)? {
            stale.push(file.path);
        }
    }
    if stale.is_empty() {
        // Those of the command line come from its types, which want fresh code to be built.
        for (what, path) in OF_COMMAND_LINE {
            if !ensure(&root.join(path), &printed(what)?, mode)? {
                stale.push(path);
            }
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("stale: {}; run `cargo xtask codegen` and commit what it writes", stale.join(", ")))
}

/// What `ccxlog schema` prints.
fn printed(what: &str) -> Result<String, String> {
    let mut command =
        tools::cargo(&["run", "--quiet", "--locked", "--package", "cloudconnexa-cli", "--", "schema", what]);
    let output = command.stderr(std::process::Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("`ccxlog schema {what}` ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`ccxlog schema {what}` printed no text"))
}

/// Makes sure that `contents` stand at `path`; `false` where they do not and nothing may be written.
///
/// What is right already is left alone, so that nothing is built anew for it.
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
