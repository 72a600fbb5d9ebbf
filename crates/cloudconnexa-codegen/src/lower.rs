//! Lowers the schema: the if/then chain becomes the tagged union that typify turns into an enum.
//!
//! The hand-maintained form is for people and for every validator: a wrong field is reported at the field. The lowered
//! form says the same (a test proves it) as `oneOf` over the values of `eventName`.

use crate::model::Model;
use crate::ordered::{Json, object, text};

/// The lowered schema, equal in meaning to the hand-maintained one.
pub fn lower(model: &Model) -> Json {
    let fallback = object([
        ("title", text("Any other event")),
        ("required", Json::Array(vec![text("eventName")])),
        (
            "properties",
            object([
                (
                    "eventName",
                    object([
                        ("type", text("string")),
                        (
                            "not",
                            object([(
                                "enum",
                                Json::Array(model.events.iter().map(|event| text(&event.name)).collect()),
                            )]),
                        ),
                    ]),
                ),
                ("log", object([("type", text("object"))])),
            ]),
        ),
    ]);
    let mut branches = branches(model, &object([("type", text("object"))]));
    branches.push(fallback);
    let mut defs = definitions(model);
    defs.push(("EventBody".to_owned(), object([("oneOf", Json::Array(branches))])));
    object([
        ("$schema", text("https://json-schema.org/draft/2020-12/schema")),
        ("type", text("object")),
        ("allOf", Json::Array(vec![reference("Header"), reference("EventBody")])),
        ("$defs", Json::Object(defs)),
    ])
}

/// The part of the lowered schema that typify makes types of.
///
/// It has no branch for other events, which typify cannot tell apart (our emitter adds it), and an event without `log`
/// has no property for it, so that it becomes a variant without content.
pub(crate) fn for_typify(model: &Model) -> Json {
    let mut defs = definitions(model);
    let body = object([
        (
            "description",
            text(
                "What an event reports: its `eventName` and its `log`.\n\nThe vendor adds events, and so do newer \
                 versions of this crate: a `match` needs a last arm.",
            ),
        ),
        ("oneOf", Json::Array(branches(model, &Json::Bool(false)))),
    ]);
    defs.push(("EventBody".to_owned(), body));
    object([("$schema", text("https://json-schema.org/draft/2020-12/schema")), ("$defs", Json::Object(defs))])
}

/// A branch for each event; `without` says what `log` may be in those that document none.
fn branches(model: &Model, without: &Json) -> Vec<Json> {
    let branch = |event: &crate::model::Event| {
        let mut properties = vec![("eventName".to_owned(), object([("const", text(&event.name))]))];
        let mut required = vec![text("eventName")];
        match &event.log {
            Some(log) => {
                properties.push(("log".to_owned(), reference(log)));
                required.push(text("log"));
            }
            None if *without != Json::Bool(false) => properties.push(("log".to_owned(), without.clone())),
            None => {}
        }
        object([
            ("title", text(&event.title)),
            ("description", text(&event.description)),
            ("type", text("object")),
            ("required", Json::Array(required)),
            ("properties", Json::Object(properties)),
        ])
    };
    model.events.iter().map(branch).collect()
}

/// The definitions as they are, less what only people and editors read.
fn definitions(model: &Model) -> Vec<(String, Json)> {
    let defs = model.json.get("$defs").map_or(&[][..], Json::members);
    defs.iter().map(|(name, node)| (name.clone(), strip(node))).collect()
}

/// Takes annotations away that typify does not read, or reads as something else.
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
    object([("$ref", text(&format!("#/$defs/{name}")))])
}
