//! The compiled schema: one engine for each event, and one for all others.

use std::sync::OnceLock;

use cloudconnexa_tape::{CompiledSchema, FormatCheck, Tape};
use jsonschema::ValidationError;
use serde_json::Value;

use crate::catalog;
use crate::report::Subject;

/// jsonschema 0.60 accepts other characters as digits of a year, such as `20,3-11-09T10:28:04Z`.
const FORMATS: &[FormatCheck] =
    &[("date-time", |text| text.parse::<cloudconnexa_events::Timestamp>().is_ok())];

/// A schema, compiled.
#[derive(Debug)]
pub(crate) struct Engine {
    schema: Value,
    compiled: CompiledSchema,
}

impl Engine {
    fn compile(schema: Value) -> Result<Self, ValidationError<'static>> {
        Ok(Self { compiled: CompiledSchema::new(&schema, FORMATS)?, schema })
    }

    /// The schema that the paths of errors refer to.
    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }

    pub(crate) fn is_valid(&self, tape: &Tape<'_>) -> bool {
        self.compiled.is_valid(tape)
    }

    pub(crate) fn errors<'a>(&'a self, tape: &'a Tape<'a>) -> Vec<ValidationError<'a>> {
        self.compiled.errors(tape)
    }
}

/// The engines, each compiled when the first record needs it: compiling takes milliseconds, and most records are proved
/// valid without.
#[derive(Debug)]
pub(crate) struct Engines {
    schema: Value,
    /// Whether this is the schema that the fast tier is generated from.
    is_built_in: bool,
    /// For records of no event in the catalog.
    any: OnceLock<Engine>,
    /// For each event of the catalog.
    events: Vec<OnceLock<Engine>>,
}

impl Engines {
    /// Takes the schema that is built in.
    pub(crate) fn new(schema: Value) -> Self {
        let events = catalog::EVENTS.iter().map(|_| OnceLock::new()).collect();
        Self { schema, is_built_in: true, any: OnceLock::new(), events }
    }

    /// Compiles any schema at once.
    pub(crate) fn compile(schema: Value) -> Result<Self, ValidationError<'static>> {
        let any = Engine::compile(of_event(&schema, None))?;
        let engines = Self { is_built_in: false, ..Self::new(schema) };
        engines.any.get_or_init(|| any);
        for (event, engine) in catalog::EVENTS.iter().zip(&engines.events) {
            let own = Engine::compile(of_event(&engines.schema, Some(event.name)))?;
            engine.get_or_init(|| own);
        }
        Ok(engines)
    }

    /// Returns whether the fast tier decides by the same schema.
    pub(crate) fn is_built_in(&self) -> bool {
        self.is_built_in
    }

    /// Returns the engine for records of this subject.
    ///
    /// # Panics
    ///
    /// If the schema does not compile. A test compiles each part of the one that is built in, and any other is compiled as
    /// a whole before it is used.
    pub(crate) fn get(&self, subject: &Subject) -> &Engine {
        let known = |name: &'static str| {
            let index = catalog::EVENTS.iter().position(|event| event.name == name)?;
            Some((self.events.get(index)?, Some(name)))
        };
        let (engine, name) = match subject {
            Subject::Known(event) => known(event.name),
            Subject::Unknown(_) | Subject::Nameless => None,
        }
        .unwrap_or((&self.any, None));
        engine.get_or_init(|| {
            Engine::compile(of_event(&self.schema, name)).expect("the schema and its parts compile")
        })
    }
}

/// Returns a schema without the conditions for other events than this one; `None` means a name that is missing or not in the
/// catalog.
///
/// The root has a condition for each event, of which a record meets at most one. Trying the others would only take time. An
/// older schema may have conditions for events that are no longer in the catalog.
fn of_event(schema: &Value, event: Option<&str>) -> Value {
    let mut schema = schema.clone();
    if let Some(Value::Array(parts)) = schema.get_mut("allOf") {
        parts.retain(|part| {
            asked_for(part).is_none_or(|name| match event {
                Some(event) => name == event,
                None => catalog::event(name).is_none(),
            })
        });
    }
    widest_first(&mut schema);
    schema
}

/// Moves alternatives that ask only for a type to the front: an open vocabulary ends with "any string", and trying that
/// first saves comparing with each known value.
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

/// Returns the `eventName` that a part of the root is for, if its condition asks for nothing else.
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

    fn parts(schema: &Value) -> usize {
        schema["allOf"].as_array().unwrap().len()
    }

    #[test]
    fn the_engine_of_an_event_keeps_only_its_own_condition() {
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
