//! Puts changes that are one in the text together, and says what each breaks.

mod harmless;
mod message;

use serde_json::json;

use crate::changes::Change;
use crate::compare::Shown;
use crate::error::Side;
use crate::rules::{
    DESCRIPTION_CHANGED, EVENT_ADDED, EVENT_REMOVED, FIELD_ADDED, REWRITTEN, TYPE_RENAMED, VALUE_ADDED,
};
use crate::rust_types::Types;
use crate::search::pointer;
use crate::shape::Shape;
use crate::verdict::{
    ChangeFinding, ChangeLocation, ChangedField, Comparison, CounterExample, EventVerdict, Question,
};
use crate::version::Size;

pub(crate) fn put_together(
    (old, new): (&Shape, &Shape),
    changes: &[Change],
    events: &[EventVerdict],
    shown: Vec<Shown>,
    types: &Types,
) -> Comparison {
    let blamed: Vec<(Option<usize>, Question)> = shown.iter().map(|one| (one.change, one.question)).collect();
    let mut findings: Vec<ChangeFinding> = Vec::new();
    for group in groups(changes) {
        let members: Vec<&Change> = group.iter().filter_map(|index| changes.get(*index)).collect();
        let Some(first) = members.first() else { continue };
        let is_own = |(_, (change, _)): &(usize, &(Option<usize>, Question))| {
            change.is_some_and(|change| group.contains(&change))
        };
        let own: Vec<(usize, Question)> = blamed
            .iter()
            .enumerate()
            .filter(is_own)
            .map(|(example, (_, question))| (example, *question))
            .collect();
        let mut breaks: Vec<Question> = own.iter().map(|(_, question)| *question).collect();
        let size = members.iter().map(|change| size(change, types)).max().unwrap_or(Size::None);
        if size == Size::Major {
            breaks.push(Question::Types);
        }
        breaks.sort_unstable();
        breaks.dedup();
        findings.push(ChangeFinding {
            rule: first.rule,
            message: message::of(&members),
            label: first.label.clone(),
            old: first.old_at.as_deref().and_then(|at| locate(old, at)),
            new: first.new_at.as_deref().and_then(|at| locate(new, at)),
            fields: fields(&members),
            undecided: undecided(&members, events, &breaks),
            breaks,
            types: size,
            examples: own.into_iter().map(|(example, _)| example).collect(),
            accepted: None,
        });
    }
    findings.sort_by_key(|finding| {
        let at = |location: &Option<ChangeLocation>| location.as_ref().map(|location| location.range.start);
        (finding.new.is_none(), at(&finding.new), at(&finding.old))
    });
    Comparison {
        old_version: old.version,
        new_version: new.version,
        events: Vec::new(),
        size: needed(&findings, events),
        findings,
        examples: examples(shown),
        untyped: types.untyped(),
    }
}

/// Returns the indices of changes that are one in the text.
fn groups(changes: &[Change]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        let is_same = |group: &&mut Vec<usize>| {
            group.first().and_then(|first| changes.get(*first)).is_some_and(|first| {
                first.rule == change.rule
                    && (&first.old_at, &first.new_at) == (&change.old_at, &change.new_at)
                    && first.detail == change.detail
            })
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

fn examples(shown: Vec<Shown>) -> Vec<CounterExample> {
    let mut examples: Vec<CounterExample> = Vec::new();
    for Shown { event, question, witness, .. } in shown {
        let rejected_by = match question {
            Question::Forward | Question::AllNew => Side::Old,
            _ => Side::New,
        };
        examples.push(CounterExample {
            name: name(&examples, event.as_deref(), &witness.field.1),
            event,
            question,
            value: witness.event,
            particular: witness.particular,
            rejected_by,
            rejected_as: witness.rule,
            is_confirmed: witness.is_confirmed,
        });
    }
    examples
}

/// Returns the fields that changes are about, each once.
fn fields(changes: &[&Change]) -> Vec<ChangedField> {
    let mut fields: Vec<ChangedField> = Vec::new();
    for change in changes {
        let pointer = change.field.as_ref().map(|(place, name)| pointer(*place, name)).unwrap_or_default();
        let field = ChangedField { event: change.event.clone(), pointer };
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

/// Returns the questions without a yes for which these changes may be to blame, although no event shows it.
fn undecided(changes: &[&Change], events: &[EventVerdict], breaks: &[Question]) -> Vec<Question> {
    let mut undecided: Vec<Question> = Vec::new();
    for change in changes {
        let verdicts =
            events.iter().filter(|verdict| change.event.is_none() || verdict.event == change.event);
        for (question, answer) in verdicts.flat_map(|verdict| &verdict.answers) {
            let is_open = !answer.is_yes() && !breaks.contains(question) && !undecided.contains(question);
            if is_open && !harmless::is(change, *question) {
                undecided.push(*question);
            }
        }
    }
    undecided
}

/// Returns how much the version has to be raised. What strict questions ask for is no promise, and raises nothing.
fn needed(findings: &[ChangeFinding], events: &[EventVerdict]) -> Size {
    let of_findings = findings.iter().map(|finding| {
        let mut questions = finding.breaks.iter().chain(&finding.undecided);
        let is_broken = questions.any(|question| *question <= Question::Types);
        if is_broken { Size::Major } else { finding.types.max(Size::Patch) }
    });
    let of_events = events.iter().map(|verdict| {
        let mut answers = verdict.answers.iter();
        let is_broken = answers.any(|(question, answer)| *question <= Question::Types && !answer.is_yes());
        if is_broken { Size::Major } else { verdict.types.unwrap_or(Size::None) }
    });
    of_findings.chain(of_events).max().unwrap_or(Size::None)
}

/// Returns how much a change changes the Rust types.
fn size(change: &Change, types: &Types) -> Size {
    let rule = change.rule;
    let of_field = || match &change.field {
        Some((place, name)) if !name.is_empty() => types.of_field(change.event.as_deref(), *place, name),
        _ if types.is_lost() => Size::Major,
        _ => Size::Patch,
    };
    if *rule == EVENT_ADDED {
        Size::Minor
    } else if !types.are_there() {
        if [&FIELD_ADDED, &VALUE_ADDED].contains(&rule) { Size::Minor } else { Size::Patch }
    } else if *rule == EVENT_REMOVED || *rule == TYPE_RENAMED {
        Size::Major
    } else if [&DESCRIPTION_CHANGED, &REWRITTEN].contains(&rule) {
        Size::Patch
    } else {
        of_field().max(Size::Patch)
    }
}

fn locate(shape: &Shape, at: &str) -> Option<ChangeLocation> {
    let found = shape.document.locate_nearest(at)?;
    let range = found.value;
    Some(ChangeLocation { pointer: at.to_owned(), line: found.line, column: found.column, range })
}

/// Returns a name for an example that no other has.
fn name(examples: &[CounterExample], event: Option<&str>, field: &str) -> String {
    let clean = |text: &str| -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        text.chars().take(60).map(|c| if is_plain(c) { c } else { '-' }).collect()
    };
    let mut name = clean(event.unwrap_or("other-event"));
    if !field.is_empty() {
        name = format!("{name}.{}", clean(field));
    }
    let is_taken = |name: &str| examples.iter().any(|example| example.name == name);
    if !is_taken(&name) {
        return name;
    }
    // One of these is free, as there are no more examples than that.
    let mut numbered = (2..examples.len() + 3).map(|number| format!("{name}.{number}"));
    numbered.find(|name| !is_taken(name)).unwrap_or(name)
}

/// Returns a value as it is shown in messages.
pub(crate) fn shown(value: &serde_json::Value) -> String {
    if *value == json!("") { "the empty string".to_owned() } else { value.to_string() }
}
