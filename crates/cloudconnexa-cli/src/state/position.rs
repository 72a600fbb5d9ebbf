//! Up to where a growing file was read.

use super::ContentId;

/// A position at the start of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FilePosition {
    /// Bytes that were read.
    pub(crate) offset: u64,
    /// The number of the line that starts there.
    pub(crate) line: u64,
    /// A checksum of the first bytes of the file, and their number: another file has other bytes.
    pub(crate) head: (u32, u64),
}

impl FilePosition {
    /// Encodes the position as content that no file has, so that a run that does not follow the file reads all of it.
    pub(super) fn to_content(&self) -> ContentId {
        let (checksum, length) = self.head;
        ContentId::new(format!("followed:{}:{checksum:08x}:{length}", self.line), self.offset)
    }

    pub(super) fn from_content(content: &ContentId) -> Option<Self> {
        let mut parts = content.version.strip_prefix("followed:")?.split(':');
        let line = parts.next()?.parse().ok()?;
        let checksum = u32::from_str_radix(parts.next()?, 16).ok()?;
        let length = parts.next()?.parse().ok()?;
        Some(Self { offset: content.size, line, head: (checksum, length) })
    }
}
