//! A folder of files that a run replaces as a whole, or, with a state file, adds to.
//!
//! Files are written to a staging folder inside it, which readers ignore, and are moved into place at the end. The manifest lists
//! them, and the files that they replace, before the first is moved: if the process is killed, the next run can clean up.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::manifest::{InputId, Manifest, NAME, Pending};
use crate::outputs::{self, Access};

/// The file by which a run keeps others from the folder.
const LOCK: &str = ".ccxlog-lock";
/// How the folder starts that files are written to.
const STAGING: &str = ".ccxlog-staging-";

/// An output folder, locked for this run.
#[derive(Debug)]
pub(crate) struct OutputFolder {
    root: PathBuf,
    before: Option<Manifest>,
    now: Manifest,
    /// Whether files of earlier runs stay.
    adds: bool,
    staging: StagingFolder,
    files: Vec<String>,
    access: Access,
    _lock: File,
}

/// Removed with all its contents when it is dropped, or when a signal ends the process.
#[derive(Debug)]
struct StagingFolder {
    path: PathBuf,
    /// The output folder, if this run has created it and not put anything into it.
    unused: Option<PathBuf>,
}

impl Drop for StagingFolder {
    fn drop(&mut self) {
        outputs::remove_pending_folder(&self.path);
        if let Some(root) = &self.unused {
            // It is not needed, and does no harm.
            let _ = fs::remove_file(root.join(LOCK));
            let _ = fs::remove_dir(root);
        }
    }
}

/// A file that is being written. It is open only during a write, as there may be hundreds.
#[derive(Debug)]
pub(crate) struct StagedFile {
    path: PathBuf,
    name: String,
}

impl StagedFile {
    /// Syncs the file to disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        OpenOptions::new().append(true).open(&self.path)?.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        OpenOptions::new().append(true).open(&self.path)?.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl OutputFolder {
    /// Opens or creates a folder for a run that converts to `form`. `adds` is whether files of earlier runs stay, and `is_done`
    /// whether the state file has an input. An error is a sentence.
    pub(crate) fn open(
        root: &Path,
        (form, columns): (&str, &[String]),
        adds: bool,
        is_done: impl FnOnce(&InputId) -> bool,
        access: Access,
    ) -> Result<Self, String> {
        let shown = root.display();
        let cannot = |error: io::Error| format!("cannot write to the folder `{shown}`: {error}");
        if root.exists() && !root.is_dir() {
            let one = if form == "csv" { ", unless `--event` names one event" } else { "" };
            return Err(format!(
                "`{shown}` is not a folder, and `--to {form}` writes one{one}; name another"
            ));
        }
        let is_new = !root.exists();
        let mut before = if is_new { None } else { read(root)? };
        check(root, before.as_ref(), form, adds.then_some(columns))?;
        fs::create_dir_all(root).map_err(cannot)?;
        let lock = lock(root)?;
        // A killed run may have left its staging folder.
        for entry in fs::read_dir(root).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            if entry.file_name().to_string_lossy().starts_with(STAGING) {
                fs::remove_dir_all(entry.path()).map_err(cannot)?;
            }
        }
        // Another run may have committed before this one had the lock.
        if before.is_some() {
            before = read(root)?;
        }
        let mut now = Manifest::new(form, columns);
        if let Some(before) = before.as_mut().filter(|_| adds) {
            if let Some(pending) = before.pending.take() {
                if is_done(&pending.input) {
                    before.files.extend(pending.files);
                } else {
                    before.pending = Some(pending);
                }
            }
            now.files.clone_from(&before.files);
        }
        let staging = root.join(format!("{STAGING}{}", std::process::id()));
        outputs::create_pending_folder(&staging).map_err(cannot)?;
        let staging = StagingFolder { path: staging, unused: is_new.then(|| root.to_owned()) };
        let root = root.to_owned();
        Ok(Self { root, before, now, adds, staging, files: Vec::new(), access, _lock: lock })
    }

    /// Whether files of earlier runs stay.
    pub(crate) fn has_files(&self) -> bool {
        !self.now.files.is_empty()
    }

    /// Creates a file with this path within the folder, with `/`.
    pub(crate) fn create(&mut self, name: String) -> io::Result<StagedFile> {
        let path = self.staging.path.join(&name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        outputs::private().write(true).create_new(true).open(&path)?;
        Ok(StagedFile { path, name })
    }

    /// Adds a complete file, to be put into place by [`commit`](Self::commit).
    pub(crate) fn add(&mut self, file: StagedFile) {
        self.files.push(file.name);
    }

    /// Puts all files into place, and removes the files that they replace. With `input`, files of a run that adds stay `pending`
    /// until [`CommittedFolder::confirm`]. An error is a sentence.
    pub(crate) fn commit(mut self, input: Option<InputId>) -> Result<CommittedFolder, String> {
        let shown = self.root.display().to_string();
        let cannot = |error: &io::Error, outcome: &str| {
            format!("cannot write to the folder `{shown}`: {error}; {outcome}")
        };
        let files: BTreeSet<String> = std::mem::take(&mut self.files).into_iter().collect();
        let before = self.before.take().map(|before| before.all_files()).unwrap_or_default();
        let foreign = files.iter().find(|file| !before.contains(*file) && self.root.join(file).exists());
        if let Some(file) = foreign {
            return Err(format!(
                "`{shown}/{file}` exists, and ccxlog did not write it; nothing was put into place: move it away, or use another \
                 folder"
            ));
        }
        let mut during = self.now.clone();
        during.files.extend(before.iter().chain(&files).cloned());
        let as_before = |error: &io::Error| cannot(error, "nothing was put into place");
        during.write(&self.root, self.access.clone()).map_err(|error| as_before(&error))?;
        self.staging.unused = None;
        let moved = outputs::without_signals(|| self.move_all(&files, &before));
        moved.map_err(|error| {
            cannot(&error, "some files are in place, and the next run replaces all of them")
        })?;
        match input.filter(|_| self.adds) {
            Some(input) => self.now.pending = Some(Pending { files, input }),
            None => self.now.files.extend(files),
        }
        let confirmed = |error: io::Error| cannot(&error, "all files are in place; run it again");
        self.now.write(&self.root, self.access.clone()).map_err(confirmed)?;
        Ok(CommittedFolder { folder: self })
    }

    /// Moves all files into place, and removes files of earlier runs, unless this run adds to them.
    fn move_all(&self, files: &BTreeSet<String>, before: &BTreeSet<String>) -> io::Result<()> {
        for name in files {
            let (from, to) = (self.staging.path.join(name), self.root.join(name));
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder)?;
            }
            outputs::apply(&File::open(&from)?, &to, &self.access)?;
            fs::rename(from, to)?;
        }
        for name in before.iter().filter(|name| !files.contains(*name) && !self.now.files.contains(*name)) {
            let path = self.root.join(name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            // Folders that are empty now, up to that of the table.
            for folder in path.ancestors().skip(1).take_while(|folder| *folder != self.root) {
                if fs::remove_dir(folder).is_err() {
                    break;
                }
            }
        }
        for name in files {
            outputs::sync_folder(&self.root.join(name));
        }
        Ok(())
    }
}

/// A folder whose files are in place.
#[derive(Debug)]
pub(crate) struct CommittedFolder {
    folder: OutputFolder,
}

impl CommittedFolder {
    /// Makes the files that were added count: the state file has their inputs.
    pub(crate) fn confirm(self) -> Result<(), String> {
        let OutputFolder { root, mut now, access, .. } = self.folder;
        let Some(pending) = now.pending.take() else { return Ok(()) };
        now.files.extend(pending.files);
        let shown = root.display();
        now.write(&root, access).map_err(|error| {
            format!("cannot write to the folder `{shown}`: {error}; the next run repairs it")
        })
    }
}

fn read(root: &Path) -> Result<Option<Manifest>, String> {
    let refused = |problem| format!("the folder `{}` {problem}; use another folder", root.display());
    Manifest::read(root).map_err(refused)
}

/// Refuses a folder that ccxlog did not write, or that holds another format. `columns` are those of a run that adds.
fn check(
    root: &Path,
    manifest: Option<&Manifest>,
    form: &str,
    columns: Option<&[String]>,
) -> Result<(), String> {
    let shown = root.display();
    let Some(manifest) = manifest else {
        let entries = fs::read_dir(root).into_iter().flatten().flatten();
        let is_foreign = |name: &str| !name.starts_with(STAGING) && name != LOCK;
        let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        return match names.find(|name| is_foreign(name)) {
            Some(name) => Err(format!(
                "the folder `{shown}` has a `{name}`, and no `{NAME}`, so ccxlog did not write it; give a new folder, or an \
                 empty one"
            )),
            None => Ok(()),
        };
    };
    if manifest.form != form {
        return Err(format!(
            "the folder `{shown}` holds what `--to {}` has written; use another folder for `--to {form}`",
            manifest.form
        ));
    }
    match columns {
        Some(columns) if columns != manifest.columns => Err(format!(
            "the files in the folder `{shown}` have {}; give the same `--columns`, or use another folder and another state file",
            match &*manifest.columns {
                [] => "all columns".to_owned(),
                some => format!("the columns `{}`", some.join(",")),
            }
        )),
        _ => Ok(()),
    }
}

/// Keeps other runs from the folder until the file is dropped.
fn lock(root: &Path) -> Result<File, String> {
    let shown = root.display();
    let cannot = |error: io::Error| format!("cannot lock the folder `{shown}`: {error}");
    let mut options = outputs::private();
    let file = options.write(true).create(true).truncate(false).open(root.join(LOCK)).map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(format!(
            "another run is writing to the folder `{shown}`; wait for it to end, or use another folder"
        )),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(cannot(error)),
    }
}
