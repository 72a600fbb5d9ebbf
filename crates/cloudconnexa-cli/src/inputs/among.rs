//! Outputs that would be among the inputs: the next run would take them for logs.

use std::path::{Path, PathBuf};

use cloudconnexa_reader::{Pattern, is_address, is_log_name, is_pattern};

use super::{Excluder, canonical};
use crate::paths::root_at;

/// Refuses outputs that would be inputs of the next run.
pub(crate) fn refuse_among<'a>(
    mut outputs: impl Iterator<Item = &'a Path>,
    inputs: &[PathBuf],
    excluder: &Excluder,
) -> Result<(), String> {
    outputs.try_for_each(|output| refuse_one_among(output, inputs, excluder))
}

/// Returns why a file at `output` would be an input of the next run, if it would: it is in a folder that is read, or
/// matches a pattern, and has the name of a log.
fn refuse_one_among(output: &Path, inputs: &[PathBuf], excluder: &Excluder) -> Result<(), String> {
    let name = output.to_string_lossy();
    let is_other = output == Path::new("-") || output.exists() && !output.is_file();
    if is_other || !is_log_name(output.as_os_str().as_encoded_bytes()) || excluder.excludes(&name) {
        return Ok(());
    }
    let output = canonical(output);
    let holds = |input: &&PathBuf| {
        let is_web = input.to_str().is_some_and(is_address);
        if input.is_dir() {
            return output.starts_with(canonical(input));
        }
        !is_web && !input.exists() && is_pattern(input) && matches(input, &output)
    };
    match inputs.iter().find(holds) {
        Some(input) => Err(format!(
            "`{name}` would be in `{}`, which is read: the next run would take it for a log; write it elsewhere, or exclude it",
            input.display()
        )),
        None => Ok(()),
    }
}

/// Returns whether a pattern of files matches a file, or a folder above it.
fn matches(pattern: &Path, output: &Path) -> bool {
    // Patterns are relative, and so are compared from the root.
    let full = std::path::absolute(pattern).unwrap_or_else(|_| pattern.to_owned());
    let relative = |path: &Path| path.to_string_lossy().trim_start_matches('/').to_owned();
    let root = root_at(Path::new("/"));
    Pattern::new(&relative(&full))
        .is_ok_and(|pattern| pattern.matches(&relative(Path::new(&root.path(&output.to_string_lossy())))))
}
