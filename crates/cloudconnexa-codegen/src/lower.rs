//! Lowers the schema: the if/then branches become the tagged union that typify turns into an enum.
//!
//! The hand-maintained form is for people and for any validator: a wrong field is reported at the field. The lowered form
//! accepts the same events (a test proves it), as a `oneOf` over the values of `eventName`.

use cloudconnexa_schema::{Event, Json, Schema};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Returns the lowered schema, which is equal in meaning to the hand-maintained one.
#[must_use]
pub fn lower(schema: &Schema) -> Json {
    let names = schema.events().iter().map(|event| event.name.as_str());
    let other_name = Json::object([
        ("type", Json::string("string")),
        ("not", Json::object([("enum", Json::strings(names))])),
    ]);
    let any_object = Json::object([("type", Json::string("object"))]);
    let fallback = Json::object([
        ("title", Json::string("Any other event")),
        ("required", Json::strings(["eventName"])),
        ("properties", Json::object([("eventName", other_name), ("log", any_object.clone())])),
    ]);
    let mut branches = branches(schema, Some(&any_object));
    branches.push(fallback);
    let mut defs = definitions(schema);
    defs.push(("EventBody".to_owned(), Json::object([("oneOf", Json::Array(branches))])));
    Json::object([
        ("$schema", Json::string(DRAFT)),
        ("type", Json::string("object")),
        ("allOf", Json::Array(vec![reference("Header"), reference("EventBody")])),
        ("$defs", Json::Object(defs)),
    ])
}

/// Returns the part of the lowered schema that typify generates types from.
///
/// It has no branch for other events, which typify cannot tell apart (our emitter adds it), and an event without `log`
/// has no property for it, so that it becomes a variant without content.
pub(crate) fn for_typify(schema: &Schema) -> Json {
    let mut defs = definitions(schema);
    let body = Json::object([
        // Replaced by our emitter, but without any, typify would write one of its own.
        ("description", Json::string("What an event reports: its `eventName` and its `log`.")),
        ("oneOf", Json::Array(branches(schema, None))),
    ]);
    defs.push(("EventBody".to_owned(), body));
    Json::object([("$schema", Json::string(DRAFT)), ("$defs", Json::Object(defs))])
}

/// Returns a branch for each event. `undocumented_log` describes the `log` of those for which none is documented.
fn branches(schema: &Schema, undocumented_log: Option<&Json>) -> Vec<Json> {
    let branch = |event: &Event| {
        let mut properties =
            vec![("eventName".to_owned(), Json::object([("const", Json::string(event.name.as_str()))]))];
        let mut required = vec!["eventName"];
        if let Some(log) = &event.log {
            properties.push(("log".to_owned(), reference(log)));
            required.push("log");
        } else if let Some(log) = undocumented_log {
            properties.push(("log".to_owned(), log.clone()));
        }
        Json::object([
            ("title", Json::string(event.title.as_str())),
            ("description", Json::string(event.description.as_str())),
            ("type", Json::string("object")),
            ("required", Json::strings(required)),
            ("properties", Json::Object(properties)),
        ])
    };
    schema.events().iter().map(branch).collect()
}

/// Returns the definitions without the annotations that only people and editors read.
fn definitions(schema: &Schema) -> Vec<(String, Json)> {
    let defs = schema.document().root().get("$defs").map_or(&[][..], Json::members);
    defs.iter().map(|(name, node)| (name.clone(), strip(node))).collect()
}

/// Removes annotations that typify does not read, or misreads.
fn strip(node: &Json) -> Json {
    match node {
        Json::Object(members) => Json::Object(
            members
                .iter()
                .filter(|(key, value)| {
                    // A property may have the name of an annotation: then it is a schema, not a value.
                    let annotation = key == "examples" || key == "deprecated" || key.starts_with("x-");
                    !annotation || matches!(value, Json::Object(_))
                })
                .map(|(key, value)| (key.clone(), strip(value)))
                .collect(),
        ),
        Json::Array(elements) => Json::Array(elements.iter().map(strip).collect()),
        other => other.clone(),
    }
}

fn reference(name: &str) -> Json {
    Json::object([("$ref", Json::string(format!("#/$defs/{name}")))])
}
