//! What is found in a record that is JSON.

use std::cmp::Reverse;

use serde_json::Value;

use crate::catalog::{self, FieldSpec, Kind};
use crate::fast;
use crate::fields::{self, Fields, Unknown};
use crate::finding::{Finding, Place};
use crate::position::Locator;
use crate::rules::Detail;
use crate::rules::deprecated_field::DeprecatedField;
use crate::rules::duplicate_field::DuplicateField;
use crate::rules::missing_field::{Instead, MissingField};
use crate::rules::number_overflow::NumberOverflow;
use crate::rules::out_of_range::OutOfRange;
use crate::rules::schema_violation::SchemaViolation;
use crate::rules::string_null::{NULL, StringNull};
use crate::rules::unfamiliar_value::UnfamiliarValue;
use crate::rules::unknown_event::UnknownEvent;
use crate::rules::unknown_field::{Object, UnknownField};
use crate::rules::unknown_version::UnknownVersion;
use crate::rules::wrong_format::WrongFormat;
use crate::rules::wrong_type::WrongType;
use crate::rules::wrong_value::WrongValue;
use crate::tape::{Duplicate, Index, Tape};
use crate::validator::{Report, Subject, Validator};
use crate::violations::{self, Cause, Violation};
use crate::wording::Excerpt;

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
        let subject = subject(self.tape);
        let violations = violations::violations(self.validator.engine(&subject), self.tape);
        let Fields { known, unknown, left_out } = fields::fields(self.tape, &subject, MOST);
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
        findings.extend(told.map(|(place, &value)| {
            let raw = Excerpt::of(self.tape.raw(value));
            Finding::new(place, NumberOverflow { raw })
        }));
        let told = self.places(alone.iter().map(|field| field.key)).zip(&alone);
        findings.extend(told.map(|(place, field)| Self::unknown_field(place, field, &subject)));
        let left_out = left_out + repeated.len() + huge.len() + alone.len() - findings.len();

        for &(key, scope, field) in &known {
            self.known_field(key, scope, field, &mut findings);
        }
        findings.extend(self.unknown_event(&subject));
        findings.extend(self.unknown_version(&violations));
        findings.extend(
            violations.into_iter().filter_map(|violation| self.violation(violation, &subject, &unknown)),
        );
        findings.sort_by_key(|finding| (finding.span().start.offset, Reverse(finding.severity())));
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

    /// The place of a value, or of a key.
    fn at(&self, index: Index) -> Place {
        Place { pointer: self.tape.pointer(index), span: self.locator.span(self.tape.range(index)) }
    }

    fn repeated(&self, place: Place, duplicate: Duplicate) -> Finding {
        let first = self.locator.position(self.tape.range(duplicate.first).start);
        Finding::new(place, DuplicateField { first })
    }

    /// What is worth knowing of a field that the schema describes; of most there is nothing.
    fn known_field(
        &self,
        key: Index,
        scope: fast::Scope,
        field: &'static FieldSpec,
        findings: &mut Vec<Finding>,
    ) {
        let place = |index| {
            let span = self.locator.span(self.tape.range(index));
            Place { pointer: scope.pointer(field.name), span }
        };
        let value = key.value();
        if field.deprecated {
            findings.push(Finding::new(place(key), DeprecatedField::new(field)));
        }
        let detail: Option<Detail> = match field.kind {
            Kind::String | Kind::Vocabulary(_) if self.tape.raw(value) == NULL => {
                Some(StringNull::new(field).into())
            }
            Kind::Vocabulary(_) => self
                .tape
                .string(value)
                .and_then(|text| UnfamiliarValue::new(field, self.tape.raw(value), &text).map(Detail::from)),
            _ => None,
        };
        if let Some(detail) = detail {
            findings.push(Finding::new(place(value), detail));
        }
    }

    fn unknown_event(&self, subject: &Subject) -> Option<Finding> {
        let Subject::Unknown(name) = subject else { return None };
        let value = self.tape.field(Index::ROOT, "eventName")?;
        Some(Finding::new(self.at(value), UnknownEvent::new(name)))
    }

    fn unknown_version(&self, violations: &[Violation]) -> Option<Finding> {
        let value = self.tape.field(Index::ROOT, "CloudConnexaLogVersion")?;
        let number = Value::Number(self.tape.number(value)?);
        let is = |version: &u64| jsonschema::json::cmp::equal(&number, &(*version).into());
        let is_known = catalog::LOG_VERSIONS.iter().any(is);
        let is_wrong = violations.iter().any(|violation| violation.value == value);
        let is_told = is_known || is_wrong || self.tape.is_huge(value);
        let raw = || Excerpt::of(self.tape.raw(value));
        (!is_told).then(|| Finding::new(self.at(value), UnknownVersion { raw: raw() }))
    }

    fn unknown_field(place: Place, field: &Unknown, subject: &Subject) -> Finding {
        let object = match subject {
            Subject::Known(event) if field.object == Index::ROOT && field.name == "log" => {
                Object::Event(event.name)
            }
            Subject::Known(event) if field.object != Index::ROOT => Object::LogOf(event.name),
            _ => Object::Header,
        };
        match &field.case_of {
            Some(case) => Finding::new(place, case.clone()),
            None => Finding::new(place, UnknownField { object, hint: field.hint(subject) }),
        }
    }

    /// Whether an unknown field is told of with the missing one that it is meant for, or for its value.
    fn is_told_otherwise(unknown: &Unknown, violations: &[Violation]) -> bool {
        violations.iter().any(|violation| match &violation.cause {
            Cause::Missing(field) => violation.value == unknown.object && unknown.meant == Some(field),
            _ => violation.value == unknown.key.value(),
        })
    }

    fn violation(&self, violation: Violation, subject: &Subject, unknown: &[Unknown]) -> Option<Finding> {
        let Violation { value, pointer, cause } = violation;
        if self.tape.is_huge(value) {
            return None;
        }
        let range = self.tape.range(value);
        let brace = self.locator.span(range.start..range.start + 1);
        let spec = field_spec(&pointer, subject);
        let place = Place { pointer, span: self.locator.span(range) };
        Some(match cause {
            Cause::Type(expected) => Finding::new(place, WrongType::new(self.tape, value, expected, spec)),
            Cause::Format { formats, or } => {
                Finding::new(place, WrongFormat::new(self.tape, value, formats, or))
            }
            Cause::Constant(allowed) => Finding::new(place, WrongValue::new(self.tape, value, allowed)),
            Cause::Range { minimum, maximum, above } => {
                let raw = Excerpt::of(self.tape.raw(value));
                Finding::new(place, OutOfRange { raw, minimum, maximum, above })
            }
            Cause::Other { keyword, text, masked } => {
                Finding::new(place, SchemaViolation::new(keyword, &text, masked))
            }
            Cause::Missing(field) => {
                let misspelt =
                    unknown.iter().find(|other| other.object == value && other.meant == Some(&*field));
                if let Some(misspelt) = misspelt {
                    let instead = Instead::Misspelt { object: place.pointer };
                    Finding::new(self.at(misspelt.key), MissingField { field, instead })
                } else {
                    let description = description(&place.pointer, &field, subject);
                    let instead = Instead::Nothing { description };
                    // The brace alone: under a whole event a caret points at nothing.
                    Finding::new(Place { span: brace, ..place }, MissingField { field, instead })
                }
            }
        })
    }
}

/// Whether nothing in a record that is JSON is an error: no more than a look is taken at what would be told.
pub(crate) fn is_valid(validator: &Validator, tape: &Tape<'_>) -> bool {
    tape.duplicates().is_empty()
        && tape.huge_numbers().next().is_none()
        && validator.engine(&subject(tape)).is_valid(tape)
}

/// The event that a record is about.
fn subject(tape: &Tape<'_>) -> Subject {
    let name = tape.field(Index::ROOT, "eventName").and_then(|value| tape.string(value));
    match name {
        Some(name) => {
            catalog::event(&name).map_or_else(|| Subject::Unknown(name.into_owned()), Subject::Known)
        }
        None => Subject::Nameless,
    }
}

/// What the schema says of the field that a pointer names.
fn field_spec(pointer: &str, subject: &Subject) -> Option<&'static FieldSpec> {
    let (object, name) = pointer.rsplit_once('/')?;
    field_of(object, name, subject)
}

/// What the schema says of the field `name` of the object that a pointer names.
fn field_of(object: &str, name: &str, subject: &Subject) -> Option<&'static FieldSpec> {
    let fields = match (object, subject) {
        ("", _) => catalog::HEADER,
        ("/log", Subject::Known(event)) => event.log?,
        _ => return None,
    };
    fields.iter().find(|field| field.name == name)
}

/// What a field is, in the words of the schema.
fn description(object: &str, name: &str, subject: &Subject) -> Option<&'static str> {
    let of_envelope = || catalog::ENVELOPE.iter().find(|(field, _)| *field == name && object.is_empty());
    let field = field_of(object, name, subject).map(|field| field.description);
    field.or_else(|| of_envelope().map(|(_, description)| *description))
}
