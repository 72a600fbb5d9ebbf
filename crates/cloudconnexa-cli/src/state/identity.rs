//! How inputs and their content are identified from run to run.

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
}

/// Returns the name and the content of an input, if it can be identified.
pub(crate) fn identity(source: &Source) -> Option<(String, ContentId)> {
    match source {
        Source::File(path) => {
            let data = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
            let modified = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            let name = std::path::absolute(path).ok()?.to_str()?.to_owned();
            let version = format!("{}.{:09}", modified.as_secs(), modified.subsec_nanos());
            Some((name, ContentId { version, size: data.len() }))
        }
        Source::Object(object) => {
            let content = ContentId { version: object.etag()?.to_owned(), size: object.length()? };
            Some((object.name().to_owned(), content))
        }
        _ => None,
    }
}
