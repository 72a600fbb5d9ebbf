//! Judges blocks: counts what is in them, and words what may be shown.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use cloudconnexa_validator::records::{Item, Record, Splitter};
use cloudconnexa_validator::{Accepted, Checker, Finding, Judgement, Notice, Severity, Subject, Validator};

use super::block::{Block, Content, Piece};
use super::outcome::{Kind, Outcome, Said};
use super::tally::{Fared, Name};
use crate::render::{Human, Place};

/// The rule that a record beyond the limit breaks: nothing else tells of such a record.
const TOO_LONG: &str = "too-long";

/// What all who judge have in common.
#[derive(Debug)]
pub(super) struct Law {
    pub(super) validator: Validator,
    pub(super) max_record_bytes: usize,
    pub(super) max_findings: u64,
    pub(super) width: usize,
}

/// Notices that are known to be of a kind that was kept: more are not remembered, and cost a closer look each.
const NOTICES: usize = 1 << 12;

/// The longest name of an event that is counted and shown as it is.
const NAME: usize = 64;

/// Judges one block after another, in the order of the inputs, though others may judge those in between.
#[derive(Debug)]
pub(super) struct Judge {
    law: &'static Law,
    checker: Checker<'static>,
    human: Human,
    errors_kept: u64,
    /// What was kept for showing: whoever merges shows the first of a kind, so that another is never needed.
    kinds_kept: HashSet<Kind>,
    /// Notices whose findings are of such a kind, each by the hash of all that its wording depends on.
    notices_kept: HashSet<u64>,
}

impl Judge {
    pub(super) fn new(law: &'static Law) -> Self {
        Self {
            law,
            checker: law.validator.checker(),
            human: Human::new(law.width),
            errors_kept: 0,
            kinds_kept: HashSet::new(),
            notices_kept: HashSet::new(),
        }
    }

    /// Judges a block; gives its memory back.
    pub(super) fn block(&mut self, block: Block, outcome: &mut Outcome) -> Vec<u8> {
        let Block { input, mut memory, content, breaks_off } = block;
        match content {
            Content::Uncut { range, at } => {
                let mut splitter = Splitter::over(memory, range, at, self.law.max_record_bytes);
                if breaks_off {
                    splitter.push(&[], |item| self.item(&input, item, outcome));
                    memory = splitter.finish(|item| self.last_item(&input, &item, outcome));
                } else {
                    memory = splitter.finish(|item| self.item(&input, item, outcome));
                }
            }
            Content::Cut(pieces) => {
                for piece in pieces {
                    let item = match piece {
                        Piece::Record { range, at } => Item::Record(Record { bytes: &memory[range], at }),
                        Piece::Finding(finding) => Item::Finding(finding),
                    };
                    if breaks_off {
                        self.last_item(&input, &item, outcome);
                    } else {
                        self.item(&input, item, outcome);
                    }
                }
            }
        }
        memory
    }

    fn item(&mut self, input: &str, item: Item<'_>, outcome: &mut Outcome) {
        match item {
            Item::Record(record) => self.record(input, record, outcome),
            Item::Finding(finding) => {
                if finding.rule().id == TOO_LONG {
                    outcome.tally.event(Name::Untold, Fared::one(false));
                }
                self.finding(Place { input, record: None, event: None }, &finding, outcome);
            }
        }
    }

    fn record(&mut self, input: &str, record: Record<'_>, outcome: &mut Outcome) {
        if let Judgement::Valid(accepted) = self.checker.judge(record.bytes)
            && all_kept(&self.notices_kept, &accepted, record.bytes)
        {
            if let Some(event) = accepted.event() {
                outcome.tally.event(Name::Known(event.name), Fared::one(true));
            } else {
                let name = String::from_utf8_lossy(&record.bytes[accepted.name()]);
                outcome.tally.event(Name::Unknown(&shortened(&name)), Fared::one(true));
            }
            for notice in weighty(&accepted) {
                outcome.tally.findings(notice.rule(), 1);
            }
            return;
        }
        let report = self.law.validator.check(record.bytes, record.at);
        let unknown = match &report.subject {
            Subject::Unknown(name) => shortened(name),
            _ => Cow::Borrowed(""),
        };
        let (name, event) = match &report.subject {
            Subject::Known(event) => (Name::Known(event.name), Some(event.name)),
            Subject::Unknown(_) => (Name::Unknown(&unknown), Some(&*unknown)),
            Subject::Nameless => (Name::Untold, None),
        };
        outcome.tally.event(name, Fared::one(report.is_valid()));
        outcome.tally.findings_left_out += report.left_out as u64;
        for finding in report.findings.iter().filter(|finding| finding.severity() > Severity::Note) {
            self.finding(Place { input, record: Some(record), event }, finding, outcome);
        }
        if let Judgement::Valid(accepted) = self.checker.judge(record.bytes)
            && self.notices_kept.len() + accepted.notices().len() <= NOTICES
        {
            self.notices_kept.extend(hashes(&accepted, record.bytes));
        }
    }

    fn last_item(&mut self, input: &str, item: &Item<'_>, outcome: &mut Outcome) {
        let Item::Record(record) = *item else { return };
        if self.law.validator.check(record.bytes, record.at).is_valid() {
            return self.record(input, record, outcome);
        }
        let (line, column) = (record.at.line, record.at.column);
        outcome.said.push(Said::Note(format!(
            "the input breaks off within the event at {input}:{line}:{column}, which is not judged"
        )));
    }

    fn finding(&mut self, place: Place<'_>, finding: &Finding, outcome: &mut Outcome) {
        outcome.tally.findings(finding.rule(), 1);
        let kind = if finding.severity() == Severity::Error {
            self.errors_kept += 1;
            if self.errors_kept > self.law.max_findings {
                return;
            }
            None
        } else {
            if self.kinds_kept.len() as u64 >= self.law.max_findings {
                return;
            }
            let kind = hash(&(finding.rule().id, finding.pointer(), finding.text().message));
            if !self.kinds_kept.insert(kind) {
                return;
            }
            Some(kind)
        };
        let mut text = Vec::new();
        self.human.finding(&mut text, place, finding).expect("memory takes what is written");
        outcome.said.push(Said::Finding { rule: finding.rule(), kind, text });
    }
}

/// What is told of: notes are on what the vendor itself writes, in nearly every event.
fn weighty<'a>(accepted: &'a Accepted<'_>) -> impl Iterator<Item = &'a Notice> {
    accepted.notices().iter().filter(|notice| notice.rule().severity > Severity::Note)
}

/// Whether each notice is of a kind that was kept for showing.
fn all_kept(kept: &HashSet<u64>, accepted: &Accepted<'_>, record: &[u8]) -> bool {
    hashes(accepted, record).all(|hash| kept.contains(&hash))
}

/// For each notice, the hash of what the wording of its finding depends on.
fn hashes<'a>(accepted: &'a Accepted<'_>, record: &'a [u8]) -> impl Iterator<Item = u64> + 'a {
    let event = accepted.event().map(|event| event.name);
    weighty(accepted).map(move |notice| hash(&(event, notice.noticed(), &record[notice.range()])))
}

fn hash(value: &impl Hash) -> u64 {
    // The same in every run and thread.
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A name that can be shown and kept: whole, unless no vendor can have meant it.
fn shortened(name: &str) -> Cow<'_, str> {
    if name.len() <= NAME {
        return Cow::Borrowed(name);
    }
    let end = (0..=NAME).rev().find(|&end| name.is_char_boundary(end)).unwrap_or_default();
    Cow::Owned(format!("{}…", &name[..end]))
}
