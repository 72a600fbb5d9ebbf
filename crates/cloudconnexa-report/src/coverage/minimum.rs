//! How much has to be covered.

use std::fmt;

use super::share::Percent;

/// The name of the points that all events have in common.
pub const HEADER: &str = "header";

/// The points that a minimum is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MinimumScope {
    /// All points together.
    All,
    /// Each event, and the header, by itself.
    Each,
    /// The points that all events have in common.
    Header,
    /// The points of the event of this name.
    Event(&'static str),
}

/// The percentage of some points that has to be covered. `Display` writes it as `ccxlog coverage --min` takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Minimum {
    /// The points.
    pub of: MinimumScope,
    /// The percentage.
    pub percent: Percent,
}

impl fmt::Display for Minimum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.percent;
        match self.of {
            MinimumScope::All => write!(f, "{percent}"),
            MinimumScope::Each => write!(f, "each={percent}"),
            MinimumScope::Header => write!(f, "{HEADER}={percent}"),
            MinimumScope::Event(name) => write!(f, "{name}={percent}"),
        }
    }
}
