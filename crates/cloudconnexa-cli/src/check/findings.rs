//! Adds findings to the result of a block: counted, grouped, and written as lists show them.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use cloudconnexa_reader::records::Record;
use cloudconnexa_report::{Fingerprint, GroupDetails, GroupKey, MAX_POINTER_BYTES, ReportedFinding, shorten};
use cloudconnexa_validator::catalog::is_plausible_name;
use cloudconnexa_validator::rules::is_recognition_rule;
use cloudconnexa_validator::{Finding, Severity};

use super::context::{CheckContext, CurrentInput};
use super::result::{BlockResult, ListedFinding, Message, NoticeKey};
use crate::baseline::Baseline;

/// Adds the findings of one thread.
#[derive(Debug, Default)]
pub(super) struct FindingRecorder {
    /// Errors that were written for lists.
    errors_listed: u64,
    /// Kinds of warnings and notes that were written for lists. The merger shows the first of each kind, so another one is
    /// never needed.
    kinds_listed: HashSet<NoticeKey>,
}

impl FindingRecorder {
    /// Adds a finding of `record`, if it has one, and returns its severity; `None` if its rule is allowed.
    pub(super) fn add(
        &mut self,
        context: &CheckContext,
        input: &CurrentInput,
        record: Option<(Record<'_>, Option<&str>)>,
        finding: &Finding,
        result: &mut BlockResult,
    ) -> Option<Severity> {
        let event = record.and_then(|(_, event)| event);
        self.add_of_event(context, input, record.map(|(record, _)| record), event, finding, result)
    }

    /// Adds a finding about an event whose record is not available.
    pub(super) fn add_of_event(
        &mut self,
        context: &CheckContext,
        input: &CurrentInput,
        record: Option<Record<'_>>,
        event: Option<&str>,
        finding: &Finding,
        result: &mut BlockResult,
    ) -> Option<Severity> {
        let rule = finding.rule();
        let severity = input.levels.severity(rule, event)?;
        // It is about all records of its kind, whichever events they are.
        let event = event.filter(|_| !is_recognition_rule(rule));
        // A name that could be anything is a value, which reports must not have.
        let name = event.filter(|name| is_plausible_name(name));
        let (pointer, key) =
            (shorten(finding.pointer(), MAX_POINTER_BYTES), shorten(finding.key(), MAX_POINTER_BYTES));
        // Hostile inputs have hundreds of findings per kilobyte, of which most are only counted.
        let fingerprint = |path: &str| Fingerprint::new(rule.id, path, name, &pointer, &key);
        let in_baseline = |baseline: &Baseline| fingerprint(input.path_in(baseline));
        if let Some(masking) = context.groups {
            let known = context.baseline.as_ref().map_or(0, |baseline| baseline.count(in_baseline(baseline)));
            let group_key = GroupKey::of_finding(finding, severity, event);
            result.file(&input.name).add(group_key, known, finding.span(), || GroupDetails {
                rule,
                severity,
                event: name.map(str::to_owned),
                pointer: pointer.to_string(),
                key: key.to_string(),
                text: masking.text(finding),
            });
        }
        let baseline = context.baseline.as_ref();
        let known = baseline
            .map(|baseline| (baseline, in_baseline(baseline)))
            .and_then(|(baseline, fingerprint)| baseline.contains(fingerprint).then_some(fingerprint));
        let is_known = known.is_some();
        if !is_known {
            result.add_finding(context, &input.name, rule, severity);
        }
        // The inputs that a rejected file names have no ends, at which the number of records would be known.
        let folds = finding.is_folded() && !context.has_claimed_names;
        let reported = |fingerprint| {
            let mut reported = ReportedFinding::new(finding, &input.name, fingerprint);
            reported.severity = severity;
            reported.record = record;
            reported.event = event;
            reported.pointer = &pointer;
            reported
        };
        if folds {
            let reported = reported(fingerprint(input.path(context)));
            match known {
                _ if context.lists.is_empty() => {}
                None => result.file(&input.name).folded.add(&reported),
                Some(fingerprint) => {
                    let known = (fingerprint, Arc::clone(&input.name));
                    result.push(Message::Finding(ListedFinding::folded(rule, known, &reported)));
                }
            }
            return Some(severity);
        }
        // One that is denied is an error, but there may be as many of them as there are events.
        let is_notice = rule.severity.min(severity) < Severity::Error;
        let is_full = is_notice && self.kinds_listed() >= context.max_findings;
        if is_full && !is_known && !context.has_unlimited_list {
            return Some(severity);
        }
        let kind = is_notice.then(|| NoticeKey::new(finding, severity, &pointer, &input.name));
        let is_within_limit = is_known || self.is_within_limit(kind.as_ref(), context.max_findings);
        if !is_within_limit && !context.has_unlimited_list {
            return Some(severity);
        }
        let reported = reported(fingerprint(input.path(context)));
        let texts = context.lists.iter().map(|list| {
            (is_within_limit || !list.is_limited).then(|| {
                let mut text = Vec::new();
                list.writer.finding(&mut text, &reported).expect("a buffer takes what is written");
                text
            })
        });
        let known = known.map(|fingerprint| (fingerprint, Arc::clone(&input.name)));
        let (texts, folded) = (texts.collect(), None);
        result.push(Message::Finding(ListedFinding { rule, severity, kind, known, texts, folded }));
        Some(severity)
    }

    /// How many kinds of warnings and notes were written for lists.
    pub(super) fn kinds_listed(&self) -> u64 {
        self.kinds_listed.len() as u64
    }

    /// Whether lists with a limit may show it.
    fn is_within_limit(&mut self, kind: Option<&NoticeKey>, max_findings: u64) -> bool {
        match kind {
            None => {
                self.errors_listed += 1;
                self.errors_listed <= max_findings
            }
            Some(kind) => self.kinds_listed() < max_findings && self.kinds_listed.insert(kind.clone()),
        }
    }
}

/// A hash that is the same in every run and thread.
pub(super) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
