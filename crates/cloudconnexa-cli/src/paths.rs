//! Paths from the root of the repository, or from a folder.

use std::path::Path;

pub(crate) use cloudconnexa_report::PathRoot;

/// Returns the root of the repository that the working directory is in, or else `folder`.
pub(crate) fn repository_root(folder: &Path) -> PathRoot {
    let working_dir = std::env::current_dir().unwrap_or_default();
    let root = working_dir.ancestors().find(|folder| folder.join(".git").exists());
    let root = root.unwrap_or(folder).to_owned();
    PathRoot::new(&root, working_dir)
}

/// Returns the root that a file at `path` resolves its paths from: the root of the repository that it is in, or else its own
/// folder. Where the command runs does not matter.
pub(crate) fn root_of_file(path: &Path) -> PathRoot {
    let working_dir = std::env::current_dir().unwrap_or_default();
    let path = working_dir.join(path);
    let folder = path.parent().unwrap_or(&path);
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let root = folder.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&folder);
    PathRoot::new(root, working_dir.canonicalize().unwrap_or_else(|_| working_dir.clone())).climbing()
}

/// Returns `folder` as the root.
pub(crate) fn root_at(folder: &Path) -> PathRoot {
    PathRoot::new(folder, std::env::current_dir().unwrap_or_default())
}
