//! Sorts the fields of a record into known and unknown ones, and finds what an unknown one may be meant for.

use std::collections::HashSet;

use crate::catalog::{self, EventSpec, FieldSpec};
use crate::report::Subject;
use crate::rules::field_case::FieldCase;
use crate::rules::unknown_field::Hint;
use crate::scope::Scope;
use crate::similar;
use cloudconnexa_tape::{Index, Tape};

/// A field that the schema does not describe.
#[derive(Debug)]
pub(crate) struct Unknown {
    /// Its key.
    pub(crate) key: Index,
    pub(crate) name: String,
    /// The object that it is in.
    pub(crate) object: Index,
    /// The known field that it is probably a misspelling of.
    pub(crate) meant: Option<&'static str>,
    /// The known field whose name differs only in the case of letters.
    pub(crate) case_of: Option<FieldCase>,
}

impl Unknown {
    /// Returns what the field may be instead.
    pub(crate) fn hint(&self, subject: &Subject) -> Option<Hint> {
        let has = |fields: &'static [FieldSpec]| names(fields).any(|name| name == self.name);
        match (self.meant, subject) {
            (Some(meant), _) => Some(Hint::Misspelt(meant)),
            (None, _) if self.object != Index::ROOT => has(catalog::HEADER).then_some(Hint::OfHeader),
            (None, Subject::Known(EventSpec { log: Some(fields), .. })) => has(fields).then_some(Hint::OfLog),
            _ => None,
        }
    }
}

/// The fields of a record, sorted by whether the schema describes them.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    /// Keys and what the schema says about their fields. Of a repeated field only the last.
    pub(crate) known: Vec<(Index, Scope, &'static FieldSpec)>,
    pub(crate) unknown: Vec<Unknown>,
    /// How many unknown fields are left out.
    pub(crate) left_out: usize,
}

/// Classifies the fields of the header, and of the `log` of a known event. Keeps at most `most` unknown ones of each.
pub(crate) fn classify(tape: &Tape<'_>, subject: &Subject, most: usize) -> Fields {
    let event = match subject {
        Subject::Known(event) => Some(*event),
        Subject::Unknown(_) | Subject::Nameless => None,
    };
    let mut fields = Fields::default();
    let takes_log = event.is_none_or(|event| event.log.is_some());
    let envelope: &[&str] = if takes_log { &["eventName", "log"] } else { &["eventName"] };
    fields.add_object(tape, Index::ROOT, catalog::HEADER, envelope, most);
    if let Some(EventSpec { log: Some(specs), .. }) = event
        && let Some(log) = tape.field(Index::ROOT, "log")
    {
        fields.add_object(tape, log, specs, &[], most);
    }
    fields
}

fn names(fields: &'static [FieldSpec]) -> impl Iterator<Item = &'static str> {
    fields.iter().map(|field| field.name)
}

impl Fields {
    /// Classifies the fields of one object. `others` are known names in addition to those of `specs`.
    fn add_object(
        &mut self,
        tape: &Tape<'_>,
        object: Index,
        specs: &'static [FieldSpec],
        others: &[&'static str],
        most: usize,
    ) {
        self.known.reserve(specs.len());
        let known: Vec<&'static str> = names(specs).chain(others.iter().copied()).collect();
        let mut is_there = vec![false; known.len()];
        let mut unknown = Vec::new();
        // Most producers write fields in the order of the schema, so the search for a key starts after the last match.
        let mut next = 0;
        for (key, _) in tape.all_members(object) {
            let mut candidates = (next..known.len()).chain(0..next);
            if let Some(index) = candidates.find(|&index| tape.is_string(key, known[index])) {
                next = index + 1;
                is_there[index] = true;
                if !tape.is_shadowed(key) {
                    let scope = if object == Index::ROOT { Scope::Header } else { Scope::Log };
                    self.known.extend(specs.get(index).map(|spec| (key, scope, spec)));
                }
            } else if tape.is_again(key) {
                // Reported as a duplicate.
            } else if unknown.len() == most {
                self.left_out += 1;
            } else {
                let name = tape.string(key).unwrap_or_default();
                unknown.push(Unknown { key, name: name.into_owned(), object, meant: None, case_of: None });
            }
        }
        self.left_out += tape.members_left_out(object);
        if unknown.is_empty() {
            return;
        }
        let absent: Vec<_> = known.iter().zip(&is_there).filter(|(_, is_there)| !**is_there).collect();
        let absent: Vec<_> = absent.into_iter().map(|(name, _)| *name).collect();
        pair(&mut unknown, &absent);
        if object == Index::ROOT && absent.contains(&EVENT_NAME) {
            find_event_name(tape, &mut unknown);
        }
        // `LOG` is a misspelt `log` even if the event carries none.
        let log = (object == Index::ROOT).then_some("log");
        for field in &mut unknown {
            let is_meant =
                |name: &&'static str| name.eq_ignore_ascii_case(&field.name) && *name != field.name;
            let name = known.iter().copied().chain(log).find(is_meant);
            field.case_of = name.map(|name| FieldCase { field: name, is_there: !absent.contains(&name) });
        }
        self.unknown.extend(unknown);
    }
}

/// The field that says what an event is.
const EVENT_NAME: &str = "eventName";

/// Looks for an absent `eventName` under another name: a field that holds the name of an event, or text in one that is
/// called `event`.
fn find_event_name(tape: &Tape<'_>, unknown: &mut [Unknown]) {
    if unknown.iter().any(|field| field.meant == Some(EVENT_NAME)) {
        return;
    }
    let names_event = |field: &Unknown| {
        let is_event = |name: &str| catalog::EVENTS.iter().any(|event| event.name == name);
        tape.string(field.key.value()).is_some_and(|value| is_event(&value))
    };
    let is_called_event = |field: &Unknown| {
        field.name.eq_ignore_ascii_case("event") && tape.string(field.key.value()).is_some()
    };
    let found = unknown.iter().position(names_event).or_else(|| unknown.iter().position(is_called_event));
    if let Some(field) = found.map(|index| &mut unknown[index]).filter(|field| field.meant.is_none()) {
        field.meant = Some(EVENT_NAME);
    }
}

/// Pairs each absent field with the unknown one whose name is nearest.
fn pair(unknown: &mut [Unknown], absent: &[&'static str]) {
    let mut pairs = Vec::new();
    for (index, field) in unknown.iter().enumerate() {
        for &name in absent {
            pairs.extend(similar::distance(&field.name, name).map(|distance| (distance, index, name)));
        }
    }
    pairs.sort_by_key(|&(distance, ..)| distance);
    let mut taken = HashSet::new();
    for (_, index, name) in pairs {
        if unknown[index].meant.is_none() && taken.insert(name) {
            unknown[index].meant = Some(name);
        }
    }
}
