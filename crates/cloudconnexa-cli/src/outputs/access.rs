//! Who may read the files that are written.
//!
//! On Unix, a temporary file is readable by nobody else until it is complete. Then it gets the permissions of the file that
//! it replaces, or, if it is new, those that its content calls for. Elsewhere, files have the permissions that their folder
//! gives them.

#[cfg(test)]
mod tests;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(crate) use elsewhere::{apply, apply_new};
#[cfg(unix)]
pub(crate) use unix::{PRIVATE, apply, apply_new, create_mode};

use std::fs::Metadata;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cloudconnexa_reader::Source;
use cloudconnexa_report::Masking;

/// Who may read a new file.
#[derive(Clone, Debug)]
#[cfg_attr(not(unix), allow(dead_code, reason = "only Unix has modes"))]
pub(crate) enum Access {
    /// Everyone whom the umask allows: it shows no values of events.
    Public,
    /// Those who may read each of these inputs: it shows values of events.
    LikeInputs(InputAccess),
}

/// Who may read each of the inputs of a run.
///
/// Clones share what they know, so that an output can be opened before all inputs are found.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputAccess(Arc<Mutex<Inputs>>);

#[derive(Debug, Default)]
struct Inputs {
    /// Whether an output depends on it.
    is_wanted: bool,
    /// Whether there is an input without permissions that mean anything: a pipe, or an object of a server.
    has_unknown: bool,
    /// The group and the mode of files, without repetitions.
    #[cfg(unix)]
    files: std::collections::BTreeSet<(u32, u32)>,
}

impl Access {
    /// Returns the access to an output that shows or masks values of these inputs.
    pub(crate) fn new(values: Masking, inputs: &InputAccess) -> Self {
        match values {
            Masking::Shown => inputs.of_output(),
            Masking::Masked => Self::Public,
        }
    }
}

impl InputAccess {
    fn inputs(&self) -> MutexGuard<'_, Inputs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the access to an output that shows values of these inputs, and has them looked up from now on.
    pub(crate) fn of_output(&self) -> Access {
        self.inputs().is_wanted = true;
        Access::LikeInputs(self.clone())
    }

    /// Adds inputs that are about to be read.
    pub(crate) fn add_sources(&self, sources: &[Source]) {
        if !self.inputs().is_wanted {
            return;
        }
        for source in sources {
            match source {
                Source::File(path) => self.add_path(path),
                _ => self.inputs().has_unknown = true,
            }
        }
    }

    /// Adds a file that is about to be read.
    pub(crate) fn add_path(&self, path: &Path) {
        match std::fs::metadata(path) {
            Ok(data) => self.add_file(&data),
            Err(_) => self.inputs().has_unknown = true,
        }
    }

    /// Adds an open file.
    pub(crate) fn add_file(&self, data: &Metadata) {
        let mut inputs = self.inputs();
        if !data.is_file() {
            inputs.has_unknown = true;
            return;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            inputs.files.insert((data.gid(), data.mode() & 0o777));
        }
    }
}

/// Where there are no modes, files have the permissions that their folder gives them.
#[cfg(not(unix))]
mod elsewhere {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use super::Access;

    #[allow(clippy::unnecessary_wraps, reason = "as on Unix")]
    pub(crate) fn apply(_: &File, _: &Path, _: &Access) -> io::Result<()> {
        Ok(())
    }

    #[allow(clippy::unnecessary_wraps, reason = "as on Unix")]
    pub(crate) fn apply_new(_: &File, _: &Access) -> io::Result<()> {
        Ok(())
    }
}
