//! Whether reports show values of events.

use cloudconnexa_validator::{Finding, Text};

/// Whether text may contain values of events, which can be personal or secret.
///
/// Names of fields, events and rules are always shown, unless an event's name could be anything but a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Masking {
    /// Values are shown as they are.
    Shown,
    /// Values are left out: for reports that others may read.
    #[default]
    Masked,
}

impl Masking {
    /// Returns the wording of a finding, with or without values of the event.
    pub fn text(self, finding: &Finding) -> Text {
        match self {
            Self::Shown => finding.text(),
            Self::Masked => finding.masked(),
        }
    }
}
