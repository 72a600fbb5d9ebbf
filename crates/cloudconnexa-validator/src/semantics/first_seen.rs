//! The record that a finding about a later one refers to.

use std::fmt;
use std::sync::Arc;

/// The location of the earlier record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FirstSeen {
    pub(super) input: Arc<str>,
    pub(super) line: u64,
    pub(super) column: u32,
}

impl fmt::Display for FirstSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of files can contain anything.
        let name =
            self.input.replace(|character: char| character.is_control() || character == '`', "\u{fffd}");
        write!(f, "`{name}:{}:{}`", self.line, self.column)
    }
}
