//! What the schema would say of a field by its values.

use crate::form::Form;
use crate::known::{KnownField, KnownKind};
use crate::profile::{FieldProfile, Num};

/// Fewer texts of one format are no reason to ask for it from now on.
const ENOUGH: u64 = 50;

/// How a field can be described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Boolean,
    Text,
    /// A text, or null.
    NullableText,
    /// One of the formats, or the empty text.
    Format {
        formats: Vec<&'static str>,
        or_empty: bool,
    },
    /// An integer within bounds.
    Integer {
        minimum: u64,
        maximum: u64,
    },
    /// No keyword that the build crate implements says it.
    Unmodelled,
}

/// The greatest integer that the types have.
const GREATEST: u64 = i64::MAX as u64;

/// What describes the values of a field that the schema does not know.
pub(super) fn describe(profile: &FieldProfile) -> Shape {
    let forms: Vec<_> = profile.forms.keys().copied().collect();
    let count = |form: Form| profile.count(form);
    match forms.as_slice() {
        [Form::Boolean] => Shape::Boolean,
        [Form::Integer] if bounds(profile).is_some() => Shape::Integer { minimum: 0, maximum: GREATEST },
        [Form::DateTime] if count(Form::DateTime) >= ENOUGH => one("date-time"),
        [Form::Uuid] if count(Form::Uuid) >= ENOUGH => one("uuid"),
        forms if is_address(forms) && count(Form::Ipv4) + count(Form::Ipv6) >= ENOUGH => {
            Shape::Format { formats: vec!["ipv4", "ipv6"], or_empty: forms.contains(&Form::EmptyString) }
        }
        forms if forms.iter().all(|form| form.is_text()) && !forms.is_empty() => Shape::Text,
        _ => Shape::Unmodelled,
    }
}

/// What describes the values of a known field that it does not take all of: no wider than it has to be.
pub(super) fn widen(known: &KnownField, profile: &FieldProfile, is_always_there: bool) -> Shape {
    let forms: Vec<_> = profile.forms.keys().copied().collect();
    let others: Vec<_> = forms.iter().copied().filter(|form| *form != Form::Null).collect();
    let has_null = others.len() < forms.len();
    let shape = match &known.kind {
        KnownKind::Integer { minimum, maximum, .. } => {
            let is_integer = |form: &Form| matches!(form, Form::Integer | Form::IntegerOutOfBounds);
            match bounds(profile) {
                Some((least, most)) if others.iter().all(is_integer) => {
                    Shape::Integer { minimum: least.min(*minimum), maximum: most.max(*maximum) }
                }
                _ => Shape::Unmodelled,
            }
        }
        KnownKind::Format { formats, .. }
            if formats.contains("ipv4") && formats.contains("ipv6") && is_address(&others) =>
        {
            Shape::Format { formats: vec!["ipv4", "ipv6"], or_empty: true }
        }
        KnownKind::Text | KnownKind::Format { .. } | KnownKind::Values { .. }
            if others.iter().all(|form| form.is_text()) =>
        {
            Shape::Text
        }
        _ => Shape::Unmodelled,
    };
    match shape {
        shape if !has_null && !known.nullable => shape,
        // One Rust `Option` can't tell null from absent.
        Shape::Text if known.required && is_always_there => Shape::NullableText,
        _ => Shape::Unmodelled,
    }
}

fn one(format: &'static str) -> Shape {
    Shape::Format { formats: vec![format], or_empty: false }
}

fn is_address(forms: &[Form]) -> bool {
    forms.iter().all(|form| matches!(form, Form::Ipv4 | Form::Ipv6 | Form::EmptyString))
        && forms != [Form::EmptyString]
}

/// The least and the greatest, where a type has room for them.
fn bounds(profile: &FieldProfile) -> Option<(u64, u64)> {
    let bound = |number: Option<Num>| number?.as_u64().filter(|number| *number <= GREATEST);
    Some((bound(profile.minimum)?, bound(profile.maximum)?))
}
