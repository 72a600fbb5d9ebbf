//! The findings of a run that a report lists.

use std::fmt::Write as _;

use cloudconnexa_validator::Span;

use super::group::{FindingGroup, GroupDetails, GroupKey};
use crate::text::{count, counted};

/// The entries of a report.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReportEntries<'a> {
    /// The entries, in the order of the report.
    pub list: Vec<ReportEntry<'a>>,
    /// Findings that no entry represents.
    pub left_out: u64,
}

/// Findings of one group in inputs that have no entry of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Elsewhere {
    /// The number of findings.
    pub findings: u64,
    /// The number of inputs.
    pub inputs: u64,
}

/// An entry of a report: findings of one group in one input.
#[derive(Clone, Copy, Debug)]
pub struct ReportEntry<'a> {
    key: GroupKey,
    input: &'a str,
    group: &'a FindingGroup,
    elsewhere: Elsewhere,
}

impl<'a> ReportEntry<'a> {
    pub(super) fn new(key: GroupKey, input: &'a str, group: &'a FindingGroup, elsewhere: Elsewhere) -> Self {
        Self { key, input, group, elsewhere }
    }

    /// Returns the key of the group.
    pub fn key(&self) -> GroupKey {
        self.key
    }

    /// Returns the name of the input.
    pub fn input(&self) -> &'a str {
        self.input
    }

    /// Returns the findings in this input.
    pub fn group(&self) -> &'a FindingGroup {
        self.group
    }

    /// Returns what all findings of the group have in common.
    pub fn details(&self) -> &'a GroupDetails {
        self.group.details()
    }

    /// Returns the findings in inputs that have no entry.
    pub fn elsewhere(&self) -> Elsewhere {
        self.elsewhere
    }

    /// Returns the number of findings that the entry represents, including those [elsewhere](Self::elsewhere).
    pub fn total(&self) -> u64 {
        self.group.count() + self.elsewhere.findings
    }

    /// Returns the number of inputs that the entry represents, including those [elsewhere](Self::elsewhere).
    pub fn inputs(&self) -> u64 {
        1 + self.elsewhere.inputs
    }

    /// Returns the span of the first finding.
    pub fn span(&self) -> Span {
        self.group.samples()[0]
    }

    /// Says how many more findings there are after the first, and where: `; 999,998 more like it in this file, such as on
    /// lines 2, 3, 4, 5`. Empty if there is only one.
    pub fn more(&self) -> String {
        more(self.group, self.elsewhere)
    }
}

/// Says how many more findings there are after the first, and where.
pub(crate) fn more(group: &FindingGroup, elsewhere: Elsewhere) -> String {
    let mut text = String::new();
    let more = group.count() - 1;
    if more > 0 {
        let mut lines: Vec<_> = group.samples()[1..].iter().map(|span| span.start.line).collect();
        lines.dedup();
        let all = more == group.samples().len() as u64 - 1;
        let noun = if lines.len() == 1 { "line" } else { "lines" };
        let lines: Vec<_> = lines.iter().map(u64::to_string).collect();
        let such_as = if all { "" } else { "such as " };
        text =
            format!("; {} more like it in this file, {such_as}on {noun} {}", count(more), lines.join(", "));
    }
    if elsewhere.findings > 0 {
        let files = counted(elsewhere.inputs, "other file");
        let _ = write!(text, "; {} more in {files}", count(elsewhere.findings));
    }
    text
}
