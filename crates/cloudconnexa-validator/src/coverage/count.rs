//! Counts how many valid events hit each point.

use super::plan::{Branch, OfField, Plan, Point, plan, points};
use crate::catalog::{EVENTS, EventSpec, FieldSpec, HEADER};
use crate::fast::{Checker, FastCheck};
use crate::outline::{Field, Outline, Raw};
use crate::position::Position;
use crate::scope::Scope;

/// Counts how many valid events hit each point of the schema. Its size is constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// For each point. Those of `Branch::Absent` follow from those of `Branch::Present`.
    hits: Vec<u64>,
    valid: u64,
    /// For each event, and last for all unknown ones, how many have each field of the header.
    header: Vec<u64>,
}

impl Default for Coverage {
    fn default() -> Self {
        Self { hits: vec![0; points().len()], valid: 0, header: vec![0; (EVENTS.len() + 1) * HEADER.len()] }
    }
}

impl Coverage {
    /// Counts a record if it is valid, and returns whether it is. `checker` may be used for other records, too.
    pub fn add(&mut self, checker: &mut Checker<'_>, record: &[u8]) -> bool {
        if let FastCheck::Valid(accepted) = checker.fast_check_with_outline(record)
            && let Some(outline) = accepted.outline(record)
        {
            self.count(&outline);
            return true;
        }
        let is_valid = checker.validator().check(record, Position::START).is_valid();
        if is_valid && let Some(outline) = checker.outline(record) {
            self.count(&outline);
        }
        is_valid
    }

    /// Counts a valid record by its outline.
    pub fn count(&mut self, outline: &Outline<'_>) {
        let Plan { header, log, unknown_event, events, .. } = plan();
        let event = outline.event().and_then(place_of);
        let (itself, log_fields) = match event {
            Some(index) => (events[index].0, events[index].1.as_ref()),
            None => (*unknown_event, None),
        };
        self.valid += 1;
        self.hits[itself] += 1;
        let row = event.unwrap_or(EVENTS.len()) * HEADER.len();
        let (mut unknown_in_header, mut unknown_in_log) = (false, false);
        for member in outline.members() {
            match (member.scope, member.field) {
                (Scope::Header, Field::Known { index, .. }) => {
                    self.header[row + index] += 1;
                    self.field(&header.fields[index], member.value());
                }
                (Scope::Log, Field::Known { index, .. }) => {
                    if let Some(object) = log_fields {
                        self.field(&object.fields[index], member.value());
                    }
                }
                (_, Field::EventName) => {}
                (_, Field::Log) => {
                    self.hits[*log] += 1;
                    // For an event without a `log`, it is an unknown field.
                    unknown_in_header |= event.is_some() && log_fields.is_none();
                }
                (Scope::Header, Field::Unknown) => unknown_in_header = true,
                (Scope::Log, Field::Unknown) => unknown_in_log = true,
            }
        }
        self.hits[header.unknown] += u64::from(unknown_in_header);
        if let Some(object) = log_fields {
            self.hits[object.unknown] += u64::from(unknown_in_log);
        }
    }

    /// Adds the counts of another.
    pub fn merge(&mut self, other: &Self) {
        let add = |all: &mut [u64], more: &[u64]| {
            for (count, more) in all.iter_mut().zip(more) {
                *count += more;
            }
        };
        add(&mut self.hits, &other.hits);
        add(&mut self.header, &other.header);
        self.valid += other.valid;
    }

    /// Returns all points in order, each with the number of valid events that hit it.
    pub fn points(&self) -> impl Iterator<Item = (&'static Point, u64)> {
        let plan = plan();
        plan.points.iter().enumerate().map(move |(index, point)| {
            let hits = match point.branch {
                // The point before is `Present`, of the same field.
                Branch::Absent => self.events(point.event) - self.hits[index - 1],
                _ => self.hits[index],
            };
            (point, hits)
        })
    }

    /// Returns the number of valid events of one kind, or of all.
    #[must_use]
    pub fn events(&self, event: Option<&EventSpec>) -> u64 {
        match event {
            None => self.valid,
            Some(event) => place_of(event).map_or(0, |index| self.hits[plan().events[index].0]),
        }
    }

    /// Returns how many valid events of one kind have each field of the header. `None` means unknown events.
    pub fn header(&self, event: Option<&EventSpec>) -> impl Iterator<Item = (&'static FieldSpec, u64)> {
        let row = event.and_then(place_of).unwrap_or(EVENTS.len());
        HEADER.iter().zip(self.header[row * HEADER.len()..].iter().copied())
    }

    fn field(&mut self, field: &OfField, value: Raw<'_>) {
        self.hits[field.present] += 1;
        let points = points();
        let mut branches = field.branches.clone();
        let text = if branches.is_empty() { None } else { value.text() };
        if let Some(index) = branches.find(|&index| points[index].branch.matches(value, text.as_deref())) {
            self.hits[index] += 1;
        }
    }
}

fn place_of(event: &EventSpec) -> Option<usize> {
    EVENTS.iter().position(|other| other.name == event.name)
}
