//! Unknown keys of a config file, and lists in place of single values or the other way round, with what is meant.

use std::ops::Range;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::nearest::nearest;

/// Returns the span of the first key of `table` that `schema` does not have, or of a value that should or should not be a
/// list, and a message.
pub(super) fn first(table: &DeTable<'_>, schema: &Value) -> Option<(Range<usize>, String)> {
    let mut unknown = Vec::new();
    collect(table, schema, schema, &mut unknown);
    unknown.into_iter().min_by_key(|(span, _)| span.start)
}

fn collect(table: &DeTable<'_>, node: &Value, schema: &Value, unknown: &mut Vec<(Range<usize>, String)>) {
    let Some(properties) = resolve(node, schema).get("properties").and_then(Value::as_object) else { return };
    for (key, value) in table {
        let name = key.get_ref();
        let Some(node) = properties.get(&**name) else {
            let remedy = if let Some(meant) = nearest(name, properties.keys().map(String::as_str)) {
                format!("did you mean `{meant}`?")
            } else {
                let known: Vec<_> = properties.keys().map(|name| format!("`{name}`")).collect();
                format!("the keys here are {}", known.join(", "))
            };
            unknown.push((key.span(), format!("unknown key `{name}`; {remedy}")));
            continue;
        };
        let is_list = takes(node, schema, "array");
        match value.get_ref() {
            DeValue::String(text) if is_list => {
                unknown.push((value.span(), format!("`{name}` is a list: write `{name} = [\"{text}\"]`")));
            }
            DeValue::Array(items) if !is_list => {
                let mut texts = items.iter().map(|item| item.get_ref().as_str());
                let only = texts.next().flatten().filter(|_| texts.next().is_none());
                let remedy = match only.filter(|_| takes(node, schema, "string")) {
                    Some(text) => format!("write `{name} = \"{text}\"`"),
                    None => "leave out the brackets".to_owned(),
                };
                unknown.push((value.span(), format!("`{name}` is not a list: {remedy}")));
            }
            DeValue::Table(table) => collect(table, node, schema, unknown),
            DeValue::Array(items) => {
                let item_node = resolve(node, schema).get("items").unwrap_or(&Value::Null);
                for item in items {
                    if let DeValue::Table(table) = item.get_ref() {
                        collect(table, item_node, schema, unknown);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether the schema allows a value of this type.
fn takes(node: &Value, schema: &Value, wanted: &str) -> bool {
    match &resolve(node, schema)["type"] {
        Value::String(name) => name == wanted,
        Value::Array(names) => names.iter().any(|name| name == wanted),
        _ => false,
    }
}

fn resolve<'a>(node: &'a Value, schema: &'a Value) -> &'a Value {
    let pointer = node.get("$ref").and_then(Value::as_str).and_then(|uri| uri.strip_prefix('#'));
    pointer.and_then(|pointer| schema.pointer(pointer)).unwrap_or(node)
}
