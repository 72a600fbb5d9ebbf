//! Finds snapshots that no test uses any more.
//!
//! insta writes the path of each snapshot that a test compares with into the file that
//! `INSTA_SNAPSHOT_REFERENCES_FILE` names.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::{Outcome, tools};

/// Removes the references of an earlier run.
pub(crate) fn forget(references: &Path) -> Outcome {
    match fs::remove_file(references) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(format!("cannot remove {}: {error}", references.display()))
        }
        _ => Ok(()),
    }
}

/// Fails where a snapshot in the tree is not among `references`.
pub(crate) fn check(references: &Path) -> Outcome {
    let text = fs::read_to_string(references).map_err(|error| {
        format!("cannot read which snapshots were used, {}: {error}", references.display())
    })?;
    let used: BTreeSet<PathBuf> = text.lines().filter_map(|line| fs::canonicalize(line).ok()).collect();
    let mut found = Vec::new();
    for folder in ["crates", "tests", "xtask"] {
        collect(&tools::root().join(folder), &mut found)
            .map_err(|error| format!("cannot look for snapshots in {folder}: {error}"))?;
    }
    let orphans: Vec<String> = found
        .iter()
        .filter(|path| !fs::canonicalize(path).is_ok_and(|path| used.contains(&path)))
        .map(|path| path.display().to_string())
        .collect();
    if orphans.is_empty() {
        return Ok(());
    }
    Err(format!("no test uses these snapshots; remove them or fix the test:\n  {}", orphans.join("\n  ")))
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "snap") {
            found.push(path);
        }
    }
    Ok(())
}
