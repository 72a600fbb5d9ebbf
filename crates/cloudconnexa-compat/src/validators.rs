//! Validators that decide about single events: `jsonschema`, with formats.

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

use crate::error::Fault;
use crate::shape::Place;

/// A schema, compiled.
#[derive(Debug)]
pub(crate) struct Compiled(Validator);

/// What keeps an event from being valid: the rule, and the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    /// The id of the rule of `ccxlog validate`.
    pub(crate) rule: &'static str,
    /// The field of the event or of its `log`; empty if it is about the object as a whole.
    pub(crate) place: Place,
    pub(crate) field: String,
}

impl Compiled {
    pub(crate) fn new(schema: &Value) -> Result<Self, Fault> {
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        // As ours do: `jsonschema` accepts other characters as digits of a year.
        let options = options
            .with_format("date-time", |text: &str| text.parse::<cloudconnexa_events::Timestamp>().is_ok());
        options.build(schema).map(Self).map_err(Fault::not_a_schema)
    }

    pub(crate) fn accepts(&self, event: &Value) -> bool {
        self.0.is_valid(event)
    }

    /// Returns everything that keeps an event from being valid.
    pub(crate) fn rejections(&self, event: &Value) -> Vec<Rejection> {
        self.0.iter_errors(event).map(|error| rejection(&error)).collect()
    }
}

fn rejection(error: &ValidationError<'_>) -> Rejection {
    let path = error.instance_path().to_string();
    let (place, field) = match path.strip_prefix("/log/") {
        Some(rest) => (Place::Log, rest),
        None if path == "/log" => (Place::Log, ""),
        None => (Place::Header, path.trim_start_matches('/')),
    };
    let field = field.split('/').next().unwrap_or_default();
    let mut field = cloudconnexa_schema::pointer::unescape(field);
    let rule = match error.kind() {
        Kind::Required { property } => {
            if field.is_empty() {
                property.as_str().unwrap_or_default().clone_into(&mut field);
            }
            "missing-field"
        }
        Kind::Type { .. } => "wrong-type",
        Kind::Format { .. } => "wrong-format",
        Kind::Minimum { .. }
        | Kind::Maximum { .. }
        | Kind::ExclusiveMinimum { .. }
        | Kind::ExclusiveMaximum { .. } => "out-of-range",
        Kind::Enum { .. } | Kind::Constant { .. } => "wrong-value",
        Kind::AnyOf { context } => of_alternatives(context),
        _ => "schema-violation",
    };
    Rejection { rule, place, field }
}

/// Returns the rule that all alternatives break, if it is one.
fn of_alternatives(alternatives: &[Vec<ValidationError<'static>>]) -> &'static str {
    let mut rules = alternatives.iter().flatten().map(|error| rejection(error).rule);
    match rules.next() {
        Some(first) if rules.all(|rule| rule == first) => first,
        _ => "schema-violation",
    }
}
