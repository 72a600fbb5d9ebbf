//! The description of one field, and whether observed values fit it.

use std::collections::BTreeSet;

use cloudconnexa_schema::ScalarKind;

use super::contains;
use crate::profile::{FieldProfile, Number};
use crate::value_type::ValueType;

/// A field, as the schema describes it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct KnownField<'a> {
    /// Whether an event without the field is invalid.
    pub required: bool,
    /// Whether the value may be null.
    pub nullable: bool,
    pub(crate) kind: KnownKind<'a>,
}

/// The values that a known field may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum KnownKind<'a> {
    Boolean,
    String,
    /// An object whose members are described elsewhere or not at all.
    Object,
    Scalar(&'a ScalarKind),
    /// Known to occur with values of these JSON types, and not described further.
    Unmodelled(&'a [String]),
}

impl<'a> KnownField<'a> {
    pub(super) fn new(kind: KnownKind<'a>, required: bool) -> Self {
        Self { required, nullable: false, kind }
    }

    /// Returns whether the field takes the values of this type that a profile has.
    pub(crate) fn admits(&self, value_type: ValueType, profile: &FieldProfile) -> bool {
        if value_type == ValueType::Null && self.nullable {
            return true;
        }
        match self.kind {
            KnownKind::Boolean => value_type == ValueType::Boolean,
            KnownKind::String => value_type.is_string(),
            KnownKind::Object => value_type == ValueType::Object,
            KnownKind::Scalar(scalar) => scalar_admits(scalar, value_type, profile),
            KnownKind::Unmodelled(types) => {
                let has = |name: &str| types.iter().any(|one| one == name);
                has(value_type.json_type()) || value_type.json_type() == "integer" && has("number")
            }
        }
    }

    /// Returns whether the schema lists values for the field, and `value` is not one of them.
    pub(crate) fn is_unlisted(&self, value: &str) -> bool {
        let KnownKind::Scalar(scalar) = self.kind else { return false };
        match scalar {
            ScalarKind::Integer { known, .. } => {
                !known.is_empty() && !contains(known.iter().map(u64::to_string), value)
            }
            ScalarKind::Format { .. } => false,
            ScalarKind::Constant(values) => !contains(values, value),
            ScalarKind::Vocabulary { values, unmodelled } => {
                !contains(values.iter().map(|known| &known.value), value) && !contains(unmodelled, value)
            }
        }
    }

    /// Describes the expected values, for use in a sentence.
    #[must_use]
    pub fn expected(&self) -> String {
        let kind = match self.kind {
            KnownKind::Boolean => "a boolean".to_owned(),
            KnownKind::String => "a string".to_owned(),
            KnownKind::Object => "an object".to_owned(),
            KnownKind::Scalar(ScalarKind::Integer { minimum, maximum, .. }) => {
                format!("an integer from {minimum} to {maximum}")
            }
            KnownKind::Scalar(ScalarKind::Format { formats, or_empty }) => {
                let or_empty = if *or_empty { ", or empty" } else { "" };
                format!("a string ({}{or_empty})", formats.join(" or "))
            }
            KnownKind::Scalar(ScalarKind::Constant(_)) => "one of a closed list of strings".to_owned(),
            KnownKind::Scalar(ScalarKind::Vocabulary { .. }) => "a string out of a vocabulary".to_owned(),
            KnownKind::Unmodelled(types) => {
                let types: BTreeSet<_> = types.iter().map(String::as_str).collect();
                format!("of type {}", types.into_iter().collect::<Vec<_>>().join(" or "))
            }
        };
        kind + if self.nullable { " or null" } else { "" }
    }
}

fn scalar_admits(scalar: &ScalarKind, value_type: ValueType, profile: &FieldProfile) -> bool {
    match scalar {
        ScalarKind::Integer { minimum, maximum, .. } => {
            let bounds = Number::Integer((*minimum).into())..=Number::Integer((*maximum).into());
            let is_within = [profile.minimum, profile.maximum]
                .into_iter()
                .flatten()
                .all(|number| bounds.contains(&number));
            match value_type {
                // The profile has one minimum and maximum for all numbers: those out of bounds may be of another type, which
                // gets a finding of its own.
                ValueType::Integer => {
                    is_within
                        || profile.count(ValueType::IntegerOutOfBounds) > 0
                        || profile.count(ValueType::Number) > 0
                }
                ValueType::IntegerOutOfBounds => is_within,
                _ => false,
            }
        }
        ScalarKind::Format { formats, or_empty } => {
            let has = |format: &str| formats.iter().any(|one| one == format);
            match value_type {
                ValueType::DateTime => has("date-time"),
                ValueType::Uuid => has("uuid"),
                ValueType::Ipv4 => has("ipv4"),
                ValueType::Ipv6 => has("ipv6"),
                ValueType::EmptyString => *or_empty,
                _ => false,
            }
        }
        // Neither the empty string nor `null` is in any list.
        ScalarKind::Constant(_) => value_type == ValueType::String,
        ScalarKind::Vocabulary { .. } => value_type.is_string(),
    }
}
