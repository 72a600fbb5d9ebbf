//! Edits of schemas, and the events of the corpus.

#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::path::{Path, PathBuf};

use cloudconnexa_schema::Json;
use serde_json::Value;

/// Returns our schema after an edit.
pub(crate) fn edited(edit: impl FnOnce(&mut Json)) -> String {
    let mut schema = Json::parse(cloudconnexa_events::SCHEMA).unwrap();
    edit(&mut schema);
    schema.to_pretty_string()
}

pub(crate) fn at<'a>(schema: &'a mut Json, pointer: &str) -> &'a mut Json {
    schema.pointer_mut(pointer).unwrap_or_else(|| panic!("the schema has no {pointer}"))
}

/// Sets a member, at its place if there is one.
pub(crate) fn set(schema: &mut Json, pointer: &str, key: &str, value: Json) {
    let Json::Object(members) = at(schema, pointer) else { panic!("{pointer} is no object") };
    match members.iter_mut().find(|(name, _)| name == key) {
        Some((_, old)) => *old = value,
        None => members.push((key.to_owned(), value)),
    }
}

pub(crate) fn remove(schema: &mut Json, pointer: &str, key: &str) {
    let Json::Object(members) = at(schema, pointer) else { panic!("{pointer} is no object") };
    members.retain(|(name, _)| name != key);
}

pub(crate) fn json(text: &str) -> Json {
    Json::parse(text).unwrap()
}

pub(crate) fn push(schema: &mut Json, pointer: &str, value: Json) {
    let Json::Array(elements) = at(schema, pointer) else { panic!("{pointer} is no array") };
    elements.push(value);
}

/// Takes a name off a list.
pub(crate) fn drop_name(schema: &mut Json, pointer: &str, name: &str) {
    let Json::Array(elements) = at(schema, pointer) else { panic!("{pointer} is no array") };
    elements.retain(|element| element.as_str() != Some(name));
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Returns the valid events of the corpus.
pub(crate) fn corpus() -> Vec<Value> {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/valid"), &mut found);
    let texts = found.iter().filter_map(|path| fs::read_to_string(path).ok());
    let events: Vec<Value> = texts.filter_map(|text| serde_json::from_str(&text).ok()).collect();
    assert!(events.len() > 30, "{}", events.len());
    events
}
