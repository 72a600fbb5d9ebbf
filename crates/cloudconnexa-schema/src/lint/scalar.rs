//! Reads a definition that is not an object: integers, formats, closed lists, open vocabularies.

use super::Lint;
use crate::error::ProblemKind::{Annotation, ClosedList, Structure, Unsupported};
use crate::json::Json;
use crate::model::{KnownValue, Scalar, ScalarKind};
use crate::pointer::child;

/// The formats that the validator and the types agree on.
const FORMATS: &[&str] = &["date-time", "uuid", "ipv4", "ipv6"];
const ANNOTATIONS: &[&str] = &["title", "description", "examples"];

/// Reads the definition; `None`, with a problem reported, if its kind is not recognised.
pub(super) fn read(lint: &mut Lint<'_>, name: &str, node: &Json, pointer: &str) -> Option<Scalar> {
    let title = lint.text(node, pointer, "title");
    let description = lint.description(node, pointer);
    let kind = match node.get("type").and_then(Json::as_str) {
        Some("integer") => integer(lint, node, pointer)?,
        Some("string") if node.get("enum").is_some() => closed(lint, node, pointer),
        Some("string") => format(lint, node, pointer),
        None if node.get("anyOf").is_some() => vocabulary(lint, node, pointer),
        _ => {
            lint.problem(
                Structure,
                pointer,
                "must be an object, an integer with bounds, a string with `format` or closed `enum`, \
                 or an open vocabulary (`anyOf` of `const`s and a string)",
            );
            return None;
        }
    };
    Some(Scalar { name: name.to_owned(), pointer: pointer.to_owned(), title, description, kind })
}

fn known<'a>(keywords: &[&'a str]) -> Vec<&'a str> {
    [ANNOTATIONS, keywords].concat()
}

/// Bounds are required because a Rust integer has them, and its type must take every value that the schema accepts.
fn integer(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> Option<ScalarKind> {
    lint.keywords(node, pointer, &known(&["type", "minimum", "maximum", "x-known-values"]));
    let mut bound = |keyword: &str| {
        let bound = node.get(keyword).and_then(Json::as_u64);
        if bound.is_none_or(|bound| i64::try_from(bound).is_err()) {
            lint.problem(
                Structure,
                pointer,
                format!("`{keyword}` must be an integer from 0 to 2^63-1: a Rust integer has bounds"),
            );
        }
        bound
    };
    let (minimum, maximum) = (bound("minimum"), bound("maximum"));
    let (minimum, maximum) = (minimum?, maximum?);
    if minimum > maximum {
        lint.problem(Structure, pointer, "`minimum` is greater than `maximum`");
    }
    let known: Vec<Option<u64>> =
        node.get("x-known-values").map_or(&[][..], Json::elements).iter().map(Json::as_u64).collect();
    if known.iter().any(|value| value.is_none_or(|value| value < minimum || value > maximum)) {
        lint.problem(Annotation, &child(pointer, "x-known-values"), "must be integers within the bounds");
    }
    Some(ScalarKind::Integer { minimum, maximum, known: known.into_iter().flatten().collect() })
}

fn checked_format(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> Option<String> {
    let format = node.get("format").and_then(Json::as_str);
    if format.is_none_or(|format| !FORMATS.contains(&format)) {
        lint.problem(Unsupported, pointer, format!("`format` must be one of {}", super::list(FORMATS)));
    }
    format.map(str::to_owned)
}

/// Reads a `format`, or an `anyOf` of formats with `const: ""` if the empty string is valid too.
fn format(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> ScalarKind {
    let Some(branches) = node.get("anyOf") else {
        lint.keywords(node, pointer, &known(&["type", "format"]));
        let formats = checked_format(lint, node, pointer).into_iter().collect();
        return ScalarKind::Format { formats, or_empty: false };
    };
    lint.keywords(node, pointer, &known(&["type", "anyOf"]));
    let own = node.get("format").and_then(Json::as_str).map(str::to_owned);
    let mut formats: Vec<String> = own.into_iter().collect();
    let mut or_empty = false;
    for (index, branch) in branches.elements().iter().enumerate() {
        let pointer = format!("{pointer}/anyOf/{index}");
        lint.keywords(branch, &pointer, &["format", "const", "description"]);
        lint.description(branch, &pointer);
        match branch.get("const") {
            Some(value) if value.as_str() == Some("") && branch.get("format").is_none() => or_empty = true,
            Some(_) => {
                let message = "only the empty string is supported as a `const` next to formats";
                lint.problem(Unsupported, &pointer, message);
            }
            None => formats.extend(checked_format(lint, branch, &pointer)),
        }
    }
    if formats.iter().map(String::as_str).ne(["ipv4", "ipv6"]) {
        let message = "the only choice of formats that has a Rust type is `ipv4`, then `ipv6`";
        lint.problem(Unsupported, pointer, message);
    }
    ScalarKind::Format { formats, or_empty }
}

/// Reads a closed list, which needs a reason: the vendor closes hardly any.
fn closed(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> ScalarKind {
    lint.keywords(node, pointer, &known(&["type", "enum", "x-closed"]));
    let values_pointer = child(pointer, "enum");
    if node.get("x-closed").and_then(Json::as_str).is_none_or(str::is_empty) {
        lint.problem(
            ClosedList,
            &values_pointer,
            "closes a list that the vendor may add to: make it an open vocabulary (`anyOf` of `const`s and \
             `{\"type\": \"string\"}`), or say in `x-closed` where it is documented as closed",
        );
    }
    let elements = node.get("enum").map_or(&[][..], Json::elements);
    let values: Vec<String> = elements.iter().filter_map(Json::as_str).map(str::to_owned).collect();
    if values.is_empty() || elements.len() != values.len() {
        lint.problem(Structure, &values_pointer, "must be a list of strings");
    }
    ScalarKind::Constant(values)
}

/// Reads an `anyOf` of `const`s, then any string: known values for people and editors, and nothing refused.
fn vocabulary(lint: &mut Lint<'_>, node: &Json, pointer: &str) -> ScalarKind {
    lint.keywords(node, pointer, &known(&["anyOf", "x-known-values"]));
    let branches = node.get("anyOf").map_or(&[][..], Json::elements);
    match branches.split_last() {
        None => lint.problem(
            Structure,
            pointer,
            "`anyOf` must list the known values, then `{\"type\": \"string\"}`",
        ),
        Some((last, values)) => {
            let end = format!("{pointer}/anyOf/{}", values.len());
            lint.keywords(last, &end, &["type", "description"]);
            lint.description(last, &end);
            if last.get("type").and_then(Json::as_str) != Some("string") {
                let message = "a vocabulary ends with `{\"type\": \"string\"}`: the vendor adds values";
                lint.problem(ClosedList, &end, message);
            }
        }
    }
    let mut values = Vec::new();
    for (index, branch) in branches.iter().enumerate() {
        let is_last = index + 1 == branches.len();
        let pointer = format!("{pointer}/anyOf/{index}");
        let value = branch.get("const").and_then(Json::as_str).map(str::to_owned);
        if is_last && value.is_none() {
            break;
        }
        if !is_last {
            lint.keywords(branch, &pointer, &["const", "description", "x-provenance"]);
        }
        let description = if is_last { String::new() } else { lint.description(branch, &pointer) };
        let provenance = lint.provenance(branch, &pointer);
        match value {
            Some(value) => values.push(KnownValue { value, pointer, description, provenance }),
            None => lint.problem(Structure, &pointer, "`const` must be a string"),
        }
    }
    let others = node.get("x-known-values").map_or(&[][..], Json::elements);
    let is_other =
        |other: &Json| other.as_str().is_some_and(|other| !values.iter().any(|known| known.value == other));
    if !others.iter().all(is_other) {
        lint.problem(
            Annotation,
            &child(pointer, "x-known-values"),
            "must be strings that are not in `anyOf`: those that no Rust variant can be named after",
        );
    }
    let unmodelled = others.iter().filter_map(Json::as_str).map(str::to_owned).collect();
    ScalarKind::Vocabulary { values, unmodelled }
}
