//! Compares what decides about nothing: descriptions, examples and other annotations.

use cloudconnexa_schema::{Json, pointer};

use super::{Change, Detail};
use crate::inline::is_annotation;
use crate::rules::DESCRIPTION_CHANGED;
use crate::shape::{Object, Place, Shape};

/// Annotations that are compared elsewhere, or that have to differ.
const ELSEWHERE: &[&str] = &["$id", "$schema", "$defs", "x-known-values"];

pub(super) fn of_root(old: &Shape, new: &Shape, changes: &mut Vec<Change>) {
    compare(None, None, (old, ""), (new, ""), changes);
}

pub(super) fn of_event(old: &Shape, new: &Shape, event: &str, at: (&str, &str), changes: &mut Vec<Change>) {
    compare(Some(event), None, (old, at.0), (new, at.1), changes);
}

/// Compares the annotations of the definitions that describe an object.
pub(super) fn of_objects(
    event: Option<&str>,
    place: Place,
    old: &Object<'_>,
    new: &Object<'_>,
    changes: &mut Vec<Change>,
) {
    for (after, new_at) in new.parts.iter().filter(|(_, at)| at.starts_with("/$defs/")) {
        if let Some((before, old_at)) = old.parts.iter().find(|(_, at)| at == new_at) {
            nodes(event, Some((place, "")), (before, old_at), (after, new_at), changes);
        }
    }
}

/// Compares the annotations of two nodes of a field.
pub(super) fn of_nodes(
    event: Option<&str>,
    field: (Place, &str),
    old: (&Shape, &str),
    new: (&Shape, &str),
    changes: &mut Vec<Change>,
) {
    compare(event, Some(field), old, new, changes);
}

fn compare(
    event: Option<&str>,
    field: Option<(Place, &str)>,
    (old, old_at): (&Shape, &str),
    (new, new_at): (&Shape, &str),
    changes: &mut Vec<Change>,
) {
    if let (Some(before), Some(after)) =
        (old.document.root().pointer(old_at), new.document.root().pointer(new_at))
    {
        nodes(event, field, (before, old_at), (after, new_at), changes);
    }
}

fn nodes(
    event: Option<&str>,
    field: Option<(Place, &str)>,
    (before, old_at): (&Json, &str),
    (after, new_at): (&Json, &str),
    changes: &mut Vec<Change>,
) {
    let mut push = |keyword: &str, old_at: String, new_at: String| {
        let label = if before.get(keyword).is_none() { "added" } else { "changed" };
        let change = Change::new(&DESCRIPTION_CHANGED, event).at(Some(old_at), Some(new_at));
        let mut change = change.with(Detail::Keyword(keyword.to_owned()), label);
        change.field = field.map(|(place, name)| (place, name.to_owned()));
        changes.push(change);
    };
    let mut seen: Vec<&str> = Vec::new();
    for (keyword, _) in after.members().iter().chain(before.members()) {
        let is_compared = is_annotation(keyword) && !ELSEWHERE.contains(&keyword.as_str());
        if !is_compared || seen.contains(&keyword.as_str()) || before.get(keyword) == after.get(keyword) {
            continue;
        }
        seen.push(keyword);
        let place = |node: &Json, at: &str| {
            if node.get(keyword).is_some() { pointer::child(at, keyword) } else { at.to_owned() }
        };
        push(keyword, place(before, old_at), place(after, new_at));
    }
    // The texts of alternatives, which are the same if they accept the same.
    let alternatives = |node: &Json| -> Vec<(Vec<(String, Json)>, usize)> {
        let branches = node.get("anyOf").map_or(&[][..], Json::elements).iter().enumerate();
        branches.map(|(index, branch)| (members(branch, |keyword| !is_annotation(keyword)), index)).collect()
    };
    let old_alternatives = alternatives(before);
    for (condition, new_index) in alternatives(after) {
        let Some((_, old_index)) = old_alternatives.iter().find(|(known, _)| *known == condition) else {
            continue;
        };
        let at = |index: usize| format!("/anyOf/{index}");
        let (old_branch, new_branch) = (before.pointer(&at(*old_index)), after.pointer(&at(new_index)));
        let texts = |node: Option<&Json>| node.map(|node| members(node, is_annotation));
        if texts(old_branch) != texts(new_branch) {
            let (old_at, new_at) =
                (format!("{old_at}{}", at(*old_index)), format!("{new_at}{}", at(new_index)));
            push("description", old_at, new_at);
        }
    }
}

/// Returns the members of a node with certain keywords.
fn members(node: &Json, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, Json)> {
    node.members().iter().filter(|(keyword, _)| is_wanted(keyword)).cloned().collect()
}
