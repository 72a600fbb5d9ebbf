//! Reads an object with its fields.

use std::collections::BTreeMap;

use super::{Lint, child};
use crate::model::{Field, FieldKind, Object};
use crate::ordered::Json;

pub(super) fn read(lint: &mut Lint<'_>, name: &str, node: &Json, pointer: &str) -> Object {
    lint.keywords(node, pointer, &["title", "description", "type", "required", "properties", "x-unmodelled"]);
    lint.unmodelled(node, pointer);
    let mut object = Object { name: name.to_owned(), fields: Vec::new() };
    lint.text(node, pointer, "title");
    lint.description(node, pointer);
    lint.expect_type(node, pointer, "object");

    let properties = node.get("properties").map_or(&[][..], Json::members);
    let required = required(lint, node, pointer);
    for name in &required {
        if !properties.iter().any(|(property, _)| property == name) {
            lint.problem(&child(pointer, "required"), format!("`{name}` is not among the properties"));
        }
    }
    let mut rust_names: BTreeMap<String, String> = BTreeMap::new();
    // What the generated struct keeps unknown fields in.
    rust_names.insert("extra".to_owned(), "that of unknown fields".to_owned());
    for (property, node) in properties {
        let pointer = child(&child(pointer, "properties"), property);
        let rust_name = heck::AsSnakeCase(property).to_string();
        if syn::parse_str::<syn::Ident>(&rust_name).is_err() {
            lint.problem(&pointer, format!("`{rust_name}` is not a name that a Rust field can have"));
        }
        if let Some(other) = rust_names.insert(rust_name.clone(), format!("`{property}`")) {
            lint.problem(
                &pointer,
                format!("becomes the Rust field `{rust_name}`, which is taken by {other}"),
            );
        }
        replacement(lint, node, properties, &pointer);
        object.fields.push(field(lint, property, required.contains(&property.as_str()), node, &pointer));
    }
    object
}

/// What takes the place of a field has to be a field that stays.
fn replacement(lint: &mut Lint<'_>, node: &Json, properties: &[(String, Json)], pointer: &str) {
    let Some(name) = node.get("x-replaced-by") else { return };
    let other = properties.iter().find(|(property, _)| Some(property.as_str()) == name.as_str());
    if node.get("deprecated") != Some(&Json::Bool(true))
        || other.is_none_or(|(_, other)| other.get("deprecated").is_some())
    {
        let message =
            "must name another field of the object, one that stays, and stand beside `deprecated: true`";
        lint.problem(&child(pointer, "x-replaced-by"), message);
    }
}

fn required<'a>(lint: &mut Lint<'_>, node: &'a Json, pointer: &str) -> Vec<&'a str> {
    let mut names = Vec::new();
    for element in node.get("required").map_or(&[][..], Json::elements) {
        match element.as_str() {
            Some(name) if names.contains(&name) => {
                lint.problem(&child(pointer, "required"), format!("`{name}` stands there twice"));
            }
            Some(name) => names.push(name),
            None => lint.problem(&child(pointer, "required"), "must be a list of names"),
        }
    }
    names
}

fn field(lint: &mut Lint<'_>, name: &str, required: bool, node: &Json, pointer: &str) -> Field {
    let common = ["description", "examples", "deprecated", "x-replaced-by", "x-provenance"];
    let kind = if let Some(reference) = lint.reference(node, pointer) {
        lint.keywords(node, pointer, &[&["$ref"][..], &common].concat());
        FieldKind::Def(reference)
    } else {
        lint.keywords(node, pointer, &[&["$ref", "type"][..], &common].concat());
        let nullable = [Json::String("string".to_owned()), Json::String("null".to_owned())];
        match node.get("type") {
            Some(Json::String(kind)) if kind == "string" => FieldKind::String,
            Some(Json::String(kind)) if kind == "boolean" => FieldKind::Boolean,
            Some(Json::Array(kinds)) if kinds[..] == nullable => FieldKind::NullableString,
            _ => {
                if node.get("$ref").is_none() {
                    lint.problem(
                        pointer,
                        "must be a `$ref`, or of `type` `string`, `boolean` or [`string`, `null`]; \
                         give anything else a definition of its own",
                    );
                }
                FieldKind::String
            }
        }
    };
    if kind == FieldKind::NullableString && !required {
        lint.problem(
            pointer,
            "is nullable and not required: one Rust `Option` cannot tell null from absent; make it one or the other",
        );
    }
    Field {
        name: name.to_owned(),
        required,
        deprecated: lint.flag(node, pointer, "deprecated"),
        replaced_by: node.get("x-replaced-by").and_then(Json::as_str).map(str::to_owned),
        kind,
        description: lint.description(node, pointer),
        provenance: lint.provenance(node, pointer),
    }
}
