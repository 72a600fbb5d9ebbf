//! Reads a definition that is an object with fields.

use super::Lint;
use crate::error::ProblemKind;
use crate::json::Json;
use crate::model::{Field, FieldKind, Object};
use crate::pointer::child;

pub(super) fn read(lint: &mut Lint<'_>, name: &str, node: &Json, pointer: &str) -> Object {
    lint.keywords(node, pointer, &["title", "description", "type", "required", "properties", "x-unmodelled"]);
    let unmodelled = lint.unmodelled(node, pointer);
    let title = lint.text(node, pointer, "title");
    let description = lint.description(node, pointer);
    lint.expect_type(node, pointer, "object");

    let properties = node.get("properties").map_or(&[][..], Json::members);
    let required = required(lint, node, pointer);
    for name in &required {
        if !properties.iter().any(|(property, _)| property == name) {
            lint.problem(
                ProblemKind::Reference,
                &child(pointer, "required"),
                format!("`{name}` is not among the properties"),
            );
        }
    }
    let mut fields = Vec::new();
    for (property, node) in properties {
        let pointer = child(&child(pointer, "properties"), property);
        replacement(lint, node, properties, &pointer);
        fields.push(field(lint, property, required.contains(&property.as_str()), node, &pointer));
    }
    Object { name: name.to_owned(), pointer: pointer.to_owned(), title, description, fields, unmodelled }
}

/// Reports a replacement that is not a field that stays.
fn replacement(lint: &mut Lint<'_>, node: &Json, properties: &[(String, Json)], pointer: &str) {
    let Some(name) = node.get("x-replaced-by") else { return };
    let other = properties.iter().find(|(property, _)| Some(property.as_str()) == name.as_str());
    if node.get("deprecated") != Some(&Json::Bool(true))
        || other.is_none_or(|(_, other)| other.get("deprecated").is_some())
    {
        lint.problem(
            ProblemKind::Annotation,
            &child(pointer, "x-replaced-by"),
            "must name another field of the object that is not deprecated, and needs `deprecated: true` next to it",
        );
    }
}

fn required<'a>(lint: &mut Lint<'_>, node: &'a Json, pointer: &str) -> Vec<&'a str> {
    let pointer = child(pointer, "required");
    let mut names = Vec::new();
    for element in node.get("required").map_or(&[][..], Json::elements) {
        match element.as_str() {
            Some(name) if names.contains(&name) => {
                lint.problem(ProblemKind::Structure, &pointer, format!("lists `{name}` twice"));
            }
            Some(name) => names.push(name),
            None => lint.problem(ProblemKind::Structure, &pointer, "must be a list of names"),
        }
    }
    names
}

fn field(lint: &mut Lint<'_>, name: &str, required: bool, node: &Json, pointer: &str) -> Field {
    let annotations = ["description", "examples", "deprecated", "x-replaced-by", "x-provenance"];
    let (kind, nullable) = if let Some(reference) = lint.reference(node, pointer) {
        lint.keywords(node, pointer, &[&["$ref"][..], &annotations].concat());
        (FieldKind::Definition(reference), false)
    } else {
        lint.keywords(node, pointer, &[&["$ref", "type"][..], &annotations].concat());
        inline_kind(lint, node, pointer)
    };
    if nullable && !required {
        lint.problem(
            ProblemKind::Unsupported,
            pointer,
            "is nullable and not required: one Rust `Option` cannot tell null from absent; make it one or the other",
        );
    }
    Field {
        name: name.to_owned(),
        pointer: pointer.to_owned(),
        required,
        nullable,
        deprecated: lint.flag(node, pointer, "deprecated"),
        replaced_by: node.get("x-replaced-by").and_then(Json::as_str).map(str::to_owned),
        kind,
        description: lint.description(node, pointer),
        examples: node.get("examples").map_or(&[][..], Json::elements).to_vec(),
        provenance: lint.provenance(node, pointer),
    }
}

/// Reads the `type` of a field without a definition. Every combination with null is read, but only one is supported.
fn inline_kind(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> (FieldKind, bool) {
    let (is_list, types) = match node.get("type") {
        Some(Json::String(one)) => (false, vec![one.as_str()]),
        several => (true, several.map_or(&[][..], Json::elements).iter().filter_map(Json::as_str).collect()),
    };
    let nullable = types.contains(&"null");
    let mut others = types.iter().copied().filter(|one| *one != "null");
    let kind = match (others.next(), others.next()) {
        (Some("string"), None) => Some(FieldKind::String),
        (Some("boolean"), None) => Some(FieldKind::Boolean),
        _ => None,
    };
    let is_supported = kind.is_some() && (!is_list || types == ["string", "null"]);
    // A `$ref` that does not resolve is reported by the one who read it.
    if !is_supported && node.get("$ref").is_none() {
        let message = "must be a `$ref`, or of `type` `string`, `boolean` or [`string`, `null`]; \
                       give anything else a definition of its own";
        if kind.is_some() {
            lint.problem(ProblemKind::Unsupported, pointer, message);
        } else {
            lint.fatal(ProblemKind::Unsupported, pointer, message);
        }
    }
    (kind.unwrap_or(FieldKind::String), nullable)
}
