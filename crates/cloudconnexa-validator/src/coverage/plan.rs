//! The points of the schema, from the catalog, and which of them a value hits.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::OnceLock;

use serde_json::Value;

use super::lines;
use crate::catalog::{ENVELOPE, EVENTS, EventSpec, FieldSpec, HEADER, Kind, Provenance};
use crate::outline::{JsonType, Raw};

/// The field that names an event.
pub(super) const EVENT_NAME: &str = "eventName";

/// An integer with at most this many values has a point for each.
const MAX_INTEGER_POINTS: u64 = 10;

/// Something in the schema that an event can exercise.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Point {
    /// The event that it is about. `None` if it is about all events.
    pub event: Option<&'static EventSpec>,
    /// JSON Pointer to the field within an event. To the object for [`Branch::UnknownField`].
    pub pointer: String,
    /// The field. `None` for `eventName`, `log`, and unknown fields.
    pub field: Option<&'static FieldSpec>,
    /// The way in which an event uses the field.
    pub branch: Branch,
    /// The line of the schema that describes it, from 1.
    pub line: u64,
}

/// A way in which an event can use a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Branch {
    /// It is present.
    Present,
    /// It is absent.
    Absent,
    /// It is null.
    Null,
    /// It is not null.
    NotNull,
    /// It is `true`.
    True,
    /// It is `false`.
    False,
    /// It has this value, which is in the schema.
    Value(&'static str),
    /// It is this number.
    Number(u64),
    /// It has a value that is not in the schema.
    OtherValue,
    /// It has this one of several formats.
    Format(&'static str),
    /// It is an empty string rather than one with a format.
    Empty,
    /// The object has a field that the schema does not describe.
    UnknownField,
}

impl Point {
    /// Returns whether the field is deprecated.
    #[must_use]
    pub fn is_deprecated(&self) -> bool {
        self.field.is_some_and(|field| field.deprecated)
    }

    /// Returns whether it is about something that the schema does not know: a value, a field or an event.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.branch, Branch::OtherValue | Branch::UnknownField)
    }

    /// Returns whether it is inferred: neither the documentation nor a known log shows it.
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

/// Returns all points: first those of all events, then those of each event, in the order of the schema. The points of a
/// field are consecutive.
#[must_use]
pub fn points() -> &'static [Point] {
    &plan().points
}

/// The indices of the points of a field.
#[derive(Debug)]
pub(super) struct OfField {
    pub(super) present: usize,
    /// The points of its values. A value hits the first that matches.
    pub(super) branches: Range<usize>,
}

/// The indices of the points of an object.
#[derive(Debug)]
pub(super) struct OfObject {
    pub(super) fields: Vec<OfField>,
    pub(super) unknown: usize,
}

/// All points, and their indices by event and field.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) points: Vec<Point>,
    pub(super) header: OfObject,
    /// The presence of a `log`.
    pub(super) log: usize,
    pub(super) unknown_event: usize,
    /// For each event its own point and those of its `log`.
    pub(super) events: Vec<(usize, Option<OfObject>)>,
}

/// Returns the plan, which is made on the first call.
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

/// Returns what the value of a field can be, if that is more than one thing.
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
        Kind::Integer { minimum, maximum, .. } if maximum - minimum < MAX_INTEGER_POINTS => {
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
    /// Returns whether a valid value matches, if none of the earlier branches does. `text` is the decoded string.
    pub(super) fn matches(self, value: Raw<'_>, text: Option<&str>) -> bool {
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

/// Returns whether an integer, however it is written, equals `number`.
fn is_number(raw: &str, number: u64) -> bool {
    raw.parse() == Ok(number)
        || serde_json::from_str(raw)
            .is_ok_and(|other| jsonschema::json::cmp::equal(&Value::Number(other), &Value::from(number)))
}

/// Returns whether a text has a format. Only these two occur as alternatives in the schema.
fn has_format(format: &str, text: &str) -> bool {
    match format {
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        _ => false,
    }
}
