//! Modes, owners and groups.

use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::Path;
use std::sync::OnceLock;

use rustix::fs::Mode;

use super::{Access, InputAccess};

/// The mode of a file that only its owner may read, which every file starts with if it is not for everyone.
pub(crate) const PRIVATE: u32 = 0o600;

/// The mode of a file that is for everyone, before the umask.
const PUBLIC: u32 = 0o666;

/// Returns the mode to create a temporary file with that will be at `path`.
pub(crate) fn create_mode(path: &Path, access: &Access) -> u32 {
    // Of an existing file, nothing is known but that it may be for few. The umask applies as to the files of any program.
    if matches!(access, Access::Public) && !path.exists() { PUBLIC } else { PRIVATE }
}

/// Gives the complete temporary file the permissions that it will have at `path`.
///
/// # Errors
///
/// If the permissions cannot be read or set. They are not wider than they should be then.
pub(crate) fn apply(file: &File, path: &Path, access: &Access) -> io::Result<()> {
    match fs::metadata(path) {
        // The mode may have changed since the temporary file was created, so it is read only now.
        Ok(replaced) if replaced.is_file() => {
            let mode = take_owner(file, &file.metadata()?, &replaced);
            set_mode(file, mode)
        }
        _ => apply_new(file, access),
    }
}

/// Gives a complete file the permissions of a new one.
///
/// # Errors
///
/// As for [`apply`].
pub(crate) fn apply_new(file: &File, access: &Access) -> io::Result<()> {
    let mode = match access {
        Access::Public => PUBLIC,
        Access::LikeInputs(inputs) => inputs.mode(file.metadata()?.gid()),
    };
    set_mode(file, mode & !umask())
}

/// Gives the file the owner and the group of the one that it replaces, as far as this process may, and returns the mode that
/// it can have then.
fn take_owner(file: &File, now: &Metadata, replaced: &Metadata) -> u32 {
    let has_group = now.gid() == replaced.gid() || fchown(file, None, Some(replaced.gid())).is_ok();
    // The group comes first: a file that was given away is no longer ours to change.
    if now.uid() != replaced.uid() {
        let _ = fchown(file, Some(replaced.uid()), None);
    }
    // Bits that make a program run as its owner are not for new content, and no file of ours is a program.
    let mode = replaced.mode() & 0o777;
    if has_group { mode } else { mode & !0o77 | for_other_group(mode) }
}

/// Sets the mode, if the file can have it.
fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    match file.set_permissions(Permissions::from_mode(mode)) {
        // The file is our own, so its file system has no modes to set, or it was given away. Either way, what can be
        // private is as private as when it was created.
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

/// Returns what the group of a file, and everyone else, may do if a file of another group has this mode: what both its
/// group and everyone else may, as nobody knows who is in which.
fn for_other_group(mode: u32) -> u32 {
    let both = (mode >> 3) & mode & 0o7;
    both << 3 | both
}

impl InputAccess {
    /// Returns the mode of a new file of this group that those may read who may read each of the inputs.
    pub(super) fn mode(&self, group: u32) -> u32 {
        let inputs = self.inputs();
        if inputs.has_unknown || inputs.files.is_empty() {
            return PRIVATE;
        }
        let others = inputs.files.iter().fold(0o66, |others, (input_group, mode)| {
            others & if *input_group == group { *mode } else { for_other_group(*mode) }
        });
        PRIVATE | others
    }
}

/// Returns the umask of this process.
fn umask() -> u32 {
    static UMASK: OnceLock<u32> = OnceLock::new();
    // It can be read only by setting it. A file that another thread creates in between is private.
    *UMASK.get_or_init(|| {
        let umask = rustix::process::umask(Mode::from_raw_mode(0o77));
        rustix::process::umask(umask);
        #[allow(clippy::useless_conversion, reason = "it has 16 bits on some systems")]
        u32::from(umask.as_raw_mode())
    })
}
