//! Decides how the schema describes a field with certain values.

use crate::value_type::ValueType;
use cloudconnexa_schema::ScalarKind;

use crate::known::{KnownField, KnownKind};
use crate::profile::{FieldProfile, Number};

/// The number of strings in one format that it takes to require the format from now on.
const MIN_FORMATTED: u64 = 50;

/// Whether a field was in all events that it could have been in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Always,
    Sometimes,
}

/// How a field can be described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Boolean,
    String,
    /// A string or null.
    NullableString,
    /// A string in one of the formats or, if `or_empty`, the empty string.
    Format {
        formats: Vec<&'static str>,
        or_empty: bool,
    },
    /// An integer within bounds.
    Integer {
        minimum: u64,
        maximum: u64,
    },
    /// No keyword that the code generator supports describes it.
    Unmodelled,
}

/// The greatest integer that generated types take.
const MAX_INTEGER: u64 = i64::MAX as u64;

/// Returns the shape of a field that the schema does not know.
pub(super) fn describe(profile: &FieldProfile) -> Shape {
    let types: Vec<_> = profile.types.keys().copied().collect();
    let count = |value_type: ValueType| profile.count(value_type);
    match types.as_slice() {
        [ValueType::Boolean] => Shape::Boolean,
        [ValueType::Integer] if bounds(profile).is_some() => {
            Shape::Integer { minimum: 0, maximum: MAX_INTEGER }
        }
        [ValueType::DateTime] if count(ValueType::DateTime) >= MIN_FORMATTED => one("date-time"),
        [ValueType::Uuid] if count(ValueType::Uuid) >= MIN_FORMATTED => one("uuid"),
        types if is_address(types) && count(ValueType::Ipv4) + count(ValueType::Ipv6) >= MIN_FORMATTED => {
            Shape::Format { formats: vec!["ipv4", "ipv6"], or_empty: types.contains(&ValueType::EmptyString) }
        }
        types if types.iter().all(|value_type| value_type.is_string()) && !types.is_empty() => Shape::String,
        _ => Shape::Unmodelled,
    }
}

/// Returns the shape of a known field that takes all its values: no wider than necessary.
pub(super) fn widen(known: KnownField<'_>, profile: &FieldProfile, presence: Presence) -> Shape {
    let types: Vec<_> = profile.types.keys().copied().collect();
    let others: Vec<_> = types.iter().copied().filter(|value_type| *value_type != ValueType::Null).collect();
    let has_null = others.len() < types.len();
    let shape = match known.kind {
        KnownKind::Scalar(ScalarKind::Integer { minimum, maximum, .. }) => {
            let is_integer = |value_type: &ValueType| {
                matches!(value_type, ValueType::Integer | ValueType::IntegerOutOfBounds)
            };
            match bounds(profile) {
                Some((lower, upper)) if others.iter().all(is_integer) => {
                    Shape::Integer { minimum: lower.min(*minimum), maximum: upper.max(*maximum) }
                }
                _ => Shape::Unmodelled,
            }
        }
        KnownKind::Scalar(ScalarKind::Format { formats, .. })
            if ["ipv4", "ipv6"].iter().all(|format| formats.iter().any(|one| one == format))
                && is_address(&others) =>
        {
            Shape::Format { formats: vec!["ipv4", "ipv6"], or_empty: true }
        }
        KnownKind::String | KnownKind::Scalar(_)
            if others.iter().all(|value_type| value_type.is_string()) =>
        {
            Shape::String
        }
        _ => Shape::Unmodelled,
    };
    match shape {
        shape if !has_null && !known.nullable => shape,
        // One Rust `Option` cannot tell null from absent.
        Shape::String if known.required && presence == Presence::Always => Shape::NullableString,
        _ => Shape::Unmodelled,
    }
}

/// Returns the shape of strings in one format.
fn one(format: &'static str) -> Shape {
    Shape::Format { formats: vec![format], or_empty: false }
}

fn is_address(types: &[ValueType]) -> bool {
    types
        .iter()
        .all(|value_type| matches!(value_type, ValueType::Ipv4 | ValueType::Ipv6 | ValueType::EmptyString))
        && types != [ValueType::EmptyString]
}

/// Returns the least and the greatest number, if a generated type has room for them.
fn bounds(profile: &FieldProfile) -> Option<(u64, u64)> {
    let bound = |number: Option<Number>| number?.as_u64().filter(|number| *number <= MAX_INTEGER);
    Some((bound(profile.minimum)?, bound(profile.maximum)?))
}
