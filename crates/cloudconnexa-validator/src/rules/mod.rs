//! The rules, one a file, and their table: what `ccxlog explain` prints comes from here.

use crate::finding::Severity;

/// What a finding can be about.
#[derive(Debug, PartialEq)]
pub struct Rule {
    /// Stable, kebab-case, never used for anything else.
    pub id: &'static str,
    /// How much its findings weigh.
    pub severity: Severity,
    /// What it says, in one line.
    pub summary: &'static str,
    /// Why it exists, an example of what breaks it, and what to do, as Markdown.
    pub explanation: &'static str,
}
