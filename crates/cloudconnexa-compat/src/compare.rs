//! Compares two schemas: answers the questions, and finds out which change is to blame.

use serde_json::Value;

use crate::algebra;
use crate::changes::{self, Change};
use crate::error::{CompareError, Fault, Side};
use crate::findings;
use crate::rust_types::Types;
use crate::search::{Claim, Opinion, Witness};
use crate::sets::{self, Subject};
use crate::shape::Shape;
use crate::validators::Compiled;
use crate::values;
use crate::verdict::{Answer, Comparison, EventVerdict, Question};

/// The most events that are kept to show what breaks.
const MAX_EXAMPLES: usize = 1000;

/// A schema to compare.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Schema<'a> {
    /// The text.
    pub text: &'a str,
    /// A second validator for it, which has to agree before an event counts as one that breaks.
    pub opinion: Option<Opinion<'a>>,
}

impl std::fmt::Debug for Schema<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.text.len();
        f.debug_struct("Schema").field("bytes", &bytes).field("has_opinion", &self.opinion.is_some()).finish()
    }
}

impl<'a> Schema<'a> {
    /// Takes the text of a schema.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, opinion: None }
    }

    /// Asks a second validator: whether an event, given as JSON, is valid.
    #[must_use]
    pub fn with_opinion(self, opinion: Opinion<'a>) -> Self {
        Self { opinion: Some(opinion), ..self }
    }
}

/// Which questions to ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// Those about events that a schema documents, and about what is unknown.
    #[default]
    Documented,
    /// Also those about every event that a schema accepts.
    All,
}

/// Compares two schemas of events.
///
/// # Errors
///
/// Returns an error if one of them is not a JSON Schema, does not describe events in the way that this crate expects, or is
/// too large or recursive.
pub fn compare(
    old: &Schema<'_>,
    new: &Schema<'_>,
    strictness: Strictness,
) -> Result<Comparison, CompareError> {
    let of_old = |fault| CompareError::new(Side::Old, fault);
    let of_new = |fault| CompareError::new(Side::New, fault);
    let old_side = ReadSchema::read(old).map_err(of_old)?;
    let new_side = ReadSchema::read(new).map_err(of_new)?;
    // From here on, both are known to be sound; what is left are limits.
    let run = Run { old: old_side, new: new_side, strictness };
    run.compare(old.text, new.text).map_err(of_new)
}

struct ReadSchema<'a> {
    shape: Shape,
    compiled: Compiled,
    opinion: Option<Opinion<'a>>,
}

impl<'a> ReadSchema<'a> {
    fn read(schema: &Schema<'a>) -> Result<Self, Fault> {
        let shape = Shape::read(schema.text)?;
        let compiled = Compiled::new(&shape.document.root().to_value())?;
        Ok(Self { shape, compiled, opinion: schema.opinion })
    }
}

/// An event that shows what a change breaks, with the indices of both.
pub(crate) struct Shown {
    pub(crate) event: Option<String>,
    pub(crate) question: Question,
    /// The index of the change; `None` if no change accounts for it.
    pub(crate) change: Option<usize>,
    pub(crate) witness: Witness,
}

struct Run<'a> {
    old: ReadSchema<'a>,
    new: ReadSchema<'a>,
    strictness: Strictness,
}

/// What both schemas accept of one event, and events to start from.
struct EventSets<'a> {
    name: Option<&'a str>,
    subject: Subject<'a>,
    old: Value,
    new: Value,
    old_seeds: Vec<Value>,
    new_seeds: Vec<Value>,
}

impl Run<'_> {
    fn compare(&self, old_text: &str, new_text: &str) -> Result<Comparison, Fault> {
        let (old, new) = (&self.old.shape, &self.new.shape);
        let types = Types::read(old_text, new_text);
        let changes = changes::list(old, new, &types)?;
        let mut names: Vec<String> = new.events.iter().map(|(name, _)| name.clone()).collect();
        names.extend(old.events.iter().map(|(name, _)| name.clone()).filter(|name| !new.has_event(name)));
        let mut seeds = (values::Examples::new(old), values::Examples::new(new));

        let (mut events, mut shown) = (Vec::new(), Vec::new());
        for name in names.iter().map(Some).chain([None]) {
            let subject = name.map_or(Subject::Other(&names), |name| Subject::Event(name));
            let relevant: Vec<(usize, &Change)> = changes
                .iter()
                .enumerate()
                .filter(|(_, change)| change.event.is_none() || change.event.as_ref() == name)
                .collect();
            let mut sets = EventSets {
                name: name.map(String::as_str),
                subject,
                old: sets::accepted(old, subject)?,
                new: sets::accepted(new, subject)?,
                old_seeds: Vec::new(),
                new_seeds: Vec::new(),
            };
            let is_same = sets.old == sets.new;
            if !is_same {
                sets.old_seeds = seeds.0.of(sets.name)?;
                sets.new_seeds = seeds.1.of(sets.name)?;
            }
            let answers = self.answers(&sets, is_same, &relevant, &mut shown)?;
            let is_unchanged = is_same && relevant.is_empty();
            let types = name.filter(|_| types.are_there()).map(|name| types.of_event(name, is_unchanged));
            events.push(EventVerdict { event: name.cloned(), answers, types });
        }
        shown.truncate(MAX_EXAMPLES);
        let mut comparison = findings::put_together((old, new), &changes, &events, shown, &types);
        comparison.events = events;
        Ok(comparison)
    }

    fn answers(
        &self,
        sets: &EventSets<'_>,
        is_same: bool,
        relevant: &[(usize, &Change)],
        shown: &mut Vec<Shown>,
    ) -> Result<Vec<(Question, Answer)>, Fault> {
        let questions: &[Question] = match self.strictness {
            Strictness::Documented => &[Question::Backward, Question::Forward, Question::Openness],
            Strictness::All => &[
                Question::Backward,
                Question::Forward,
                Question::Openness,
                Question::AllOld,
                Question::AllNew,
            ],
        };
        let mut answers = Vec::new();
        for &question in questions {
            answers.push((question, self.answer(question, sets, is_same, relevant, shown)?));
        }
        Ok(answers)
    }

    fn answer(
        &self,
        question: Question,
        sets: &EventSets<'_>,
        is_same: bool,
        relevant: &[(usize, &Change)],
        shown: &mut Vec<Shown>,
    ) -> Result<Answer, Fault> {
        let (old, new) = (&self.old.shape, &self.new.shape);
        let documents = |shape: &Shape| sets.name.filter(|name| shape.has_event(name));
        let inside = match question {
            Question::Backward => documents(old).map(|name| sets::documented(old, name)).transpose()?,
            Question::Forward => documents(new).map(|name| sets::documented(new, name)).transpose()?,
            Question::AllOld => Some(sets.old.clone()),
            Question::AllNew => Some(sets.new.clone()),
            Question::Openness | Question::Types => Some(sets::with_unknown(old, new, sets.subject)?),
        };
        let Some(inside) = inside else { return Ok(Answer::NotApplicable) };
        if is_same {
            return Ok(Answer::Same);
        }
        let is_forward = matches!(question, Question::Forward | Question::AllNew);
        let outside = if is_forward { &sets.old } else { &sets.new };
        let proved = algebra::contains(outside, &inside);
        let compiled = Compiled::new(&inside)?;
        let (within, beyond) = if is_forward { (&self.new, &self.old) } else { (&self.old, &self.new) };
        // What is unknown is documented by neither, so that no schema as a whole has to accept it.
        let is_of_schema = question != Question::Openness;
        let claim = Claim {
            inside: &compiled,
            inside_schema: is_of_schema.then_some(&within.compiled),
            inside_opinion: within.opinion.filter(|_| is_of_schema),
            outside_schema: &beyond.compiled,
            outside_opinion: beyond.opinion,
        };
        let mut seeds = match question {
            Question::Backward | Question::AllOld => sets.old_seeds.clone(),
            Question::Forward | Question::Openness | Question::Types | Question::AllNew => {
                sets.new_seeds.clone()
            }
        };
        if !is_of_schema {
            seeds.extend(sets.old_seeds.iter().cloned());
        }
        let before = shown.len();
        for (index, change) in relevant {
            if let Some(witness) = claim.refute(&seeds, change) {
                let event = sets.name.map(str::to_owned);
                shown.push(Shown { event, question, change: Some(*index), witness });
            }
        }
        let mut is_refuted = shown.len() > before;
        if !is_refuted
            && !proved
            && let Some(witness) = claim.refute_somehow(&seeds, [&inside, outside])
        {
            let event = sets.name.map(str::to_owned);
            shown.push(Shown { event, question, change: None, witness });
            is_refuted = true;
        }
        Ok(match (proved, is_refuted) {
            (true, false) => Answer::Proved,
            (false, true) => Answer::No,
            (false, false) => Answer::Undecided,
            (true, true) => Answer::Contradiction,
        })
    }
}
