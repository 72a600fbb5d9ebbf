//! The result of a comparison.

use std::ops::Range;

use serde_json::Value;

use crate::error::Side;
use crate::rules::ChangeRule;
use crate::version::{Size, Version};

/// A question about a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Question {
    /// Is every event that the old schema documents valid by the new one?
    Backward,
    /// Is every event that the new schema documents valid by the old one?
    Forward,
    /// Does the new schema still let in what neither knows: fields, events, values of open lists?
    Openness,
    /// Do programs that use the Rust types still compile?
    Types,
    /// Strict only: is every event that was valid still valid, documented or not?
    AllOld,
    /// Strict only: was every event valid that is valid now, documented or not?
    AllNew,
}

impl Question {
    /// Returns the name of the question: `backward`, `forward`, `openness`, `types`, `all-old` or `all-new`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Backward => "backward",
            Self::Forward => "forward",
            Self::Openness => "openness",
            Self::Types => "types",
            Self::AllOld => "all-old",
            Self::AllNew => "all-new",
        }
    }

    /// Returns who is affected if the answer is no.
    #[must_use]
    pub fn affected(self) -> &'static str {
        match self {
            Self::Backward => "anyone who checks old events with the new schema",
            Self::Forward => "anyone who checks new events with the old schema",
            Self::Openness => "anyone who has events that the schema does not describe",
            Self::Types => "programs that use the Rust types",
            Self::AllOld => "anyone who relies on an event staying valid that no schema documents",
            Self::AllNew => "anyone who relies on an event staying invalid that no schema documents",
        }
    }
}

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Answer {
    /// It does not apply: one of the schemas documents no such event.
    NotApplicable,
    /// Yes: the schemas say the same about the event.
    Same,
    /// Yes, by a proof.
    Proved,
    /// No: there is an event that shows it.
    No,
    /// Neither a proof nor an event was found.
    Undecided,
    /// There is a proof, and an event that contradicts it: one of the methods is wrong.
    Contradiction,
}

impl Answer {
    /// Returns whether the answer is settled, and not no.
    #[must_use]
    pub fn is_yes(self) -> bool {
        matches!(self, Self::NotApplicable | Self::Same | Self::Proved)
    }

    /// Returns the name of the answer: `not-applicable`, `same`, `proved`, `no`, `undecided` or `contradiction`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Same => "same",
            Self::Proved => "proved",
            Self::No => "no",
            Self::Undecided => "undecided",
            Self::Contradiction => "contradiction",
        }
    }
}

/// The answers about one event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventVerdict {
    /// The name; `None` for all events that neither schema knows.
    pub event: Option<String>,
    /// The answers, in the order of [`Question`]; those of strict questions only if these were asked.
    pub answers: Vec<(Question, Answer)>,
    /// How much the Rust types change; `None` if there are none.
    pub types: Option<Size>,
}

impl EventVerdict {
    /// Returns the answer to a question; [`Answer::NotApplicable`] if it was not asked.
    #[must_use]
    pub fn answer(&self, question: Question) -> Answer {
        self.answers
            .iter()
            .find(|(asked, _)| *asked == question)
            .map_or(Answer::NotApplicable, |(_, answer)| *answer)
    }
}

/// Where a change is in the text of a schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ChangeLocation {
    /// The JSON Pointer within the schema.
    pub pointer: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// The bytes of the text.
    pub range: Range<usize>,
}

/// A field that a change is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ChangedField {
    /// The event; `None` if it is a field of all events.
    pub event: Option<String>,
    /// The JSON Pointer within the event, such as `/log/sessionBytesIn`; empty if it is about the event itself.
    pub pointer: String,
}

/// How bad a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeLevel {
    /// It breaks nobody.
    Note,
    /// Whether it breaks somebody is undecided.
    Undecided,
    /// It breaks somebody.
    Break,
}

/// A change, for everything that it affects in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangeFinding {
    /// What kind of change it is.
    pub rule: &'static ChangeRule,
    /// The change, as a lower-case sentence without a full stop.
    pub message: String,
    /// A few words to print next to the caret, such as `was 3`.
    pub label: String,
    /// Where it was; `None` for what is new.
    pub old: Option<ChangeLocation>,
    /// Where it is; `None` for what is gone.
    pub new: Option<ChangeLocation>,
    /// The fields that it is about.
    pub fields: Vec<ChangedField>,
    /// The questions whose answer it turns into no.
    pub breaks: Vec<Question>,
    /// The questions for which it is undecided whether it does.
    pub undecided: Vec<Question>,
    /// How much the Rust types change.
    pub types: Size,
    /// The events that show it, as indices of [`Comparison::examples`].
    pub examples: Vec<usize>,
    /// Why it is accepted all the same, if it is.
    pub accepted: Option<String>,
}

impl ChangeFinding {
    /// Returns how bad the change is, whether it is accepted or not.
    #[must_use]
    pub fn level(&self) -> ChangeLevel {
        if !self.breaks.is_empty() {
            ChangeLevel::Break
        } else if !self.undecided.is_empty() {
            ChangeLevel::Undecided
        } else {
            ChangeLevel::Note
        }
    }
}

/// An event that is valid by one schema and not by the other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CounterExample {
    /// A name for a file, without an ending.
    pub name: String,
    /// The name of the event; `None` if neither schema knows it.
    pub event: Option<String>,
    /// The question that it answers with no.
    pub question: Question,
    /// The event.
    pub value: Value,
    /// What is particular about it, such as `/log/sessionBytesIn` is 4294967296.
    pub particular: String,
    /// The schema by which it is not valid.
    pub rejected_by: Side,
    /// The id of the rule of `ccxlog validate` that it breaks.
    pub rejected_as: &'static str,
    /// Whether another validator than `jsonschema` agrees about at least one of the schemas.
    pub is_confirmed: bool,
}

/// What changes between two schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// The version in the `$id` of the old schema.
    pub old_version: Option<Version>,
    /// The version in the `$id` of the new schema.
    pub new_version: Option<Version>,
    /// The answers for each event, and for those that neither schema knows.
    pub events: Vec<EventVerdict>,
    /// The changes, in the order of the new schema; what is gone comes last.
    pub findings: Vec<ChangeFinding>,
    /// The events that show what breaks.
    pub examples: Vec<CounterExample>,
    /// Why there are no Rust types to compare, if a schema cannot be turned into types.
    pub untyped: Option<String>,
    /// How much the version has to be raised.
    pub size: Size,
}

/// A break that is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedChange {
    /// The id of a [`ChangeRule`].
    pub rule: String,
    /// The JSON Pointer within the event, as in [`ChangedField::pointer`].
    pub pointer: String,
    /// The event; `None` for all.
    pub event: Option<String>,
    /// Why it is accepted.
    pub reason: String,
}

impl Comparison {
    /// Returns the lowest version that the new schema may have; `None` if that of the old one is not known.
    #[must_use]
    pub fn needed(&self) -> Option<Version> {
        self.old_version.map(|version| version.next(self.size))
    }

    /// Accepts changes. Returns the indices of those in `accepted` that are about no change.
    ///
    /// A change of several fields is accepted once it is for all of them. Which version is needed does not depend on it.
    pub fn accept(&mut self, accepted: &[AcceptedChange]) -> Vec<usize> {
        let mut unused: Vec<usize> = (0..accepted.len()).collect();
        for finding in &mut self.findings {
            let mut reason = None;
            let mut is_accepted = true;
            for field in &finding.fields {
                let covering = accepted.iter().position(|one| {
                    one.rule == finding.rule.id
                        && one.pointer == field.pointer
                        && (one.event.is_none() || one.event == field.event)
                });
                match covering {
                    Some(index) => {
                        unused.retain(|other| *other != index);
                        reason = reason.or_else(|| accepted.get(index).map(|one| one.reason.clone()));
                    }
                    None => is_accepted = false,
                }
            }
            finding.accepted = reason.filter(|_| is_accepted);
        }
        unused
    }

    /// Returns the changes that break somebody, or may do, and that are not accepted.
    pub fn failing(&self) -> impl Iterator<Item = &ChangeFinding> {
        self.findings
            .iter()
            .filter(|finding| finding.level() > ChangeLevel::Note && finding.accepted.is_none())
    }

    /// Returns the answers that no change accounts for: the proof failed for a reason that is not known.
    pub fn unexplained(&self) -> impl Iterator<Item = (&EventVerdict, Question, Answer)> {
        self.events.iter().flat_map(move |verdict| {
            let open = verdict.answers.iter().filter(|(_, answer)| !answer.is_yes());
            open.filter(move |(question, answer)| {
                let is_about = |finding: &&ChangeFinding| {
                    let asked = finding.breaks.contains(question) || finding.undecided.contains(question);
                    asked
                        && finding
                            .fields
                            .iter()
                            .any(|field| field.event.is_none() || field.event == verdict.event)
                };
                *answer == Answer::Contradiction || !self.findings.iter().any(|finding| is_about(&finding))
            })
            .map(move |(question, answer)| (verdict, *question, *answer))
        })
    }
}
