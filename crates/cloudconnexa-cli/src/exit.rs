//! What the process tells its caller.

use std::io;
use std::process::ExitCode;

use cloudconnexa_report::RunStatus;

/// How a run ended, and the exit code that says so. The greater wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All was read and nothing is wrong; warnings don't count.
    Clean = 0,
    /// All was read, and at least one finding is an error.
    Findings = 1,
    /// The job could not be done: wrong usage, an input that could not be read to its end, an output that could not
    /// be written.
    Failure = 2,
}

impl From<Exit> for RunStatus {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::Clean,
            Exit::Findings => Self::Findings,
            Exit::Failure => Self::Failure,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// Of a command that only prints. A reader that went away has seen enough, and is no failure.
    pub(crate) fn of_printing(written: io::Result<()>) -> Self {
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
