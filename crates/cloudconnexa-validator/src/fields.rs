//! The fields that the schema does not describe, and which described ones they may be meant for.

use std::collections::HashSet;

use crate::catalog::{self, EventSpec, FieldSpec};
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

/// Finds at most `most` unknown fields in the header and as many in the `log` of a known event, and counts the rest.
pub(crate) fn unknown(tape: &Tape<'_>, subject: &Subject, most: usize) -> (Vec<Unknown>, usize) {
    let event = match subject {
        Subject::Known(event) => Some(*event),
        Subject::Unknown(_) | Subject::Untold => None,
    };
    let takes_log = event.is_none_or(|event| event.log.is_some());
    let mut header: Vec<&'static str> = vec!["eventName"];
    header.extend(takes_log.then_some("log"));
    header.extend(names(catalog::HEADER));
    let (mut unknown, mut left_out) = in_object(tape, Index::ROOT, &header, most);

    if let Some(EventSpec { log: Some(fields), .. }) = event
        && let Some(log) = tape.field(Index::ROOT, "log")
    {
        let (in_log, more) = in_object(tape, log, &names(fields).collect::<Vec<_>>(), most);
        unknown.extend(in_log);
        left_out += more;
    }
    (unknown, left_out)
}

fn names(fields: &'static [FieldSpec]) -> impl Iterator<Item = &'static str> {
    fields.iter().map(|field| field.name)
}

fn in_object(tape: &Tape<'_>, object: Index, known: &[&'static str], most: usize) -> (Vec<Unknown>, usize) {
    let mut absent = known.to_vec();
    let mut unknown = Vec::new();
    let mut left_out = 0;
    let again: HashSet<Index> = tape.duplicates().iter().map(|duplicate| duplicate.again).collect();
    for (key, _) in tape.all_members(object) {
        let name = tape.string(key).unwrap_or_default();
        if let Some(place) = absent.iter().position(|&known| known == name) {
            absent.remove(place);
            continue;
        }
        if again.contains(&key) {
            continue;
        }
        if unknown.len() == most {
            left_out += 1;
        } else {
            unknown.push(Unknown { key, name: name.into_owned(), object, meant: None });
        }
    }
    if !unknown.is_empty() {
        pair(&mut unknown, &absent);
    }
    (unknown, left_out)
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
