//! Checks a parsed record: collects violations of the schema and everything else worth reporting.

use std::cmp::Reverse;

use serde_json::Value;

use crate::catalog::{self, FieldSpec, Kind};
use crate::describe::Location;
use crate::engine::Engines;
use crate::excerpt::Excerpt;
use crate::fields::{self, Fields, Unknown};
use crate::finding::Finding;
use crate::position::Locator;
use crate::recognise;
use crate::report::{Report, Subject};
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
use crate::scope::Scope;
use crate::violations::{self, Cause, Violation};
use cloudconnexa_tape::{HugeNumber, Index, Repeated, Tape};

mod damage;

/// The most findings to report of each kind of which a hostile record can have any number.
const MAX_FINDINGS: usize = 1000;

/// The most bytes of pointers to keep for the findings of one kind: a single long key can occur in all of them.
const MAX_POINTER_BYTES: usize = 1 << 20;

/// A parsed record, and what is needed to check it.
pub(crate) struct Check<'a> {
    pub(crate) engines: &'a Engines,
    pub(crate) tape: &'a Tape<'a>,
    pub(crate) locator: Locator<'a>,
}

impl Check<'_> {
    pub(crate) fn report(&self) -> Report {
        let subject = subject(self.tape);
        let engine = self.engines.get(&subject);
        // Most records that are not events get a single finding, which says so: collecting their violations would be wasted.
        let is_unlike_event = recognise::is_unlike_event(self.tape) && !engine.is_valid(self.tape);
        if is_unlike_event && let Some(report) = self.not_an_event() {
            return report;
        }
        let violations = violations::find(engine, self.tape);
        if !violations.is_empty() {
            let other = if is_unlike_event { None } else { self.not_an_event() };
            if let Some(report) = other.or_else(|| self.renamed()) {
                return report;
            }
        }
        self.report_with(subject, violations)
    }

    /// Reports warnings and notes about a record that is known to be valid.
    pub(crate) fn report_of_valid(&self) -> Report {
        self.report_with(subject(self.tape), Vec::new())
    }

    fn report_with(&self, subject: Subject, mut violations: Vec<Violation>) -> Report {
        let Fields { known, mut unknown, left_out } = fields::classify(self.tape, &subject, MAX_FINDINGS);
        let damage = self.damage(&subject, &mut violations, &mut unknown);
        let mut alone: Vec<&Unknown> =
            unknown.iter().filter(|field| !Self::is_covered(field, &violations)).collect();
        alone.sort_by_key(|field| field.key);
        let (repeated, huge) = (self.tape.repeated(), self.tape.huge_numbers());
        let mut findings: Vec<Finding> = damage;
        findings.extend(repeated.items().iter().map(|key| self.repeated(key)));
        findings.extend(huge.items().iter().map(|number| self.huge(number)));
        let unlisted = repeated.left_out() + huge.left_out();
        let listed = findings.len();
        let located = self.locations(alone.iter().map(|field| field.key)).zip(&alone);
        findings.extend(located.map(|(location, field)| Self::unknown_field(location, field, &subject)));
        let left_out = left_out + unlisted + alone.len() - (findings.len() - listed);

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

    /// Returns the locations of values or keys, which must be in the order of the text, up to the limits.
    fn locations(&self, indices: impl Iterator<Item = Index>) -> impl Iterator<Item = Location> {
        let mut pointers = self.tape.pointers();
        let mut room = MAX_POINTER_BYTES;
        indices.take(MAX_FINDINGS).map_while(move |index| {
            let pointer = (room > 0).then(|| pointers.to(index).to_owned())?;
            room = room.saturating_sub(pointer.len());
            Some(Location { pointer, span: self.locator.span(self.tape.range(index)) })
        })
    }

    /// Returns the location of the record, of which only the first byte is marked: carets under a whole one would point at
    /// nothing.
    fn start(&self) -> Location {
        let start = self.tape.range(Index::ROOT).start;
        Location { pointer: String::new(), span: self.locator.span(start..start + 1) }
    }

    /// Returns the location of a value or a key.
    fn at(&self, index: Index) -> Location {
        Location { pointer: self.tape.pointer(index), span: self.locator.span(self.tape.range(index)) }
    }

    fn repeated(&self, key: &Repeated) -> Finding {
        let location = Location { pointer: key.pointer.clone(), span: self.locator.span(key.range.clone()) };
        Finding::new(location, DuplicateField { first: self.locator.position(key.first) })
    }

    fn huge(&self, number: &HugeNumber) -> Finding {
        let HugeNumber { range, pointer } = number.clone();
        let raw = Excerpt::of(self.tape.text(range.clone()));
        Finding::new(Location { pointer, span: self.locator.span(range) }, NumberOverflow { raw })
    }

    /// Reports what is worth knowing about a valid field that the schema describes. Usually that is nothing.
    fn known_field(&self, key: Index, scope: Scope, field: &'static FieldSpec, findings: &mut Vec<Finding>) {
        let location = |index| {
            let span = self.locator.span(self.tape.range(index));
            Location { pointer: scope.pointer(field.name), span }
        };
        let value = key.value();
        if field.deprecated {
            findings.push(Finding::new(location(key), DeprecatedField::new(field)));
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
            findings.push(Finding::new(location(value), detail));
        }
    }

    fn unknown_event(&self, subject: &Subject) -> Option<Finding> {
        let Subject::Unknown(name) = subject else { return None };
        let value = self.tape.field(Index::ROOT, "eventName")?;
        Some(Finding::new(self.at(value), UnknownEvent::new(name, self.tape)))
    }

    fn unknown_version(&self, violations: &[Violation]) -> Option<Finding> {
        let value = self.tape.field(Index::ROOT, "CloudConnexaLogVersion")?;
        let number = Value::Number(self.tape.number(value)?);
        let is = |version: &u64| jsonschema::json::cmp::equal(&number, &(*version).into());
        let is_known = catalog::LOG_VERSIONS.iter().any(is);
        let is_wrong = violations.iter().any(|violation| violation.value == value);
        let is_covered = is_known || is_wrong || self.tape.is_huge(value);
        let raw = || Excerpt::of(self.tape.raw(value));
        (!is_covered).then(|| Finding::new(self.at(value), UnknownVersion { raw: raw() }))
    }

    fn unknown_field(location: Location, field: &Unknown, subject: &Subject) -> Finding {
        let object = match subject {
            Subject::Known(event) if field.object == Index::ROOT && field.name == "log" => {
                Object::Event(event.name)
            }
            Subject::Known(event) if field.object != Index::ROOT => Object::LogOf(event.name),
            _ => Object::Header,
        };
        match &field.case_of {
            Some(case) => Finding::new(location, case.clone()),
            None => Finding::new(location, UnknownField { object, hint: field.hint(subject) }),
        }
    }

    /// Returns whether another finding covers an unknown field: as a misspelling of a missing one, or by its value.
    fn is_covered(unknown: &Unknown, violations: &[Violation]) -> bool {
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
        let location = Location { pointer, span: self.locator.span(range) };
        Some(match cause {
            Cause::Type(expected) => Finding::new(location, WrongType::new(self.tape, value, expected, spec)),
            Cause::Format { formats, or } => {
                Finding::new(location, WrongFormat::new(self.tape, value, formats, or))
            }
            Cause::Constant(allowed) => Finding::new(location, WrongValue::new(self.tape, value, allowed)),
            Cause::Range { minimum, maximum, above } => {
                let raw = Excerpt::of(self.tape.raw(value));
                Finding::new(location, OutOfRange { raw, minimum, maximum, above })
            }
            Cause::Other { keyword, text, masked } => {
                Finding::new(location, SchemaViolation::new(keyword, &text, masked))
            }
            Cause::Missing(field) => {
                let misspelt =
                    unknown.iter().find(|other| other.object == value && other.meant == Some(&*field));
                if let Some(misspelt) = misspelt {
                    let instead = Instead::Misspelt { object: location.pointer };
                    Finding::new(self.at(misspelt.key), MissingField { field, instead })
                } else {
                    let description = description(&location.pointer, &field, subject);
                    let instead = Instead::Nothing { description };
                    // Only the opening brace: carets under a whole event would point at nothing.
                    Finding::new(Location { span: brace, ..location }, MissingField { field, instead })
                }
            }
        })
    }
}

/// Returns whether a parsed record is valid, without collecting findings.
pub(crate) fn is_valid(engines: &Engines, tape: &Tape<'_>) -> bool {
    tape.repeated().is_empty() && tape.huge_numbers().is_empty() && engines.get(&subject(tape)).is_valid(tape)
}

/// Returns the event that a record is about.
fn subject(tape: &Tape<'_>) -> Subject {
    let name = tape.field(Index::ROOT, "eventName").and_then(|value| tape.string(value));
    match name {
        Some(name) => {
            catalog::event(&name).map_or_else(|| Subject::Unknown(name.into_owned()), Subject::Known)
        }
        None => Subject::Nameless,
    }
}

/// Returns what the schema says about the field at a pointer.
fn field_spec(pointer: &str, subject: &Subject) -> Option<&'static FieldSpec> {
    let (object, name) = pointer.rsplit_once('/')?;
    field_of(object, name, subject)
}

/// Returns what the schema says about the field `name` of the object at a pointer.
fn field_of(object: &str, name: &str, subject: &Subject) -> Option<&'static FieldSpec> {
    let fields = match (object, subject) {
        ("", _) => catalog::HEADER,
        ("/log", Subject::Known(event)) => event.log?,
        _ => return None,
    };
    fields.iter().find(|field| field.name == name)
}

/// Returns the description of a field in the schema.
fn description(object: &str, name: &str, subject: &Subject) -> Option<&'static str> {
    let of_envelope = || catalog::ENVELOPE.iter().find(|(field, _)| *field == name && object.is_empty());
    let field = field_of(object, name, subject).map(|field| field.description);
    field.or_else(|| of_envelope().map(|(_, description)| *description))
}
