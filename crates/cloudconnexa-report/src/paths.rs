//! Paths as CI services want them: relative to the root of the repository, with `/` between folders.

use std::path::{Component, Path, PathBuf};

/// Resolves names of inputs to paths below a root folder, by their text alone.
///
/// No link is followed and no file is looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PathRoot {
    root: PathBuf,
    working_dir: PathBuf,
    climbs: bool,
}

impl PathRoot {
    /// Creates a resolver for names that are relative to `working_dir`, as seen from `root`.
    ///
    /// `root` is relative to `working_dir` unless it is absolute. With two empty paths, names stay as they are but for
    /// `.` and `..`.
    pub fn new(root: &Path, working_dir: impl Into<PathBuf>) -> Self {
        let working_dir = working_dir.into();
        Self { root: normalized(&working_dir.join(root)), working_dir, climbs: false }
    }

    /// Returns paths elsewhere as `../elsewhere`, so that they still apply if the whole tree is moved.
    #[must_use]
    pub fn climbing(self) -> Self {
        Self { climbs: true, ..self }
    }

    /// Returns the location of a path that [`path`](Self::path) returned.
    pub fn full_path(&self, path: &str) -> PathBuf {
        normalized(&self.root.join(path))
    }

    /// Returns the path of the input `name` from the root, or its absolute path if it lies elsewhere, unless the root is
    /// [climbing](Self::climbing).
    ///
    /// Addresses such as `s3://bucket/key`, and names in angle brackets such as `<stdin>`, stay as they are.
    pub fn path(&self, name: &str) -> String {
        if is_address(name) || name.starts_with('<') {
            return name.to_owned();
        }
        let full = normalized(&self.working_dir.join(name));
        match full.strip_prefix(&self.root) {
            Ok(path) if path.is_relative() => with_slashes(path),
            _ if self.climbs => self.climb(&full).unwrap_or_else(|| full.display().to_string()),
            _ => full.display().to_string(),
        }
    }

    /// Returns the path with `..`, unless it is on another drive.
    fn climb(&self, full: &Path) -> Option<String> {
        let common = |(one, other): &(Component<'_>, Component<'_>)| one == other;
        let shared = self.root.components().zip(full.components()).take_while(common).count();
        let up = self.root.components().count().checked_sub(shared).filter(|_| shared > 0)?;
        let rest: PathBuf = full.components().skip(shared).collect();
        Some("../".repeat(up) + &with_slashes(&rest))
    }
}

/// Whether `name` is the address of an object or of a web page.
fn is_address(name: &str) -> bool {
    let scheme = name.split_once("://").map(|(scheme, _)| scheme);
    scheme
        .is_some_and(|scheme| ["s3", "http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)))
}

/// Removes `.` and `..` by the text of the path alone.
fn normalized(path: &Path) -> PathBuf {
    let mut normalized = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normalized.pop();
            }
            component => normalized.push(component),
        }
    }
    normalized
}

fn with_slashes(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;
