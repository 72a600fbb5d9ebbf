//! Recognizes what tools make of `log`.

use cloudconnexa_tape::{Index, Tape, Type};

use super::names;
use crate::catalog;
use crate::report::Subject;
use crate::rules::reshaped_log::ReshapedLog;

/// How tools join the names of nested fields. A longer one comes before its start.
const SEPARATORS: &[&str] = &["__", "_", ".", "/", ":", "-"];

/// The fewest fields that make a flattened object.
const MIN_FIELDS: usize = 2;

/// The fields of the `log` that Filebeat and others by the Elastic Common Schema write.
const FILEBEAT: &[&str] = &["offset", "file", "level", "logger", "origin", "source", "syslog", "flags"];

/// What PowerShell, JavaScript and Java print instead of an object.
const TYPE_NAMES: &[&str] = &["[object Object]", "Array", "java.util.", "Newtonsoft.Json."];

/// Returns what has become of the `log` of a record, and the value in its place.
pub(crate) fn reshaped_log(tape: &Tape<'_>, subject: &Subject) -> Option<(ReshapedLog, Index)> {
    let kind = match tape.field(Index::ROOT, "log") {
        Some(log) => (text(tape, log).or_else(|| filebeat(tape, log, subject))?, log),
        None => (flattened(tape)?, Index::ROOT),
    };
    Some(kind)
}

/// Returns whether a key is a field of a flattened `log`.
pub(crate) fn is_flattened(name: &str, kind: ReshapedLog) -> bool {
    matches!(kind, ReshapedLog::Flattened(separator) if inner_name(name, separator).is_some())
}

/// Returns what the string is that is in place of `log`.
fn text(tape: &Tape<'_>, log: Index) -> Option<ReshapedLog> {
    if tape.type_of(log) != Type::String {
        return None;
    }
    // The start says it all, and a string can be long.
    let raw = tape.raw(log);
    let end = (0..=raw.len().min(512)).rev().find(|&end| raw.is_char_boundary(end))?;
    let text: String = cloudconnexa_tape::characters(raw.get(1..end)?).take(256).collect();
    let text = text.trim_start();
    if text.starts_with("@{") || text.starts_with("System.") {
        return Some(ReshapedLog::PowerShellText);
    }
    if TYPE_NAMES.iter().any(|name| text.starts_with(name)) {
        return Some(ReshapedLog::TypeName);
    }
    let inside = text.strip_prefix('{')?.trim_start();
    let name_end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
    if inside.starts_with('"') {
        Some(ReshapedLog::JsonText)
    } else if inside.starts_with('\'') {
        Some(ReshapedLog::PythonText)
    } else {
        (name_end > 0 && inside[name_end..].starts_with('=')).then_some(ReshapedLog::MapText)
    }
}

/// Returns whether `log` is the object of Filebeat, and has nothing of the event's.
fn filebeat(tape: &Tape<'_>, log: Index, subject: &Subject) -> Option<ReshapedLog> {
    let Subject::Known(event) = subject else { return None };
    event.log?;
    let has_mark = tape.field(log, "file").is_some_and(|file| tape.type_of(file) == Type::Object);
    let mut fields = tape.members(log);
    let is_theirs = fields.all(|(key, _)| FILEBEAT.iter().any(|name| tape.is_string(key, name)));
    (has_mark && is_theirs).then_some(ReshapedLog::Filebeat)
}

/// Returns how the fields of `log` were joined with its name.
fn flattened(tape: &Tape<'_>) -> Option<ReshapedLog> {
    let keys = || tape.members(Index::ROOT).filter_map(|(key, _)| tape.string(key));
    let is_used = |separator: &&&str| {
        keys().filter(|name| inner_name(name, separator).is_some()).nth(MIN_FIELDS - 1).is_some()
    };
    SEPARATORS.iter().find(is_used).map(|separator| ReshapedLog::Flattened(separator))
}

/// Returns the name of a field within `log`, if a key is made of both.
fn inner_name<'a>(name: &'a str, separator: &str) -> Option<&'a str> {
    let inner = name.strip_prefix("log")?.strip_prefix(separator)?;
    let is_field = catalog::has_field(inner) || names::in_any_log(inner).is_some();
    is_field.then_some(inner)
}
