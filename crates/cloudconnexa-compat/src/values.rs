//! Values to try, and events to put them into.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::error::Fault;
use crate::inline::Lists;
use crate::shape::{CONTENT, Field, Object, Place, Shape, TAG};
use crate::validators::Compiled;

/// The name of a field, and of an event, that no schema describes.
pub(crate) const UNKNOWN_FIELD: &str = "fieldThatIsNotDescribed";
const UNKNOWN_EVENT: &str = "event-that-is-not-described";

/// A value that no list of known values has.
pub(crate) const UNLISTED: &str = "value that no list has";

/// The most values that are taken from a schema.
const MAX_VALUES: usize = 400;

/// Returns values on both sides of every limit of these schemas, those that say most in the fewest characters first.
pub(crate) fn candidates<'a>(schemas: impl IntoIterator<Item = &'a Value>) -> Vec<Value> {
    let (mut numbers, mut strings, mut others) = (vec![0, 1, -1, 65_536], Vec::new(), Vec::new());
    let mut floats = Vec::new();
    for schema in schemas {
        collect(schema, &mut |value| match value {
            Value::Number(number) => match number.as_i64() {
                Some(number) => {
                    numbers.extend([number, number.saturating_add(1), number.saturating_sub(1)]);
                }
                None => floats.push(value.clone()),
            },
            Value::String(_) => strings.push(value.clone()),
            Value::Array(_) | Value::Object(_) => others.push(value.clone()),
            _ => {}
        });
    }
    numbers.sort_unstable_by_key(|number| (number.unsigned_abs(), *number < 0));
    numbers.dedup();
    let mut values = vec![Value::Null, json!("")];
    values.extend(numbers.into_iter().map(Value::from));
    values.extend(floats);
    let samples = [
        "x",
        "2001:db8::1",
        "203.0.113.7",
        "2024-01-31T12:00:00Z",
        "693bbbde-626d-4940-ac2b-4e75efb49bf7",
        "2024-01-31",
        "user@example.com",
        "https://example.com/",
        "0",
        "null",
        UNLISTED,
    ];
    values.extend(samples.map(Value::from));
    values.extend(strings);
    values.extend([json!(true), json!(false), json!(0.5), json!(1e300), json!([]), json!({}), json!(["x"])]);
    values.extend(others);
    let mut distinct: Vec<Value> = Vec::new();
    for value in values {
        if distinct.len() < MAX_VALUES && !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}

/// Calls `take` for every value that a schema names.
fn collect(schema: &Value, take: &mut impl FnMut(&Value)) {
    match schema {
        Value::Object(members) => {
            for (keyword, value) in members {
                match keyword.as_str() {
                    "const" => take(value),
                    "enum" => value.as_array().into_iter().flatten().for_each(&mut *take),
                    "minLength" | "maxLength" => {
                        let length = value.as_u64().and_then(|length| usize::try_from(length).ok());
                        for length in length.into_iter().filter(|length| *length < 1000) {
                            take(&"x".repeat(length).into());
                            take(&"x".repeat(length + 1).into());
                            take(&"x".repeat(length.saturating_sub(1)).into());
                        }
                    }
                    _ if value.is_number() => take(value),
                    _ => collect(value, take),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, take)),
        _ => {}
    }
}

/// Returns what a schema says about a field, in all the places that describe it.
pub(crate) fn field_schema(
    shape: &Shape,
    object: &Object<'_>,
    name: &str,
    lists: Lists,
) -> Result<Value, Fault> {
    let mut parts = Vec::new();
    for field in object.fields.iter().filter(|field| field.name == name) {
        parts.push(shape.definitions().inline(field.node, &field.pointer, lists)?);
    }
    Ok(match parts.len() {
        1 => parts.remove(0),
        _ => json!({ "allOf": parts }),
    })
}

/// Events that a schema documents.
pub(crate) struct Examples<'a> {
    shape: &'a Shape,
    /// The values of fields, by the pointers to these.
    values: BTreeMap<String, Option<Value>>,
}

impl<'a> Examples<'a> {
    pub(crate) fn new(shape: &'a Shape) -> Self {
        Self { shape, values: BTreeMap::new() }
    }

    /// Returns one with as few fields as possible, and one with all; `None` is an event that no schema knows.
    pub(crate) fn of(&mut self, event: Option<&str>) -> Result<Vec<Value>, Fault> {
        let shape = self.shape;
        let header = shape.header()?;
        let log = event.map(|event| shape.log(event)).transpose()?.flatten();
        let mut events = Vec::new();
        for is_full in [false, true] {
            let mut made = self.fields(&header, is_full)?;
            made.insert(TAG.to_owned(), event.unwrap_or(UNKNOWN_EVENT).into());
            let has_log = is_full || event.is_some_and(|event| shape.requires_log(event));
            if let Some(log) = log.as_ref().filter(|_| has_log) {
                made.insert(CONTENT.to_owned(), Value::Object(self.fields(log, is_full)?));
            }
            events.push(Value::Object(made));
        }
        events.dedup();
        Ok(events)
    }

    fn fields(&mut self, object: &Object<'_>, is_full: bool) -> Result<Map<String, Value>, Fault> {
        let mut made = Map::new();
        for field in &object.fields {
            if !is_full && object.required(field.name).is_none() || made.contains_key(field.name) {
                continue;
            }
            let value = if let Some(value) = self.values.get(&field.pointer) {
                value.clone()
            } else {
                let value = documented(self.shape, object, field)?;
                self.values.insert(field.pointer.clone(), value.clone());
                value
            };
            made.extend(value.map(|value| (field.name.to_owned(), value)));
        }
        Ok(made)
    }
}

/// Returns a value that the schema documents for a field: an example, if it has one.
fn documented(shape: &Shape, object: &Object<'_>, field: &Field<'_>) -> Result<Option<Value>, Fault> {
    let schema = field_schema(shape, object, field.name, Lists::Closed)?;
    let compiled = Compiled::new(&schema)?;
    let (definition, _) = shape.definitions().follow(field.node, field.pointer.clone())?;
    let nodes = [field.node, definition];
    let examples =
        nodes.iter().filter_map(|node| node.get("examples")).flat_map(cloudconnexa_schema::Json::elements);
    let mut values = examples.map(cloudconnexa_schema::Json::to_value).chain(candidates([&schema]));
    // Emptiness shows little.
    let is_telling =
        |value: &Value| !value.is_null() && value.as_str() != Some("") && compiled.accepts(value);
    Ok(values
        .find(is_telling)
        .or_else(|| candidates([&schema]).into_iter().find(|value| compiled.accepts(value))))
}

/// Returns `event` with a value for a field, or without the field.
pub(crate) fn with(event: &Value, place: Place, field: &str, value: Option<&Value>) -> Option<Value> {
    let mut made = event.clone();
    let object = match place {
        Place::Header => made.as_object_mut()?,
        Place::Log => made.get_mut(CONTENT)?.as_object_mut()?,
    };
    match value {
        Some(value) => object.insert(field.to_owned(), value.clone()),
        None => object.remove(field),
    };
    Some(made)
}
