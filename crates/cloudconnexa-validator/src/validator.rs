//! The way of a record: bytes, tape, verdict, findings.

use serde_json::Value;

use crate::catalog::{self, EventSpec, FieldSpec};
use crate::fields::{self, Unknown};
use crate::finding::{Finding, Place, Severity};
use crate::position::{Locator, Position};
use crate::rules;
use crate::tape::{Fault, FaultKind, Index, Tape, TapeJson};
use crate::verdict::{self, Cause, Violation};
use crate::wording;

/// Repeated and unknown fields of a record that are told of: a hostile record can have millions.
const MOST: usize = 1000;

/// The compiled schema. Make one and share it: checking takes `&self`.
///
/// It holds no state between records, is [`Send`] and [`Sync`], and takes a few milliseconds to make.
#[derive(Debug)]
pub struct Validator {
    schema: Value,
    engine: jsonschema::Validator<TapeJson>,
}

/// What a record turned out to be.
#[derive(Clone, Debug)]
pub enum Subject {
    /// An event that the schema describes.
    Known(&'static EventSpec),
    /// An event of this name, which the schema does not know.
    Unknown(String),
    /// Nothing that has an `eventName`.
    Untold,
}

/// What came of checking a record.
#[derive(Clone, Debug)]
pub struct Report {
    /// What event it is.
    pub subject: Subject,
    /// Everything found, in the order of the text.
    pub findings: Vec<Finding>,
    /// Repeated and unknown fields beyond the first thousand of each kind, which `findings` leaves out.
    pub left_out: usize,
}

impl Report {
    /// Whether nothing found is an error.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity() < Severity::Error)
    }

    /// The report of a record that could not be read.
    fn unread(finding: Finding) -> Self {
        Self { subject: Subject::Untold, findings: vec![finding], left_out: 0 }
    }
}

impl Default for Validator {
    fn default() -> Self {
        Self::new()
    }
}

impl Validator {
    /// Compiles the schema that is built in.
    ///
    /// # Panics
    ///
    /// Never with the schema that is built in, which a test of this crate compiles.
    #[must_use]
    pub fn new() -> Self {
        let schema: Value = serde_json::from_str(SCHEMA).expect("the built-in schema is JSON");
        let engine = jsonschema::options_for::<TapeJson>()
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .offline()
            .build(&schema)
            .expect("the built-in schema compiles");
        Self { schema, engine }
    }

    /// Checks one record: a whole JSON text, whose first byte stands at `at`.
    ///
    /// Whatever the bytes are, the answer is a report: this never fails, never panics, and needs little stack.
    #[must_use]
    pub fn check(&self, record: &[u8], at: Position) -> Report {
        if u32::try_from(record.len()).is_err() {
            let span = crate::Span { start: at, end: at.after(record) };
            return Report::unread(Finding::too_long(span, u32::MAX.into()));
        }
        let text = match str::from_utf8(record) {
            Ok(text) => text,
            Err(error) => return Report::unread(not_utf8(record, at, error)),
        };
        let locator = Locator::new(record, at);
        match Tape::parse(text) {
            Ok(tape) => Check { validator: self, tape: &tape, locator }.report(),
            Err(fault) => Report::unread(refused(text, &locator, fault)),
        }
    }
}

fn not_utf8(record: &[u8], at: Position, error: std::str::Utf8Error) -> Finding {
    let begin = error.valid_up_to();
    let end = error.error_len().map_or(record.len(), |length| begin + length);
    let start = at.after(&record[..begin]);
    let span = crate::Span { start, end: start.after(&record[begin..end]) };
    let place = Place { pointer: String::new(), span };
    rules::not_utf8::finding(place, &record[begin..end], error.error_len().is_none())
}

fn refused(text: &str, locator: &Locator<'_>, fault: Fault) -> Finding {
    let place = Place { pointer: fault.pointer, span: locator.span(fault.range.clone()) };
    match fault.kind {
        FaultKind::TooDeep => rules::too_deep::finding(place),
        kind => rules::syntax::finding(place, kind, &text[fault.range], text),
    }
}

/// A record that is JSON, and all that is needed to word findings about it.
struct Check<'a> {
    validator: &'a Validator,
    tape: &'a Tape<'a>,
    locator: Locator<'a>,
}

impl Check<'_> {
    fn report(&self) -> Report {
        let subject = self.subject();
        let violations = verdict::violations(&self.validator.engine, &self.validator.schema, self.tape);
        let (unknown, unknown_left_out) = fields::unknown(self.tape, &subject, MOST);

        let mut findings: Vec<Finding> = self.repeated().collect();
        let huge = self.tape.huge_numbers().take(MOST);
        findings
            .extend(huge.map(|value| rules::number_overflow::finding(self.at(value), self.tape.raw(value))));
        findings.extend(self.unknown_event(&subject));
        findings.extend(self.unknown_version(&violations));
        findings.extend(unknown.iter().filter(|field| !stands_for_missing(field, &violations)).map(
            |field| {
                let owner = owner(field.object, &subject);
                rules::unknown_field::finding(self.at(field.key), &owner, field.meant)
            },
        ));
        findings.extend(
            violations.into_iter().filter_map(|violation| self.violation(violation, &subject, &unknown)),
        );
        findings.sort_by_key(|finding| (finding.span.start.offset, std::cmp::Reverse(finding.severity())));

        let repeated_left_out = self.tape.duplicates().len().saturating_sub(MOST);
        Report { subject, findings, left_out: unknown_left_out + repeated_left_out }
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
            // One object can have them all, and its pointer takes time.
            if owner.as_ref().is_none_or(|(object, _)| *object != duplicate.object) {
                owner = Some((duplicate.object, self.tape.pointer(duplicate.object)));
            }
            let mut pointer = owner.as_ref().map(|(_, pointer)| pointer.clone()).unwrap_or_default();
            crate::tape::push_key(&mut pointer, &self.tape.string(duplicate.again).unwrap_or_default());
            let span = self.locator.span(self.tape.range(duplicate.again));
            let first = self.locator.position(self.tape.range(duplicate.first).start);
            rules::duplicate_field::finding(Place { pointer, span }, first)
        })
    }

    fn unknown_event(&self, subject: &Subject) -> Option<Finding> {
        match subject {
            Subject::Unknown(name) => {
                let value = self.tape.field(Index::ROOT, "eventName")?;
                Some(rules::unknown_event::finding(self.at(value), name))
            }
            Subject::Known(_) | Subject::Untold => None,
        }
    }

    fn unknown_version(&self, violations: &[Violation]) -> Option<Finding> {
        let value = self.tape.field(Index::ROOT, "CloudConnexaLogVersion")?;
        let number = self.tape.number(value)?;
        let is_known = catalog::LOG_VERSIONS.iter().any(|&version| number.as_f64() == Some(version as f64));
        let is_wrong = violations.iter().any(|violation| violation.value == value);
        (!is_known && !is_wrong)
            .then(|| rules::unknown_version::finding(self.at(value), self.tape.raw(value)))
    }

    fn violation(&self, violation: Violation, subject: &Subject, unknown: &[Unknown]) -> Option<Finding> {
        let Violation { value, pointer, cause } = violation;
        if self.tape.is_huge(value) {
            return None;
        }
        let spec = field_spec(&pointer, subject);
        let range = self.tape.range(value);
        if let Cause::Missing { field, description } = cause {
            if let Some(misspelt) =
                unknown.iter().find(|other| other.object == value && other.meant == Some(&*field))
            {
                return Some(rules::missing_field::misspelt(self.at(misspelt.key), &pointer, &field));
            }
            // The brace alone: under a whole event a caret points at nothing.
            let span = self.locator.span(range.start..range.start + 1);
            return Some(rules::missing_field::finding(
                Place { pointer, span },
                &field,
                description.as_deref(),
            ));
        }
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
            Cause::Missing { .. } => return None,
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

fn owner(object: Index, subject: &Subject) -> String {
    match subject {
        Subject::Known(event) if object != Index::ROOT => format!("`log` of {}", wording::quote(event.name)),
        _ => "an event's header".to_owned(),
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

const SCHEMA: &str = include_str!("../../../schema/log-event.schema.json");
