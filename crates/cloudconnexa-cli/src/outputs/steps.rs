//! The steps that put a complete file into place. Tests see their order, and make any of them the last.

#[cfg(test)]
pub(crate) mod testing;

use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// Makes the content of `file`, which is to replace `target`, survive a power failure.
#[cfg_attr(not(test), expect(unused_variables, reason = "tests tell files apart by their targets"))]
pub(super) fn sync_file(file: &NamedTempFile, target: &Path) -> io::Result<()> {
    #[cfg(test)]
    testing::before("sync", target)?;
    file.as_file().sync_all()
}

/// Replaces `target` with `file`.
pub(super) fn replace(file: NamedTempFile, target: &Path) -> io::Result<()> {
    #[cfg(test)]
    testing::before("replace", target)?;
    file.persist(target)?;
    Ok(())
}

/// Makes the new directory entry of `target` survive a power failure, where the system supports that.
pub(crate) fn sync_folder(target: &Path) {
    #[cfg(test)]
    if testing::before("sync the folder of", target).is_err() {
        return;
    }
    // Elsewhere, folders can't be synced.
    #[cfg(unix)]
    if let Some(folder) = target.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
}
