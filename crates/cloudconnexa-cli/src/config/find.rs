//! Finds `ccxlog.toml` in the working directory or above it.
//!
//! The file decides which findings are reported, whether values are shown, and which files are written, so a stray one must
//! not apply. The search ends at the root of the repository. Outside of repositories it has no natural end, so wherever it
//! is, it also ends at the first folder that somebody else may have put a file into.

#[cfg(test)]
mod tests;
#[cfg_attr(not(unix), path = "find/elsewhere.rs")]
mod trust;

use std::fmt;
use std::path::{Path, PathBuf};

use super::NAME;
use trust::Trust;

/// What version control systems keep in the root of a repository: a folder, or a file in a work tree of Git.
const REPOSITORY: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

/// The nearest config file, by its relative path, which is shorter in messages.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Nearest {
    None,
    /// It applies.
    Found(PathBuf),
    /// It does not apply, for this reason.
    Skipped(PathBuf, Border),
}

/// Why a file does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "some of them exist on Unix only, and one everywhere else")]
pub(crate) enum Border {
    /// It is above the root of the repository.
    Repository,
    /// It is in a folder of another user, or above one.
    OtherOwner(PathBuf),
    /// It is in a folder that all users share, or above one.
    Shared(PathBuf),
    /// It belongs to another user, and is in a folder that all users may write to.
    OtherFile,
    /// It is above the working directory, which is not in a repository.
    WorkingDirectory,
}

impl fmt::Display for Border {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repository => f.write_str("it is outside of the repository"),
            Self::OtherOwner(folder) => {
                write!(f, "the folder `{}` belongs to another user", folder.display())
            }
            Self::Shared(folder) => write!(f, "the folder `{}` is shared by all users", folder.display()),
            Self::OtherFile => f.write_str("it belongs to another user"),
            Self::WorkingDirectory => f.write_str("it is outside of the working directory"),
        }
    }
}

/// Returns the nearest file in the working directory or above it.
pub(crate) fn nearest() -> Nearest {
    let Ok(working_directory) = std::env::current_dir() else { return Nearest::None };
    search(&working_directory, &Trust::of(&working_directory))
}

fn search(working_directory: &Path, trust: &Trust) -> Nearest {
    let mut border = None;
    let mut relative = PathBuf::new();
    for (depth, folder) in working_directory.ancestors().enumerate() {
        if depth > 0 {
            relative.push("..");
            border = border.or_else(|| trust.border_at(folder, &relative));
        }
        let file = folder.join(NAME);
        if file.is_file() {
            let border = border.or_else(|| trust.border_before(&file, folder));
            let file = relative.join(NAME);
            return match border {
                None => Nearest::Found(file),
                Some(border) => Nearest::Skipped(file, border),
            };
        }
        if is_repository(folder) {
            border.get_or_insert(Border::Repository);
        }
    }
    Nearest::None
}

/// Returns whether the folder is the root of a repository.
fn is_repository(folder: &Path) -> bool {
    REPOSITORY.iter().any(|name| folder.join(name).exists())
}
