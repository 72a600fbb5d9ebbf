//! Recognizes events whose fields are named in another style, and gives them back the names of the schema.

use std::ops::Range;

use cloudconnexa_tape::{Index, Tape};

use super::names;
use crate::catalog::{self, EventSpec};
use crate::rules::renamed_fields::RenamedFields;

/// One field may have another name by mistake. So many are the work of a tool.
const MIN_RENAMED: usize = 4;

/// The fields of a record that have another name than in the schema.
#[derive(Debug)]
pub(crate) struct Renaming {
    pub(crate) style: RenamedFields,
    /// The keys, in the order of the text.
    keys: Vec<RenamedKey>,
}

#[derive(Debug)]
struct RenamedKey {
    /// Where it is, quotes included.
    range: Range<usize>,
    written: String,
    name: &'static str,
    is_in_log: bool,
}

impl Renaming {
    /// Returns the fields that are named in another style, if most are.
    pub(crate) fn of(tape: &Tape<'_>) -> Option<Self> {
        let mut keys = Vec::new();
        let mut kept = collect(tape, Index::ROOT, names::in_header, &mut keys);
        let event = event(tape, &keys);
        let log = keys.iter().find(|key| key.name == "log").map_or("log", |key| &*key.written).to_owned();
        if let (Some(EventSpec { log: Some(_), name, .. }), Some(log)) =
            (event, tape.field(Index::ROOT, &log))
        {
            let from = keys.len();
            kept += collect(tape, log, |written| names::in_log(name, written), &mut keys);
            keys[from..].iter_mut().for_each(|key| key.is_in_log = true);
        }
        let is_style = keys.len() >= MIN_RENAMED && keys.len() > kept;
        keys.sort_by_key(|key| key.range.start);
        is_style.then(|| Self { style: style(&keys), keys })
    }

    /// Returns the record with the names of the schema.
    pub(crate) fn restore(&self, record: &str) -> String {
        let mut text = String::with_capacity(record.len());
        let mut done = 0;
        for key in &self.keys {
            text.push_str(&record[done..key.range.start]);
            text.extend(["\"", key.name, "\""]);
            done = key.range.end;
        }
        text.push_str(&record[done..]);
        text
    }

    /// Returns where a byte of the restored record is in the original one.
    pub(crate) fn original(&self, offset: usize) -> usize {
        let (mut restored, mut original) = (0, 0);
        for key in &self.keys {
            let start = restored + (key.range.start - original);
            if offset <= start {
                break;
            }
            let end = start + key.name.len() + 2;
            if offset < end {
                return key.range.start + (offset - start).min(key.range.len());
            }
            (restored, original) = (end, key.range.end);
        }
        original + (offset - restored)
    }

    /// Returns the pointer in the original record for one in the restored record.
    pub(crate) fn original_pointer(&self, pointer: &str) -> String {
        let mut parts = pointer.split('/').skip(1);
        let (first, second) = (parts.next(), parts.next());
        let mut original = String::new();
        let mut push = |part: Option<&str>, is_in_log| {
            let Some(part) = part else { return };
            let known = self.keys.iter().find(|key| key.is_in_log == is_in_log && key.name == part);
            original.push('/');
            original.push_str(
                &known
                    .map_or_else(|| part.to_owned(), |key| key.written.replace('~', "~0").replace('/', "~1")),
            );
        };
        push(first, false);
        push(second, first == Some("log"));
        parts.for_each(|part| original.extend(["/", part]));
        original
    }
}

/// Adds the keys of an object that have another name, and returns how many have the name of the schema although others would
/// not.
fn collect(
    tape: &Tape<'_>,
    object: Index,
    known: impl Fn(&str) -> Option<&'static str>,
    keys: &mut Vec<RenamedKey>,
) -> usize {
    let (mut kept, from) = (0, keys.len());
    // A repeated field is repeated under its restored name, too.
    for (key, _) in tape.all_members(object) {
        let Some(written) = tape.string(key) else { continue };
        let Some(name) = known(&written) else { continue };
        if name != written {
            let is_other = |key: &RenamedKey| key.name == name && key.written != written;
            let is_there = tape.field(object, name).is_some() || keys[from..].iter().any(is_other);
            if !is_there {
                let (range, written) = (tape.range(key), written.into_owned());
                keys.push(RenamedKey { range, written, name, is_in_log: false });
            }
        } else if name.contains(|letter: char| letter.is_ascii_uppercase()) {
            kept += 1;
        }
    }
    kept
}

/// Returns the event that a record is about, under whatever name it says so.
fn event(tape: &Tape<'_>, keys: &[RenamedKey]) -> Option<&'static EventSpec> {
    let written = keys.iter().find(|key| key.name == "eventName").map_or("eventName", |key| &*key.written);
    let value = tape.field(Index::ROOT, written)?;
    catalog::event(&tape.string(value)?)
}

/// Returns the style that all of the keys have.
fn style(keys: &[RenamedKey]) -> RenamedFields {
    let all = |is: fn(&str) -> bool| keys.iter().all(|key| is(&key.written));
    let any = |is: fn(&str) -> bool| keys.iter().any(|key| is(&key.written));
    if any(|name| name.contains('_')) && all(|name| !name.contains('-')) {
        RenamedFields::SnakeCase
    } else if any(|name| name.contains('-')) {
        RenamedFields::KebabCase
    } else if all(|name| !name.contains(|letter: char| letter.is_ascii_uppercase())) {
        RenamedFields::LowerCase
    } else if all(|name| !name.contains(|letter: char| letter.is_ascii_lowercase())) {
        RenamedFields::UpperCase
    } else if all(|name| name.starts_with(|first: char| first.is_ascii_uppercase())) {
        RenamedFields::PascalCase
    } else {
        RenamedFields::Mixed
    }
}

/// Gives the fields of an event, which has one per line, other names.
#[cfg(test)]
pub(crate) fn renamed_keys(event: &str, rename: impl Fn(&str) -> String) -> String {
    let lines = event.lines().map(|line| {
        match line.split_once('"').and_then(|(indent, rest)| Some((indent, rest.split_once("\":")?))) {
            Some((indent, (name, rest))) => format!("{indent}\"{}\":{rest}\n", rename(name)),
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}
