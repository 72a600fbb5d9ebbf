//! Counts how many valid events meet each point.

use super::plan::{Branch, EVENT_NAME, Field, Plan, Point, plan, points};
use crate::catalog::{EVENTS, EventSpec, FieldSpec, HEADER};
use crate::fast::{self, Checker, Judgement};
use crate::position::Position;
use crate::tape::{Index, Tape};
use crate::validator::Subject;

/// How many valid events meet each point of the schema. Its size does not depend on what is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// For each point; what is absent is told by what is there.
    hits: Vec<u64>,
    valid: u64,
    invalid: u64,
    /// For each event, and behind them for all unknown ones, how many have each field of the header.
    header: Vec<u64>,
}

impl Default for Coverage {
    fn default() -> Self {
        Self {
            hits: vec![0; points().len()],
            valid: 0,
            invalid: 0,
            header: vec![0; (EVENTS.len() + 1) * HEADER.len()],
        }
    }
}

impl Coverage {
    /// Counts a record; tells what event it is, and whether it is valid. `checker` may have judged any others before.
    pub fn add(&mut self, checker: &mut Checker<'_>, record: &[u8]) -> (Subject, bool) {
        let validator = checker.validator();
        let subject = match checker.judge(record) {
            Judgement::Valid(accepted) => match accepted.event() {
                Some(event) => Subject::Known(event),
                None => Subject::Unknown(String::from_utf8_lossy(&record[accepted.name()]).into_owned()),
            },
            Judgement::Undecided => {
                let report = validator.check(record, Position::START);
                if !report.is_valid() {
                    self.invalid += 1;
                    return (report.subject, false);
                }
                report.subject
            }
        };
        // What is valid can be parsed.
        match str::from_utf8(record).map(Tape::parse) {
            Ok(Ok(tape)) => {
                self.count(&tape, &subject);
                (subject, true)
            }
            _ => {
                self.invalid += 1;
                (subject, false)
            }
        }
    }

    /// Takes in what another counted.
    pub fn merge(&mut self, other: &Self) {
        let add = |all: &mut [u64], more: &[u64]| {
            for (count, more) in all.iter_mut().zip(more) {
                *count += more;
            }
        };
        add(&mut self.hits, &other.hits);
        add(&mut self.header, &other.header);
        self.valid += other.valid;
        self.invalid += other.invalid;
    }

    /// All points, in their order, each with how many valid events meet it.
    pub fn points(&self) -> impl Iterator<Item = (&'static Point, u64)> {
        let plan = plan();
        plan.points.iter().enumerate().map(move |(place, point)| {
            let hits = match point.branch {
                // It follows that it is there.
                Branch::Absent => self.events(point.event) - self.hits[place - 1],
                _ => self.hits[place],
            };
            (point, hits)
        })
    }

    /// How many valid events there are, of one kind or of all.
    #[must_use]
    pub fn events(&self, event: Option<&EventSpec>) -> u64 {
        match event {
            None => self.valid,
            Some(event) => place_of(event).map_or(0, |place| self.hits[plan().events[place].0]),
        }
    }

    /// How many records are invalid, and meet nothing.
    #[must_use]
    pub fn invalid(&self) -> u64 {
        self.invalid
    }

    /// How many valid events of one kind, or of those that the schema does not know, have each field of the header.
    pub fn header(&self, event: Option<&EventSpec>) -> impl Iterator<Item = (&'static FieldSpec, u64)> {
        let row = event.and_then(place_of).unwrap_or(EVENTS.len());
        HEADER.iter().zip(self.header[row * HEADER.len()..].iter().copied())
    }

    fn count(&mut self, tape: &Tape<'_>, subject: &Subject) {
        let Plan { header, log, unknown_event, events, .. } = plan();
        let event = match subject {
            Subject::Known(event) => place_of(event),
            Subject::Unknown(_) | Subject::Nameless => None,
        };
        self.valid += 1;
        self.hits[event.map_or(*unknown_event, |place| events[place].0)] += 1;
        let row = event.unwrap_or(EVENTS.len()) * HEADER.len();
        let mut has_unknown = false;
        for (key, value) in tape.members(Index::ROOT) {
            let Some(name) = tape.string(key) else { continue };
            match fast::place(None, &name) {
                Some(place) if place < HEADER.len() => {
                    self.header[row + place] += 1;
                    self.field(&header.fields[place], tape, value);
                }
                Some(_) if name == EVENT_NAME => {}
                Some(_) => {
                    self.hits[*log] += 1;
                    if let Some(place) = event {
                        has_unknown |= !self.log(place, tape, value);
                    }
                }
                None => has_unknown = true,
            }
        }
        self.hits[header.unknown] += u64::from(has_unknown);
    }

    /// Counts the `log` of an event of the catalogue; false if the schema gives it none.
    fn log(&mut self, event: usize, tape: &Tape<'_>, log: Index) -> bool {
        let Some(object) = &plan().events[event].1 else { return false };
        let mut has_unknown = false;
        for (key, value) in tape.members(log) {
            let Some(name) = tape.string(key) else { continue };
            match fast::place(Some(event), &name) {
                Some(place) => self.field(&object.fields[place], tape, value),
                None => has_unknown = true,
            }
        }
        self.hits[object.unknown] += u64::from(has_unknown);
        true
    }

    fn field(&mut self, field: &Field, tape: &Tape<'_>, value: Index) {
        self.hits[field.present] += 1;
        let points = points();
        let mut branches = field.branches.clone();
        if let Some(place) = branches.find(|&place| points[place].branch.takes(tape, value)) {
            self.hits[place] += 1;
        }
    }
}

fn place_of(event: &EventSpec) -> Option<usize> {
    EVENTS.iter().position(|other| other.name == event.name)
}
