//! Paths as forges and reports want them: from the root of the repository, with `/` between folders.

use std::path::{Component, Path, PathBuf};

/// Where paths begin.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    root: PathBuf,
    /// The working directory, which paths are named from.
    here: PathBuf,
}

impl Root {
    /// The root of the repository that the working directory is in, or else `folder`.
    pub(crate) fn find(folder: &Path) -> Self {
        let here = std::env::current_dir().unwrap_or_default();
        let root = here.ancestors().find(|folder| folder.join(".git").exists());
        Self { root: root.map_or_else(|| plain(&here.join(folder)), Path::to_owned), here }
    }

    /// The same paths, seen from `folder`.
    pub(crate) fn at(folder: &Path) -> Self {
        let here = std::env::current_dir().unwrap_or_default();
        Self { root: plain(&here.join(folder)), here }
    }

    /// Where a path that [`path`](Self::path) gave leads to.
    pub(crate) fn full(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// `name`, the name of an input, as seen from the root; absolute where it lies elsewhere.
    pub(crate) fn path(&self, name: &str) -> String {
        if crate::input::is_address(name) {
            return name.to_owned();
        }
        let full = plain(&self.here.join(name));
        match full.strip_prefix(&self.root) {
            _ if name.starts_with('<') => name.to_owned(),
            Ok(path) => slashes(path),
            Err(_) => full.display().to_string(),
        }
    }
}

/// `path` without `.` and `..`, by its text alone: what links lead to is not looked up.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

fn slashes(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::Root;

    #[test]
    fn paths_begin_at_the_root() {
        let root = Root { root: PathBuf::from("/repo"), here: PathBuf::from("/repo/logs") };
        assert_eq!(root.path("a.json"), "logs/a.json");
        assert_eq!(root.path("./x/../a.json"), "logs/a.json");
        assert_eq!(root.path("../b/a.json"), "b/a.json");
        assert_eq!(root.path("/repo/a.json"), "a.json");
        assert_eq!(root.path("../../a.json"), "/a.json");
        assert_eq!(root.path("/elsewhere/a.json"), "/elsewhere/a.json");
        assert_eq!(root.path("<stdin>"), "<stdin>");
        assert_eq!(root.path("s3://bucket/a.json"), "s3://bucket/a.json");
    }
}
