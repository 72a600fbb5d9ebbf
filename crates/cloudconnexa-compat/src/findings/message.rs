//! What has changed, in a sentence without an end.

use crate::changes::{Change, Detail};
use crate::findings::shown;
use crate::rules as rule;
use crate::shape::Place;

/// The most names in a sentence.
const MAX_NAMES: usize = 3;

/// Says what has changed; all of these changes are one in the text.
pub(super) fn of(changes: &[&Change]) -> String {
    let Some(first) = changes.first() else { return String::new() };
    let subject = subject(changes);
    let is = |one: &rule::ChangeRule| first.rule == one;
    let many = changes.len() > 1 && names(changes).len() > 1;
    let verb = |one: &'static str, several: &'static str| if many { several } else { one };
    match &first.detail {
        Detail::Required(required) if is(&rule::FIELD_ADDED) => {
            let how = if *required { "required" } else { "optional" };
            format!("{subject} {} new, and {how}", verb("is", "are"))
        }
        Detail::Required(_) => format!("{subject} {} no longer described", verb("is", "are")),
        Detail::Values { gained, lost } => {
            let takes = verb("takes", "take");
            match (gained.as_ref().map(shown), lost.as_ref().map(shown)) {
                (Some(gained), None) => format!("{subject} now also {takes} {gained}"),
                (None, Some(lost)) => format!("{subject} no longer {takes} {lost}"),
                (Some(gained), Some(lost)) => format!("{subject} now {takes} {gained}, and no longer {lost}"),
                (None, None) if is(&rule::REWRITTEN) => {
                    format!("{subject} {takes} the same values, written differently")
                }
                (None, None) => format!("{subject} {takes} other values"),
            }
        }
        Detail::Known(value) if is(&rule::VALUE_ADDED) => {
            format!("{} is now a known value of {subject}", shown(value))
        }
        Detail::Known(value) => format!("{} is no longer a known value of {subject}", shown(value)),
        Detail::Renamed(from, to) => format!("the Rust type of {subject} is `{to}`, and was `{from}`"),
        Detail::Keyword(keyword) => format!("`{keyword}` of {subject} has changed"),
        Detail::None if is(&rule::EVENT_ADDED) => format!("{subject} is new"),
        Detail::None if is(&rule::EVENT_REMOVED) => format!("{subject} is no longer described"),
        Detail::None if is(&rule::FIELD_REQUIRED) => {
            format!("{subject} {} required", verb("is now", "are now"))
        }
        Detail::None if is(&rule::FIELD_OPTIONAL) => format!("{subject} can now be absent"),
        Detail::None if is(&rule::LIST_CLOSED) => {
            format!("{subject} no longer {} values that are not listed", verb("takes", "take"))
        }
        Detail::None if is(&rule::LIST_OPENED) => {
            format!("{subject} now {} values that are not listed", verb("takes", "take"))
        }
        Detail::None if is(&rule::FIELDS_CLOSED) => {
            format!("{subject} no longer lets in fields that are not described")
        }
        Detail::None if is(&rule::FIELDS_OPENED) => {
            format!("{subject} now lets in fields that are not described")
        }
        Detail::None => format!("a condition on {subject} has changed"),
    }
}

/// The distinct names of fields.
fn names<'a>(changes: &[&'a Change]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for change in changes {
        if let Some((_, name)) = &change.field
            && !names.contains(&name.as_str())
        {
            names.push(name);
        }
    }
    names
}

fn subject(changes: &[&Change]) -> String {
    let names = names(changes);
    let events: Vec<&str> = changes.iter().filter_map(|change| change.event.as_deref()).collect();
    let place = changes.first().and_then(|change| change.field.as_ref()).map(|(place, _)| *place);
    match names[..] {
        [] | [""] => match (place, events.first()) {
            (Some(Place::Log), Some(event)) => format!("the `log` of `{event}`"),
            (Some(Place::Header), _) => "the header".to_owned(),
            (None, Some(event)) => format!("`{event}`"),
            _ => "the schema".to_owned(),
        },
        [name] => format!("`{name}`"),
        [ref shown @ .., last] if names.len() <= MAX_NAMES => {
            let shown: Vec<String> = shown.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and `{last}`", shown.join(", "))
        }
        _ => {
            let shown: Vec<String> =
                names.iter().take(MAX_NAMES - 1).map(|name| format!("`{name}`")).collect();
            format!("{} and {} other fields", shown.join(", "), names.len() + 1 - MAX_NAMES)
        }
    }
}
