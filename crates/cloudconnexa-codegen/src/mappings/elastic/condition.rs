//! Conditions of processors, in Painless. An empty one always holds.

use cloudconnexa_schema::Json;

use crate::mappings::emit::json;
use crate::mappings::model::{Condition, EventMapping, FieldRef, Scope};

/// Returns the path of a field of the record, which the pipeline parses below `cloudconnexa`.
pub(super) fn path(field: &FieldRef) -> String {
    let scope = if field.scope == Scope::Log { "log." } else { "" };
    format!("cloudconnexa.{scope}{}", field.name)
}

/// Returns the expression of a field that may be missing, with everything around it.
fn safe(path: &str) -> String {
    format!("ctx.{}", path.replace('.', "?."))
}

pub(super) fn exists(path: &str) -> String {
    format!("{} != null", safe(path))
}

pub(super) fn missing(path: &str) -> String {
    format!("{} == null", safe(path))
}

pub(super) fn is(path: &str, value: &str) -> String {
    format!("{} == {}", safe(path), quoted(value))
}

/// Joins conditions with `&&`.
pub(super) fn all(conditions: &[String]) -> String {
    let conditions: Vec<&str> =
        conditions.iter().map(String::as_str).filter(|condition| !condition.is_empty()).collect();
    conditions.join(" && ")
}

/// Joins conditions with `||`.
pub(super) fn any(conditions: &[String]) -> String {
    match conditions {
        [one] => one.clone(),
        conditions => format!("({})", conditions.join(" || ")),
    }
}

/// Returns the condition that an event is one of these, by index. The last of all is that of unknown ones.
pub(super) fn events(indices: &[usize], mappings: &[EventMapping]) -> String {
    let name = |mapping: &EventMapping, operator: &str| {
        mapping.name.as_ref().map(|name| format!("ctx.event?.action {operator} {}", quoted(name)))
    };
    let is_listed = |index: usize| indices.contains(&index);
    let has_others = is_listed(mappings.len() - 1);
    let listed = mappings.iter().enumerate().filter(|(index, _)| is_listed(*index) != has_others);
    if has_others {
        all(&listed.filter_map(|(_, mapping)| name(mapping, "!=")).collect::<Vec<_>>())
    } else {
        any(&listed.filter_map(|(_, mapping)| name(mapping, "==")).collect::<Vec<_>>())
    }
}

/// Returns the condition on fields of the record.
pub(super) fn when(conditions: &[Condition]) -> String {
    all(&conditions.iter().map(|condition| compare(condition, "==")).collect::<Vec<_>>())
}

/// Returns the condition that none of these holds.
pub(super) fn not(conditions: &[Condition]) -> String {
    all(&conditions.iter().map(|condition| compare(condition, "!=")).collect::<Vec<_>>())
}

fn compare(condition: &Condition, operator: &str) -> String {
    let field = safe(&path(&condition.field));
    let literal = |value: &Json| value.as_str().map_or_else(|| json(value), quoted);
    let values: Vec<String> =
        condition.values.iter().map(|value| format!("{field} {operator} {}", literal(value))).collect();
    if operator == "==" { any(&values) } else { all(&values) }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
