//! Where nothing shows whom a folder belongs to, only the root of a repository is known to belong to its files.

use std::path::Path;

use super::{Border, is_repository};

/// Whether folders above the working directory are trusted.
pub(super) struct Trust {
    is_in_repository: bool,
}

impl Trust {
    pub(super) fn of(working_directory: &Path) -> Self {
        Self { is_in_repository: working_directory.ancestors().any(is_repository) }
    }

    /// Returns whether the search ends before a folder above the working directory.
    pub(super) fn border_at(&self, _: &Path, _: &Path) -> Option<Border> {
        (!self.is_in_repository).then_some(Border::WorkingDirectory)
    }

    /// Returns whether the search ends before a file.
    #[allow(clippy::unused_self, reason = "as on Unix")]
    pub(super) fn border_before(&self, _: &Path, _: &Path) -> Option<Border> {
        None
    }
}
