//! `_ccxlog.json`: the files in an output folder that ccxlog wrote. A run replaces only these.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::outputs::{self, Access};
use crate::state::ContentId;

/// Hive, Spark and Athena ignore names that start with an underscore.
pub(super) const NAME: &str = "_ccxlog.json";

/// The version of the format. Keys may be added without changing it, as readers ignore unknown ones.
const FORMAT: u64 = 1;

/// The contents of an output folder.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    format: u64,
    /// The format, such as `parquet`.
    pub(super) form: String,
    /// The selected columns; empty for all.
    #[serde(default)]
    pub(super) columns: Vec<String>,
    /// Paths of files, relative to the folder, with `/`.
    pub(super) files: BTreeSet<String>,
    /// A run that has added files, but may not have saved its state file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pending: Option<Pending>,
}

/// The files of a run that are in place. They are valid only if the state file has its inputs: otherwise, the next run reads
/// these inputs again, and replaces the files.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Pending {
    pub(super) files: BTreeSet<String>,
    /// One of the inputs. The state file gets all of them at once, so one is enough to check.
    pub(super) input: InputId,
}

/// An input and its content.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct InputId {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) content: ContentId,
}

impl Manifest {
    pub(super) fn new(form: &str, columns: &[String]) -> Self {
        Self {
            format: FORMAT,
            form: form.to_owned(),
            columns: columns.to_vec(),
            files: BTreeSet::new(),
            pending: None,
        }
    }

    /// Reads the one of a folder, if it has one. An error is the end of a sentence about the folder.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, String> {
        let bytes = match fs::read(folder.join(NAME)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("has a `{NAME}` that cannot be read: {error}")),
        };
        let read: Self = serde_json::from_slice(&bytes)
            .map_err(|error| format!("has a `{NAME}` that ccxlog did not write: {error}"))?;
        if read.format != FORMAT {
            return Err(format!(
                "has a `{NAME}` of format {}, and this program writes format {FORMAT}; use the version of ccxlog that wrote it",
                read.format
            ));
        }
        let is_within = |file: &String| {
            !file.is_empty()
                && file.split('/').all(|part| !matches!(part, "" | "." | ".."))
                && !file.contains('\\')
        };
        let pending = read.pending.iter().flat_map(|pending| &pending.files);
        match read.files.iter().chain(pending).find(|file| !is_within(file)) {
            Some(file) => Err(format!("has a `{NAME}` that lists `{file}`, which is not within the folder")),
            None => Ok(Some(read)),
        }
    }

    /// Replaces the one of a folder.
    pub(super) fn write(&self, folder: &Path, access: Access) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        text.push('\n');
        outputs::write(&folder.join(NAME), text.as_bytes(), access)
    }

    /// Returns all files that runs have put into place.
    pub(super) fn all_files(&self) -> BTreeSet<String> {
        let pending = self.pending.iter().flat_map(|pending| &pending.files);
        self.files.iter().chain(pending).cloned().collect()
    }
}
