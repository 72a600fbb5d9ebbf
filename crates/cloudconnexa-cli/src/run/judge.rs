//! Judges blocks: counts what is in them, and words what may be shown.

use std::collections::HashSet;
use std::sync::Arc;

use cloudconnexa_validator::records::{Item, Record, Splitter};
use cloudconnexa_validator::{Finding, Severity, Subject, Validator};

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

/// Judges one block after another, in the order of the inputs, though others may judge those in between.
#[derive(Debug)]
pub(super) struct Judge {
    law: Arc<Law>,
    human: Human,
    errors_kept: u64,
    /// What was kept for showing: whoever merges shows the first of a kind, so that another is never needed.
    kinds_kept: HashSet<Kind>,
}

impl Judge {
    pub(super) fn new(law: Arc<Law>) -> Self {
        let human = Human::new(law.width);
        Self { law, human, errors_kept: 0, kinds_kept: HashSet::new() }
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
        let report = self.law.validator.check(record.bytes, record.at);
        let (name, event) = match &report.subject {
            Subject::Known(event) => (Name::Known(event.name), Some(event.name)),
            Subject::Unknown(name) => (Name::Unknown(name), Some(name.as_str())),
            Subject::Untold => (Name::Untold, None),
        };
        outcome.tally.event(name, Fared::one(report.is_valid()));
        outcome.tally.findings_left_out += report.left_out as u64;
        for finding in &report.findings {
            self.finding(Place { input, record: Some(record), event }, finding, outcome);
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
            let kind = (finding.rule().id, finding.pointer().to_owned(), finding.text().message.clone());
            if !self.kinds_kept.insert(kind.clone()) {
                return;
            }
            Some(kind)
        };
        let mut text = Vec::new();
        self.human.finding(&mut text, place, finding).expect("memory takes what is written");
        outcome.said.push(Said::Finding { rule: finding.rule(), kind, text });
    }
}
