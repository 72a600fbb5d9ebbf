//! Edits a document, and records the edits as a JSON Patch (RFC 6902).

use cloudconnexa_schema::Json;
use cloudconnexa_schema::pointer::unescape;

/// An edit of one node.
#[derive(Clone, Debug, PartialEq)]
enum Operation {
    Add(Json),
    Replace(Json),
    Remove,
}

/// A document, and everything that was changed in it.
#[derive(Debug)]
pub(super) struct PatchedDocument {
    pub(super) json: Json,
    operations: Vec<(String, Operation)>,
}

impl PatchedDocument {
    pub(super) fn new(json: Json) -> Self {
        Self { json, operations: Vec::new() }
    }

    pub(super) fn is_changed(&self) -> bool {
        !self.operations.is_empty()
    }

    /// Adds a member at the end of its object, or inserts an element before the one that is at the pointer.
    pub(super) fn add(&mut self, pointer: &str, value: Json) {
        self.apply(pointer, Operation::Add(value));
    }

    pub(super) fn replace(&mut self, pointer: &str, value: Json) {
        self.apply(pointer, Operation::Replace(value));
    }

    pub(super) fn remove(&mut self, pointer: &str) {
        self.apply(pointer, Operation::Remove);
    }

    /// Applies and records an operation; ignores one that does not apply.
    fn apply(&mut self, pointer: &str, operation: Operation) {
        if apply(&mut self.json, pointer, &operation).is_some() {
            self.operations.push((pointer.to_owned(), operation));
        }
    }

    /// Returns all changes as a JSON Patch.
    pub(super) fn patch(&self) -> String {
        let operations = self.operations.iter().map(|(pointer, operation)| {
            let (name, value) = match operation {
                Operation::Add(value) => ("add", Some(value)),
                Operation::Replace(value) => ("replace", Some(value)),
                Operation::Remove => ("remove", None),
            };
            let mut members = vec![
                ("op".to_owned(), Json::string(name)),
                ("path".to_owned(), Json::string(pointer.as_str())),
            ];
            members.extend(value.map(|value| ("value".to_owned(), value.clone())));
            Json::Object(members)
        });
        Json::Array(operations.collect()).to_pretty_string()
    }
}

fn apply(json: &mut Json, pointer: &str, operation: &Operation) -> Option<()> {
    let (parent, last) = pointer.rsplit_once('/')?;
    match json.pointer_mut(parent)? {
        Json::Object(members) => {
            let name = unescape(last);
            let index = members.iter().position(|(key, _)| *key == name);
            match (index, operation) {
                (None, Operation::Add(value)) => members.push((name, value.clone())),
                (Some(index), Operation::Add(value) | Operation::Replace(value)) => {
                    members[index].1 = value.clone();
                }
                (Some(index), Operation::Remove) => drop(members.remove(index)),
                _ => return None,
            }
        }
        Json::Array(elements) => {
            let index = if last == "-" { elements.len() } else { last.parse().ok()? };
            match operation {
                Operation::Add(value) if index <= elements.len() => elements.insert(index, value.clone()),
                Operation::Replace(value) => *elements.get_mut(index)? = value.clone(),
                Operation::Remove if index < elements.len() => drop(elements.remove(index)),
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(())
}
