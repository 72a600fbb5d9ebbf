//! Inputs that cannot be read to their ends: what they mean for a run, and for the next one.

use std::fmt::Write as _;

use cloudconnexa_reader::{GzipErrorKind, ReadError, ReadErrorKind};

use crate::check::Merger;
use crate::exit::Exit;
use crate::size::counted;
use crate::terminal::printable;

/// How many of them the summary lists.
const MAX_LISTED: usize = 20;

/// What is done about an input that cannot be read to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OnUnreadable {
    /// The command fails.
    #[default]
    Fail,
    /// The command does without it, and says so.
    Skip,
    /// The command fails, as it would lose what it does not read.
    Require,
}

impl OnUnreadable {
    /// Returns how a run ends that could not read all of its inputs.
    pub(crate) fn exit(self) -> Exit {
        match self {
            Self::Fail | Self::Require => Exit::Failure,
            Self::Skip => Exit::Skipped,
        }
    }

    /// Returns how a run ends if this many inputs could not be read.
    pub(crate) fn exit_of(self, unread: u64) -> Exit {
        if unread > 0 { self.exit() } else { Exit::Clean }
    }

    /// Returns the end of a message about inputs that cannot be read, which names the option that skips them.
    pub(crate) fn way_out(self) -> &'static str {
        match self {
            Self::Fail => {
                "; `--skip-unreadable` does without what cannot be read, and exits with 3 instead of 2"
            }
            Self::Skip | Self::Require => "",
        }
    }

    /// Returns what the summary says about inputs that could not be read: which ones were skipped, or how to skip them. It is for
    /// a command without `--state`.
    pub(crate) fn summary(self, run: &Merger) -> String {
        self.summary_with(run, "")
    }

    /// The same for a command with `--state`.
    pub(crate) fn summary_with_state(self, run: &Merger) -> String {
        self.summary_with(run, ", and with `--state`,\n  each is reported once")
    }

    fn summary_with(self, run: &Merger, addition: &str) -> String {
        let counts = &run.summary.counts;
        let mut text = String::new();
        match self {
            _ if counts.unread == 0 => {}
            Self::Require => {}
            // Skipping is of no use if there is nothing else.
            Self::Fail if counts.events().total() == 0 => {}
            Self::Fail => {
                let _ = writeln!(
                    text,
                    "\n  `--skip-unreadable` accepts inputs that cannot be read: exit code 3 instead of 2{addition}."
                );
            }
            Self::Skip => {
                let inputs = counted(counts.unread, "input");
                let _ = writeln!(text, "\n  {inputs} skipped:");
                let (problems, more) = run.problems();
                for problem in problems.iter().take(MAX_LISTED) {
                    let _ = writeln!(text, "    {}", printable(&problem.message));
                }
                let more = problems.len().saturating_sub(MAX_LISTED) as u64 + more;
                if more > 0 {
                    let _ = writeln!(text, "    and {}", counted(more, "other"));
                }
            }
        }
        text
    }
}

/// Why an input could not be read to its end, as far as the next run has to know it. If there are several causes, the
/// greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    /// Its content, which another attempt reads in the same way.
    Damaged,
    /// Its content is larger than a limit allows.
    OverLimit,
    /// Access to it. Nothing of it was read, and it is readable once somebody allows that.
    Refused,
    /// Anything else, such as a connection that broke: it may be gone by the next run.
    Transient,
}

impl From<&ReadError> for Cause {
    fn from(error: &ReadError) -> Self {
        match error.kind() {
            _ if error.is_refused() => Self::Refused,
            _ if error.is_transient() => Self::Transient,
            ReadErrorKind::Gzip(error) => match error.kind() {
                GzipErrorKind::TooManyBytes | GzipErrorKind::RatioTooHigh => Self::OverLimit,
                _ => Self::Damaged,
            },
            ReadErrorKind::Foreign(_) => Self::Damaged,
            _ => Self::Transient,
        }
    }
}
