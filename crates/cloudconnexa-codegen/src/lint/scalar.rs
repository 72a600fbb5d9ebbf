//! Reads a definition that is not an object: integers, formats, closed lists, open vocabularies.

use super::{Lint, child};
use crate::model::{KnownValue, Scalar, ScalarKind};
use crate::ordered::Json;

/// The formats that validator and types mean the same by.
const FORMATS: &[&str] = &["date-time", "uuid", "ipv4", "ipv6"];
const ANNOTATIONS: &[&str] = &["title", "description", "examples"];

pub(super) fn read(lint: &mut Lint<'_>, name: &str, node: &Json, pointer: &str) -> Option<Scalar> {
    lint.text(node, pointer, "title");
    let description = lint.description(node, pointer);
    let kind = match node.get("type").and_then(Json::as_str) {
        Some("integer") => integer(lint, node, pointer),
        Some("string") if node.get("enum").is_some() => closed(lint, node, pointer),
        Some("string") if node.get("anyOf").is_some() => formats(lint, node, pointer),
        Some("string") => format(lint, node, pointer),
        None if node.get("anyOf").is_some() => vocabulary(lint, node, pointer),
        _ => {
            lint.problem(
                pointer,
                "must be an object, an integer with bounds, a string with `format` or closed `enum`, \
                 or an open vocabulary (`anyOf` of `const`s and a string)",
            );
            return None;
        }
    };
    Some(Scalar { name: name.to_owned(), description, kind })
}

fn known<'a>(keywords: &[&'a str]) -> Vec<&'a str> {
    [ANNOTATIONS, keywords].concat()
}

/// Bounds are asked for because a Rust integer has them, and a type must take all that the schema accepts.
fn integer(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> ScalarKind {
    lint.keywords(node, pointer, &known(&["type", "minimum", "maximum", "x-known-values"]));
    let mut bound = |keyword: &str| {
        node.get(keyword).and_then(Json::as_u64).filter(|&bound| i64::try_from(bound).is_ok()).unwrap_or_else(
            || {
                lint.problem(
                    pointer,
                    format!("`{keyword}` must be an integer from 0 to 2^63-1: a Rust integer has bounds"),
                );
                0
            },
        )
    };
    let (minimum, maximum) = (bound("minimum"), bound("maximum"));
    if minimum > maximum {
        lint.problem(pointer, "`minimum` is greater than `maximum`");
    }
    let known: Vec<Option<u64>> =
        node.get("x-known-values").map_or(&[][..], Json::elements).iter().map(Json::as_u64).collect();
    if known.iter().any(|value| value.is_none_or(|value| value < minimum || value > maximum)) {
        lint.problem(&child(pointer, "x-known-values"), "must be integers within the bounds");
    }
    ScalarKind::Integer { minimum, maximum, known: known.into_iter().flatten().collect() }
}

fn check_format(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> String {
    let format = node.get("format").and_then(Json::as_str).unwrap_or_default();
    if !FORMATS.contains(&format) {
        lint.problem(pointer, format!("`format` must be one of {}", super::list(FORMATS)));
    }
    format.to_owned()
}

fn format(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> ScalarKind {
    lint.keywords(node, pointer, &known(&["type", "format"]));
    ScalarKind::Format { formats: vec![check_format(lint, node, pointer)], or_empty: false }
}

/// `anyOf` of formats, and of `const: ""` where an empty text will do.
fn formats(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> ScalarKind {
    lint.keywords(node, pointer, &known(&["type", "anyOf"]));
    let mut formats = Vec::new();
    let mut or_empty = false;
    for (index, branch) in node.get("anyOf").map_or(&[][..], Json::elements).iter().enumerate() {
        let pointer = format!("{pointer}/anyOf/{index}");
        lint.keywords(branch, &pointer, &["format", "const", "description"]);
        lint.description(branch, &pointer);
        match branch.get("const") {
            Some(value) if value.as_str() == Some("") && branch.get("format").is_none() => or_empty = true,
            Some(_) => {
                lint.problem(
                    &pointer,
                    "beside formats the one `const` that is implemented is the empty text",
                );
            }
            None => formats.push(check_format(lint, branch, &pointer)),
        }
    }
    if formats.iter().map(String::as_str).ne(["ipv4", "ipv6"]) {
        lint.problem(pointer, "the one choice of formats that has a Rust type is `ipv4`, then `ipv6`");
    }
    ScalarKind::Format { formats, or_empty }
}

/// A list may be closed where somebody says why; the vendor closes hardly any.
fn closed(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> ScalarKind {
    lint.keywords(node, pointer, &known(&["type", "enum", "x-closed"]));
    if node.get("x-closed").and_then(Json::as_str).is_none_or(str::is_empty) {
        lint.problem(
            &child(pointer, "enum"),
            "closes a list that the vendor may add to: make it an open vocabulary (`anyOf` of `const`s and \
             `{\"type\": \"string\"}`), or say in `x-closed` where it is documented as closed",
        );
    }
    let values: Vec<String> = node
        .get("enum")
        .map_or(&[][..], Json::elements)
        .iter()
        .filter_map(Json::as_str)
        .map(str::to_owned)
        .collect();
    if values.is_empty() || node.get("enum").map_or(0, |list| list.elements().len()) != values.len() {
        lint.problem(&child(pointer, "enum"), "must be a list of texts");
    }
    variants(lint, &values, pointer);
    ScalarKind::Constant(values)
}

/// `anyOf` of `const`s, then any string: known values for people and editors, and nothing refused.
fn vocabulary(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> ScalarKind {
    lint.keywords(node, pointer, &known(&["anyOf", "x-known-values"]));
    let branches = node.get("anyOf").map_or(&[][..], Json::elements);
    let Some((last, values)) = branches.split_last() else {
        lint.problem(pointer, "`anyOf` must hold the known values, then `{\"type\": \"string\"}`");
        return ScalarKind::Vocabulary(Vec::new());
    };
    let end = format!("{pointer}/anyOf/{}", values.len());
    lint.keywords(last, &end, &["type", "description"]);
    lint.description(last, &end);
    if last.get("type").and_then(Json::as_str) != Some("string") {
        lint.problem(&end, "a vocabulary ends with `{\"type\": \"string\"}`: the vendor adds values");
    }
    let mut vocabulary = Vec::new();
    for (index, branch) in values.iter().enumerate() {
        let pointer = format!("{pointer}/anyOf/{index}");
        lint.keywords(branch, &pointer, &["const", "description", "x-provenance"]);
        let description = lint.description(branch, &pointer);
        let provenance = lint.provenance(branch, &pointer);
        let Some(value) = branch.get("const").and_then(Json::as_str) else {
            lint.problem(&pointer, "`const` must be a text");
            continue;
        };
        vocabulary.push(KnownValue { value: value.to_owned(), description, provenance });
    }
    let names: Vec<String> = vocabulary.iter().map(|value| value.value.clone()).collect();
    // Values that no variant can be made of.
    let others = node.get("x-known-values").map_or(&[][..], Json::elements);
    if !others.iter().all(|other| other.as_str().is_some_and(|other| !names.iter().any(|name| name == other)))
    {
        lint.problem(
            &child(pointer, "x-known-values"),
            "must be texts that are not in `anyOf`: those that cannot be the name of a Rust variant",
        );
    }
    variants(lint, &names, pointer);
    ScalarKind::Vocabulary(vocabulary)
}

/// Values become variants of an enum, beside its catch-all `Other`.
fn variants(lint: &mut Lint<'_>, values: &[String], pointer: &str) {
    let mut seen = vec!["Other".to_owned()];
    for value in values {
        let variant = heck::AsUpperCamelCase(value.as_str()).to_string();
        if syn::parse_str::<syn::Ident>(&variant).is_err() {
            lint.problem(pointer, format!("`{value}` cannot be the name of a Rust variant"));
        } else if seen.contains(&variant) {
            lint.problem(pointer, format!("`{value}` becomes the variant `{variant}`, which exists already"));
        }
        seen.push(variant);
    }
}
