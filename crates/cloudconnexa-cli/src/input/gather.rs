//! From arguments to sources: files as they are, folders walked, patterns expanded, nothing twice.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::walk::walk;
use super::{Finder, Gathered, Source, is_address};

/// Finds out what `inputs` stand for. Objects are those that `wants` says so of; there can be too many to list them all.
pub(crate) fn gather(
    inputs: &[PathBuf],
    finder: &mut Finder,
    wants: &mut dyn FnMut(&Source) -> bool,
) -> Gathered {
    let mut gathered = Gathered::default();
    let mut seen = Seen { is_only: inputs.len() == 1, ..Seen::default() };
    for input in inputs {
        if input.as_os_str() == "-" {
            add(&mut gathered, &mut seen, Source::Stdin, true);
        } else if let Some(address) = input.to_str().filter(|text| is_address(text)) {
            finder.find(address, &mut gathered, &mut |gathered, object, named| {
                if wants(&object) {
                    add(gathered, &mut seen, object, named);
                }
            });
        } else if !exists(input) && is_pattern(input) {
            expand(&mut gathered, &mut seen, input, finder.may_be_empty);
        } else {
            path(&mut gathered, &mut seen, input, Found { named: true, may_be_empty: finder.may_be_empty });
        }
    }
    gathered
}

/// A path that can't be looked at may exist: opening it will say why it can't be read.
fn exists(path: &Path) -> bool {
    path.try_exists().unwrap_or(true)
}

/// Whether an input stands for all that it matches.
pub(crate) fn is_pattern(input: &Path) -> bool {
    input.to_str().is_some_and(|text| text.contains(['*', '?', '[']))
}

fn expand(gathered: &mut Gathered, seen: &mut Seen, pattern: &Path, may_be_empty: bool) {
    let text = pattern.to_str().unwrap_or_default();
    gathered.is_list = true;
    let paths = match glob::glob(text) {
        Ok(paths) => paths,
        Err(error) => {
            gathered.problems.push(format!("cannot use `{text}` as a pattern: {}", error.msg));
            return;
        }
    };
    let mut any = false;
    for found in paths {
        any = true;
        match found {
            Ok(found) => path(gathered, seen, &found, Found { named: false, may_be_empty }),
            Err(error) => {
                gathered.problems.push(format!(
                    "cannot read `{}`: {}",
                    error.path().display(),
                    error.error()
                ));
            }
        }
    }
    if !any && !may_be_empty {
        gathered.problems.push(format!("nothing matches `{text}`"));
    }
}

/// How a path came to be looked at.
#[derive(Clone, Copy, Debug)]
struct Found {
    named: bool,
    /// There may be no logs in it.
    may_be_empty: bool,
}

fn path(gathered: &mut Gathered, seen: &mut Seen, path: &Path, found: Found) {
    if !path.is_dir() {
        return add(gathered, seen, Source::File(path.to_owned()), found.named);
    }
    gathered.is_list = true;
    let walked = walk(path);
    gathered.left_out += walked.left_out;
    if walked.files.is_empty() && walked.problems.is_empty() && !found.may_be_empty {
        let left_out = match walked.left_out {
            0 => "it holds no files".to_owned(),
            others => format!("{} left out", crate::size::counted(others, "other file")),
        };
        gathered.problems.push(format!(
            "no logs in `{}`: looked for .json, .jsonl and .ndjson, each also with .gz; {left_out}",
            path.display()
        ));
    }
    gathered.problems.extend(walked.problems);
    if seen.is_only && !walked.has_links {
        // To look for what comes twice takes longer than the walk.
        return gathered.sources.extend(walked.files.into_iter().map(Source::File));
    }
    for file in walked.files {
        if walked.has_links {
            add(gathered, seen, Source::File(file), false);
        } else {
            let key = seen.folders.within(&file);
            insert(gathered, seen, key, Source::File(file), false);
        }
    }
}

/// What is a source already.
#[derive(Debug, Default)]
struct Seen {
    /// Compared byte by byte: `a//b` is the same path as `a/b`, but another key.
    names: HashSet<OsString>,
    folders: Folders,
    /// There is one argument.
    is_only: bool,
}

/// The folder that was looked up last, as it was named and as it is.
#[derive(Debug, Default)]
struct Folders {
    last: Option<(PathBuf, PathBuf)>,
}

fn add(gathered: &mut Gathered, seen: &mut Seen, source: Source, named: bool) {
    let key = match &source {
        Source::Stdin => None,
        #[cfg(any(test, fuzzing))]
        Source::Faulty(_) => None,
        Source::Object(object) => Some(PathBuf::from(object.name())),
        Source::File(path) if path.is_symlink() => path.canonicalize().ok(),
        Source::File(path) => seen.folders.within(path),
    };
    insert(gathered, seen, key, source, named);
}

/// Adds a source, unless there is one of the same key: its one path, where that could be found out.
fn insert(gathered: &mut Gathered, seen: &mut Seen, key: Option<PathBuf>, source: Source, named: bool) {
    let key = match (key, &source) {
        (None, Source::File(path)) => path.clone(),
        (key, _) => key.unwrap_or_else(|| PathBuf::from("-")),
    };
    if seen.names.insert(key.into_os_string()) {
        gathered.sources.push(source);
    } else if named {
        gathered.notes.push(format!("`{}` is given more than once; it is read once", source.name()));
    }
}

impl Folders {
    /// The one path of what `path` leads to, which is no link. Most files share their folder with others: it is looked
    /// up once.
    fn within(&mut self, path: &Path) -> Option<PathBuf> {
        let (folder, name) = (path.parent()?, path.file_name()?);
        if self.last.as_ref().is_none_or(|(known, _)| known != folder) {
            let place = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            self.last = Some((folder.to_owned(), place.canonicalize().ok()?));
        }
        self.last.as_ref().map(|(_, canonical)| canonical.join(name))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use std::path::PathBuf;

    use super::super::{Finder, Gathered, Source};

    fn all(inputs: &[PathBuf]) -> Gathered {
        super::gather(inputs, &mut Finder::default(), &mut |_| true)
    }

    #[test]
    fn patterns_folders_and_files_give_each_file_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["b.json", "a.jsonl.gz", "notes.txt"] {
            fs::write(path(name), "").unwrap();
        }
        let gathered = all(&[path("*.json"), folder.path().to_owned(), path("notes.txt"), path("*.csv")]);
        let expected = ["b.json", "a.jsonl.gz", "notes.txt"].map(|name| Source::File(path(name)));
        assert_eq!(gathered.sources, expected);
        assert_eq!(gathered.left_out, 1);
        assert_eq!(gathered.problems.len(), 1);
        assert!(gathered.notes.is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_to_each_file_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("sub")).unwrap();
        fs::write(path("sub/b.json"), "").unwrap();
        fs::write(path("c.json"), "").unwrap();
        std::os::unix::fs::symlink("c.json", path("a.json")).unwrap();
        std::os::unix::fs::symlink("sub", path("too")).unwrap();
        let expected = ["a.json", "sub/b.json"].map(|name| Source::File(path(name)));
        assert_eq!(all(&[folder.path().to_owned()]).sources, expected);
        assert_eq!(all(&[folder.path().to_owned(), path("sub")]).sources, expected);
    }

    #[test]
    fn what_exists_is_no_pattern() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("[1].json");
        fs::write(&odd, "").unwrap();
        assert_eq!(all(std::slice::from_ref(&odd)).sources, [Source::File(odd)]);
    }
}
