//! Where formats write to: standard output, or files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::terminal::{self, Out};

/// Something to write to.
#[derive(Debug)]
pub(crate) enum Output {
    Stdout(Out),
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
        let file = BufWriter::new(beside.tempfile_in(folder).map_err(|error| {
            // It names the file beside, which nobody has heard of.
            io::Error::new(
                error.kind(),
                format!("cannot write into `{}`: {}", folder.display(), error.kind()),
            )
        })?);
        Ok(Self::File { name, path, file })
    }

    /// What it is called.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdout(_) => "standard output".to_owned(),
            Self::File { name, .. } | Self::Device { name, .. } => format!("`{}`", name.display()),
        }
    }

    /// Whether it is standard output.
    pub(crate) fn is_stdout(&self) -> bool {
        matches!(self, Self::Stdout(_))
    }

    /// Writes text with colours, which no file has.
    pub(crate) fn write_styled(&mut self, text: &[u8]) -> io::Result<()> {
        if self.is_stdout() {
            return self.write_all(text);
        }
        anstream::adapter::strip_bytes(text).try_for_each(|plain| self.write_all(plain))
    }

    /// Writes what is held back, and puts a file in its place.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush(),
            Self::Device { mut file, .. } => file.flush(),
            Self::File { path, file, .. } => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(path).map_err(|error| error.error)?;
                Ok(())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File { file, .. } => file.write(bytes),
            Self::Device { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File { file, .. } => file.flush(),
            Self::Device { file, .. } => file.flush(),
        }
    }
}

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
