//! What is found in a record that is JSON.

use std::cmp::Reverse;

use serde_json::Value;

use crate::catalog::{self, FieldSpec};
use crate::fields::{self, Unknown};
use crate::finding::{Finding, Place};
use crate::position::Locator;
use crate::rules;
use crate::tape::{Duplicate, Index, Tape};
use crate::validator::{Report, Subject, Validator};
use crate::verdict::{self, Cause, Violation};
use crate::wording::quote;

/// Findings of a kind that a record can have without end: no more of each are told of.
const MOST: usize = 1000;

/// Bytes of pointers to findings of a kind, after which no more are told of: one long key can stand in all of them.
const POINTERS: usize = 1 << 20;

/// A record, and all that is needed to judge it and to word what is found.
pub(crate) struct Check<'a> {
    pub(crate) validator: &'a Validator,
    pub(crate) tape: &'a Tape<'a>,
    pub(crate) locator: Locator<'a>,
}

impl Check<'_> {
    pub(crate) fn report(&self) -> Report {
        let subject = self.subject();
        let violations = verdict::violations(self.validator.engine(&subject), self.tape);
        let (unknown, unknown_left_out) = fields::unknown(self.tape, &subject, MOST);
        let mut alone: Vec<&Unknown> =
            unknown.iter().filter(|field| !Self::is_told_otherwise(field, &violations)).collect();
        alone.sort_by_key(|field| field.key);
        let huge: Vec<Index> = self.tape.huge_numbers().collect();
        let mut repeated = self.tape.duplicates().to_vec();
        repeated.sort_by_key(|duplicate| duplicate.again);

        let told = self.places(repeated.iter().map(|duplicate| duplicate.again)).zip(&repeated);
        let mut findings: Vec<Finding> =
            told.map(|(place, &duplicate)| self.repeated(place, duplicate)).collect();
        let told = self.places(huge.iter().copied()).zip(&huge);
        findings
            .extend(told.map(|(place, &value)| rules::number_overflow::finding(place, self.tape.raw(value))));
        let told = self.places(alone.iter().map(|field| field.key)).zip(&alone);
        findings.extend(told.map(|(place, field)| Self::unknown_field(place, field, &subject)));
        let left_out = unknown_left_out + repeated.len() + huge.len() + alone.len() - findings.len();

        findings.extend(self.unknown_event(&subject));
        findings.extend(self.unknown_version(&violations));
        findings.extend(
            violations.into_iter().filter_map(|violation| self.violation(violation, &subject, &unknown)),
        );
        findings.sort_by_key(|finding| (finding.span.start.offset, Reverse(finding.severity())));
        Report { subject, findings, left_out }
    }

    /// The places of values or keys that come in the order of the text, as many as are told of.
    fn places(&self, indices: impl Iterator<Item = Index>) -> impl Iterator<Item = Place> {
        let mut pointers = self.tape.pointers();
        let mut room = POINTERS;
        indices.take(MOST).map_while(move |index| {
            let pointer = (room > 0).then(|| pointers.to(index).to_owned())?;
            room = room.saturating_sub(pointer.len());
            Some(Place { pointer, span: self.locator.span(self.tape.range(index)) })
        })
    }

    fn subject(&self) -> Subject {
        let name = self.tape.field(Index::ROOT, "eventName").and_then(|value| self.tape.string(value));
        match name {
            Some(name) => {
                catalog::event(&name).map_or_else(|| Subject::Unknown(name.into_owned()), Subject::Known)
            }
            None => Subject::Untold,
        }
    }

    /// The place of a value, or of a key.
    fn at(&self, index: Index) -> Place {
        Place { pointer: self.tape.pointer(index), span: self.locator.span(self.tape.range(index)) }
    }

    fn repeated(&self, place: Place, duplicate: Duplicate) -> Finding {
        let first = self.locator.position(self.tape.range(duplicate.first).start);
        rules::duplicate_field::finding(place, first)
    }

    fn unknown_event(&self, subject: &Subject) -> Option<Finding> {
        let Subject::Unknown(name) = subject else { return None };
        let value = self.tape.field(Index::ROOT, "eventName")?;
        Some(rules::unknown_event::finding(self.at(value), name))
    }

    fn unknown_version(&self, violations: &[Violation]) -> Option<Finding> {
        let value = self.tape.field(Index::ROOT, "CloudConnexaLogVersion")?;
        let number = Value::Number(self.tape.number(value)?);
        let is = |version: &u64| jsonschema::json::cmp::equal(&number, &(*version).into());
        let is_known = catalog::LOG_VERSIONS.iter().any(is);
        let is_wrong = violations.iter().any(|violation| violation.value == value);
        let is_told = is_known || is_wrong || self.tape.is_huge(value);
        (!is_told).then(|| rules::unknown_version::finding(self.at(value), self.tape.raw(value)))
    }

    fn unknown_field(place: Place, field: &Unknown, subject: &Subject) -> Finding {
        let owner = match subject {
            Subject::Known(event) if field.object == Index::ROOT && field.name == "log" => {
                format!("a {} event", quote(event.name))
            }
            Subject::Known(event) if field.object != Index::ROOT => {
                format!("the `log` of {}", quote(event.name))
            }
            _ => "the header of an event".to_owned(),
        };
        rules::unknown_field::finding(place, &owner, field.hint(subject))
    }

    /// Whether an unknown field is told of with the missing one that it is meant for, or for its value.
    fn is_told_otherwise(unknown: &Unknown, violations: &[Violation]) -> bool {
        violations.iter().any(|violation| match &violation.cause {
            Cause::Missing { field, .. } => violation.value == unknown.object && unknown.meant == Some(field),
            _ => violation.value == unknown.key.value(),
        })
    }

    fn violation(&self, violation: Violation, subject: &Subject, unknown: &[Unknown]) -> Option<Finding> {
        let Violation { value, pointer, cause } = violation;
        if self.tape.is_huge(value) {
            return None;
        }
        let range = self.tape.range(value);
        let spec = field_spec(&pointer, subject);
        let brace = self.locator.span(range.start..range.start + 1);
        let place = Place { pointer, span: self.locator.span(range) };
        Some(match cause {
            Cause::Type(expected) => rules::wrong_type::finding(place, self.tape, value, expected, spec),
            Cause::Format { formats, or } => {
                rules::wrong_format::finding(place, self.tape, value, &formats, &or)
            }
            Cause::Constant(allowed) => rules::wrong_value::finding(place, self.tape, value, &allowed),
            Cause::Range { minimum, maximum, above } => {
                let bounds = (minimum.as_ref(), maximum.as_ref());
                rules::out_of_range::finding(place, self.tape, value, bounds, above)
            }
            Cause::Other { keyword, text, masked } => {
                rules::schema_violation::finding(place, &keyword, &text, &masked)
            }
            Cause::Missing { field, description } => {
                let misspelt =
                    unknown.iter().find(|other| other.object == value && other.meant == Some(&*field));
                if let Some(misspelt) = misspelt {
                    rules::missing_field::misspelt(self.at(misspelt.key), &place.pointer, &field)
                } else {
                    // The brace alone: under a whole event a caret points at nothing.
                    let place = Place { span: brace, ..place };
                    rules::missing_field::finding(place, &field, description.as_deref())
                }
            }
        })
    }
}

/// What the schema says of the field that a pointer names.
fn field_spec(pointer: &str, subject: &Subject) -> Option<&'static FieldSpec> {
    let (fields, name) = match (pointer.strip_prefix("/log/"), subject) {
        (Some(name), Subject::Known(event)) => (event.log?, name),
        _ => (catalog::HEADER, pointer.strip_prefix('/')?),
    };
    fields.iter().find(|field| field.name == name)
}
