//! Findings of one kind in one input.

use std::cmp::Reverse;
use std::sync::Arc;

use cloudconnexa_validator::rules::{RULES, Rule};
use cloudconnexa_validator::{Finding, Severity, Span, Text};

use crate::fingerprint::Fingerprint;

/// How many spans are kept of a group.
const SAMPLES: usize = 5;

/// How many spans are kept, at most, of those that the baseline knows.
const KNOWN_SAMPLES: usize = 1000;

/// The key of a group: the properties that its findings share. The order is that of reports: errors first, then by rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKey {
    severity: Reverse<Severity>,
    rule: usize,
    fingerprint: Fingerprint,
}

impl GroupKey {
    /// Creates the key of findings of `rule`. The fingerprint is that of an empty path, so that it is the same in each
    /// input.
    pub fn new(rule: &'static Rule, severity: Severity, fingerprint: Fingerprint) -> Self {
        let rule = RULES.iter().position(|known| std::ptr::eq(*known, rule)).unwrap_or(RULES.len());
        Self { severity: Reverse(severity), rule, fingerprint }
    }

    /// Creates the key of a finding about an event of the name `event`.
    pub fn of_finding(finding: &Finding, severity: Severity, event: Option<&str>) -> Self {
        Self::new(finding.rule(), severity, Fingerprint::of_finding(finding, "", event))
    }

    /// Returns the same key with another severity.
    #[must_use]
    pub fn with_severity(self, severity: Severity) -> Self {
        Self { severity: Reverse(severity), ..self }
    }

    /// Returns the severity.
    pub fn severity(&self) -> Severity {
        self.severity.0
    }

    /// Returns the severity in the order of reports: errors first.
    pub(crate) fn order(&self) -> Reverse<Severity> {
        self.severity
    }

    /// Returns the index of the rule in [`RULES`].
    pub fn rule_index(&self) -> usize {
        self.rule
    }

    /// Returns the fingerprint without the path.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

/// The details of a group that a report shows.
#[derive(Clone, Debug)]
pub struct GroupDetails {
    /// The rule.
    pub rule: &'static Rule,
    /// The severity, which a configuration may have changed.
    pub severity: Severity,
    /// The name of the event, if it has a plausible one.
    pub event: Option<String>,
    /// JSON Pointer to the value within the event.
    pub pointer: String,
    /// Distinguishes findings of a rule at one pointer.
    pub key: String,
    /// The wording of the first finding.
    pub text: Text,
}

/// Findings of one group in one input.
#[derive(Clone, Debug)]
pub struct FindingGroup {
    details: Arc<GroupDetails>,
    count: u64,
    /// How many of them the baseline knows.
    known: u64,
    /// The first spans, never empty: as many as reports list, after those that the baseline may know.
    samples: Vec<Span>,
}

impl FindingGroup {
    pub(super) fn new(details: GroupDetails, known: u64, span: Span) -> Self {
        Self { details: Arc::new(details), count: 1, known, samples: vec![span] }
    }

    /// Returns what all findings of the group have in common.
    pub fn details(&self) -> &GroupDetails {
        &self.details
    }

    /// Returns the number of findings, at least one.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the spans of the first findings, at least one.
    pub fn samples(&self) -> &[Span] {
        &self.samples
    }

    /// Counts one more finding. `span` is called only if its place is kept.
    pub fn add(&mut self, span: impl FnOnce() -> Span) {
        self.count += 1;
        if self.samples.len() < self.max_samples() {
            self.samples.push(span());
        }
    }

    pub(super) fn append(&mut self, later: Self) {
        self.count += later.count;
        self.samples.extend(later.samples);
        self.samples.truncate(self.max_samples());
    }

    fn max_samples(&self) -> usize {
        SAMPLES + usize::try_from(self.known).unwrap_or(KNOWN_SAMPLES).min(KNOWN_SAMPLES)
    }

    /// Returns the findings that the baseline does not know.
    pub(super) fn without_known(mut self) -> Option<Self> {
        self.count = self.count.checked_sub(self.known).filter(|count| *count > 0)?;
        let known = usize::try_from(self.known).unwrap_or(KNOWN_SAMPLES).min(self.samples.len() - 1);
        self.samples.drain(..known);
        self.samples.truncate(SAMPLES);
        self.known = 0;
        Some(self)
    }
}
