//! The words for what a field is.

use cloudconnexa_schema::{Json, Provenance, ScalarKind, ValueKind};

use super::model::{Presence, ReferenceField, Source};

/// Returns what a value has to be, such as `integer from 0 to 65535`.
pub(super) fn value_type(kind: ValueKind<'_>, nullable: bool) -> String {
    let words = match kind {
        ValueKind::Boolean => "true or false".to_owned(),
        ValueKind::String => "string".to_owned(),
        ValueKind::Scalar(scalar) => match &scalar.kind {
            ScalarKind::Integer { minimum, maximum, .. } => format!("integer from {minimum} to {maximum}"),
            ScalarKind::Format { formats, or_empty } => {
                let mut words: Vec<_> = formats.iter().map(|name| format(name)).collect();
                // One noun for both kinds of addresses.
                if let [first, _] = words.as_mut_slice()
                    && let Some(kind) = first.strip_suffix(" address")
                {
                    *first = kind;
                }
                format!("{}{}", words.join(" or "), if *or_empty { " or empty string" } else { "" })
            }
            ScalarKind::Constant(values) => {
                let values: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
                format!("the string {}", values.join(" or "))
            }
            ScalarKind::Vocabulary { .. } => "string".to_owned(),
        },
    };
    if nullable { format!("{words} or null") } else { words }
}

fn format(name: &str) -> &str {
    match name {
        "date-time" => "date and time (RFC 3339)",
        "uuid" => "UUID",
        "ipv4" => "IPv4 address",
        "ipv6" => "IPv6 address",
        other => other,
    }
}

/// Returns the names of a value's types in JSON Schema.
pub(super) fn json_types(kind: ValueKind<'_>, nullable: bool) -> Vec<&'static str> {
    let name = match kind {
        ValueKind::Boolean => "boolean",
        ValueKind::String => "string",
        ValueKind::Scalar(scalar) => match scalar.kind {
            ScalarKind::Integer { .. } => "integer",
            ScalarKind::Format { .. } | ScalarKind::Constant(_) | ScalarKind::Vocabulary { .. } => "string",
        },
    };
    if nullable { vec![name, "null"] } else { vec![name] }
}

impl From<Provenance> for Source {
    fn from(provenance: Provenance) -> Self {
        match provenance {
            Provenance::Documented => Self::Documented,
            Provenance::Example => Self::Example,
            Provenance::RealData => Self::RealData,
            Provenance::Inferred => Self::Inferred,
        }
    }
}

impl Source {
    /// Returns where it is known from, in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Documented => "documentation",
            Self::Example => "an example of the vendor",
            Self::RealData => "real logs",
            Self::Inferred => "inferred",
        }
    }
}

impl Presence {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Sometimes => "sometimes",
        }
    }
}

/// Returns a value as people write it in a table: a string without quotes, unless it would be taken for another value, and
/// everything else as JSON.
pub(super) fn bare(value: &Json) -> String {
    match value {
        Json::String(text) if Json::parse(text).is_err() => text.clone(),
        other => other.to_value().to_string(),
    }
}

/// Returns what is said of a deprecated field.
pub(super) fn deprecated(field: &ReferenceField) -> Option<String> {
    match &field.replaced_by {
        Some(other) => Some(format!("Deprecated, to be replaced by `{other}`")),
        None => field.deprecated.then(|| "Deprecated".to_owned()),
    }
}

/// The word for a version that is not released yet.
pub(super) fn since(since: Option<&String>) -> &str {
    since.map_or("not released", String::as_str)
}
