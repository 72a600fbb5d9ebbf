//! Cuts the schema down to one event, keeping the text and order of what it takes over.

use std::collections::BTreeSet;

use serde_json::Value;
use serde_json::value::RawValue;

use super::ordered::{Ordered, SOUND, object};

/// Returns a self-contained schema of the event `name` of a schema that is built in, or the names of the events that it has.
pub(super) fn of(schema: &str, name: &str) -> Result<String, Vec<String>> {
    let root = object(schema);
    let branches: Vec<&RawValue> = serde_json::from_str(root.get("allOf")).expect(SOUND);
    let Some(branch) = branches.iter().find(|branch| self::name(branch.get()).as_deref() == Some(name))
    else {
        return Err(branches.iter().filter_map(|branch| self::name(branch.get())).collect());
    };
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
    Ok(format!("{{\n{}\n}}\n", members.join(",\n")))
}

/// Returns the name of the event that a branch is for.
fn name(branch: &str) -> Option<String> {
    let branch: Value = serde_json::from_str(branch).expect(SOUND);
    branch.pointer("/if/properties/eventName/const").and_then(Value::as_str).map(str::to_owned)
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
