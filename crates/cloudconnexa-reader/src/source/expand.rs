//! The files and folders that a glob pattern matches.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf, is_separator};

use super::pattern::{Extent, Tokens};

/// A folder that cannot be read.
pub(super) type Unreadable = (PathBuf, io::Error);

/// Finds what `pattern` matches: absolute, or relative to the working directory. The entries of a folder come by name.
///
/// # Errors
///
/// If it is not a pattern.
pub(super) fn expand(pattern: &str) -> Result<Expansion, &'static str> {
    Tokens::parse(pattern)?;
    let root: PathBuf = Path::new(pattern)
        .components()
        .take_while(|component| matches!(component, Component::Prefix(_) | Component::RootDir))
        .collect();
    let rest = pattern.get(root.as_os_str().len()..).unwrap_or_default();
    let names = rest.split_terminator(is_separator).filter(|name| !name.is_empty());
    // Found files are named without a leading `./`.
    let names = names.skip_while(|name| root.as_os_str().is_empty() && *name == ".");
    let parts = names
        .map(|name| Tokens::parse(name).map(|tokens| (name.to_owned(), tokens)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut expansion = Expansion {
        needs_folder: pattern.ends_with(is_separator),
        parts,
        pending: Vec::new(),
        visited: HashSet::new(),
    };
    if expansion.parts.is_empty() {
        expansion.pending.push(Ok((root, Progress::Matched, Way::Named)));
    } else {
        expansion.enter(&root, 0, Way::Named);
    }
    Ok(expansion)
}

/// An iterator over what a pattern matches, and over the folders that cannot be read.
///
/// Each folder is read at most twice for each part of the pattern, through links and not, however many ways lead to it:
/// several `**` can reach it in exponentially many ways, and symbolic links through each other.
#[derive(Debug)]
pub(super) struct Expansion {
    /// What the pattern has between separators.
    parts: Vec<(String, Tokens)>,
    /// Whether it ends with a separator.
    needs_folder: bool,
    /// What is still to be looked at, the next at the end.
    pending: Vec<Result<(PathBuf, Progress, Way), Unreadable>>,
    /// Canonical paths of folders, each with the part that its entries were compared with, and the way to it.
    visited: HashSet<(PathBuf, usize, Way)>,
}

/// How a path was reached. One that leads through links may be left out later, so it does not stand for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Way {
    /// Through what the pattern names, and what was found without following a link.
    Named,
    /// Through a link that a wildcard matched, or that is in a folder that one matched.
    Linked,
}

impl Way {
    /// The way to a path whose last name is a link or not.
    fn then(self, is_link: bool) -> Self {
        if is_link { Self::Linked } else { self }
    }
}

/// How much of the pattern a path matches.
#[derive(Clone, Copy, Debug)]
enum Progress {
    /// All of it.
    Matched,
    /// The parts before this one. Its name is still to be compared.
    Before(usize),
}

impl Iterator for Expansion {
    type Item = Result<PathBuf, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (path, progress, way) = match self.pending.pop()? {
                Ok(next) => next,
                Err(error) => return Some(Err(error)),
            };
            let is_match = match progress {
                Progress::Matched => true,
                Progress::Before(index) => self.advance(&path, index, way),
            };
            if is_match && (!self.needs_folder || path.is_dir()) {
                return Some(Ok(path));
            }
        }
    }
}

impl Expansion {
    /// Compares the name of `path` with a part. Returns whether all of the pattern matches; otherwise it goes on below.
    fn advance(&mut self, path: &Path, mut index: usize, way: Way) -> bool {
        let is_last = |index: usize| index + 1 == self.parts.len();
        if self.parts[index].1.is_recursive() {
            while !is_last(index) && self.parts[index + 1].1.is_recursive() {
                index += 1;
            }
            let is_folder = path.is_dir();
            if is_last(index) {
                if is_folder {
                    self.enter(path, index, way);
                }
                return is_folder;
            }
            if is_folder {
                self.enter(path, index, way);
            }
            index += 1;
        }
        // A name that is not Unicode matches nothing.
        let name = path.file_name().and_then(|name| name.to_str());
        if !name.is_some_and(|name| self.parts[index].1.matches(name, Extent::Whole)) {
            return false;
        }
        if index + 1 == self.parts.len() {
            return true;
        }
        self.enter(path, index + 1, way);
        false
    }

    /// Compares what is in `folder` with a part.
    fn enter(&mut self, folder: &Path, index: usize, way: Way) {
        let (here, folder) = match folder {
            folder if folder.as_os_str().is_empty() || folder == Path::new(".") => {
                (Path::new("."), Path::new(""))
            }
            folder => (folder, folder),
        };
        let (name, tokens) = &self.parts[index];
        if tokens.is_literal() {
            // Nothing has to be listed, which may not be allowed.
            let path = folder.join(name);
            if let Ok(metadata) = fs::symlink_metadata(&path) {
                let is_named = self.parts[..index].iter().all(|(_, tokens)| tokens.is_literal());
                self.reach(path, index, way.then(!is_named && metadata.is_symlink()));
            }
            return;
        }
        let canonical = || here.canonicalize().unwrap_or_else(|_| here.to_owned());
        if !here.is_dir() {
            return;
        }
        let canonical = canonical();
        if way == Way::Linked && self.visited.contains(&(canonical.clone(), index, Way::Named))
            || !self.visited.insert((canonical, index, way))
        {
            return;
        }
        // Wildcards don't match these, which are not listed.
        let specials: Vec<_> = [".", ".."]
            .into_iter()
            .filter(|special| tokens.starts_with('.') && tokens.matches(special, Extent::Whole))
            .map(|special| folder.join(special))
            .collect();
        let entries = fs::read_dir(here).and_then(|entries| {
            let named = |entry: fs::DirEntry| {
                let is_link = entry.file_type().is_ok_and(|found| found.is_symlink());
                (entry.file_name(), way.then(is_link))
            };
            entries.map(|entry| entry.map(named)).collect::<io::Result<Vec<_>>>()
        });
        match entries {
            Ok(mut names) => {
                names.sort_unstable_by(|one, other| other.0.cmp(&one.0));
                let paths = names
                    .into_iter()
                    .map(|(name, way)| Ok((folder.join(name), Progress::Before(index), way)));
                self.pending.extend(paths);
            }
            Err(error) => self.pending.push(Err((here.to_owned(), error))),
        }
        for path in specials {
            self.reach(path, index, way);
        }
    }

    /// Goes on after the part that `path` matches.
    fn reach(&mut self, path: PathBuf, index: usize, way: Way) {
        if index + 1 == self.parts.len() {
            self.pending.push(Ok((path, Progress::Matched, way)));
        } else {
            self.enter(&path, index + 1, way);
        }
    }
}
