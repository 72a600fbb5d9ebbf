//! How a run ended, as reports record it.

/// How a run ended. Reports that have a field for an exit code get [`code`](Self::code).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RunStatus {
    /// Everything was read, and no finding is an error.
    #[default]
    Clean,
    /// Everything was read, and at least one finding is an error.
    Findings,
    /// Everything that could be read was, and inputs that could not be read to their ends were skipped, as was asked for.
    Skipped,
    /// The job could not be done: an input could not be read to its end, or an output could not be written.
    Failure,
}

impl RunStatus {
    /// Returns the exit code of `ccxlog` that says so: 0, 1, 2 for a failure, and 3 if inputs were skipped.
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Failure => 2,
            Self::Skipped => 3,
        }
    }
}
