//! Recognizes JSON records of other sources.

use cloudconnexa_tape::{Index, Tape, Type};

use super::names;
use crate::rules::not_an_event::NotAnEvent;

/// An event has at least this many fields of the header, however one field of it may be broken.
const MIN_HEADER_FIELDS: usize = 3;

/// Arrays that hold the records of other sources.
const ARRAYS: &[&str] = &["Records", "content", "items", "data", "results", "sessions", "auditLogs", "value"];

/// Sets of fields that only records of one kind have, in an object.
const SIGNATURES: &[(&[&str], NotAnEvent)] = &[
    (&["eventVersion", "eventSource", "eventName"], NotAnEvent::CloudTrail),
    (&["eventSource", "s3"], NotAnEvent::ObjectNotification),
    (&["Type", "TopicArn", "Message"], NotAnEvent::ObjectNotification),
    (&["rawData", "attemptsMade"], NotAnEvent::FirehoseFailure),
    (&["rawData", "errorCode"], NotAnEvent::FirehoseFailure),
    (&["sessionId", "startDateTime"], NotAnEvent::ApiSession),
    (&["sessionId", "endDateTime"], NotAnEvent::ApiSession),
    (&["operation", "entityType"], NotAnEvent::ApiAuditLog),
    (&["action", "entityType"], NotAnEvent::ApiAuditLog),
];

/// Returns whether a record lacks what says that it is an event, so that one may be inside.
pub(crate) fn is_unlike_event(tape: &Tape<'_>) -> bool {
    let has = |name| tape.field(Index::ROOT, name).is_some();
    !has("CloudConnexaLogVersion") || !has("eventName")
}

/// Returns the kind of a record that is not an event; `None` if it may be one.
pub(crate) fn other_record(tape: &Tape<'_>) -> Option<NotAnEvent> {
    if tape.type_of(Index::ROOT) != Type::Object {
        return None;
    }
    let mut known = 0;
    let (mut is_named, mut fields) = (false, 0);
    for (key, _) in tape.members(Index::ROOT) {
        fields += 1;
        let Some(name) = tape.string(key).and_then(|name| names::in_header(&name)) else { continue };
        known += 1;
        match name {
            "CloudConnexaLogVersion" => return None,
            "eventName" => is_named = true,
            _ => {}
        }
    }
    // An object without any field says nothing of where it came from.
    if fields == 0 || known >= MIN_HEADER_FIELDS {
        return None;
    }
    let kind = signature(tape, Index::ROOT).or_else(|| {
        let in_array = |name: &&str| tape.elements(tape.field(Index::ROOT, name)?).next();
        ARRAYS.iter().find_map(in_array).and_then(|element| signature(tape, element))
    });
    let is_unnamed = !is_named;
    kind.or_else(|| (is_unnamed && is_bulk_action(tape)).then_some(NotAnEvent::BulkAction))
        .or_else(|| is_unnamed.then_some(NotAnEvent::Unknown))
}

fn signature(tape: &Tape<'_>, object: Index) -> Option<NotAnEvent> {
    let has = |name: &&str| tape.field(object, name).is_some();
    SIGNATURES.iter().find(|(fields, _)| fields.iter().all(has)).map(|(_, kind)| *kind)
}

/// Returns whether the record is a line between the documents of Elasticsearch's bulk format.
fn is_bulk_action(tape: &Tape<'_>) -> bool {
    let mut members = tape.members(Index::ROOT);
    let (Some((key, value)), None) = (members.next(), members.next()) else { return false };
    let is_action = ["index", "create"].iter().any(|name| tape.is_string(key, name));
    let mut fields = tape.members(value);
    is_action
        && tape.type_of(value) == Type::Object
        && fields.all(|(key, _)| tape.string(key).is_some_and(|name| name.starts_with('_')))
}
