//! Notices of valid records: those that were seen before are counted without another look at the record.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use cloudconnexa_reader::records::Record;
use cloudconnexa_report::GroupKey;
use cloudconnexa_validator::{Accepted, Finding, Notice, NoticeKind, Severity};

use super::context::{CheckContext, CurrentInput};
use super::findings::hash;
use super::origin::Origin;
use super::result::BlockResult;

/// Most notices that are remembered; each of the others costs a closer look at its record.
const MAX_NOTICES: usize = 1 << 12;

/// Longest value that is remembered, in bytes.
const MAX_VALUE_BYTES: usize = 1 << 10;

/// Notices whose findings were recorded before.
#[derive(Debug, Default)]
pub(super) struct KnownNotices {
    /// Each by the hash of everything that the wording depends on.
    all: HashMap<u64, KnownNotice>,
    /// The input that was last looked at closely, …
    input: Option<Arc<str>>,
    /// … and the hashes of the notices that it has.
    of_input: HashSet<u64>,
}

/// What the wording of a notice depends on, and the group of its findings. Different notices can have the same hash.
#[derive(Debug)]
struct KnownNotice {
    event: Box<str>,
    kind: NoticeKind,
    value: Box<[u8]>,
    group: GroupKey,
}

/// The settings and the input that decide how notices are counted.
#[derive(Clone, Copy)]
pub(super) struct NoticeScope<'a> {
    pub(super) context: &'a CheckContext,
    pub(super) input: &'a CurrentInput,
    /// Where the record comes from.
    pub(super) origin: &'a Origin<'a>,
    /// How many kinds of warnings and notes were written for lists.
    pub(super) kinds_listed: u64,
}

impl KnownNotices {
    /// Counts the notices of a record and returns the highest severity, if all of them are known and nobody wants more of
    /// them than to be counted.
    #[expect(clippy::option_option, reason = "whether they were counted, and whether there are any")]
    pub(super) fn count(
        &self,
        scope: NoticeScope<'_>,
        accepted: &Accepted<'_>,
        record: Record<'_>,
        result: &mut BlockResult,
    ) -> Option<Option<Severity>> {
        let unknown;
        let event = if let Some(event) = accepted.event() {
            event.name
        } else {
            unknown = String::from_utf8_lossy(&record.bytes[accepted.name()]);
            &*unknown
        };
        // Most events have notes only, which are not reported by default.
        let mut known = Vec::new();
        for notice in accepted.notices() {
            if let Some(severity) = scope.input.levels.severity(notice.rule(), Some(event)) {
                let hash = notice_hash(event, notice, record.bytes);
                let group = self.get(hash, event, notice, record.bytes)?;
                known.push((severity, self.group(scope, (hash, group), severity, result)?, notice));
            }
        }
        let mut worst = None;
        for (severity, group_key, notice) in known {
            worst = worst.max(Some(severity));
            result.add_finding(scope.context, &scope.input.name, notice.rule(), severity);
            if scope.context.groups.is_some()
                && let Some(group) = result.file(&scope.input.name).groups.get_mut(&group_key)
            {
                group.add(|| scope.origin.span(&record, notice.range()));
            }
        }
        Some(worst)
    }

    /// The group of a notice, if it only has to be counted.
    fn group(
        &self,
        scope: NoticeScope<'_>,
        (hash, known): (u64, GroupKey),
        severity: Severity,
        result: &mut BlockResult,
    ) -> Option<GroupKey> {
        let NoticeScope { context, input, kinds_listed, .. } = scope;
        if context.has_unlimited_list || context.baseline.is_some() {
            return None;
        }
        // One that is denied is listed for each input.
        let is_listed = || self.input.as_deref() == Some(&*input.name) && self.of_input.contains(&hash);
        if severity == Severity::Error && kinds_listed < context.max_findings && !is_listed() {
            return None;
        }
        let key = known.with_severity(severity);
        let is_grouped = context.groups.is_none() || result.file(&input.name).groups.contains_key(&key);
        is_grouped.then_some(key)
    }

    /// Remembers the notices of a record, whose findings these are.
    pub(super) fn remember(
        &mut self,
        input: &CurrentInput,
        accepted: &Accepted<'_>,
        findings: &[Finding],
        event: Option<&str>,
        record: &[u8],
    ) {
        if self.all.len() + accepted.notices().len() > MAX_NOTICES {
            return;
        }
        if self.input.as_ref() != Some(&input.name) {
            self.input = Some(Arc::clone(&input.name));
            self.of_input.clear();
        }
        let keys = accepted.notices().iter().zip(findings).filter_map(|(notice, finding)| {
            let severity = input.levels.severity(finding.rule(), event)?;
            let (event_name, value) = (event?, &record[notice.range()]);
            let group = GroupKey::of_finding(finding, severity, event);
            let known =
                || KnownNotice { event: event_name.into(), kind: notice.kind(), value: value.into(), group };
            (value.len() <= MAX_VALUE_BYTES).then(|| (notice_hash(event_name, notice, record), known()))
        });
        for (hash, notice) in keys {
            self.of_input.insert(hash);
            self.all.insert(hash, notice);
        }
    }

    /// Returns the group of the findings of a notice, if it is known.
    fn get(&self, hash: u64, event: &str, notice: &Notice, record: &[u8]) -> Option<GroupKey> {
        let known = self.all.get(&hash)?;
        let is_same =
            known.kind == notice.kind() && *known.event == *event && *known.value == record[notice.range()];
        is_same.then_some(known.group)
    }
}

/// The hash of everything that the wording of a notice's finding depends on.
fn notice_hash(event: &str, notice: &Notice, record: &[u8]) -> u64 {
    hash(&(event, notice.kind(), &record[notice.range()]))
}
