//! Elastic Common Schema: events as JSON, one per line, or as bulk requests.
//!
//! ```
//! use cloudconnexa_convert::ecs;
//! use cloudconnexa_validator::Validator;
//!
//! # let record = include_bytes!("../../../../tests/corpus/documented/client-disconnected-v1.json");
//! let validator = Validator::new();
//! let mut checker = validator.checker();
//!
//! let event = checker.view(record).expect("the record is valid");
//! let mut line = Vec::new();
//! ecs::write(&event, &mut line);
//!
//! let event: serde_json::Value = serde_json::from_slice(&line)?;
//! assert_eq!(event["event"]["duration"], 4_000_000_000_u64);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # What is written
//!
//! - Times are RFC 3339 in UTC, durations nanoseconds.
//! - `source` is the client or the start of a flow, `destination` the other end: `source.bytes` counts what the client sent.
//! - `event.original` is the record. What ECS has no field for is below `cloudconnexa`, in the shape of the event: unknown
//!   fields and the `log` of unknown events, too.
//! - Null, an empty text and the text `null` stand for no value, and are left out. Elasticsearch refuses a document with an
//!   empty address.

use cloudconnexa_validator::catalog::HEADER;
use cloudconnexa_validator::view::EventView;

use crate::generated::mappings::ECS;
use crate::mapping::{Absent, Writer};

/// Appends an event as a line of JSON.
pub fn write(event: &EventView<'_>, out: &mut Vec<u8>) {
    let Some(plan) = event.event_index().and_then(|index| ECS.get(index)).or(ECS.last()) else { return };
    // An event in ECS is about twice as long: it holds the record, and its values again.
    out.reserve(3 * event.record().len());
    let mut writer = Writer::start(plan, event, out);
    writer.leftovers("\"cloudconnexa\":{", Absent::Drop);
    writer.end();
}

/// Appends an event as two lines of a bulk request, which creates a document with the `traceId` as its `_id`.
///
/// A second request with the same event is refused with status 409 for it, so that no event is in the index twice. Distinct
/// events have distinct identifiers, whatever else they share.
pub fn write_bulk(event: &EventView<'_>, out: &mut Vec<u8>) {
    let trace_id = HEADER.iter().position(|field| field.name == "traceId");
    let trace_id = trace_id.and_then(|index| event.header_at(index));
    out.extend_from_slice(b"{\"create\":{");
    if let Some(trace_id) = trace_id {
        out.extend_from_slice(b"\"_id\":");
        out.extend_from_slice(trace_id.as_str().as_bytes());
    }
    out.extend_from_slice(b"}}\n");
    write(event, out);
}
