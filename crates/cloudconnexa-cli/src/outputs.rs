//! Where formats, and what is split, are written to: standard output, or files that appear whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use crate::terminal::{self, Out};

/// What a signal has to know.
#[derive(Debug)]
struct Beside {
    /// Files that are written, and not put in their places.
    files: BTreeSet<PathBuf>,
    /// Whether any were.
    #[cfg_attr(not(unix), allow(dead_code, reason = "only a signal asks"))]
    was_placed: bool,
}

static BESIDE: Mutex<Beside> = Mutex::new(Beside { files: BTreeSet::new(), was_placed: false });

fn beside() -> MutexGuard<'static, Beside> {
    BESIDE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what is written and not put in its place, and keeps anything more from being put there: the process is about
/// to end. Tells whether something was put in its place before, and how many files were removed.
#[cfg(unix)]
pub(crate) fn abandon() -> (bool, usize) {
    let beside = beside();
    // Those that could not be written in the end are gone.
    let removed = beside.files.iter().filter(|file| fs::remove_file(file).is_ok()).count();
    let was_placed = beside.was_placed;
    std::mem::forget(beside);
    (was_placed, removed)
}

/// Something to write to.
#[derive(Debug)]
pub(crate) enum Output {
    Stdout(Out),
    /// Standard error, by line or more: it is shared with whoever has something to say.
    Stderr(anstream::Stderr),
    /// Standard output for bytes that are no text for people, and stay as they are.
    Pipe(BufWriter<io::Stdout>),
    /// Fails where the disk would be full.
    #[cfg(any(test, fuzzing))]
    Failing {
        room: usize,
        written: std::sync::Arc<Mutex<Vec<u8>>>,
    },
    /// Written beside, and put in its place when it is whole.
    File {
        name: PathBuf,
        path: PathBuf,
        file: BufWriter<NamedTempFile>,
    },
    /// A pipe or a device, where nothing can be put in its place.
    Device {
        name: PathBuf,
        file: BufWriter<File>,
    },
}

impl Output {
    pub(crate) fn stdout() -> Self {
        Self::Stdout(terminal::out())
    }

    pub(crate) fn stderr() -> Self {
        Self::Stderr(anstream::stderr())
    }

    pub(crate) fn pipe() -> Self {
        Self::Pipe(BufWriter::with_capacity(1 << 16, io::stdout()))
    }

    /// Makes sure that `path` can be written, but leaves what is there.
    pub(crate) fn file(path: &Path) -> io::Result<Self> {
        let is_device = fs::metadata(path).is_ok_and(|data| !data.is_file() && !data.is_dir());
        if is_device {
            let file = BufWriter::new(File::options().write(true).open(path)?);
            return Ok(Self::Device { name: path.to_owned(), file });
        }
        if path.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        // What a link leads to is written, not the link.
        let name = path.to_owned();
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let message = format!("there is no folder `{}`", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        let mut beside = tempfile::Builder::new();
        beside.prefix(".ccxlog-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // As any other file: others may have to read it.
            beside.permissions(fs::Permissions::from_mode(0o666));
        }
        let mut known = self::beside();
        let file = BufWriter::new(beside.tempfile_in(folder).map_err(|error| {
            // It names the file beside, which nobody has heard of.
            io::Error::new(
                error.kind(),
                format!("cannot write into `{}`: {}", folder.display(), error.kind()),
            )
        })?);
        known.files.insert(file.get_ref().path().to_owned());
        Ok(Self::File { name, path, file })
    }

    /// What it is called.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdout(_) | Self::Pipe(_) => "standard output".to_owned(),
            Self::Stderr(_) => "standard error".to_owned(),
            #[cfg(any(test, fuzzing))]
            Self::Failing { .. } => "a full disk".to_owned(),
            Self::File { name, .. } | Self::Device { name, .. } => format!("`{}`", name.display()),
        }
    }

    /// Whether it is standard output.
    pub(crate) fn is_stdout(&self) -> bool {
        matches!(self, Self::Stdout(_))
    }

    /// Writes text with colours, which no file has.
    pub(crate) fn write_styled(&mut self, text: &[u8]) -> io::Result<()> {
        if matches!(self, Self::Stdout(_) | Self::Stderr(_)) {
            return self.write_all(text);
        }
        anstream::adapter::strip_bytes(text).try_for_each(|plain| self.write_all(plain))
    }

    /// Writes what is held back, and puts a file in its place.
    pub(crate) fn finish(self) -> io::Result<()> {
        place([self.ready()?]).map_err(|(_, error)| error)
    }

    /// Writes what is held back; a file is whole and on the disk then, but not in its place.
    pub(crate) fn ready(mut self) -> io::Result<Ready> {
        let Self::File { path, file, .. } = self else {
            self.flush()?;
            return Ok(Ready(None));
        };
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        Ok(Ready(Some((file, path))))
    }
}

/// What is whole, and has only to be put in its place, if it has one.
#[derive(Debug)]
pub(crate) struct Ready(Option<(NamedTempFile, PathBuf)>);

/// Puts files in their places, one after another; tells how many are there if one can't be.
pub(crate) fn place<const N: usize>(all: [Ready; N]) -> Result<(), (usize, io::Error)> {
    // A signal waits until all are in place, or comes before the first.
    let mut beside = beside();
    for (placed, Ready(one)) in all.into_iter().enumerate() {
        let Some((file, path)) = one else { continue };
        let from = file.path().to_owned();
        file.persist(&path).map_err(|error| (placed, error.error))?;
        beside.files.remove(&from);
        beside.was_placed = true;
        sync_folder(&path);
    }
    Ok(())
}

/// So that a file is in its place after a loss of power as well, where the file system can do that.
#[cfg(unix)]
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Stderr(out) => out.write(bytes),
            Self::Pipe(out) => out.write(bytes),
            #[cfg(any(test, fuzzing))]
            Self::Failing { room, written } => {
                let length = bytes.len().min(*room);
                *room -= length;
                written.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&bytes[..length]);
                if length == 0 && !bytes.is_empty() {
                    Err(io::ErrorKind::StorageFull.into())
                } else {
                    Ok(length)
                }
            }
            Self::File { file, .. } => file.write(bytes),
            Self::Device { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Stderr(out) => out.flush(),
            Self::Pipe(out) => out.flush(),
            #[cfg(any(test, fuzzing))]
            Self::Failing { .. } => Ok(()),
            Self::File { file, .. } => file.flush(),
            Self::Device { file, .. } => file.flush(),
        }
    }
}

/// There it is up to the system.
#[cfg(not(unix))]
fn sync_folder(_: &Path) {}

/// Writes a whole file, so that either all of it is there or what was there before.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut output = Output::file(path)?;
    output.write_all(content)?;
    output.finish()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use super::Output;

    #[test]
    fn a_file_appears_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let mut output = Output::file(&path).unwrap();
        output.write_all(b"new").unwrap();
        assert!(!path.exists());
        output.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");

        let mut output = Output::file(&path).unwrap();
        output.write_all(b"newer").unwrap();
        drop(output);
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        for wrong in [folder.path().to_owned(), folder.path().join("no/such")] {
            assert!(Output::file(&wrong).is_err());
        }
    }
}
