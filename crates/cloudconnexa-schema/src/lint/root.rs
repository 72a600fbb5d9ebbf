//! Reads the root: the envelope, the if/then branches of the events, the definitions.

use super::{Lint, object, scalar};
use crate::document::Document;
use crate::error::ProblemKind::{Documentation, Reference, Structure, Unsupported};
use crate::json::Json;
use crate::model::{EnvelopeField, Event, FieldKind, Object, Scalar, ScalarKind, Schema};
use crate::pointer::child;

const KEYWORDS: &[&str] =
    &["$schema", "$id", "title", "description", "type", "required", "properties", "allOf", "$defs"];

/// The field that names the event, and the field whose object depends on it.
const TAG: &str = "eventName";
const CONTENT: &str = "log";
const HEADER: &str = "Header";
const TAG_VOCABULARY: &str = "EventName";

/// Everything in a [`Schema`] but its document.
pub(super) struct Parts {
    envelope: Vec<EnvelopeField>,
    events: Vec<Event>,
    header: Object,
    logs: Vec<Object>,
    scalars: Vec<Scalar>,
}

impl Parts {
    pub(super) fn into_schema(self, document: Document) -> Schema {
        let Self { envelope, events, header, logs, scalars } = self;
        Schema { document, envelope, events, header, logs, scalars }
    }
}

/// Reads everything; `None` without a header.
pub(super) fn read(lint: &mut Lint<'_>) -> Option<Parts> {
    let root = lint.root;
    lint.keywords(root, "", KEYWORDS);
    lint.text(root, "", "title");
    lint.description(root, "");
    lint.text(root, "", "$id");
    if root.get("$schema").and_then(Json::as_str) != Some("https://json-schema.org/draft/2020-12/schema") {
        lint.problem(
            Unsupported,
            "",
            "`$schema` must name JSON Schema 2020-12: other drafts do not assert `format: uuid`",
        );
    }
    lint.expect_type(root, "", "object");
    let envelope = envelope(lint, root);
    let events = events(lint, root);

    let (mut header, mut logs, mut scalars) = (None, Vec::new(), Vec::new());
    let definitions = root.get("$defs").map_or(&[][..], Json::members);
    for (name, node) in definitions {
        let pointer = child("/$defs", name);
        let is_log = |event: &Event| event.log.as_ref() == Some(name);
        if name == HEADER {
            header = Some(header_object(lint, node, &pointer));
        } else if node.get("type").and_then(Json::as_str) == Some("object")
            || node.get("type").is_none() && events.iter().any(is_log)
        {
            logs.push(object::read(lint, name, node, &pointer));
        } else if let Some(scalar) = scalar::read(lint, name, node, &pointer) {
            scalars.push(scalar);
        }
    }
    for (name, _) in definitions {
        if !lint.used.contains(name) {
            lint.problem(Reference, &child("/$defs", name), "nothing refers to this definition");
        }
    }
    let Some(header) = header else {
        lint.fatal(Structure, &child("/$defs", HEADER), "is missing: the fields that every event has");
        return None;
    };
    let parts = Parts { envelope, events, header, logs, scalars };
    references(lint, &parts);
    vocabulary_of_events(lint, &parts);
    Some(parts)
}

fn header_object(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> Object {
    let header = object::read(lint, HEADER, node, pointer);
    for field in &header.fields {
        if field.name == TAG || field.name == CONTENT {
            lint.problem(Structure, pointer, format!("`{}` belongs to the envelope, not here", field.name));
        }
    }
    header
}

/// Reads what the root itself describes, open to unknown events.
fn envelope(lint: &mut Lint<'_>, root: &Json) -> Vec<EnvelopeField> {
    if root.get("required") != Some(&Json::strings([TAG])) {
        lint.problem(
            Structure,
            "/required",
            format!("must be [\"{TAG}\"]: other required fields belong in `Header`"),
        );
    }
    let properties = root.get("properties").map_or(&[][..], Json::members);
    let mut fields = Vec::new();
    for (name, node) in properties {
        let pointer = child("/properties", name);
        let description = node.get("description").and_then(Json::as_str).unwrap_or_default().to_owned();
        fields.push(EnvelopeField { name: name.clone(), pointer, description });
    }
    if properties.iter().map(|(name, _)| name.as_str()).ne([TAG, CONTENT]) {
        lint.problem(
            Structure,
            "/properties",
            format!("must be `{TAG}` and `{CONTENT}`: all other fields belong in `Header`"),
        );
        return fields;
    }
    let (tag, content) = (&properties[0].1, &properties[1].1);
    lint.keywords(tag, "/properties/eventName", &["$ref", "description"]);
    lint.description(tag, "/properties/eventName");
    // The vocabulary of event names is for people: a lenient reader does without it.
    let fatal = lint.fatal.take();
    if lint.reference(tag, "/properties/eventName").as_deref() != Some(TAG_VOCABULARY) {
        lint.problem(Reference, "/properties/eventName", format!("must refer to `{TAG_VOCABULARY}`"));
    }
    lint.fatal = fatal;
    lint.keywords(content, "/properties/log", &["type", "description"]);
    lint.description(content, "/properties/log");
    lint.expect_type(content, "/properties/log", "object");
    fields
}

/// Reads `allOf`: `Header`, then for each event an `if` on its name with a `then` for its `log`.
fn events(lint: &mut Lint<'_>, root: &Json) -> Vec<Event> {
    let message = "must refer to `Header`, then have one if/then for each event";
    let Some(Json::Array(branches)) = root.get("allOf") else {
        lint.fatal(Structure, "/allOf", message);
        return Vec::new();
    };
    let Some((first, branches)) = branches.split_first() else {
        lint.problem(Structure, "/allOf", message);
        return Vec::new();
    };
    lint.keywords(first, "/allOf/0", &["$ref"]);
    let fatal = lint.fatal.take();
    if lint.reference(first, "/allOf/0").as_deref() != Some(HEADER) {
        lint.problem(Reference, "/allOf/0", "must refer to `Header`");
    }
    lint.fatal = fatal;
    let mut events: Vec<Event> = Vec::new();
    for (index, branch) in branches.iter().enumerate() {
        let pointer = format!("/allOf/{}", index + 1);
        if let Some(event) = event(lint, branch, &pointer) {
            if events.iter().any(|earlier| earlier.name == event.name) {
                lint.problem(Structure, &pointer, format!("`{}` already has a branch", event.name));
            }
            events.push(event);
        }
    }
    events
}

fn event(lint: &mut Lint<'_>, branch: &Json, pointer: &str) -> Option<Event> {
    lint.keywords(branch, pointer, &["title", "description", "if", "then", "x-unmodelled"]);
    let unmodelled = lint.unmodelled(branch, pointer);
    if branch.get("x-unmodelled").is_some() && branch.get("then") != Some(&Json::Bool(true)) {
        lint.problem(
            Structure,
            &child(pointer, "x-unmodelled"),
            "is for a `log` that `then` does not describe",
        );
    }
    let title = lint.text(branch, pointer, "title");
    let description = lint.description(branch, pointer);
    let name = condition(lint, branch, pointer)?;
    let log = log(lint, branch, pointer);
    Some(Event { name, pointer: pointer.to_owned(), title, description, log, unmodelled })
}

/// Reads the name that `if` asks for.
fn condition(lint: &mut Lint<'_>, branch: &Json, pointer: &str) -> Option<String> {
    let pointer = child(pointer, "if");
    let message = r#"must be {"properties": {"eventName": {"const": NAME}}, "required": ["eventName"]}"#;
    let Some(name) = branch.pointer("/if/properties/eventName/const").and_then(Json::as_str) else {
        lint.fatal(Structure, &pointer, message);
        return None;
    };
    let condition = Json::object([
        ("properties", Json::object([(TAG, Json::object([("const", Json::string(name))]))])),
        ("required", Json::strings([TAG])),
    ]);
    if name.is_empty() || branch.get("if") != Some(&condition) {
        lint.problem(Structure, &pointer, message);
    }
    Some(name.to_owned())
}

/// Reads the name of the object that `then` asks for in `log`.
fn log(lint: &mut Lint<'_>, branch: &Json, pointer: &str) -> Option<String> {
    let pointer = child(pointer, "then");
    let then = match branch.get("then") {
        Some(Json::Bool(true)) => return None,
        Some(then) => then,
        None => {
            lint.problem(Structure, &pointer, "is missing; for an event without `log` it is `true`");
            return None;
        }
    };
    let target = then.pointer("/properties/log");
    let log = target.and_then(|target| lint.reference(target, &format!("{pointer}/properties/log")));
    let reference = target.and_then(|target| target.get("$ref")).cloned().unwrap_or(Json::Null);
    let expected = Json::object([
        ("properties", Json::object([(CONTENT, Json::object([("$ref", reference)]))])),
        ("required", Json::strings([CONTENT])),
    ]);
    if log.is_none() || *then != expected {
        lint.problem(
            Structure,
            &pointer,
            r##"must be true or {"properties": {"log": {"$ref": "#/$defs/NAME"}}, "required": ["log"]}"##,
        );
    }
    log
}

/// Checks that a reference to an object leads to an object, and one to a scalar to a scalar.
fn references(lint: &mut Lint<'_>, parts: &Parts) {
    for event in &parts.events {
        if let Some(name) = &event.log
            && !parts.logs.iter().any(|log| log.name == *name)
        {
            lint.fatal(Reference, &child(&event.pointer, "then"), format!("`{name}` is not an object"));
        }
    }
    for log in &parts.logs {
        if !parts.events.iter().any(|event| event.log.as_deref() == Some(&log.name)) {
            lint.problem(Reference, &log.pointer, "no event has this object as its `log`");
        }
    }
    for object in std::iter::once(&parts.header).chain(&parts.logs) {
        for field in &object.fields {
            let FieldKind::Definition(name) = &field.kind else { continue };
            if parts.scalars.iter().any(|scalar| scalar.name == *name) {
                continue;
            }
            let is_object = name == HEADER || parts.logs.iter().any(|log| log.name == *name);
            if is_object {
                let message = format!("`{name}` is not a scalar; objects within objects are not supported");
                lint.fatal(Reference, &field.pointer, message);
            } else {
                // The definition cannot be read, which is already reported.
                let pointer = child("/$defs", name);
                let own = lint
                    .problems
                    .iter()
                    .find(|problem| problem.pointer == pointer && problem.kind == Structure);
                lint.fatal = lint.fatal.take().or(own.cloned());
            }
        }
    }
}

/// The vocabulary of event names has to list the events of `allOf`.
fn vocabulary_of_events(lint: &mut Lint<'_>, parts: &Parts) {
    let Some(scalar) = parts.scalars.iter().find(|scalar| scalar.name == TAG_VOCABULARY) else {
        return;
    };
    let ScalarKind::Vocabulary { values, .. } = &scalar.kind else {
        lint.problem(Structure, &scalar.pointer, "must be an open vocabulary: the vendor adds events");
        return;
    };
    let known = values.iter().map(|value| &value.value);
    if known.ne(parts.events.iter().map(|event| &event.name)) {
        lint.problem(
            Documentation,
            &child(&scalar.pointer, "anyOf"),
            "must list the events of `allOf`, in the same order",
        );
    }
}
