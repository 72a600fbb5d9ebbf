//! The points of the schema, made of the catalogue, and which of them a value meets.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::OnceLock;

use serde_json::Value;

use super::lines;
use crate::catalog::{ENVELOPE, EVENTS, EventSpec, FieldSpec, HEADER, Kind, Provenance};
use crate::outline::{JsonType, Raw};

/// The field that names an event.
pub(super) const EVENT_NAME: &str = "eventName";

/// Integers that can have no more values than this have each for a point.
const FEW: u64 = 10;

/// Something of the schema that an event can exercise.
#[derive(Clone, Debug)]
pub struct Point {
    /// The event that it is about; `None` for what all events have in common.
    pub event: Option<&'static EventSpec>,
    /// JSON Pointer to the field within an event; to the object itself for [`Branch::UnknownField`].
    pub pointer: String,
    /// What the schema says of the field; `None` for `eventName`, `log`, and fields that it does not know.
    pub field: Option<&'static FieldSpec>,
    /// What of the field it is.
    pub branch: Branch,
    /// The line of the schema's text, from 1, that describes it.
    pub line: u64,
}

/// What an event can do with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Branch {
    /// It is there.
    Present,
    /// It is not there.
    Absent,
    /// It is null.
    Null,
    /// It is something else than null.
    NotNull,
    /// It is `true`.
    True,
    /// It is `false`.
    False,
    /// It has this value, which the schema lists.
    Value(&'static str),
    /// It is this number.
    Number(u64),
    /// It has a value that the schema does not list.
    OtherValue,
    /// It has this one of several formats.
    Format(&'static str),
    /// It is an empty string, instead of what has one of the formats.
    Empty,
    /// There is a field that the schema does not describe.
    UnknownField,
}

impl Point {
    /// Whether the vendor announced that the field goes away.
    #[must_use]
    pub fn is_deprecated(&self) -> bool {
        self.field.is_some_and(|field| field.deprecated)
    }

    /// Whether it is about what the schema leaves open: a value, a field or an event that it does not know.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.branch, Branch::OtherValue | Branch::UnknownField)
    }

    /// Whether nobody has seen it in a log or in the documentation: it is inferred from the rest.
    #[must_use]
    pub fn is_inferred(&self) -> bool {
        let Some(field) = self.field else { return false };
        let of_value = match (self.branch, field.kind) {
            (Branch::Value(value), Kind::Vocabulary(known)) => {
                known.iter().find(|known| known.value == value).map(|known| known.provenance)
            }
            _ => None,
        };
        [Some(field.provenance), of_value].contains(&Some(Provenance::Inferred))
    }
}

/// All points: first those of all events, then those of each, in the order of the schema. The points of a field come
/// together.
#[must_use]
pub fn points() -> &'static [Point] {
    &plan().points
}

/// Where the points of a field stand.
#[derive(Debug)]
pub(super) struct OfField {
    pub(super) present: usize,
    /// One for each thing that its value can be; a value meets the first that takes it.
    pub(super) branches: Range<usize>,
}

/// Where the points of an object stand.
#[derive(Debug)]
pub(super) struct OfObject {
    pub(super) fields: Vec<OfField>,
    pub(super) unknown: usize,
}

/// Where all points stand.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) points: Vec<Point>,
    pub(super) header: OfObject,
    /// That there is a `log`.
    pub(super) log: usize,
    pub(super) unknown_event: usize,
    /// For each event its own point, and those of its `log`.
    pub(super) events: Vec<(usize, Option<OfObject>)>,
}

/// The plan, which is made once.
pub(super) fn plan() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| {
        let mut plan = Plan::new();
        lines::fill(&mut plan.points);
        plan
    })
}

impl Plan {
    fn new() -> Self {
        let mut points = Points { points: Vec::new(), event: None };
        let unknown_event = points.add("/eventName", None, Branch::OtherValue);
        let header = points.object("", HEADER);
        let mut log = unknown_event;
        // The lint of the schema holds it to these two, the first of which is required.
        for (name, _) in ENVELOPE.iter().filter(|(name, _)| *name != EVENT_NAME) {
            log = points.add(&format!("/{name}"), None, Branch::Present);
            points.add(&format!("/{name}"), None, Branch::Absent);
        }
        let events = EVENTS.iter().map(|event| {
            points.event = Some(event);
            let itself = points.add("/eventName", None, Branch::Value(event.name));
            (itself, event.log.map(|fields| points.object("/log", fields)))
        });
        let events = events.collect();
        Self { points: points.points, header, log, unknown_event, events }
    }
}

struct Points {
    points: Vec<Point>,
    event: Option<&'static EventSpec>,
}

impl Points {
    fn add(&mut self, pointer: &str, field: Option<&'static FieldSpec>, branch: Branch) -> usize {
        let pointer = pointer.to_owned();
        self.points.push(Point { event: self.event, pointer, field, branch, line: 1 });
        self.points.len() - 1
    }

    fn object(&mut self, pointer: &str, fields: &'static [FieldSpec]) -> OfObject {
        let places = fields.iter().map(|field| self.field(pointer, field)).collect();
        OfObject { fields: places, unknown: self.add(pointer, None, Branch::UnknownField) }
    }

    fn field(&mut self, object: &str, field: &'static FieldSpec) -> OfField {
        let pointer = format!("{object}/{}", field.name);
        let mut add = |branch| self.add(&pointer, Some(field), branch);
        let present = add(Branch::Present);
        if !field.required {
            add(Branch::Absent);
        }
        let start = self.points.len();
        for branch in branches(field) {
            self.add(&pointer, Some(field), branch);
        }
        OfField { present, branches: start..self.points.len() }
    }
}

/// What the value of a field can be, where that is more than one thing.
fn branches(field: &FieldSpec) -> Vec<Branch> {
    let mut branches = Vec::new();
    if field.nullable {
        branches.push(Branch::Null);
    }
    match field.kind {
        Kind::Boolean => branches.extend([Branch::True, Branch::False]),
        Kind::Constant(values) => branches.extend(values.iter().map(|value| Branch::Value(value))),
        Kind::Vocabulary(known) => {
            branches.extend(known.iter().map(|known| Branch::Value(known.value)));
            branches.push(Branch::OtherValue);
        }
        Kind::Integer { known: known @ [_, ..], .. } => {
            branches.extend(known.iter().map(|number| Branch::Number(*number)));
            branches.push(Branch::OtherValue);
        }
        Kind::Integer { minimum, maximum, .. } if maximum - minimum < FEW => {
            branches.extend((minimum..=maximum).map(Branch::Number));
        }
        Kind::Format { formats, or_empty } if formats.len() > 1 || or_empty => {
            branches.extend(formats.iter().map(|format| Branch::Format(format)));
            branches.extend(or_empty.then_some(Branch::Empty));
        }
        Kind::String | Kind::Integer { .. } | Kind::Format { .. } if field.nullable => {
            branches.push(Branch::NotNull);
        }
        Kind::String | Kind::Integer { .. } | Kind::Format { .. } => {}
    }
    branches
}

impl Branch {
    /// Whether a value, valid for its field, is this, unless it is one of those before. `text` is what a string stands for.
    pub(super) fn takes(self, value: Raw<'_>, text: Option<&str>) -> bool {
        match self {
            Self::Present | Self::OtherValue => true,
            Self::Absent | Self::UnknownField => false,
            Self::Null => value.kind() == JsonType::Null,
            Self::NotNull => value.kind() != JsonType::Null,
            Self::True => value.as_str() == "true",
            Self::False => value.as_str() == "false",
            Self::Value(listed) => text == Some(listed),
            Self::Number(number) => is_number(value.as_str(), number),
            Self::Format(format) => text.is_some_and(|text| has_format(format, text)),
            Self::Empty => text == Some(""),
        }
    }
}

/// Whether a number that is an integer is this one, however it is written.
fn is_number(raw: &str, number: u64) -> bool {
    raw.parse() == Ok(number)
        || serde_json::from_str(raw)
            .is_ok_and(|other| jsonschema::json::cmp::equal(&Value::Number(other), &Value::from(number)))
}

/// Which one of several formats a text has that has one of them. The schema has no others beside others.
fn has_format(format: &str, text: &str) -> bool {
    match format {
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        _ => false,
    }
}
