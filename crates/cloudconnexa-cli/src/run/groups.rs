//! Findings as groups: those of one rule about one field of one kind of event are told once, with how many there are.
//!
//! Reports that a forge reads can't be cut at any place and can't have a million entries. So each input keeps one group a
//! kind, and the whole run keeps each kind with the first inputs that have it. What is kept does not depend on how the
//! work was cut and shared out: always the first by severity, rule and fingerprint; what is beyond is counted.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use cloudconnexa_validator::rules::Rule;
use cloudconnexa_validator::{Severity, Span, Text};

use crate::fingerprint::Fingerprint;

/// Of one kind in one input the first places are kept.
const SAMPLES: usize = 5;

/// Of a kind that the baseline knows no more places are passed over.
const KNOWN: usize = 1000;

/// Kinds that are kept, of an input and in all.
const KINDS: usize = 1000;

/// Inputs that are kept of each kind.
const INPUTS: usize = 25;

/// What makes findings one kind, and which kinds come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind {
    pub(crate) severity: Reverse<Severity>,
    /// Its place in the table of rules.
    pub(crate) rule: usize,
    /// Of all but the path.
    pub(crate) fingerprint: Fingerprint,
}

/// What all findings of a kind have in common. The wording is that of the first.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) event: Option<String>,
    pub(crate) pointer: String,
    pub(crate) key: String,
    pub(crate) text: Text,
}

/// Findings of one kind in one input.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) about: Arc<About>,
    pub(crate) count: u64,
    /// How many of them the baseline knows.
    known: u64,
    /// The first of them; never empty. Behind those that the baseline knows as many as are told of.
    pub(crate) samples: Vec<Span>,
}

impl Group {
    /// Counts one more of the kind.
    pub(crate) fn add(&mut self, span: impl FnOnce() -> Span) {
        self.count += 1;
        if self.samples.len() < self.samples_kept() {
            self.samples.push(span());
        }
    }

    fn append(&mut self, later: Self) {
        self.count += later.count;
        self.samples.extend(later.samples);
        self.samples.truncate(self.samples_kept());
    }

    fn samples_kept(&self) -> usize {
        SAMPLES + usize::try_from(self.known).unwrap_or(KNOWN).min(KNOWN)
    }

    /// What is there beyond what the baseline knows.
    fn beyond_known(mut self) -> Option<Self> {
        self.count = self.count.checked_sub(self.known).filter(|count| *count > 0)?;
        let known = usize::try_from(self.known).unwrap_or(KNOWN).min(self.samples.len() - 1);
        self.samples.drain(..known);
        self.samples.truncate(SAMPLES);
        self.known = 0;
        Some(self)
    }
}

/// The findings of one input.
#[derive(Debug)]
pub(crate) struct InFile {
    pub(crate) input: Arc<str>,
    pub(crate) groups: BTreeMap<Kind, Group>,
    /// Those of kinds that the baseline knows, which take no room from others.
    known: BTreeMap<Kind, Group>,
    /// Findings of other kinds, by severity.
    pub(crate) others: BTreeMap<Severity, u64>,
    /// What could not be done.
    pub(crate) problems: Vec<String>,
    /// Nothing of this input comes behind.
    pub(crate) is_done: bool,
}

impl InFile {
    pub(crate) fn new(input: &Arc<str>) -> Self {
        Self {
            input: Arc::clone(input),
            groups: BTreeMap::new(),
            known: BTreeMap::new(),
            others: BTreeMap::new(),
            problems: Vec::new(),
            is_done: false,
        }
    }

    /// Counts a finding of a kind of which the baseline knows so many.
    pub(crate) fn add(&mut self, kind: Kind, known: u64, span: Span, about: impl FnOnce() -> About) {
        let groups = if known > 0 { &mut self.known } else { &mut self.groups };
        if let Some(group) = groups.get_mut(&kind) {
            group.add(|| span);
        } else if known > 0 || self.makes_room(&kind) {
            let group = Group { about: Arc::new(about()), count: 1, known, samples: vec![span] };
            let groups = if known > 0 { &mut self.known } else { &mut self.groups };
            groups.insert(kind, group);
        } else {
            *self.others.entry(kind.severity.0).or_default() += 1;
        }
    }

    /// Takes in what comes behind in the same input.
    pub(crate) fn append(&mut self, later: Self) {
        for (kind, group) in later.known {
            match self.known.get_mut(&kind) {
                Some(known) => known.append(group),
                None => drop(self.known.insert(kind, group)),
            }
        }
        for (kind, group) in later.groups {
            if let Some(known) = self.groups.get_mut(&kind) {
                known.append(group);
            } else if self.makes_room(&kind) {
                self.groups.insert(kind, group);
            } else {
                *self.others.entry(kind.severity.0).or_default() += group.count;
            }
        }
        for (severity, count) in later.others {
            *self.others.entry(severity).or_default() += count;
        }
        self.problems.extend(later.problems);
        self.is_done |= later.is_done;
    }

    /// Leaves out what the baseline knows.
    pub(crate) fn forget_known(&mut self) {
        for (kind, group) in std::mem::take(&mut self.known) {
            let Some(group) = group.beyond_known() else { continue };
            if self.makes_room(&kind) {
                self.groups.insert(kind, group);
            } else {
                *self.others.entry(kind.severity.0).or_default() += group.count;
            }
        }
    }

    /// Whether a kind that is new can be kept; the last one goes if need be.
    fn makes_room(&mut self, kind: &Kind) -> bool {
        if self.groups.len() < KINDS {
            return true;
        }
        if self.groups.last_key_value().is_none_or(|(last, _)| kind > last) {
            return false;
        }
        if let Some((last, group)) = self.groups.pop_last() {
            *self.others.entry(last.severity.0).or_default() += group.count;
        }
        true
    }
}

/// Findings of one kind in one of several inputs.
#[derive(Clone, Debug)]
pub(crate) struct InInput {
    pub(crate) input: Arc<str>,
    pub(crate) group: Group,
}

/// All findings of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Everywhere {
    /// In the first inputs that have some; never empty.
    pub(crate) inputs: Vec<InInput>,
    /// How many are in how many other inputs.
    pub(crate) elsewhere: u64,
    pub(crate) other_inputs: u64,
}

/// The findings of a run.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    kinds: BTreeMap<Kind, Everywhere>,
    /// Findings of other kinds, by severity.
    others: BTreeMap<Severity, u64>,
}

impl Groups {
    /// Takes in the next input.
    pub(crate) fn add(&mut self, file: InFile) {
        for (severity, count) in file.others {
            *self.others.entry(severity).or_default() += count;
        }
        for (kind, group) in file.groups {
            if !self.kinds.contains_key(&kind) && self.kinds.len() >= KINDS {
                if self.kinds.last_key_value().is_some_and(|(last, _)| kind > *last) {
                    *self.others.entry(kind.severity.0).or_default() += group.count;
                    continue;
                }
                if let Some((last, everywhere)) = self.kinds.pop_last() {
                    *self.others.entry(last.severity.0).or_default() += everywhere.count();
                }
            }
            let everywhere = self.kinds.entry(kind).or_default();
            if everywhere.inputs.len() < INPUTS {
                everywhere.inputs.push(InInput { input: Arc::clone(&file.input), group });
            } else {
                everywhere.elsewhere += group.count;
                everywhere.other_inputs += 1;
            }
        }
    }

    /// At most `limit` results, so chosen that every kind has its turn before any has a second, and errors come before
    /// warnings; in the order of their choice.
    pub(crate) fn results(&self, limit: usize) -> Results<'_> {
        let mut list: Vec<_> = self
            .kinds
            .iter()
            .flat_map(|(kind, all)| {
                all.inputs.iter().enumerate().map(move |(nth, place)| (kind, nth, place, all))
            })
            .collect();
        list.sort_by_key(|(kind, nth, ..)| (kind.severity, *nth, kind.rule, kind.fingerprint));
        let listed = list.iter().take(limit).map(|(kind, nth, place, all)| {
            let is_last = nth + 1 == all.inputs.len();
            let elsewhere = if is_last { (all.elsewhere, all.other_inputs) } else { (0, 0) };
            Listed { kind: **kind, place, elsewhere }
        });
        let cut: u64 = list.iter().skip(limit).map(|(_, _, place, _)| place.group.count).sum();
        let list: Vec<_> = listed.collect();
        Results { list, left_out: cut + self.others.values().sum::<u64>() }
    }
}

impl Everywhere {
    fn count(&self) -> u64 {
        self.inputs.iter().map(|place| place.group.count).sum::<u64>() + self.elsewhere
    }
}

/// What a report lists.
#[derive(Debug)]
pub(crate) struct Results<'a> {
    pub(crate) list: Vec<Listed<'a>>,
    /// Findings that are in none of them.
    pub(crate) left_out: u64,
}

/// One entry of a report: findings of one kind in one input.
#[derive(Debug)]
pub(crate) struct Listed<'a> {
    pub(crate) kind: Kind,
    pub(crate) place: &'a InInput,
    /// How many more are in how many inputs that have no entry of their own.
    pub(crate) elsewhere: (u64, u64),
}

impl Listed<'_> {
    pub(crate) fn about(&self) -> &About {
        &self.place.group.about
    }

    pub(crate) fn input(&self) -> &str {
        &self.place.input
    }

    /// The first place.
    pub(crate) fn span(&self) -> Span {
        self.place.group.samples[0]
    }

    /// «; 999,998 more like it in this file, such as at lines 2, 3, 4 and 5; …», or nothing if there is but one.
    pub(crate) fn more(&self) -> String {
        more(&self.place.group, self.elsewhere)
    }
}

/// How many more there are beside the first, and where.
pub(crate) fn more(group: &Group, (elsewhere, other_inputs): (u64, u64)) -> String {
    use crate::size::{count, counted};

    let mut text = String::new();
    let more = group.count - 1;
    if more > 0 {
        let mut lines: Vec<_> = group.samples[1..].iter().map(|span| span.start.line).collect();
        lines.dedup();
        let all = more == group.samples.len() as u64 - 1;
        let noun = if lines.len() == 1 { "line" } else { "lines" };
        let lines: Vec<_> = lines.iter().map(u64::to_string).collect();
        let such_as = if all { "" } else { "such as " };
        text =
            format!("; {} more like it in this file, {such_as}on {noun} {}", count(more), lines.join(", "));
    }
    if elsewhere > 0 {
        let files = counted(other_inputs, "other file");
        let _ = write!(text, "; {} more in {files}", count(elsewhere));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::sync::Arc;

    use cloudconnexa_validator::rules::RULES;
    use cloudconnexa_validator::{Position, Severity, Span, Text};

    use super::{About, Fingerprint, Groups, InFile, KINDS, Kind};

    fn span(line: u64) -> Span {
        let at = Position { offset: line, line, column: 1 };
        Span { start: at, end: at }
    }

    fn add(file: &mut InFile, which: u64, line: u64) {
        let severity = if which.is_multiple_of(3) { Severity::Error } else { Severity::Warning };
        let fingerprint = Fingerprint(u128::from(which.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let kind = Kind { severity: Reverse(severity), rule: 0, fingerprint };
        file.add(kind, 0, span(line), || About {
            rule: RULES[0],
            severity,
            event: None,
            pointer: String::new(),
            key: which.to_string(),
            text: Text::default(),
        });
    }

    /// However an input is cut, the same groups come out, and every finding is counted.
    #[test]
    fn parts_add_up_to_the_whole() {
        let findings: Vec<u64> = (0..9000_u64).map(|n| n.wrapping_mul(2_654_435_761) % 3000).collect();
        let input: Arc<str> = "a".into();
        let gather = |size: usize| {
            let mut whole = InFile::new(&input);
            for (part, findings) in findings.chunks(size).enumerate() {
                let mut file = InFile::new(&input);
                for (nth, which) in findings.iter().enumerate() {
                    add(&mut file, *which, (part * size + nth) as u64);
                }
                whole.append(file);
            }
            whole
        };
        let whole = gather(findings.len());
        let total = |file: &InFile| {
            file.groups.values().map(|group| group.count).sum::<u64>() + file.others.values().sum::<u64>()
        };
        assert_eq!((whole.groups.len(), total(&whole)), (KINDS, 9000));
        for size in [1, 10, 997, 4000] {
            let parts = gather(size);
            assert_eq!(format!("{:?}", parts.groups), format!("{:?}", whole.groups));
            assert_eq!(parts.others, whole.others);
        }
    }

    #[test]
    fn a_report_lists_every_kind_before_any_twice() {
        let mut groups = Groups::default();
        for file in 0..40 {
            let input: Arc<str> = format!("{file}.json").into();
            let mut file = InFile::new(&input);
            for line in 0..7 {
                add(&mut file, 3, line);
            }
            add(&mut file, 1, 9);
            groups.add(file);
        }
        let all = groups.results(1000);
        assert_eq!((all.list.len(), all.left_out), (50, 0));
        assert_eq!(all.list[0].more(), "; 6 more like it in this file, such as on lines 1, 2, 3, 4");
        assert_eq!(all.list[24].elsewhere, (15 * 7, 15));
        assert_eq!(all.list[25].more(), "");
        assert_eq!(all.list[49].more(), "; 15 more in 15 other files");
        let few = groups.results(26);
        assert_eq!((few.list.len(), few.left_out), (26, 24));
        assert_eq!(few.list[25].kind.severity.0, Severity::Warning);
    }
}
