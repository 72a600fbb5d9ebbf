//! Rewrites a schema so that editors show the right descriptions, without changing which documents are valid.
//!
//! VS Code's JSON language service, which other editors also use, ignores the description next to a `$ref` and shows the one of
//! the definition: for a field, it would explain UUIDs in general instead of this one. It also shows the description of a known
//! value as that of the field.

use cloudconnexa_schema::Json;

use super::ordered::SOUND;

/// Keywords that validators ignore, so that they may be moved.
const ANNOTATIONS: &[&str] = &["title", "description", "examples", "default", "deprecated"];

/// Keywords that contain values of documents instead of schemas.
const VALUES: &[&str] = &["const", "default", "enum", "examples"];

/// Returns the schema `text` for editors. It accepts the same documents.
pub(super) fn of(text: &str) -> String {
    let root = Json::parse(text).expect(SOUND);
    schema(&root, &root).to_pretty_string()
}

fn schema(node: &Json, root: &Json) -> Json {
    match node {
        Json::Object(members) => {
            let merged = referenced(members, root);
            let members = merged.as_deref().unwrap_or(members);
            let is_described = members.iter().any(|(key, _)| key == "description");
            let members = members.iter().map(|(key, value)| {
                let value = match key.as_str() {
                    key if VALUES.contains(&key) => value.clone(),
                    "anyOf" | "oneOf" => alternatives(value, root, is_described),
                    _ => schema(value, root),
                };
                (key.clone(), value)
            });
            Json::Object(with_markdown(members.collect()))
        }
        Json::Array(elements) => Json::Array(elements.iter().map(|element| schema(element, root)).collect()),
        other => other.clone(),
    }
}

/// Resolves the `$ref` of a node: returns the members of its definition, overridden by the annotations of the node. Returns `None`
/// if the `$ref` has to stay, as it has keywords other than annotations next to it.
fn referenced(members: &[(String, Json)], root: &Json) -> Option<Vec<(String, Json)>> {
    let is_moved = |key: &str| key == "$ref" || key.starts_with("x-") || ANNOTATIONS.contains(&key);
    let path = members.iter().find(|(key, _)| key == "$ref")?.1.as_str()?.strip_prefix('#')?;
    // Without a description of its own, it shows that of the definition, as it should.
    let has_own = members.iter().any(|(key, _)| key == "description");
    if !has_own || !members.iter().all(|(key, _)| is_moved(key)) {
        return None;
    }
    let definition = root.pointer(path)?;
    // A definition that leads to another one is left to the reader.
    if definition.get("$ref").is_some() || definition.get("properties").is_some() {
        return None;
    }
    let own = members.iter().filter(|(key, _)| key != "$ref");
    let missing = |key: &str| !members.iter().any(|(own, _)| own == key);
    let others = definition.members().iter().filter(|(key, _)| missing(key));
    Some(own.chain(others).cloned().collect())
}

/// Merges the alternatives that are single values into one `enum`, with a description for each value.
///
/// If the schema with the alternatives has a description, those of all other alternatives are removed, because an editor would
/// show them instead.
fn alternatives(branches: &Json, root: &Json, is_described: bool) -> Json {
    let values: Vec<&Json> = branches.elements().iter().filter(|branch| is_value(branch)).collect();
    let parts =
        |key: &str| Json::Array(values.iter().filter_map(|branch| branch.get(key)).cloned().collect());
    let list = Json::object([("enum", parts("const")), ("markdownEnumDescriptions", parts("description"))]);
    let mut list = Some(list);
    let kept = branches.elements().iter().filter_map(|branch| {
        if is_value(branch) {
            // In the place of the first.
            return list.take();
        }
        let is_object = branch.get("properties").is_some() || branch.get("$ref").is_some();
        let keeps_all = is_object || !is_described;
        let members = branch.members().iter().filter(|(key, _)| keeps_all || key != "description");
        Some(schema(&Json::Object(members.cloned().collect()), root))
    });
    Json::Array(kept.collect())
}

/// Returns whether an alternative is a single value with a description. Its type follows from the value.
fn is_value(branch: &Json) -> bool {
    let has = |key| branch.get(key).is_some();
    let is_moved = |key: &str| matches!(key, "const" | "description" | "type") || key.starts_with("x-");
    has("const") && has("description") && branch.members().iter().all(|(key, _)| is_moved(key))
}

/// Adds a description as Markdown, which editors would show with its marks otherwise.
fn with_markdown(mut members: Vec<(String, Json)>) -> Vec<(String, Json)> {
    let position = members.iter().position(|(key, _)| key == "description");
    if let Some(position) = position
        && let Some(text) = members[position].1.as_str()
        && text.contains(['`', '*'])
    {
        let markdown = ("markdownDescription".to_owned(), Json::string(text));
        members.insert(position + 1, markdown);
    }
    members
}

#[cfg(test)]
mod tests;
