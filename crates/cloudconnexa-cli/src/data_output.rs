//! An output of data: standard output as it comes, or a file that is put into place at the end, as a whole.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use crate::outputs::{self, Access};
use crate::split_outputs::EncodedOutput;

/// An output of data, which remembers whether it could not be written.
#[derive(Debug)]
pub(crate) struct DataOutput {
    output: EncodedOutput,
    /// Somebody watches, so what a slow pipe brings is shown as it comes.
    is_watched: bool,
    /// The last byte was not a line end.
    is_within_line: bool,
    failure: Option<io::Error>,
}

/// The reason that not all of an output was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unwritten {
    /// The reader of standard output has seen enough.
    Closed,
    /// A sentence.
    Failed(String),
}

/// Whether `path` stands for standard output.
pub(crate) fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

impl DataOutput {
    /// Opens an output that will replace `path`, which stays as it is for now. A new file can be read by `access`. An error
    /// is a sentence.
    pub(crate) fn open(path: &Path, access: Access) -> Result<Self, String> {
        Ok(Self {
            output: EncodedOutput::open(path, access)?,
            is_watched: is_stdout(path) && io::stdout().is_terminal(),
            is_within_line: false,
            failure: None,
        })
    }

    /// Appends lines, of which the last may lack its end. Does nothing once a write has failed.
    pub(crate) fn append(&mut self, lines: &[u8]) {
        let Some(last) = lines.last().filter(|_| self.failure.is_none()) else { return };
        let ended = if self.is_within_line { self.output.append(b"\n") } else { Ok(()) };
        let mut written = ended.and_then(|()| self.output.append(lines));
        if self.is_watched {
            written = written.and_then(|()| self.output.flush());
        }
        self.is_within_line = *last != b'\n';
        self.failure = written.err();
    }

    /// Whether a write has failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Ends the output. A file is put into place only if `is_whole`.
    pub(crate) fn finish(self, is_whole: bool) -> Result<(), Unwritten> {
        let name = self.output.name().to_owned();
        // A file that is not put into place is removed when it is dropped.
        let finished = match self.failure {
            Some(error) => Err(error),
            None => self.output.stage().and_then(|staged| {
                if is_whole { outputs::commit([staged]).map_err(|(_, error)| error) } else { Ok(()) }
            }),
        };
        finished.map_err(|error| {
            if name == "standard output" && error.kind() == io::ErrorKind::BrokenPipe {
                return Unwritten::Closed;
            }
            Unwritten::Failed(format!("cannot write to {name}: {error}"))
        })
    }
}
