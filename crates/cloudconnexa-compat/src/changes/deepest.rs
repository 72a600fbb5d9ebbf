//! Finds the smallest part of two schemas in which they differ.

use cloudconnexa_schema::{Json, pointer};

use crate::inline::is_annotation;
use crate::shape::Shape;

/// The longest text of a value that is shown, in characters.
const MAX_SHOWN: usize = 40;

/// Returns the pointers to the smallest parts that differ below these two, and what the old one was.
pub(super) fn find((old, old_at): (&Shape, &str), (new, new_at): (&Shape, &str)) -> (String, String, String) {
    let (mut old_at, mut new_at) = (old_at.to_owned(), new_at.to_owned());
    loop {
        let nodes = (old.document.root().pointer(&old_at), new.document.root().pointer(&new_at));
        let (Some(before), Some(after)) = nodes else { return (old_at, new_at, "changed".to_owned()) };
        if let (Some(from), Some(to)) = (before.get("$ref"), after.get("$ref"))
            && from == to
            && let (Ok((_, from)), Ok((_, to))) = (
                old.definitions().follow(before, old_at.clone()),
                new.definitions().follow(after, new_at.clone()),
            )
            && (&from, &to) != (&old_at, &new_at)
        {
            (old_at, new_at) = (from, to);
            continue;
        }
        match step(before, after) {
            Step::Into(part) => {
                old_at = pointer::child(&old_at, &part);
                new_at = pointer::child(&new_at, &part);
            }
            Step::Gone(keyword, value) => {
                return (
                    pointer::child(&old_at, &keyword),
                    new_at,
                    format!("had `{keyword}`: {}", shown(&value)),
                );
            }
            Step::Came(keyword) => {
                let new_at = pointer::child(&new_at, &keyword);
                return (old_at, new_at, "added".to_owned());
            }
            Step::Here => {
                let label = match before {
                    Json::Object(_) => "changed".to_owned(),
                    value => format!("was {}", shown(value)),
                };
                return (old_at, new_at, label);
            }
        }
    }
}

enum Step {
    /// The only part that differs is this one, and both have it.
    Into(String),
    /// Only the old one has this keyword.
    Gone(String, Json),
    /// Only the new one has this keyword.
    Came(String),
    /// Several parts differ.
    Here,
}

fn step(before: &Json, after: &Json) -> Step {
    match (before, after) {
        (Json::Object(_), Json::Object(_)) => {
            let members = before.members().iter().chain(after.members());
            let mut keywords: Vec<&str> = Vec::new();
            for (keyword, _) in members {
                if !is_annotation(keyword)
                    && before.get(keyword) != after.get(keyword)
                    && !keywords.contains(&&**keyword)
                {
                    keywords.push(keyword);
                }
            }
            match keywords[..] {
                [keyword] => match (before.get(keyword), after.get(keyword)) {
                    (Some(value), None) => Step::Gone(keyword.to_owned(), value.clone()),
                    (None, Some(_)) => Step::Came(keyword.to_owned()),
                    _ => Step::Into(keyword.to_owned()),
                },
                _ => Step::Here,
            }
        }
        (Json::Array(old), Json::Array(new)) if old.len() == new.len() => {
            let mut differing = (0..old.len()).filter(|index| old[*index] != new[*index]);
            match (differing.next(), differing.next()) {
                (Some(index), None) if matches!(old[index], Json::Object(_)) => Step::Into(index.to_string()),
                _ => Step::Here,
            }
        }
        _ => Step::Here,
    }
}

/// Returns a value as JSON on one line, cut if it is long.
fn shown(value: &Json) -> String {
    let text = value.to_value().to_string();
    if text.chars().count() <= MAX_SHOWN {
        return text;
    }
    text.chars().take(MAX_SHOWN - 1).chain(['…']).collect()
}
