//! Reports the work of tools once, instead of its effect on each field.

use cloudconnexa_tape::{Index, Type};

use super::{Check, field_spec};
use crate::fields::Unknown;
use crate::finding::Finding;
use crate::position::{Locator, Position};
use crate::recognise::{self, Renaming};
use crate::report::{Report, Subject};
use crate::rules::Detail;
use crate::rules::foreign_notation::ForeignNotation;
use crate::rules::null_filled::NullFilled;
use crate::rules::reshaped_log::ReshapedLog;
use crate::tape;
use crate::violations::{Cause, Violation};

/// The fewest fields that are null because a tool fills all of them, and the fewest of those that must not be.
const MIN_NULLS: usize = 3;
const MIN_WRONG_NULLS: usize = 2;

impl Check<'_> {
    /// Reports a record that is not an event, if it is clear what it is.
    pub(super) fn not_an_event(&self) -> Option<Report> {
        let root = self.tape.range(Index::ROOT);
        let wrapped = || recognise::wrapped(self.tape.text(root));
        let wrapped = recognise::is_unlike_event(self.tape).then(wrapped).flatten();
        let detail = wrapped.or_else(|| recognise::other_record(self.tape).map(Detail::from))?;
        Some(Report::unread(Finding::new(self.start(), detail)))
    }

    /// Checks a record whose fields are named in another style as if they had the names of the schema; `None` if they are not.
    pub(super) fn renamed(&self) -> Option<Report> {
        let renaming = Renaming::of(self.tape)?;
        let original = self.tape.text(0..self.tape.range(Index::ROOT).end);
        let restored = renaming.restore(original);
        let tape = tape::parse(&restored).ok()?;
        let at = self.locator.position(0);
        let locator = Locator::new(restored.as_bytes(), at);
        let mut report = Check { engines: self.engines, tape: &tape, locator }.report();
        let place = |position: Position| {
            let offset = usize::try_from(position.offset - at.offset).unwrap_or_default();
            self.locator.position(renaming.original(offset))
        };
        for finding in &mut report.findings {
            finding.relocate(place);
            finding.rename(renaming.original_pointer(finding.pointer()));
        }
        report.findings.insert(0, Finding::new(self.start(), renaming.style));
        Some(report)
    }

    /// Reports what tools did to a record, and takes away what follows from it.
    pub(super) fn damage(
        &self,
        subject: &Subject,
        violations: &mut Vec<Violation>,
        unknown: &mut Vec<Unknown>,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        if violations.is_empty() {
            return findings;
        }
        findings.extend(self.nulls(subject, violations, unknown));
        findings.extend(self.dates(violations));
        findings.extend(self.log(subject, violations, unknown));
        findings
    }

    fn log(
        &self,
        subject: &Subject,
        violations: &mut Vec<Violation>,
        unknown: &mut Vec<Unknown>,
    ) -> Option<Finding> {
        let (kind, value) = recognise::reshaped_log(self.tape, subject)?;
        let follows = |violation: &Violation| match kind {
            ReshapedLog::Flattened(_) => {
                violation.value == Index::ROOT
                    && matches!(&violation.cause, Cause::Missing(field) if field == "log")
            }
            _ => violation.value == value,
        };
        // Otherwise the event is valid with it.
        if !violations.iter().any(follows) {
            return None;
        }
        violations.retain(|violation| !follows(violation));
        unknown.retain(|field| match kind {
            ReshapedLog::Flattened(_) => {
                field.object != Index::ROOT || !recognise::is_flattened(&field.name, kind)
            }
            _ => field.object != value && field.key.value() != value,
        });
        let location = if value == Index::ROOT { self.start() } else { self.at(value) };
        Some(Finding::new(location, kind))
    }

    /// Reports times as Windows PowerShell 5 writes them.
    fn dates(&self, violations: &mut Vec<Violation>) -> Option<Finding> {
        let is_date = |violation: &Violation| {
            let raw = || self.tape.raw(violation.value);
            let is_format = matches!(&violation.cause, Cause::Format { formats, .. } if formats.iter().any(|one| one == "date-time"));
            is_format && (raw().starts_with("\"/Date(") || raw().starts_with("\"\\/Date("))
        };
        let first = violations
            .iter()
            .filter(|violation| is_date(violation))
            .map(|violation| violation.value)
            .min()?;
        violations.retain(|violation| !is_date(violation));
        Some(Finding::new(self.at(first), ForeignNotation::PowerShellDate))
    }

    /// Reports that a tool fills fields with null, if it does. What is wrong with each is reported as well.
    fn nulls(&self, subject: &Subject, violations: &[Violation], unknown: &[Unknown]) -> Option<Finding> {
        let is_null = |value| self.tape.type_of(value) == Type::Null;
        let is_optional = |violation: &&Violation| {
            matches!(violation.cause, Cause::Type(_))
                && is_null(violation.value)
                && field_spec(&violation.pointer, subject).is_some_and(|field| !field.required)
        };
        let wrong: Vec<_> =
            violations.iter().filter(is_optional).map(|violation| violation.pointer.clone()).collect();
        if wrong.len() < MIN_WRONG_NULLS {
            return None;
        }
        let mut others: Vec<_> =
            unknown.iter().filter(|field| is_null(field.key.value())).map(|field| field.key).collect();
        let count = wrong.len() + others.len();
        if count < MIN_NULLS {
            return None;
        }
        others.sort_unstable();
        let others: Vec<_> = self.locations(others.into_iter()).map(|location| location.pointer).collect();
        let detail = NullFilled::new(count, wrong.iter().chain(&others).map(String::as_str));
        Some(Finding::new(self.start(), detail))
    }
}
