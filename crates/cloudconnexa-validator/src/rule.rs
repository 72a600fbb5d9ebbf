//! Rules and their severities.

use std::fmt;

/// How serious a finding is. A greater severity is more serious.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing for programs that read such events. Nothing is wrong with this event: the vendor itself writes it so.
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

/// What all findings of one kind have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Rule {
    /// Its id, in kebab-case. Stable, and never reused for anything else.
    pub id: &'static str,
    /// The severity of its findings.
    pub severity: Severity,
    /// What it reports, in one line.
    pub summary: &'static str,
    /// Why it exists, an example that breaks it, and what to do, as Markdown.
    pub explanation: &'static str,
}
