//! The schema, compiled: as a whole, or as far as it speaks of one event.

use jsonschema::ValidationError;
use serde_json::Value;

use crate::tape::{Tape, TapeJson};

/// A schema, compiled with formats asserted and nothing fetched from anywhere.
#[derive(Debug)]
pub(crate) struct Engine {
    schema: Value,
    validator: jsonschema::Validator<TapeJson>,
}

impl Engine {
    pub(crate) fn compile(schema: Value) -> Result<Self, ValidationError<'static>> {
        let validator = jsonschema::options_for::<TapeJson>()
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            // jsonschema 0.60 takes some characters for digits of a year: `20,3-11-09T10:28:04Z` passes there.
            .with_format("date-time", |text: &str| text.parse::<cloudconnexa_events::Timestamp>().is_ok())
            .offline()
            .build(&schema)?;
        Ok(Self { schema, validator })
    }

    /// The schema that places of errors are places of.
    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }

    pub(crate) fn is_valid(&self, tape: &Tape<'_>) -> bool {
        self.validator.is_valid(tape.root())
    }

    pub(crate) fn errors<'a>(&'a self, tape: &'a Tape<'a>) -> impl Iterator<Item = ValidationError<'a>> {
        self.validator.iter_errors(tape.root())
    }
}

/// A schema without the conditions that a record with this `eventName` does not meet; `None` stands for a name that no
/// condition asks for, and for no name at all.
///
/// The root has a condition for each event, and a record meets one at most: the others would be tried in vain.
pub(crate) fn of_event(schema: &Value, event: Option<&str>) -> Value {
    let mut schema = schema.clone();
    if let Some(Value::Array(parts)) = schema.get_mut("allOf") {
        parts.retain(|part| asked_for(part).is_none_or(|name| Some(name) == event));
    }
    widest_first(&mut schema);
    schema
}

/// Of alternatives, lets those be tried first that ask for a type and nothing else: an open vocabulary ends with "any
/// text", which spares the comparison with each text that is known.
fn widest_first(node: &mut Value) {
    match node {
        Value::Object(members) => {
            if let Some(Value::Array(alternatives)) = members.get_mut("anyOf") {
                let asks_for_more = |part: &Value| {
                    let keywords = part.as_object().into_iter().flat_map(serde_json::Map::keys);
                    keywords.filter(|keyword| !matches!(&***keyword, "type" | "description")).count() > 0
                };
                alternatives.sort_by_key(asks_for_more);
            }
            members.values_mut().for_each(widest_first);
        }
        Value::Array(elements) => elements.iter_mut().for_each(widest_first),
        _ => {}
    }
}

/// The `eventName` that a part of the root asks for, if its condition is that and nothing else.
fn asked_for(part: &Value) -> Option<&str> {
    let condition = part.get("if")?.as_object()?;
    let properties = condition.get("properties")?.as_object()?;
    let name = properties.get("eventName")?.as_object()?;
    let is_required = condition.get("required")?.as_array()?.iter().eq(["eventName"]);
    let is_alone =
        condition.len() == 2 && properties.len() == 1 && name.len() == 1 && part.get("else").is_none();
    name.get("const")?.as_str().filter(|_| is_required && is_alone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    fn parts(schema: &Value) -> usize {
        schema["allOf"].as_array().unwrap().len()
    }

    #[test]
    fn an_event_keeps_its_own_condition() {
        let schema: Value = serde_json::from_str(cloudconnexa_events::SCHEMA).unwrap();
        assert_eq!(parts(&schema), 1 + catalog::EVENTS.len());
        assert_eq!(parts(&of_event(&schema, None)), 1);
        for event in catalog::EVENTS {
            let own = of_event(&schema, Some(event.name));
            assert_eq!(parts(&own), 2);
            assert_eq!(own["allOf"][1]["title"], event.title);
        }
    }
}
