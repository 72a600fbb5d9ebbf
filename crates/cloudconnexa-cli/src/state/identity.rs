//! How inputs and their content are identified from run to run.

use std::fs::Metadata;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use cloudconnexa_reader::Source;

/// Identifies the content of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContentId {
    /// The `ETag` of an object, or the modification time of a file.
    pub(super) version: String,
    /// In bytes.
    pub(super) size: u64,
    /// The number of a file on its file system. Another file with the same time and size has another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) inode: Option<u64>,
    /// When a file was last changed, by the clock of the system: unlike the modification time, nobody can set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) changed: Option<String>,
}

impl ContentId {
    /// An object, by its `ETag`, or something else that only version and size identify.
    pub(super) fn new(version: String, size: u64) -> Self {
        Self { version, size, inode: None, changed: None }
    }

    /// Content that nothing identifies, as that of an object whose key cannot be requested.
    pub(super) fn unknown() -> Self {
        Self::new(String::new(), 0)
    }

    pub(super) fn is_unknown(&self) -> bool {
        *self == Self::unknown()
    }

    /// Returns whether this content, which an earlier run has read, is still the same. Only what both know is compared:
    /// earlier versions and other systems know less.
    pub(super) fn is_still(&self, now: &Self) -> bool {
        fn agree<T: PartialEq>(before: Option<&T>, now: Option<&T>) -> bool {
            before.is_none() || now.is_none() || before == now
        }
        self.version == now.version
            && self.size == now.size
            && agree(self.inode.as_ref(), now.inode.as_ref())
            && agree(self.changed.as_ref(), now.changed.as_ref())
    }
}

/// Returns the name and the content of an input, if it can be identified.
pub(crate) fn identity(source: &Source) -> Option<(String, ContentId)> {
    match source {
        Source::File(path) => {
            let data = std::fs::metadata(path).ok().filter(Metadata::is_file)?;
            let modified = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            let name = std::path::absolute(path).ok()?.to_str()?.to_owned();
            let version = format!("{}.{:09}", modified.as_secs(), modified.subsec_nanos());
            let (inode, changed) = inode_and_change(&data);
            Some((name, ContentId { inode, changed, ..ContentId::new(version, data.len()) }))
        }
        Source::Object(object) => {
            let content = ContentId::new(object.etag()?.to_owned(), object.length()?);
            Some((object.name().to_owned(), content))
        }
        _ => None,
    }
}

/// Returns the name of an object that nothing identifies but its key.
pub(super) fn unidentified(source: &Source) -> Option<(String, ContentId)> {
    match source {
        Source::Object(object) => Some((object.name().to_owned(), ContentId::unknown())),
        _ => None,
    }
}

/// Returns the number of a file and the time of its last change.
#[cfg(unix)]
fn inode_and_change(data: &Metadata) -> (Option<u64>, Option<String>) {
    use std::os::unix::fs::MetadataExt as _;
    (Some(data.ino()), Some(format!("{}.{:09}", data.ctime(), data.ctime_nsec())))
}

/// Elsewhere, neither can be read.
#[cfg(not(unix))]
fn inode_and_change(_: &Metadata) -> (Option<u64>, Option<String>) {
    (None, None)
}
