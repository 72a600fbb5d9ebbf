//! Rules and their severities.

use std::fmt;

/// The severity of a finding. A greater one is more serious.
///
/// There are no others, so that a `match` can be complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing for programs that read such events. The event is correct: the vendor itself writes it this way.
    Note,
    /// Valid, but probably not what was meant, or a sign that the format has changed.
    Warning,
    /// The record is invalid.
    Error,
}

impl Severity {
    /// Its name in lower case, as in the output of `ccxlog`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Serializes as its [name](Severity::name).
#[cfg(feature = "serde")]
impl serde::Serialize for Severity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A kind of findings: its id, severity and documentation.
#[derive(Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Rule {
    /// Its id, in kebab-case. Stable, and never reused for anything else.
    pub id: &'static str,
    /// The severity of its findings.
    pub severity: Severity,
    /// The defect that it reports, in one line.
    pub summary: &'static str,
    /// Why it exists, an example that breaks it, and what to do, as Markdown.
    pub explanation: &'static str,
}
