//! Exit codes.

use std::io;

use cloudconnexa_report::RunStatus;

/// How a command ended, with its exit code. If there are several, the last of these
/// counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Everything was read, and no finding is an error.
    Clean,
    /// Everything was read, and at least one finding is an error.
    Findings,
    /// What could be read was read and written; inputs that could not be read to their ends were skipped, as was asked for.
    Skipped,
    /// The command failed: wrong usage, an input that could not be read to its end, an output that could not be written.
    Failure,
}

impl From<Exit> for RunStatus {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::Clean,
            Exit::Findings => Self::Findings,
            Exit::Skipped => Self::Skipped,
            Exit::Failure => Self::Failure,
        }
    }
}

impl Exit {
    /// Returns the exit code.
    pub(crate) fn code(self) -> u8 {
        RunStatus::from(self).code()
    }

    /// Returns how a command that only prints ended. It is not a failure if the reader has closed the pipe.
    pub(crate) fn from_printing(written: io::Result<()>) -> Self {
        match written {
            Ok(()) => Self::Clean,
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Self::Clean,
            Err(error) => {
                crate::terminal::problem(&format!("cannot write to standard output: {error}"));
                Self::Failure
            }
        }
    }
}
