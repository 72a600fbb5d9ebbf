//! Makes the outline of a record by parsing it.

use super::fields::{Head, Slot};
use crate::catalog::{self, FieldSpec};
use crate::fast::names::NONE;
use crate::scope::Scope;
use crate::tape;
use cloudconnexa_tape::{Index, Tape, Type};

/// Fills `slots` with the fields of `record`. Returns `None` unless it is a well-formed object.
pub(crate) fn parse(record: &[u8], slots: &mut Vec<Slot>) -> Option<Head> {
    slots.clear();
    u32::try_from(record.len()).ok()?;
    let tape = tape::parse(str::from_utf8(record).ok()?).ok()?;
    if tape.type_of(Index::ROOT) != Type::Object {
        return None;
    }
    let name = tape.field(Index::ROOT, "eventName").filter(|value| tape.type_of(*value) == Type::String);
    let event = name.and_then(|name| catalog::event(&tape.string(name)?));
    let log = tape.field(Index::ROOT, "log");
    for (key, value) in tape.all_members(Index::ROOT) {
        if Some(value) == log
            && let Some(fields) = event.and_then(|event| event.log)
        {
            for (key, value) in tape.all_members(value) {
                let index = index(&tape, key, fields, &[]);
                slots.push(slot(&tape, Scope::Log, index, key, value));
            }
        }
        let index = index(&tape, key, catalog::HEADER, &["eventName", "log"]);
        slots.push(slot(&tape, Scope::Header, index, key, value));
    }
    Some(Head { event, name: name.map(|name| tape.range(name)) })
}

fn index(tape: &Tape<'_>, key: Index, fields: &[FieldSpec], others: &[&str]) -> u8 {
    let names = fields.iter().map(|field| field.name).chain(others.iter().copied());
    let index = names.into_iter().position(|name| tape.is_string(key, name));
    index.and_then(|index| u8::try_from(index).ok()).unwrap_or(NONE)
}

fn slot(tape: &Tape<'_>, scope: Scope, index: u8, key: Index, value: Index) -> Slot {
    let offset = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let (key, value) = (tape.range(key), tape.range(value));
    Slot {
        scope,
        index,
        key: offset(key.start),
        key_end: offset(key.end),
        value: offset(value.start),
        end: offset(value.end),
    }
}
