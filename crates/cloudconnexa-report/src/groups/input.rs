//! The findings of one input.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cloudconnexa_validator::{Severity, Span};

use super::group::{FindingGroup, GroupDetails, GroupKey};
use crate::folded::FoldedFindings;

/// How many groups are kept, of an input and of a run.
pub(super) const MAX_GROUPS: usize = 1000;

/// The findings of one input, in groups: up to 1,000, and the number of findings in all others.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InputFindings {
    /// The name of the input.
    pub input: Arc<str>,
    /// The groups, in the order of reports.
    pub groups: BTreeMap<GroupKey, FindingGroup>,
    /// Groups that the baseline knows, which take no room from others.
    known: BTreeMap<GroupKey, FindingGroup>,
    /// The rules that it has findings of, each with a severity, whether findings are grouped or not.
    pub rules: BTreeSet<(Reverse<Severity>, &'static str)>,
    /// Numbers of findings in groups that are not kept.
    pub ungrouped: BTreeMap<Severity, u64>,
    /// Findings that say what its records are, which lists show once, at the end of the input.
    pub folded: FoldedFindings,
    /// Why the input could not be read to its end.
    pub problems: Vec<String>,
    /// Whether nothing follows of this input.
    pub is_done: bool,
}

impl InputFindings {
    /// Creates an empty collection for the input of this name.
    pub fn new(input: &Arc<str>) -> Self {
        Self {
            input: Arc::clone(input),
            groups: BTreeMap::new(),
            known: BTreeMap::new(),
            rules: BTreeSet::new(),
            ungrouped: BTreeMap::new(),
            folded: FoldedFindings::default(),
            problems: Vec::new(),
            is_done: false,
        }
    }

    /// Counts a finding of a group of which the baseline knows `known` findings.
    ///
    /// `details` is called for the first finding of a group only.
    pub fn add(&mut self, key: GroupKey, known: u64, span: Span, details: impl FnOnce() -> GroupDetails) {
        let groups = if known > 0 { &mut self.known } else { &mut self.groups };
        if let Some(group) = groups.get_mut(&key) {
            group.add(|| span);
        } else if known > 0 || self.make_room(&key) {
            let group = FindingGroup::new(details(), known, span);
            let groups = if known > 0 { &mut self.known } else { &mut self.groups };
            groups.insert(key, group);
        } else {
            *self.ungrouped.entry(key.severity()).or_default() += 1;
        }
    }

    /// Adds the findings of a later part of the same input.
    pub fn append(&mut self, later: Self) {
        for (key, group) in later.known {
            match self.known.get_mut(&key) {
                Some(known) => known.append(group),
                None => drop(self.known.insert(key, group)),
            }
        }
        for (key, group) in later.groups {
            if let Some(known) = self.groups.get_mut(&key) {
                known.append(group);
            } else {
                self.insert(key, group);
            }
        }
        for (severity, count) in later.ungrouped {
            *self.ungrouped.entry(severity).or_default() += count;
        }
        self.rules.extend(later.rules);
        self.folded.append(later.folded);
        self.problems.extend(later.problems);
        self.is_done |= later.is_done;
    }

    /// Drops the findings that the baseline knows. Call it once, after the last finding.
    pub fn drop_known(&mut self) {
        for (key, group) in std::mem::take(&mut self.known) {
            if let Some(group) = group.without_known() {
                self.insert(key, group);
            }
        }
    }

    /// Keeps a group that is new, or counts its findings.
    fn insert(&mut self, key: GroupKey, group: FindingGroup) {
        if self.make_room(&key) {
            self.groups.insert(key, group);
        } else {
            *self.ungrouped.entry(key.severity()).or_default() += group.count();
        }
    }

    /// Whether a new group can be kept; drops the last one if need be.
    fn make_room(&mut self, key: &GroupKey) -> bool {
        if self.groups.len() < MAX_GROUPS {
            return true;
        }
        if self.groups.last_key_value().is_none_or(|(last, _)| key > last) {
            return false;
        }
        if let Some((last, group)) = self.groups.pop_last() {
            *self.ungrouped.entry(last.severity()).or_default() += group.count();
        }
        true
    }
}
