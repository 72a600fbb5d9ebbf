//! The log files below a folder, recognized by name.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::SourceError;

/// What is below a folder.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) files: Vec<PathBuf>,
    /// Whether symbolic links below it were followed: only then can a file come twice.
    pub(super) has_links: bool,
    pub(super) left_out: NamedCount,
    /// Symbolic links, which are not followed.
    pub(super) links: NamedCount,
    pub(super) errors: Vec<SourceError>,
}

/// A number of files or objects, and the names of the first few.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedCount {
    /// How many there are.
    pub count: u64,
    /// The names of the first few of them.
    pub first: Vec<String>,
}

/// How many names are kept.
const MAX_NAMES: usize = 3;

impl NamedCount {
    pub(super) fn add(&mut self, name: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < MAX_NAMES {
            self.first.push(name());
        }
    }

    pub(super) fn append(&mut self, other: Self) {
        self.count += other.count;
        self.first.extend(other.first.into_iter().take(MAX_NAMES - self.first.len()));
    }
}

/// What is done with symbolic links that are found, rather than named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Links {
    #[default]
    Follow,
    LeaveOut,
}

/// Walks `folder`, each folder's entries by name. If it is a link itself, it is followed.
pub(super) fn walk(folder: &Path, links: Links) -> Walked {
    let mut walked = Walked::default();
    let follows = links == Links::Follow;
    // Names of one folder are in the order of its paths, which are at hand.
    let by_name = |a: &DirEntry, b: &DirEntry| a.path().as_os_str().cmp(b.path().as_os_str());
    for entry in WalkDir::new(folder).follow_links(follows).sort_by(by_name) {
        walked.has_links |=
            follows && entry.as_ref().is_ok_and(|entry| entry.depth() > 0 && entry.path_is_symlink());
        match entry {
            // The folder itself may be a link.
            Ok(entry) if entry.depth() == 0 || entry.file_type().is_dir() => {}
            // Opening a FIFO that nobody writes to would wait forever.
            Ok(entry) if entry.file_type().is_file() && is_log(entry.path()) => {
                walked.files.push(entry.into_path());
            }
            Ok(entry) if entry.file_type().is_file() && is_about_log(entry.path()) => {}
            // Links that are not followed are neither files nor folders.
            Ok(entry) if !follows && entry.path_is_symlink() => walked.links.add(|| shown(entry.path())),
            Ok(entry) => walked.left_out.add(|| shown(entry.path())),
            // The folder that a loop leads back to is walked already.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) => unreadable(&mut walked, folder, &error),
        }
    }
    walked
}

fn unreadable(walked: &mut Walked, folder: &Path, error: &walkdir::Error) {
    let path = error.path().unwrap_or(folder);
    let is_dangling = path.is_symlink() && !path.exists();
    if is_dangling && !is_log(path) {
        walked.left_out.add(|| shown(path));
        return;
    }
    let reason = match error.io_error() {
        _ if is_dangling => "the symbolic link leads nowhere".to_owned(),
        Some(error) => error.to_string(),
        None => error.to_string(),
    };
    walked.errors.push(SourceError::Unreadable { path: path.to_owned(), reason });
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn is_log(path: &Path) -> bool {
    is_log_name(path.as_os_str().as_encoded_bytes())
}

/// Whether it is the file `NAME.expected`, with which `ccxlog test` compares the findings of the log `NAME`. Nobody takes it for a
/// log that was left out.
fn is_about_log(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "expected") && is_log(&path.with_extension(""))
}

/// Whether a file or an object of this name, which may have folders in front, is read in a folder: it ends in `.json`, `.jsonl` or
/// `.ndjson`, each also with `.gz`, in capital or small letters.
#[must_use]
pub fn is_log_name(name: &[u8]) -> bool {
    let name = before_ending(name, b".gz").unwrap_or(name);
    [&b".json"[..], b".jsonl", b".ndjson"].iter().any(|ending| before_ending(name, ending).is_some())
}

/// Returns what comes before an ending, in capital or small letters.
fn before_ending<'a>(name: &'a [u8], ending: &[u8]) -> Option<&'a [u8]> {
    let (before, last) = name.split_at_checked(name.len().checked_sub(ending.len())?)?;
    last.eq_ignore_ascii_case(ending).then_some(before)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Links, NamedCount, is_log, walk};

    #[test]
    fn logs_are_recognized_by_name() {
        for name in ["a.json", "a.JSONL", "a.ndjson.gz", "a.b.jsonl.gz", ".json"] {
            assert!(is_log(Path::new(name)), "{name}");
        }
        for name in ["a.gz", "a.json.bak", "a.json.zip", "json", "a.csv"] {
            assert!(!is_log(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn files_come_by_name_and_others_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        for name in [
            "c.json",
            "b/z.jsonl",
            "b/a.jsonl.gz",
            "a.json",
            "b/readme.txt",
            "c.json.expected",
            "b/a.jsonl.gz.expected",
            "x.expected",
            "b/1",
            "b/2",
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let walked = walk(folder.path(), Links::Follow);
        let names: Vec<_> =
            walked.files.iter().map(|file| file.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, ["a.json", "b/a.jsonl.gz", "b/z.jsonl", "c.json"].map(Path::new));
        let first = ["b/1", "b/2", "b/readme.txt"].map(|name| folder.path().join(name).display().to_string());
        assert_eq!(walked.left_out, NamedCount { count: 4, first: first.to_vec() });
        assert!(walked.errors.is_empty() && !walked.has_links);
    }

    #[cfg(unix)]
    #[test]
    fn looping_and_dangling_links_are_not_followed() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        fs::write(folder.path().join("sub/a.json"), "").unwrap();
        symlink("..", folder.path().join("sub/up")).unwrap();
        symlink("sub", folder.path().join("too")).unwrap();
        symlink("nowhere", folder.path().join("gone.txt")).unwrap();
        symlink("nowhere", folder.path().join("gone.json")).unwrap();
        let walked = walk(folder.path(), Links::Follow);
        assert_eq!(walked.files.len(), 2);
        assert!(walked.has_links);
        assert_eq!(walked.left_out.count, 1);
        assert!(walked.left_out.first[0].ends_with("gone.txt"), "{:?}", walked.left_out);
        assert_eq!(walked.errors.len(), 1);
        assert!(walked.errors[0].to_string().ends_with("gone.json`: the symbolic link leads nowhere"));
    }
}
