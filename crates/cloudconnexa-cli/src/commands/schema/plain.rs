//! A schema without the keywords that start with `x-`, which strict validators refuse.

use serde_json::value::RawValue;

use super::ordered::{SOUND, object};

/// Keywords whose values are schemas by name.
const BY_NAME: &[&str] = &["$defs", "dependentSchemas", "patternProperties", "properties"];

/// Keywords whose values are values of documents, whatever these look like.
const VALUES: &[&str] = &["const", "default", "enum", "examples"];

/// Returns the schema `text` without these keywords, the rest in the same order.
pub(super) fn of(text: &str) -> String {
    schema(text.trim(), 0) + "\n"
}

fn schema(text: &str, depth: usize) -> String {
    let inner = depth + 1;
    if text.starts_with('[') {
        let elements: Vec<&RawValue> = serde_json::from_str(text).expect(SOUND);
        if !elements.iter().any(|element| element.get().starts_with(['{', '['])) {
            return text.to_owned();
        }
        return lines(elements.iter().map(|element| schema(element.get(), inner)), "[]", depth);
    }
    if !text.starts_with('{') {
        return text.to_owned();
    }
    let members = object(text).0.into_iter().filter(|(key, _)| !key.starts_with("x-"));
    let members = members.map(|(key, value)| match key.as_str() {
        name if BY_NAME.contains(&name) => member(name, &named(value.get(), inner)),
        name if VALUES.contains(&name) => member(name, value.get()),
        name => member(name, &schema(value.get(), inner)),
    });
    lines(members, "{}", depth)
}

/// Returns schemas by name. A name may well start with `x-`.
fn named(text: &str, depth: usize) -> String {
    let members = object(text).0.into_iter();
    lines(members.map(|(name, value)| member(&name, &schema(value.get(), depth + 1))), "{}", depth)
}

fn member(key: &str, value: &str) -> String {
    format!("{}: {value}", serde_json::Value::from(key))
}

/// Returns an object or array with an item on each line.
fn lines(items: impl Iterator<Item = String>, brackets: &str, depth: usize) -> String {
    let indent = |depth: usize| "  ".repeat(depth);
    let items: Vec<_> = items.map(|item| format!("\n{}{item}", indent(depth + 1))).collect();
    if items.is_empty() {
        return brackets.to_owned();
    }
    let (open, close) = brackets.split_at(1);
    format!("{open}{}\n{}{close}", items.join(","), indent(depth))
}

#[cfg(test)]
mod tests;
