//! What a change means for the Rust types that are generated from a schema.

use cloudconnexa_schema::{Field, Object, Problem, ProblemKind, ScalarKind, Schema, ValueKind};

use crate::shape::{CONTENT, Place};
use crate::version::Size;

/// The types of two schemas.
#[derive(Debug)]
pub(crate) enum Types {
    /// Both have types.
    Both(Box<(Schema, Schema)>),
    /// The old one has none, so that there is nothing to break; why.
    NeverTyped(String),
    /// The new one has none, so that every change breaks programs; why.
    NoLonger(String),
}

impl Types {
    pub(crate) fn read(old: &str, new: &str) -> Self {
        match (typed(old), typed(new)) {
            (Ok(old), Ok(new)) => Self::Both(Box::new((old, new))),
            (Err(why), _) => Self::NeverTyped(format!("the old schema {why}")),
            (Ok(_), Err(why)) => Self::NoLonger(format!("the new schema {why}")),
        }
    }

    /// Returns why there are no types to compare.
    pub(crate) fn untyped(&self) -> Option<String> {
        match self {
            Self::Both(_) => None,
            Self::NeverTyped(why) | Self::NoLonger(why) => Some(why.clone()),
        }
    }

    /// Returns whether the old schema has types.
    pub(crate) fn are_there(&self) -> bool {
        !matches!(self, Self::NeverTyped(_))
    }

    /// Returns whether only the old schema has types.
    pub(crate) fn is_lost(&self) -> bool {
        matches!(self, Self::NoLonger(_))
    }

    /// Returns how much the types of an event change; `is_same` if nothing that is valid does, nor any text.
    pub(crate) fn of_event(&self, event: &str, is_same: bool) -> Size {
        let Self::Both(schemas) = self else {
            return match self {
                _ if is_same => Size::None,
                Self::NoLonger(_) => Size::Major,
                _ => Size::Patch,
            };
        };
        let (old, new) = &**schemas;
        let log = match (old.event(event), new.event(event)) {
            (None, None) => Size::None,
            (None, Some(_)) => Size::Minor,
            (Some(_), None) => Size::Major,
            (Some(before), Some(after)) => match (old.log_of(before), new.log_of(after)) {
                (None, None) => Size::None,
                (Some(before), Some(after)) => objects(old, before, new, after),
                _ => Size::Major,
            },
        };
        let size = log.max(objects(old, old.header(), new, new.header()));
        if is_same { size } else { size.max(Size::Patch) }
    }

    /// Returns how much the type of a field changes, in an event or in the header of all.
    pub(crate) fn of_field(&self, event: Option<&str>, place: Place, name: &str) -> Size {
        let Self::Both(schemas) = self else {
            return if self.are_there() { Size::Major } else { Size::Patch };
        };
        let (old, new) = &**schemas;
        let object = |schema: &Schema| match (place, event) {
            (Place::Header, _) => Some(schema.header().clone()),
            (Place::Log, Some(event)) => schema.event(event).and_then(|event| schema.log_of(event)).cloned(),
            (Place::Log, None) => None,
        };
        if place == Place::Header && name == CONTENT {
            return event.map_or(Size::Major, |event| self.of_event(event, true));
        }
        let (before, after) = (object(old), object(new));
        let before = before.as_ref().and_then(|object| object.field(name));
        let after = after.as_ref().and_then(|object| object.field(name));
        match (before, after) {
            (None, None) => Size::None,
            (None, Some(_)) => Size::Minor,
            (Some(_), None) => Size::Major,
            (Some(before), Some(after)) => fields(old, before, new, after),
        }
    }

    /// Returns the names of the type of a field in both schemas, if they differ.
    pub(crate) fn renamed(&self, event: Option<&str>, place: Place, name: &str) -> Option<(String, String)> {
        let Self::Both(schemas) = self else { return None };
        let find = |schema: &Schema| {
            let object = match (place, event) {
                (Place::Header, _) => Some(schema.header()),
                (Place::Log, Some(event)) => schema.event(event).and_then(|event| schema.log_of(event)),
                (Place::Log, None) => None,
            };
            object.and_then(|object| object.field(name)).map(|field| of(schema, field))
        };
        let (old, new) = &**schemas;
        find(old).zip(find(new)).filter(|(before, after)| before != after)
    }
}

/// Reads a schema that types can be generated from. An error says why they cannot.
fn typed(text: &str) -> Result<Schema, String> {
    let (schema, problems) = Schema::parse_lenient(text).map_err(|error| error.to_string())?;
    // What is missing from the documentation keeps no type from being what it is.
    let is_hard = |problem: &&Problem| {
        use ProblemKind::{ClosedList, Reference, Structure, Unsupported};
        matches!(problem.kind(), ClosedList | Reference | Structure | Unsupported)
    };
    match problems.iter().find(is_hard) {
        Some(problem) => Err(format!("cannot be turned into types: {problem}")),
        None => Ok(schema),
    }
}

fn objects(old: &Schema, before: &Object, new: &Schema, after: &Object) -> Size {
    let mut size = if before.name == after.name { Size::None } else { Size::Major };
    for field in &before.fields {
        size = size.max(after.field(&field.name).map_or(Size::Major, |other| fields(old, field, new, other)));
    }
    let is_new = |field: &Field| before.field(&field.name).is_none();
    if after.fields.iter().any(is_new) { size.max(Size::Minor) } else { size }
}

fn fields(old: &Schema, before: &Field, new: &Schema, after: &Field) -> Size {
    if of(old, before) != of(new, after) {
        return Size::Major;
    }
    let values = |schema: &Schema, field: &Field| match schema.value_kind(field) {
        ValueKind::Scalar(scalar) => match &scalar.kind {
            ScalarKind::Vocabulary { values, .. } => values.iter().map(|known| known.value.clone()).collect(),
            ScalarKind::Constant(values) => values.clone(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let (had, has) = (values(old, before), values(new, after));
    if had.iter().any(|value| !has.contains(value)) {
        Size::Major
    } else if has.len() > had.len() {
        Size::Minor
    } else {
        Size::None
    }
}

/// Returns the type of a field in Rust.
fn of(schema: &Schema, field: &Field) -> String {
    let name = match schema.value_kind(field) {
        ValueKind::Boolean => "bool".to_owned(),
        ValueKind::String => "String".to_owned(),
        ValueKind::Scalar(scalar) => match scalar.kind {
            // A closed list can be copied; an open one cannot.
            ScalarKind::Constant(_) => format!("closed {}", scalar.rust_type()),
            _ => scalar.rust_type().to_owned(),
        },
    };
    if field.nullable || !field.required { format!("Option<{name}>") } else { name }
}
