//! Outputs for reports and events: standard output, or files that are replaced as a whole or not at all.

mod access;
pub(crate) mod foreign;
mod on_terminal;
pub(crate) mod steps;
#[cfg(test)]
mod tests;

pub(crate) use access::{Access, InputAccess, apply, apply_new};
pub(crate) use steps::sync_folder;

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use on_terminal::EscapedStdout;
use tempfile::NamedTempFile;

use crate::terminal::{self, Stdout};

/// The state that a signal handler has to clean up and to report.
#[derive(Debug)]
struct Pending {
    /// Temporary files that do not replace their targets yet.
    files: BTreeSet<PathBuf>,
    /// Staging folders, which are removed with everything in them.
    folders: BTreeSet<PathBuf>,
    /// Whether any file has replaced its target.
    #[cfg_attr(not(unix), allow(dead_code, reason = "only a signal handler asks"))]
    has_committed: bool,
}

/// Whether anything has been written to standard output or to a device, which cannot be taken back.
static HAS_STREAMED: AtomicBool = AtomicBool::new(false);

static PENDING: Mutex<Pending> =
    Mutex::new(Pending { files: BTreeSet::new(), folders: BTreeSet::new(), has_committed: false });

fn pending() -> MutexGuard<'static, Pending> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes all temporary files, and blocks [`commit`] for good, as the process is about to end. Returns whether any file
/// was committed before, and how many temporary files were removed.
#[cfg(unix)]
pub(crate) fn discard_pending() -> (bool, usize) {
    let pending = pending();
    // Files of outputs that failed are gone already.
    let files = pending.files.iter().filter(|file| fs::remove_file(file).is_ok()).count();
    let folders = pending.folders.iter().filter(|folder| fs::remove_dir_all(folder).is_ok()).count();
    let removed = files + folders;
    let has_committed = pending.has_committed;
    std::mem::forget(pending);
    (has_committed, removed)
}

/// Creates a folder for temporary files, which only its owner can look into. A signal removes it.
pub(crate) fn create_pending_folder(path: &Path) -> io::Result<()> {
    let mut pending = pending();
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    pending.folders.insert(path.to_owned());
    Ok(())
}

/// Removes a folder for temporary files. A failure to do so is ignored.
pub(crate) fn remove_pending_folder(path: &Path) {
    let mut pending = pending();
    let _ = fs::remove_dir_all(path);
    pending.folders.remove(path);
}

/// Puts files into place. A signal is handled before or after it.
pub(crate) fn without_signals<T>(put: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let mut pending = pending();
    pending.has_committed = true;
    put()
}

/// Returns whether anything has been written to standard output or to a device.
#[cfg(unix)]
pub(crate) fn has_streamed() -> bool {
    HAS_STREAMED.load(Ordering::Relaxed)
}

/// Something to write to.
#[derive(Debug)]
pub(crate) enum Output {
    Stdout(Stdout),
    /// Standard error, one or more lines at a time, as messages go there as well.
    Stderr(anstream::Stderr),
    /// Standard output for data, which is written unchanged.
    Pipe(BufWriter<io::Stdout>),
    /// Data on a terminal, where it must not act as anything else.
    Terminal(EscapedStdout),
    /// Fails when `room` bytes are written, like a full disk.
    #[cfg(any(test, fuzzing))]
    Failing {
        room: usize,
        written: std::sync::Arc<Mutex<Vec<u8>>>,
    },
    /// A temporary file, which replaces `path` when it is complete.
    File {
        name: PathBuf,
        path: PathBuf,
        file: BufWriter<NamedTempFile>,
        access: Access,
    },
    /// A pipe or a device, which cannot be replaced.
    Device {
        name: PathBuf,
        file: BufWriter<File>,
    },
}

impl Output {
    pub(crate) fn stdout() -> Self {
        Self::Stdout(terminal::stdout())
    }

    /// Returns standard output for text without colours that is not escaped for terminals, such as JSON.
    pub(crate) fn plain_stdout() -> Self {
        if io::stdout().is_terminal() { Self::Terminal(EscapedStdout::new()) } else { Self::stdout() }
    }

    pub(crate) fn stderr() -> Self {
        Self::Stderr(anstream::stderr())
    }

    /// Returns standard output for data.
    pub(crate) fn pipe() -> Self {
        if io::stdout().is_terminal() {
            return Self::Terminal(EscapedStdout::new());
        }
        Self::Pipe(BufWriter::with_capacity(1 << 16, io::stdout()))
    }

    /// Opens a temporary file next to `path`, which stays as it is for now; a device is opened itself. A file that replaces
    /// none can be read by `access`.
    pub(crate) fn file(path: &Path, access: Access) -> io::Result<Self> {
        let (name, target) = (path.to_owned(), check(path)?);
        let Target::File { path, folder } = target else {
            let file = BufWriter::new(File::options().write(true).open(path)?);
            return Ok(Self::Device { name, file });
        };
        let mut temporary = tempfile::Builder::new();
        temporary.prefix(".ccxlog-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            temporary.permissions(fs::Permissions::from_mode(access::create_mode(&path, &access)));
        }
        // A signal must not come between creating the file and listing it.
        let mut pending = pending();
        let file = BufWriter::new(temporary.tempfile_in(&folder).map_err(|error| {
            // The error names the temporary file, which means nothing to the user.
            io::Error::new(
                error.kind(),
                format!("cannot write into `{}`: {}", folder.display(), error.kind()),
            )
        })?);
        pending.files.insert(file.get_ref().path().to_owned());
        Ok(Self::File { name, path, file, access })
    }

    /// Returns what messages call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdout(_) | Self::Pipe(_) | Self::Terminal(_) => "standard output".to_owned(),
            Self::Stderr(_) => "standard error".to_owned(),
            #[cfg(any(test, fuzzing))]
            Self::Failing { .. } => "a full disk".to_owned(),
            Self::File { name, .. } | Self::Device { name, .. } => format!("`{}`", name.display()),
        }
    }

    /// Returns whether it is standard output for reports.
    pub(crate) fn is_stdout(&self) -> bool {
        matches!(self, Self::Stdout(_) | Self::Terminal(_))
    }

    /// Returns whether it is a file, which is put into place as a whole or not at all.
    pub(crate) fn is_file(&self) -> bool {
        match self {
            Self::File { .. } => true,
            #[cfg(any(test, fuzzing))]
            Self::Failing { .. } => true,
            _ => false,
        }
    }

    /// Returns whether it will replace a file that exists.
    pub(crate) fn replaces_file(&self) -> bool {
        matches!(self, Self::File { path, .. } if path.exists())
    }

    /// Writes coloured text; files get it without colours.
    pub(crate) fn write_styled(&mut self, text: &[u8]) -> io::Result<()> {
        if matches!(self, Self::Stdout(_) | Self::Stderr(_)) {
            return self.write_all(text);
        }
        anstream::adapter::strip_bytes(text).try_for_each(|plain| self.write_all(plain))
    }

    /// Flushes it, and replaces the target of a file.
    pub(crate) fn finish(self) -> io::Result<()> {
        commit([self.stage()?]).map_err(|(_, error)| error)
    }

    /// Flushes it. A file is then complete and on disk, but does not replace its target yet.
    pub(crate) fn stage(mut self) -> io::Result<StagedOutput> {
        let Self::File { path, file, access, .. } = self else {
            self.flush()?;
            return Ok(StagedOutput(None));
        };
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        access::apply(file.as_file(), &path, &access)?;
        steps::sync_file(&file, &path)?;
        Ok(StagedOutput(Some((file, path))))
    }
}

/// A complete output, which has to be committed if it is a file.
#[derive(Debug)]
pub(crate) struct StagedOutput(Option<(NamedTempFile, PathBuf)>);

/// Replaces the targets of outputs, one after another.
///
/// # Errors
/// Returns the index of the output that could not be committed; those before it are.
pub(crate) fn commit<const N: usize>(outputs: [StagedOutput; N]) -> Result<(), (usize, io::Error)> {
    // A signal is handled before the first or after the last one.
    let mut pending = pending();
    for (index, StagedOutput(staged)) in outputs.into_iter().enumerate() {
        let Some((file, path)) = staged else { continue };
        let from = file.path().to_owned();
        steps::replace(file, &path).map_err(|error| (index, error))?;
        pending.files.remove(&from);
        pending.has_committed = true;
        steps::sync_folder(&path);
    }
    Ok(())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() && !self.is_file() && !matches!(self, Self::Stderr(_)) {
            HAS_STREAMED.store(true, Ordering::Relaxed);
        }
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Stderr(out) => out.write(bytes),
            Self::Pipe(out) => out.write(bytes),
            Self::Terminal(out) => out.write(bytes),
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
            Self::Terminal(out) => out.flush(),
            #[cfg(any(test, fuzzing))]
            Self::Failing { .. } => Ok(()),
            Self::File { file, .. } => file.flush(),
            Self::Device { file, .. } => file.flush(),
        }
    }
}

/// What an output is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A file, which need not exist.
    File { path: PathBuf, folder: PathBuf },
    /// A pipe or a device.
    Device,
}

/// Returns what an output at `path` is written to, without opening it: a command that reads for hours should not fail because
/// of a name that it could have looked at first.
pub(crate) fn check(path: &Path) -> io::Result<Target> {
    foreign::refuse(path)?;
    if fs::metadata(path).is_ok_and(|data| !data.is_file() && !data.is_dir()) {
        return Ok(Target::Device);
    }
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    // The target of a link is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).to_owned();
    if !folder.is_dir() {
        let message = format!("there is no folder `{}`", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, message));
    }
    Ok(Target::File { path, folder })
}

/// Returns options that open a file in place. If they create one, only its owner can read it.
pub(crate) fn private() -> OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, access::PRIVATE);
    options
}

/// Replaces a file as a whole, or leaves it unchanged. A file that replaces none can be read by `access`.
pub(crate) fn write(path: &Path, content: &[u8], access: Access) -> io::Result<()> {
    let mut output = Output::file(path, access)?;
    output.write_all(content)?;
    output.finish()
}
