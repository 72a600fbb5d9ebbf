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
        return Ok(());
    }
    Err(format!("stale: {}; run `cargo xtask codegen` and commit what it writes", stale.join(", ")))
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
