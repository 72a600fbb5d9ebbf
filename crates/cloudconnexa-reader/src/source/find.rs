//! From named inputs to sources: files as they are, folders walked, patterns expanded, nothing twice.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use super::expand::expand;
use super::remote::Remote;
use super::walk::{Links, NamedCount, walk};
use super::{RemoteOptions, Source, SourceError, is_address};

/// Finds the sources that inputs stand for.
///
/// An input is `-` for standard input, a file, a folder with logs below it, a glob pattern, or, with the feature `s3`, an
/// address that starts with `s3://`, `http://` or `https://`.
#[derive(Debug, Default)]
pub struct SourceFinder {
    remote: Remote,
    may_be_empty: bool,
    links: Links,
}

/// All that inputs stand for.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Sources {
    /// In the order of the inputs, files of a folder by name.
    pub sources: Vec<Source>,
    /// Files of walked folders, and objects below prefixes, that are not logs by their names.
    pub left_out: NamedCount,
    /// Symbolic links that are not followed.
    pub links: NamedCount,
    /// Folders of buckets whose keys are dated, and that were listed without days that are too old.
    pub skipped: NamedCount,
    /// Inputs that stand for nothing that can be read.
    pub errors: Vec<SourceError>,
    /// Names of inputs that were given more than once, and are read once.
    pub duplicates: Vec<String>,
    /// Whether some input stands for whatever is in a folder or below a prefix, or matches a pattern.
    pub is_list: bool,
}

impl SourceFinder {
    /// A finder that requests objects as `options` says. No connection is made before an input asks for one.
    #[must_use]
    pub fn new(options: RemoteOptions) -> Self {
        Self { remote: Remote::new(options), ..Self::default() }
    }

    /// Leaves out symbolic links that are found in folders and by patterns, and what is behind them. By default, they are
    /// followed, also out of the folder. An input that is a link itself is always followed.
    #[must_use]
    pub fn without_links(mut self) -> Self {
        self.links = Links::LeaveOut;
        self
    }

    /// Looks up size and time of objects that are named, which otherwise only listed ones have.
    #[must_use]
    pub fn with_metadata(mut self) -> Self {
        self.remote.needs_metadata = true;
        self
    }

    /// Lets lists of buckets leave out objects that were stored before `since`, in seconds since 1970, if their keys are dated.
    /// See [`Sources::skipped`].
    #[must_use]
    pub fn since(mut self, since: i64) -> Self {
        self.remote.since = Some(since);
        self
    }

    /// From now on, folders, patterns and prefixes may stand for nothing.
    pub fn allow_empty(&mut self) {
        (self.may_be_empty, self.remote.needs_metadata) = (true, true);
    }

    /// Finds the sources of `inputs`. Objects that `wants` refuses are left out at once, since there can be too many of
    /// them to list.
    pub fn find(&mut self, inputs: &[PathBuf], wants: &mut dyn FnMut(&Source) -> bool) -> Sources {
        let mut found = Found { links: self.links, ..Found::default() };
        found.seen.is_only = inputs.len() == 1;
        for input in inputs {
            if input.as_os_str() == "-" {
                found.add(Source::Stdin, Origin::Named);
            } else if let Some(address) = input.to_str().filter(|text| is_address(text)) {
                self.remote.find(address, self.may_be_empty, &mut found, wants);
            } else if let Some(address) = input.to_str().filter(|_| !exists(input)).and_then(meant_address) {
                let input = shown(input);
                found.all.errors.push(SourceError::Misspelt { input, address });
            } else if !exists(input) && is_pattern(input) {
                found.expand(input, self.may_be_empty);
            } else {
                found.path(input, Origin::Named, self.may_be_empty);
            }
        }
        found.all
    }
}

/// Whether an input stands for everything that it matches.
#[must_use]
pub fn is_pattern(input: &Path) -> bool {
    input.to_str().is_some_and(|text| text.contains(['*', '?', '[']))
}

/// Returns the address that a path such as `s3:/BUCKET/PREFIX` is most likely meant to be, without what may be secret.
#[must_use]
pub fn meant_address(path: &str) -> Option<String> {
    let (scheme, rest) = path.split_once(':')?;
    let rest = rest.trim_start_matches(['/', '\\']);
    let scheme = scheme.to_ascii_lowercase();
    match scheme.as_str() {
        _ if rest.is_empty() || is_address(path) => None,
        "s3" | "s3a" | "s3n" => Some(format!("s3://{rest}")),
        "http" | "https" => Some(format!("{scheme}://…")),
        _ => None,
    }
}

/// Returns a misspelt address without what may be secret.
fn shown(input: &Path) -> String {
    let text = input.display().to_string();
    match text.split_once(':') {
        Some((scheme, rest)) if scheme.to_ascii_lowercase().starts_with("http") => {
            let slashes = rest.len() - rest.trim_start_matches('/').len();
            format!("{scheme}:{}…", &rest[..slashes])
        }
        _ => text,
    }
}

/// A path that cannot be looked at may exist: opening it will say why it cannot be read.
fn exists(path: &Path) -> bool {
    path.try_exists().unwrap_or(true)
}

/// Whether a path that a pattern matches is a symbolic link, or leads through one, apart from the part of the path that the
/// pattern names without wildcards.
fn leads_through_link(pattern: &Path, path: &Path) -> bool {
    // Patterns may start with `./`, which the paths that they match don't.
    let parts = |path: &Path| path.components().filter(|part| *part != Component::CurDir).count();
    let named = pattern.components().take_while(|part| !is_pattern(part.as_ref()));
    let named = parts(&named.collect::<PathBuf>());
    path.ancestors().take(parts(path).saturating_sub(named)).any(Path::is_symlink)
}

/// How a source was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Named,
    Listed,
}

/// Sources found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) all: Sources,
    seen: Seen,
    links: Links,
}

/// What is a source already.
#[derive(Debug, Default)]
struct Seen {
    /// Compared byte by byte: `a//b` is the same path as `a/b`, but another object key.
    names: HashSet<OsString>,
    folders: Folders,
    /// There is one input.
    is_only: bool,
}

impl Found {
    fn expand(&mut self, pattern: &Path, may_be_empty: bool) {
        let text = pattern.to_str().unwrap_or_default();
        self.all.is_list = true;
        let paths = match expand(text) {
            Ok(paths) => paths,
            Err(reason) => {
                let (pattern, reason) = (text.to_owned(), reason.to_owned());
                return self.all.errors.push(SourceError::Pattern { pattern, reason });
            }
        };
        let (mut any, mut unfollowed) = (false, NamedCount::default());
        for found in paths {
            match found {
                Ok(found) if self.links == Links::LeaveOut && leads_through_link(pattern, &found) => {
                    unfollowed.add(|| found.display().to_string());
                    continue;
                }
                Ok(found) => self.path(&found, Origin::Listed, may_be_empty),
                Err((path, error)) => {
                    let reason = error.to_string();
                    self.all.errors.push(SourceError::Unreadable { path, reason });
                }
            }
            any = true;
        }
        if !any && !may_be_empty {
            let pattern = text.to_owned();
            self.all.errors.push(match unfollowed.count {
                0 => SourceError::NoMatch { pattern },
                _ => SourceError::OnlyLinks { pattern },
            });
        }
        self.all.links.append(unfollowed);
    }

    fn path(&mut self, path: &Path, origin: Origin, may_be_empty: bool) {
        if !path.is_dir() {
            return self.add(Source::File(path.to_owned()), origin);
        }
        self.all.is_list = true;
        let walked = walk(path, self.links);
        if walked.files.is_empty() && walked.errors.is_empty() && !may_be_empty {
            let (input, others) = (path.display().to_string(), walked.left_out.count + walked.links.count);
            self.all.errors.push(SourceError::NoLogs { input, others, is_bucket: false });
        }
        self.all.left_out.append(walked.left_out);
        self.all.links.append(walked.links);
        self.all.errors.extend(walked.errors);
        if self.seen.is_only && !walked.has_links {
            // Nothing can come twice, and looking for it takes longer than the walk.
            return self.all.sources.extend(walked.files.into_iter().map(Source::File));
        }
        for file in walked.files {
            if walked.has_links {
                self.add(Source::File(file), Origin::Listed);
            } else {
                let key = self.seen.folders.canonical(&file);
                self.insert(key, Source::File(file), Origin::Listed);
            }
        }
    }

    pub(super) fn add(&mut self, source: Source, origin: Origin) {
        let key = match &source {
            Source::Stdin | Source::Custom(_) => None,
            Source::Object(object) => Some(PathBuf::from(object.name())),
            Source::File(path) if path.is_symlink() => path.canonicalize().ok(),
            Source::File(path) => self.seen.folders.canonical(path),
        };
        self.insert(key, source, origin);
    }

    /// Adds a source, unless there is one of the same key, which is its canonical path where there is one.
    fn insert(&mut self, key: Option<PathBuf>, source: Source, origin: Origin) {
        let key = match (key, &source) {
            (None, Source::File(path)) => path.clone(),
            (key, _) => key.unwrap_or_else(|| PathBuf::from("-")),
        };
        if self.seen.names.insert(key.into_os_string()) {
            self.all.sources.push(source);
        } else if origin == Origin::Named {
            self.all.duplicates.push(source.name());
        }
    }
}

/// The folder that was looked up last, as named and as it really is: most files share their folder with others.
#[derive(Debug, Default)]
struct Folders {
    last: Option<(PathBuf, PathBuf)>,
}

impl Folders {
    /// The canonical path of `path`, which is not a link itself.
    fn canonical(&mut self, path: &Path) -> Option<PathBuf> {
        let (folder, name) = (path.parent()?, path.file_name()?);
        if self.last.as_ref().is_none_or(|(known, _)| known != folder) {
            let named = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            self.last = Some((folder.to_owned(), named.canonicalize().ok()?));
        }
        self.last.as_ref().map(|(_, canonical)| canonical.join(name))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::super::{NamedCount, Source, SourceFinder, Sources};

    fn find(inputs: &[PathBuf]) -> Sources {
        SourceFinder::default().find(inputs, &mut |_| true)
    }

    #[test]
    fn patterns_folders_and_files_give_each_file_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["b.json", "a.jsonl.gz", "notes.txt"] {
            fs::write(path(name), "").unwrap();
        }
        let found = find(&[path("*.json"), folder.path().to_owned(), path("notes.txt"), path("*.csv")]);
        let expected = ["b.json", "a.jsonl.gz", "notes.txt"].map(|name| Source::File(path(name)));
        assert_eq!(found.sources, expected);
        let first = vec![path("notes.txt").display().to_string()];
        assert_eq!(found.left_out, NamedCount { count: 1, first });
        assert_eq!(found.errors.len(), 1);
        assert!(found.duplicates.is_empty());
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
        assert_eq!(find(&[folder.path().to_owned()]).sources, expected);
        assert_eq!(find(&[folder.path().to_owned(), path("sub")]).sources, expected);
    }

    /// A folder with links to files and folders, inside and outside of it, to itself, and to nothing.
    #[cfg(unix)]
    fn linked() -> tempfile::TempDir {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        for folder in ["outside", "logs/sub"] {
            fs::create_dir_all(path(folder)).unwrap();
        }
        for file in ["outside/a.json", "outside/b.json", "logs/sub/c.json", "logs/d.json"] {
            fs::write(path(file), "").unwrap();
        }
        symlink("../outside/a.json", path("logs/file-out.json")).unwrap();
        symlink("../outside", path("logs/folder-out")).unwrap();
        symlink("sub/c.json", path("logs/file-in.json")).unwrap();
        symlink("sub", path("logs/folder-in")).unwrap();
        symlink("..", path("logs/sub/loop")).unwrap();
        symlink("nowhere", path("logs/gone.json")).unwrap();
        symlink("logs", path("named")).unwrap();
        root
    }

    #[cfg(unix)]
    fn names(root: &tempfile::TempDir, found: &Sources) -> Vec<String> {
        let relative = |source: &Source| source.name().replacen(root.path().to_str().unwrap(), "", 1);
        found.sources.iter().map(relative).collect()
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_out_of_a_folder() {
        let root = linked();
        let found = find(&[root.path().join("logs")]);
        let expected =
            ["/logs/d.json", "/logs/file-in.json", "/logs/file-out.json", "/logs/folder-out/b.json"];
        assert_eq!(names(&root, &found), expected);
        assert_eq!(found.errors.len(), 1, "{:?}", found.errors);
        let found = find(&[root.path().join("logs/*/b.json")]);
        assert_eq!(names(&root, &found), ["/logs/folder-out/b.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn without_links_only_links_that_are_named_are_followed() {
        let root = linked();
        let find = |inputs: &[&str]| {
            let inputs: Vec<_> = inputs.iter().map(|input| root.path().join(input)).collect();
            let found = SourceFinder::default().without_links().find(&inputs, &mut |_| true);
            assert_eq!(found.left_out, NamedCount::default());
            assert_eq!(found.links.first.len() as u64, found.links.count.min(3));
            (names(&root, &found), found.links.count, found.errors)
        };
        let ok = |names: &[&str], left_out| {
            (names.iter().map(ToString::to_string).collect::<Vec<_>>(), left_out, Vec::new())
        };
        assert_eq!(find(&["logs"]), ok(&["/logs/d.json", "/logs/sub/c.json"], 6));
        assert_eq!(find(&["named"]), ok(&["/named/d.json", "/named/sub/c.json"], 6));
        assert_eq!(find(&["logs/file-out.json"]), ok(&["/logs/file-out.json"], 0));
        assert_eq!(find(&["named/sub/c.json", "logs"]).0, ["/named/sub/c.json", "/logs/d.json"]);
        // Patterns: the part without wildcards is named, the rest is found.
        assert_eq!(find(&["logs/*.json"]), ok(&["/logs/d.json"], 3));
        assert_eq!(find(&["logs/*/*.json"]), ok(&["/logs/sub/c.json"], 3));
        assert_eq!(find(&["named/s*/*.json"]), ok(&["/named/sub/c.json"], 0));
        assert_eq!(find(&["logs/folder-out/[ab].json"]).0.len(), 2);
        assert_eq!(find(&["logs/s*"]), ok(&["/logs/sub/c.json"], 1));
        let (names, _, errors) = find(&["logs/f*"]);
        assert!(names.is_empty());
        let error = errors[0].to_string();
        assert!(error.ends_with("logs/f*` but symbolic links, which are not followed"), "{error}");
    }

    #[test]
    fn a_path_that_exists_is_not_a_pattern() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("[1].json");
        fs::write(&odd, "").unwrap();
        assert_eq!(find(std::slice::from_ref(&odd)).sources, [Source::File(odd)]);
    }
}
