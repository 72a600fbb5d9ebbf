//! The findings of a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloudconnexa_validator::Severity;

use super::group::{FindingGroup, GroupKey};
use super::input::{InputFindings, MAX_GROUPS};
use super::results::{Elsewhere, ReportEntries, ReportEntry};

/// How many inputs are kept of each group.
const MAX_INPUTS: usize = 25;

/// The findings of a run, in groups: up to 1,000, each with its first 25 inputs.
#[derive(Clone, Debug, Default)]
pub struct FindingGroups {
    groups: BTreeMap<GroupKey, Inputs>,
    /// Numbers of findings in groups that are not kept.
    ungrouped: BTreeMap<Severity, u64>,
}

/// The inputs that have findings of one group.
#[derive(Clone, Debug, Default)]
struct Inputs {
    /// The first inputs, never empty.
    first: Vec<(Arc<str>, FindingGroup)>,
    elsewhere: Elsewhere,
}

impl FindingGroups {
    /// Adds the findings of the next input.
    pub fn add(&mut self, file: InputFindings) {
        for (severity, count) in file.ungrouped {
            *self.ungrouped.entry(severity).or_default() += count;
        }
        for (key, group) in file.groups {
            if !self.groups.contains_key(&key) && self.groups.len() >= MAX_GROUPS {
                if self.groups.last_key_value().is_some_and(|(last, _)| key > *last) {
                    *self.ungrouped.entry(key.severity()).or_default() += group.count();
                    continue;
                }
                if let Some((last, inputs)) = self.groups.pop_last() {
                    *self.ungrouped.entry(last.severity()).or_default() += inputs.count();
                }
            }
            let inputs = self.groups.entry(key).or_default();
            if inputs.first.len() < MAX_INPUTS {
                inputs.first.push((Arc::clone(&file.input), group));
            } else {
                inputs.elsewhere.findings += group.count();
                inputs.elsewhere.inputs += 1;
            }
        }
    }

    /// Returns at most `limit` entries of a report that has one for each group, however many inputs it is in: the entry is
    /// about the first input, and all others are [elsewhere](ReportEntry::elsewhere).
    pub fn kinds(&self, limit: usize) -> ReportEntries<'_> {
        let mut all = self.groups.iter();
        let kinds = all.by_ref().take(limit).filter_map(|(key, inputs)| {
            let ((input, group), others) = inputs.first.split_first()?;
            let mut elsewhere = inputs.elsewhere;
            elsewhere.inputs += others.len() as u64;
            elsewhere.findings += others.iter().map(|(_, group)| group.count()).sum::<u64>();
            Some(ReportEntry::new(*key, input, group, elsewhere))
        });
        let list = kinds.collect();
        let left_out: u64 = all.map(|(_, inputs)| inputs.count()).sum();
        ReportEntries { list, left_out: left_out + self.ungrouped.values().sum::<u64>() }
    }

    /// Returns at most `limit` entries of a report.
    ///
    /// Each group has an entry before any group has a second, and errors come before warnings.
    pub fn entries(&self, limit: usize) -> ReportEntries<'_> {
        let mut list: Vec<_> = self
            .groups
            .iter()
            .flat_map(|(key, inputs)| {
                let first = inputs.first.iter().enumerate();
                first.map(move |(index, (input, group))| (key, index, input, group, inputs))
            })
            .collect();
        list.sort_by_key(|(key, index, ..)| (key.order(), *index, key.rule_index(), key.fingerprint()));
        let left_out: u64 = list.iter().skip(limit).map(|(_, _, _, group, _)| group.count()).sum();
        let entries = list.into_iter().take(limit).map(|(key, index, input, group, inputs)| {
            let is_last = index + 1 == inputs.first.len();
            let elsewhere = if is_last { inputs.elsewhere } else { Elsewhere::default() };
            ReportEntry::new(*key, input, group, elsewhere)
        });
        ReportEntries { list: entries.collect(), left_out: left_out + self.ungrouped.values().sum::<u64>() }
    }
}

impl Inputs {
    fn count(&self) -> u64 {
        self.first.iter().map(|(_, group)| group.count()).sum::<u64>() + self.elsewhere.findings
    }
}
