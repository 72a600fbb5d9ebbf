//! Cuts the schema down to one event, keeping the text and order of what it takes over.

use std::collections::BTreeSet;

use cloudconnexa_events::SCHEMA;
use serde_json::Value;
use serde_json::value::RawValue;

use super::ordered::{Ordered, SOUND, object};

/// A self-contained schema of the event `name`.
pub(super) fn of(name: &str) -> String {
    let root = object(SCHEMA);
    let branches: Vec<&RawValue> = serde_json::from_str(root.get("allOf")).expect(SOUND);
    let branch = branches.iter().find(|branch| names(branch.get(), name)).expect(SOUND);
    let branch = object(branch.get());

    let mut members = Vec::new();
    for (key, value) in &root.0 {
        let value = match key.as_str() {
            // It would be the same for two documents.
            "$id" | "$defs" => continue,
            "title" | "description" => branch.get(key).to_owned(),
            "properties" => properties(value.get(), name),
            "allOf" => {
                let body = dedent(branch.get("then"), 2);
                let header = dedent(branches[0].get(), 0);
                match body.as_str() {
                    "true" => format!("[\n    {header}\n  ]"),
                    _ => format!("[\n    {header},\n    {body}\n  ]"),
                }
            }
            _ => value.get().to_owned(),
        };
        members.push(format!("  \"{key}\": {value}"));
    }
    let definitions = reachable(&members.join("\n"), &object(root.get("$defs")));
    members.push(format!("  \"$defs\": {{\n{definitions}\n  }}"));
    format!("{{\n{}\n}}\n", members.join(",\n"))
}

fn names(branch: &str, name: &str) -> bool {
    let branch: Value = serde_json::from_str(branch).expect(SOUND);
    branch.pointer("/if/properties/eventName/const").and_then(Value::as_str) == Some(name)
}

fn properties(text: &str, name: &str) -> String {
    let members = object(text).0.into_iter().map(|(key, value)| match key.as_str() {
        "eventName" => {
            let value: Value = serde_json::from_str(value.get()).expect(SOUND);
            let description = &value["description"];
            format!("    \"eventName\": {{\n      \"const\": \"{name}\",\n      \"description\": {description}\n    }}")
        }
        _ => format!("    \"{key}\": {}", value.get()),
    });
    format!("{{\n{}\n  }}", members.collect::<Vec<_>>().join(",\n"))
}

/// The definitions that `text` needs, and those that they need.
fn reachable(text: &str, definitions: &Ordered<'_>) -> String {
    let mut needed = BTreeSet::new();
    let mut texts = vec![text];
    while let Some(text) = texts.pop() {
        for (name, definition) in &definitions.0 {
            if text.contains(&format!("\"#/$defs/{name}\"")) && needed.insert(name.as_str()) {
                texts.push(definition.get());
            }
        }
    }
    let kept = definitions.0.iter().filter(|(name, _)| needed.contains(name.as_str()));
    kept.map(|(name, text)| format!("    \"{name}\": {}", text.get())).collect::<Vec<_>>().join(",\n")
}

/// Takes `by` spaces from the start of each line but the first.
fn dedent(text: &str, by: usize) -> String {
    text.replace(&format!("\n{}", " ".repeat(by)), "\n")
}

#[cfg(test)]
mod tests;
