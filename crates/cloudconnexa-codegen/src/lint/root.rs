//! Reads the root: the envelope, the if/then chain, the definitions.

use super::{Lint, child, object, scalar};
use crate::model::{Event, Model, Object, ScalarKind};
use crate::ordered::{Json, object as json_object, text};

const ROOT: &[&str] =
    &["$schema", "$id", "title", "description", "type", "required", "properties", "allOf", "$defs"];

/// The names that the envelope is written with.
const TAG: &str = "eventName";
const CONTENT: &str = "log";
const HEADER: &str = "Header";
const TAG_VOCABULARY: &str = "EventName";

pub(super) fn read(lint: &mut Lint<'_>) -> Model {
    let root = lint.json;
    lint.keywords(root, "", ROOT);
    lint.text(root, "", "title");
    lint.description(root, "");
    lint.text(root, "", "$id");
    if root.get("$schema").and_then(Json::as_str) != Some("https://json-schema.org/draft/2020-12/schema") {
        lint.problem(
            "",
            "`$schema` must name JSON Schema 2020-12: other drafts do not assert `format: uuid`",
        );
    }
    lint.expect_type(root, "", "object");
    envelope(lint, root);

    let events = events(lint, root);
    let mut header = Object { name: HEADER.to_owned(), fields: Vec::new() };
    let mut logs = Vec::new();
    let mut scalars = Vec::new();
    for (name, node) in root.get("$defs").map_or(&[][..], Json::members) {
        let pointer = child("/$defs", name);
        definition_name(lint, name, &pointer);
        if name == HEADER {
            header = object::read(lint, name, node, &pointer);
            for field in &header.fields {
                if field.name == TAG || field.name == CONTENT {
                    lint.problem(&pointer, format!("`{}` belongs to the envelope, not here", field.name));
                }
            }
        } else if node.get("type").and_then(Json::as_str) == Some("object") {
            logs.push(object::read(lint, name, node, &pointer));
        } else if let Some(scalar) = scalar::read(lint, name, node, &pointer) {
            scalars.push(scalar);
        }
    }
    for (name, _) in root.get("$defs").map_or(&[][..], Json::members) {
        if !lint.used.contains(name) {
            lint.problem(&child("/$defs", name), "nothing refers to this definition");
        }
    }
    let model = Model { json: root.clone(), events, header, logs, scalars };
    references(lint, &model);
    vocabulary_of_events(lint, &model);
    model
}

/// Definitions become Rust types under their own name.
fn definition_name(lint: &mut Lint<'_>, name: &str, pointer: &str) {
    if heck::AsUpperCamelCase(name).to_string() != name {
        lint.problem(
            pointer,
            format!("becomes a Rust type: write the name as `{}`", heck::AsUpperCamelCase(name)),
        );
    }
}

/// `eventName` and `log` stand at the root, open to events that are not known yet.
fn envelope(lint: &mut Lint<'_>, root: &Json) {
    if root.get("required") != Some(&Json::Array(vec![text(TAG)])) {
        lint.problem("/required", format!("must be [\"{TAG}\"]: what else is required stands in `Header`"));
    }
    let properties = root.get("properties").map_or(&[][..], Json::members);
    if properties.iter().map(|(name, _)| name.as_str()).ne([TAG, CONTENT]) {
        lint.problem("/properties", format!("must be `{TAG}` and `{CONTENT}`: all others stand in `Header`"));
        return;
    }
    let tag = &properties[0].1;
    lint.keywords(tag, "/properties/eventName", &["$ref", "description"]);
    lint.description(tag, "/properties/eventName");
    if lint.reference(tag, "/properties/eventName").as_deref() != Some(TAG_VOCABULARY) {
        lint.problem("/properties/eventName", format!("must refer to `{TAG_VOCABULARY}`"));
    }
    let content = &properties[1].1;
    lint.keywords(content, "/properties/log", &["type", "description"]);
    lint.description(content, "/properties/log");
    lint.expect_type(content, "/properties/log", "object");
}

/// The chain: `Header`, then for each event `if` its name `then` its `log`.
fn events(lint: &mut Lint<'_>, root: &Json) -> Vec<Event> {
    let chain = root.get("allOf").map_or(&[][..], Json::elements);
    let Some((first, branches)) = chain.split_first() else {
        lint.problem("/allOf", "must refer to `Header`, then hold one if/then for each event");
        return Vec::new();
    };
    lint.keywords(first, "/allOf/0", &["$ref"]);
    if lint.reference(first, "/allOf/0").as_deref() != Some(HEADER) {
        lint.problem("/allOf/0", "must refer to `Header`");
    }
    let mut events: Vec<Event> = Vec::new();
    for (index, branch) in branches.iter().enumerate() {
        let pointer = format!("/allOf/{}", index + 1);
        if let Some(event) = event(lint, branch, &pointer) {
            if events.iter().any(|earlier| earlier.name == event.name) {
                lint.problem(&pointer, format!("`{}` has a branch already", event.name));
            }
            events.push(event);
        }
    }
    events
}

fn event(lint: &mut Lint<'_>, branch: &Json, pointer: &str) -> Option<Event> {
    lint.keywords(branch, pointer, &["title", "description", "if", "then", "x-unmodelled"]);
    lint.unmodelled(branch, pointer);
    if branch.get("x-unmodelled").is_some() && branch.get("then") != Some(&Json::Bool(true)) {
        lint.problem(&child(pointer, "x-unmodelled"), "is for a `log` that `then` does not describe");
    }
    let title = lint.text(branch, pointer, "title");
    let description = lint.description(branch, pointer);
    let name = branch
        .get("if")
        .and_then(|condition| condition.get("properties"))
        .and_then(|properties| properties.get(TAG))
        .and_then(|tag| tag.get("const"))
        .and_then(Json::as_str)
        .unwrap_or_default();
    let condition = json_object([
        ("properties", json_object([(TAG, json_object([("const", text(name))]))])),
        ("required", Json::Array(vec![text(TAG)])),
    ]);
    if name.is_empty() || branch.get("if") != Some(&condition) {
        lint.problem(
            &child(pointer, "if"),
            r#"must be {"properties": {"eventName": {"const": NAME}}, "required": ["eventName"]}"#,
        );
        return None;
    }
    let then = branch.get("then");
    let log = match then {
        Some(Json::Bool(true)) => None,
        Some(then) => {
            let target = then.get("properties").and_then(|properties| properties.get(CONTENT));
            let log = target
                .and_then(|target| lint.reference(target, &format!("{pointer}/then/properties/{CONTENT}")));
            let expected = json_object([
                (
                    "properties",
                    json_object([(
                        CONTENT,
                        json_object([(
                            "$ref",
                            text(&format!("#/$defs/{}", log.as_deref().unwrap_or("NAME"))),
                        )]),
                    )]),
                ),
                ("required", Json::Array(vec![text(CONTENT)])),
            ]);
            if log.is_none() || *then != expected {
                lint.problem(
                    &child(pointer, "then"),
                    r##"must be true or {"properties": {"log": {"$ref": "#/$defs/NAME"}}, "required": ["log"]}"##,
                );
            }
            log
        }
        None => {
            lint.problem(&child(pointer, "then"), "is missing; for an event without `log` it is `true`");
            None
        }
    };
    Some(Event { name: name.to_owned(), title, description, log })
}

/// What refers to an object must mean one, and what refers to a scalar must mean a scalar.
fn references(lint: &mut Lint<'_>, model: &Model) {
    for (index, event) in model.events.iter().enumerate() {
        if let Some(name) = &event.log
            && !model.logs.iter().any(|log| log.name == *name)
        {
            lint.problem(&format!("/allOf/{}/then", index + 1), format!("`{name}` is not an object"));
        }
    }
    for log in &model.logs {
        if !model.events.iter().any(|event| event.log.as_deref() == Some(&log.name)) {
            lint.problem(&child("/$defs", &log.name), "no event has this object as its `log`");
        }
    }
    for object in std::iter::once(&model.header).chain(&model.logs) {
        for field in &object.fields {
            if let crate::model::FieldKind::Def(name) = &field.kind
                && !model.scalars.iter().any(|scalar| scalar.name == *name)
            {
                lint.problem(
                    &format!("/$defs/{}/properties/{}", object.name, field.name),
                    format!("`{name}` is not a scalar; objects within objects are not implemented"),
                );
            }
        }
    }
}

/// The vocabulary of event names and the chain are two lists of the same events.
fn vocabulary_of_events(lint: &mut Lint<'_>, model: &Model) {
    let Some(scalar) = model.scalars.iter().find(|scalar| scalar.name == TAG_VOCABULARY) else {
        return;
    };
    let ScalarKind::Vocabulary(values) = &scalar.kind else {
        lint.problem("/$defs/EventName", "must be an open vocabulary: the vendor adds events");
        return;
    };
    let known = values.iter().map(|value| &value.value);
    if known.ne(model.events.iter().map(|event| &event.name)) {
        lint.problem("/$defs/EventName/anyOf", "must list the events of `allOf`, in the same order");
    }
}
