//! What is found in a record that is JSON.

use std::cmp::Reverse;

use serde_json::Value;

use crate::catalog::{self, FieldSpec};
use crate::fields::{self, Unknown};
use crate::finding::{Finding, Place};
use crate::position::Locator;
use crate::rules;
use crate::tape::{Index, Tape, push_key};
use crate::validator::{Report, Subject, Validator};
use crate::verdict::{self, Cause, Violation};
use crate::wording::quote;

/// Findings of a kind that a record can have without end: no more of each are told of.
const MOST: usize = 1000;

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
        let huge: Vec<Index> = self.tape.huge_numbers().collect();

        let mut findings: Vec<Finding> = self.repeated().collect();
        findings.extend(huge.iter().take(MOST).map(|&value| self.huge(value)));
        findings.extend(self.unknown_event(&subject));
        findings.extend(self.unknown_version(&violations));
        let alone = unknown.iter().filter(|field| !stands_for_missing(field, &violations));
        findings.extend(alone.map(|field| self.unknown_field(field, &subject)));
        findings.extend(
            violations.into_iter().filter_map(|violation| self.violation(violation, &subject, &unknown)),
        );
        findings.sort_by_key(|finding| (finding.span.start.offset, Reverse(finding.severity())));

        let beyond = |count: usize| count.saturating_sub(MOST);
        let left_out = unknown_left_out + beyond(self.tape.duplicates().len()) + beyond(huge.len());
        Report { subject, findings, left_out }
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

    fn repeated(&self) -> impl Iterator<Item = Finding> {
        let mut owner: Option<(Index, String)> = None;
        self.tape.duplicates().iter().take(MOST).map(move |duplicate| {
            // One object can have them all, and to find its pointer takes time.
            let (_, object) = match owner.take() {
                Some(known) if known.0 == duplicate.object => owner.insert(known),
                _ => owner.insert((duplicate.object, self.tape.pointer(duplicate.object))),
            };
            let mut pointer = object.clone();
            push_key(&mut pointer, &self.tape.string(duplicate.again).unwrap_or_default());
            let span = self.locator.span(self.tape.range(duplicate.again));
            let first = self.locator.position(self.tape.range(duplicate.first).start);
            rules::duplicate_field::finding(Place { pointer, span }, first)
        })
    }

    fn huge(&self, value: Index) -> Finding {
        rules::number_overflow::finding(self.at(value), self.tape.raw(value))
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

    fn unknown_field(&self, field: &Unknown, subject: &Subject) -> Finding {
        let owner = match subject {
            Subject::Known(event) if field.object == Index::ROOT && field.name == "log" => {
                format!("a {} event", quote(event.name))
            }
            Subject::Known(event) if field.object != Index::ROOT => {
                format!("the `log` of {}", quote(event.name))
            }
            _ => "the header of an event".to_owned(),
        };
        rules::unknown_field::finding(self.at(field.key), &owner, field.hint(subject))
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

/// Whether an unknown field is told of with the missing one that it is meant for.
fn stands_for_missing(unknown: &Unknown, violations: &[Violation]) -> bool {
    violations.iter().any(|violation| match &violation.cause {
        Cause::Missing { field, .. } => violation.value == unknown.object && unknown.meant == Some(field),
        _ => false,
    })
}

/// What the schema says of the field that a pointer names.
fn field_spec(pointer: &str, subject: &Subject) -> Option<&'static FieldSpec> {
    let (fields, name) = match (pointer.strip_prefix("/log/"), subject) {
        (Some(name), Subject::Known(event)) => (event.log?, name),
        _ => (catalog::HEADER, pointer.strip_prefix('/')?),
    };
    fields.iter().find(|field| field.name == name)
}
