//! The fields that the schema does not describe, and which described ones they may be meant for.

use std::collections::HashSet;

use crate::catalog::{self, EventSpec, FieldSpec};
use crate::fast::Scope;
use crate::rules::field_case::FieldCase;
use crate::rules::unknown_field::Hint;
use crate::similar;
use crate::tape::{Index, Tape};
use crate::validator::Subject;

/// A field that the schema does not describe.
#[derive(Debug)]
pub(crate) struct Unknown {
    /// Its key.
    pub(crate) key: Index,
    pub(crate) name: String,
    /// The object that it is in.
    pub(crate) object: Index,
    /// The described field that it is likely meant for.
    pub(crate) meant: Option<&'static str>,
    /// The described field whose name differs by the case of letters alone.
    pub(crate) case_of: Option<FieldCase>,
}

impl Unknown {
    /// What the field may be instead.
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
    /// Keys with what the schema says of their fields; of fields that come more than once the last.
    pub(crate) known: Vec<(Index, Scope, &'static FieldSpec)>,
    pub(crate) unknown: Vec<Unknown>,
    /// How many more unknown ones there are.
    pub(crate) left_out: usize,
}

/// Sorts the fields of the header, and of the `log` of a known event; tells of at most `most` unknown ones in each.
pub(crate) fn fields(tape: &Tape<'_>, subject: &Subject, most: usize) -> Fields {
    let event = match subject {
        Subject::Known(event) => Some(*event),
        Subject::Unknown(_) | Subject::Nameless => None,
    };
    let mut fields = Fields::default();
    let takes_log = event.is_none_or(|event| event.log.is_some());
    let envelope: &[&str] = if takes_log { &["eventName", "log"] } else { &["eventName"] };
    fields.sort(tape, Index::ROOT, catalog::HEADER, envelope, most);
    if let Some(EventSpec { log: Some(specs), .. }) = event
        && let Some(log) = tape.field(Index::ROOT, "log")
    {
        fields.sort(tape, log, specs, &[], most);
    }
    fields
}

fn names(fields: &'static [FieldSpec]) -> impl Iterator<Item = &'static str> {
    fields.iter().map(|field| field.name)
}

impl Fields {
    /// `others`: names that an object has beside its fields.
    fn sort(
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
        let again: HashSet<Index> = tape.duplicates().iter().map(|duplicate| duplicate.again).collect();
        // Most fields come in the order of the schema: each is looked for behind the one before.
        let mut next = 0;
        for (key, _) in tape.all_members(object) {
            let mut places = (next..known.len()).chain(0..next);
            if let Some(place) = places.find(|&place| tape.is_string(key, known[place])) {
                next = place + 1;
                is_there[place] = true;
                if !tape.is_shadowed(key) {
                    let scope = if object == Index::ROOT { Scope::Header } else { Scope::Log };
                    self.known.extend(specs.get(place).map(|spec| (key, scope, spec)));
                }
            } else if again.contains(&key) {
                // Told of as a duplicate.
            } else if unknown.len() == most {
                self.left_out += 1;
            } else {
                let name = tape.string(key).unwrap_or_default();
                unknown.push(Unknown { key, name: name.into_owned(), object, meant: None, case_of: None });
            }
        }
        if unknown.is_empty() {
            return;
        }
        let absent: Vec<_> = known.iter().zip(&is_there).filter(|(_, is_there)| !**is_there).collect();
        let absent: Vec<_> = absent.into_iter().map(|(name, _)| *name).collect();
        pair(&mut unknown, &absent);
        // Every header can have a `log`, as far as the case of its letters goes.
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

/// Gives each absent field to the unknown one that is nearest to it.
fn pair(unknown: &mut [Unknown], absent: &[&'static str]) {
    let mut pairs = Vec::new();
    for (place, field) in unknown.iter().enumerate() {
        for &name in absent {
            pairs.extend(similar::distance(&field.name, name).map(|distance| (distance, place, name)));
        }
    }
    pairs.sort_by_key(|&(distance, ..)| distance);
    let mut taken = HashSet::new();
    for (_, place, name) in pairs {
        if unknown[place].meant.is_none() && taken.insert(name) {
            unknown[place].meant = Some(name);
        }
    }
}
