//! Finds the violations of the schema: the errors of the engine, reduced to one cause per value.

use std::collections::HashMap;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, JsonTypeSet, ValidationError};
use serde_json::Value;

use crate::engine::Engine;
use cloudconnexa_tape::{Index, Tape};

/// One violation of the schema.
#[derive(Debug)]
pub(crate) struct Violation {
    /// The value that violates it. For a missing field, the object.
    pub(crate) value: Index,
    /// JSON Pointer to it.
    pub(crate) pointer: String,
    pub(crate) cause: Cause,
}

/// The reason why a value violates the schema.
#[derive(Debug)]
pub(crate) enum Cause {
    /// It has none of these types.
    Type(JsonTypeSet),
    /// The value has none of these formats and is not one of these values.
    Format { formats: Vec<String>, or: Vec<Value> },
    /// The value is not one of these.
    Constant(Vec<Value>),
    /// It is outside these inclusive bounds.
    Range { minimum: Option<Value>, maximum: Option<Value>, above: bool },
    /// It lacks this field.
    Missing(String),
    /// It violates a keyword that has no rule of its own. The text of the engine, with values and without.
    Other { keyword: String, text: String, masked: String },
}

/// Finds the violations of the schema in a record.
///
/// A value that violates it in several ways counts once, with the most basic cause: a value of the wrong type cannot have
/// the right format. Each field that an object lacks counts by itself.
pub(crate) fn find(engine: &Engine, tape: &Tape<'_>) -> Vec<Violation> {
    let mut violations: Vec<Violation> = Vec::new();
    let mut known: HashMap<(Index, Option<String>), usize> = HashMap::new();
    for error in engine.errors(tape) {
        let pointer = error.instance_path().as_str().to_owned();
        let value = tape.resolve(&pointer).unwrap_or(Index::ROOT);
        let cause = cause(&error, engine.schema(), tape, value);
        let part = match &cause {
            Cause::Missing(field) => Some(field.clone()),
            _ => None,
        };
        let new = Violation { value, pointer, cause };
        let index = *known.entry((value, part)).or_insert(violations.len());
        match violations.get_mut(index) {
            Some(earlier) => earlier.merge(new),
            None => violations.push(new),
        }
    }
    violations
}

impl Violation {
    fn merge(&mut self, other: Self) {
        match (&mut self.cause, &other.cause) {
            (Cause::Type(known), Cause::Type(new)) => {
                let both = known.intersect(*new);
                if !both.is_empty() {
                    *known = both;
                }
            }
            (known, new) if new.rank() < known.rank() => *self = other,
            _ => {}
        }
    }
}

impl Cause {
    fn rank(&self) -> u8 {
        match self {
            Self::Type(_) => 0,
            Self::Format { .. } => 1,
            Self::Constant(_) => 2,
            Self::Range { .. } => 3,
            Self::Other { .. } => 4,
            Self::Missing(_) => 5,
        }
    }
}

fn cause(error: &ValidationError<'_>, schema: &Value, tape: &Tape<'_>, value: Index) -> Cause {
    match error.kind() {
        ValidationErrorKind::Type { kind } => Cause::Type(expected_types(kind)),
        ValidationErrorKind::Format { format } => {
            Cause::Format { formats: vec![format.clone()], or: Vec::new() }
        }
        ValidationErrorKind::Constant { expected_value } => {
            Cause::Constant(vec![Value::clone(expected_value)])
        }
        ValidationErrorKind::Enum { options } => {
            Cause::Constant(options.as_array().cloned().unwrap_or_default())
        }
        ValidationErrorKind::Minimum { .. } => range(error, schema, false),
        ValidationErrorKind::Maximum { .. } => range(error, schema, true),
        ValidationErrorKind::Required { property } => {
            Cause::Missing(property.as_str().unwrap_or_default().to_owned())
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            alternatives(error, context, tape, value)
        }
        _ => other(error),
    }
}

fn expected_types(kind: &TypeKind) -> JsonTypeSet {
    match kind {
        TypeKind::Single(kind) => JsonTypeSet::from(*kind),
        TypeKind::Multiple(kinds) => *kinds,
    }
}

/// Returns the cause if none of several alternatives matches: what they ask for, if that is a type, a format or a value.
fn alternatives(
    error: &ValidationError<'_>,
    branches: &[Vec<ValidationError<'static>>],
    tape: &Tape<'_>,
    value: Index,
) -> Cause {
    let mut types = JsonTypeSet::empty();
    let mut formats = Vec::new();
    let mut values = Vec::new();
    for branch in branches.iter().flatten() {
        match branch.kind() {
            _ if branch.instance_path() != error.instance_path() => return other(error),
            ValidationErrorKind::Type { kind } => types = types.union(expected_types(kind)),
            ValidationErrorKind::Format { format } => formats.push(format.clone()),
            ValidationErrorKind::Constant { expected_value } => values.push(Value::clone(expected_value)),
            ValidationErrorKind::Enum { options } => {
                values.extend(options.as_array().into_iter().flatten().cloned());
            }
            _ => return other(error),
        }
    }
    let found = JsonType::from(tape.type_of(value));
    let is_like = |example: &Value| JsonType::from(example) == found;
    if !formats.is_empty() && found == JsonType::String {
        Cause::Format { formats, or: values }
    } else if values.iter().any(is_like) {
        Cause::Constant(values)
    } else if formats.is_empty() && !types.is_empty() {
        Cause::Type(values.iter().map(JsonType::from).fold(types, JsonTypeSet::insert))
    } else {
        other(error)
    }
}

/// Returns both bounds of a range of which one is exceeded.
fn range(error: &ValidationError<'_>, schema: &Value, above: bool) -> Cause {
    let bound = |keyword| schema_of(error, schema).and_then(|node| node.get(keyword)).cloned();
    Cause::Range { minimum: bound("minimum"), maximum: bound("maximum"), above }
}

/// Returns the part of the schema that contains the violated keyword.
fn schema_of<'a>(error: &ValidationError<'_>, schema: &'a Value) -> Option<&'a Value> {
    let (parent, _) = error.schema_path().as_str().rsplit_once('/')?;
    schema.pointer(parent)
}

fn other(error: &ValidationError<'_>) -> Cause {
    Cause::Other {
        keyword: error.kind().keyword().to_owned(),
        text: error.to_string(),
        masked: error.masked_with("the value").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Position, Validator};

    fn found(schema: &serde_json::Value, record: &serde_json::Value) -> Vec<String> {
        let validator = Validator::compile(json!({ "properties": { "x": schema } })).unwrap();
        let record = json!({ "x": record, "CloudConnexaLogVersion": 1 }).to_string();
        let report = validator.check(record.as_bytes(), Position::START);
        let reported = report.findings.into_iter().filter(|finding| finding.rule().id != "unknown-field");
        reported.map(|finding| format!("{} {}", finding.rule().id, finding.text().message)).collect()
    }

    #[test]
    fn a_value_with_several_violations_is_one_finding() {
        let schema = json!({ "allOf": [
            { "type": ["string", "null"], "maxLength": 2 },
            { "type": "string", "format": "ipv4", "enum": ["a", "b"] },
        ] });
        assert_eq!(found(&schema, &json!(7)), ["wrong-type `x` is the number `7`, but must be a string"]);
        assert_eq!(
            found(&schema, &json!("long")),
            ["wrong-format `x` is the string `\"long\"`, but must be an IPv4 address"]
        );
    }

    #[test]
    fn alternatives_are_reported_by_what_fits_best() {
        let open = json!({ "anyOf": [{ "const": "a" }, { "const": "b" }, { "type": "string" }] });
        assert_eq!(found(&open, &json!(7)), ["wrong-type `x` is the number `7`, but must be a string"]);
        let closed = json!({ "oneOf": [{ "const": "a" }, { "enum": ["b", 7] }] });
        assert_eq!(
            found(&closed, &json!("c")),
            ["wrong-value `x` is the string `\"c\"`, but must be `\"a\"`, `\"b\"` or `7`"]
        );
        let either = json!({ "anyOf": [{ "type": "integer" }, { "type": "null" }] });
        assert_eq!(
            found(&either, &json!("c")),
            ["wrong-type `x` is the string `\"c\"`, but must be an integer or null"]
        );
        let formats = json!({ "anyOf": [{ "format": "uuid" }, { "format": "email" }, { "const": "none" }] });
        assert_eq!(
            found(&formats, &json!("c")),
            [
                "wrong-format `x` is the string `\"c\"`, but must be a UUID, of the format `email` or `\"none\"`"
            ]
        );
    }

    #[test]
    fn a_range_is_reported_with_both_bounds() {
        let bounds = json!({ "minimum": 1, "maximum": 3 });
        assert_eq!(found(&bounds, &json!(4)), ["out-of-range `x` is `4`, but must be from 1 to 3"]);
        assert_eq!(
            found(&json!({ "minimum": 1 }), &json!(0)),
            ["out-of-range `x` is `0`, but must be 1 or more"]
        );
        assert_eq!(
            found(&json!({ "maximum": 1 }), &json!(2)),
            ["out-of-range `x` is `2`, but must be 1 or less"]
        );
    }

    #[test]
    fn each_missing_field_is_a_finding() {
        let schema = json!({ "required": ["b", "a"] });
        assert_eq!(
            found(&schema, &json!({})),
            [
                "missing-field `x` has no `b`, which is required",
                "missing-field `x` has no `a`, which is required"
            ]
        );
    }

    #[test]
    fn every_violated_keyword_is_a_finding() {
        for (schema, record) in [
            (json!({ "pattern": "^b" }), json!("a")),
            (json!({ "maxLength": 1 }), json!("ab")),
            (json!({ "exclusiveMaximum": 1 }), json!(1)),
            (json!({ "multipleOf": 2 }), json!(1)),
            (json!({ "not": {} }), json!(1)),
            (json!(false), json!(1)),
            (json!({ "uniqueItems": true }), json!([1, 1.0])),
            (json!({ "contains": { "type": "null" } }), json!([1])),
            (json!({ "additionalProperties": false }), json!({ "a": 1 })),
            (json!({ "propertyNames": { "maxLength": 1 } }), json!({ "ab": 1 })),
            (json!({ "unevaluatedProperties": false }), json!({ "a": 1 })),
            (json!({ "oneOf": [{}, {}] }), json!(1)),
            (
                json!({ "anyOf": [{ "required": ["b"] }, { "properties": { "a": false } }] }),
                json!({ "a": 1 }),
            ),
            (json!({ "dependentRequired": { "a": ["b"] } }), json!({ "a": 1 })),
        ] {
            assert_eq!(found(&schema, &record).len(), 1, "{schema} {record}");
        }
    }
}
