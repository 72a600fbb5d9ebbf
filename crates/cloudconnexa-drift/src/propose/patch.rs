//! Changes to a document, as a JSON Patch (RFC 6902) has them.

use super::json::Json;
use crate::known::unescaped;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    Add(Json),
    Replace(Json),
    Remove,
}

/// A document, and all that was changed in it.
#[derive(Debug)]
pub(super) struct Edited {
    pub(super) json: Json,
    changes: Vec<(String, Change)>,
}

impl Edited {
    pub(super) fn new(json: Json) -> Self {
        Self { json, changes: Vec::new() }
    }

    pub(super) fn is_changed(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Adds a member at the end of its object, or an element in front of the one that is there.
    pub(super) fn add(&mut self, pointer: &str, value: Json) {
        self.change(pointer, Change::Add(value));
    }

    pub(super) fn replace(&mut self, pointer: &str, value: Json) {
        self.change(pointer, Change::Replace(value));
    }

    pub(super) fn remove(&mut self, pointer: &str) {
        self.change(pointer, Change::Remove);
    }

    /// Takes down a change, if it is one that can be made.
    fn change(&mut self, pointer: &str, change: Change) {
        if apply(&mut self.json, pointer, &change).is_some() {
            self.changes.push((pointer.to_owned(), change));
        }
    }

    /// All changes as a JSON Patch.
    pub(super) fn patch(&self) -> String {
        let operations = self.changes.iter().map(|(pointer, change)| {
            let (name, value) = match change {
                Change::Add(value) => ("add", Some(value)),
                Change::Replace(value) => ("replace", Some(value)),
                Change::Remove => ("remove", None),
            };
            let mut members =
                vec![("op".to_owned(), Json::text(name)), ("path".to_owned(), Json::text(pointer.as_str()))];
            members.extend(value.map(|value| ("value".to_owned(), value.clone())));
            Json::Object(members)
        });
        Json::Array(operations.collect()).pretty()
    }
}

fn apply(json: &mut Json, pointer: &str, change: &Change) -> Option<()> {
    let (parent, last) = pointer.rsplit_once('/')?;
    match (json.at_mut(parent)?, change) {
        (Json::Object(members), change) => {
            let name = unescaped(last);
            let place = members.iter().position(|(key, _)| *key == name);
            match (place, change) {
                (None, Change::Add(value)) => members.push((name, value.clone())),
                (Some(place), Change::Add(value) | Change::Replace(value)) => {
                    members[place].1 = value.clone();
                }
                (Some(place), Change::Remove) => drop(members.remove(place)),
                _ => return None,
            }
        }
        (Json::Array(elements), change) => {
            let place = if last == "-" { elements.len() } else { last.parse().ok()? };
            match change {
                Change::Add(value) if place <= elements.len() => elements.insert(place, value.clone()),
                Change::Replace(value) => *elements.get_mut(place)? = value.clone(),
                Change::Remove if place < elements.len() => drop(elements.remove(place)),
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(())
}
