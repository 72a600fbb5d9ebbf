//! Rules that a schema can't say: whether the fields of a record agree with each other, and records with those before.
//!
//! [`Semantics`] looks at one record, [`Stream`] at one after another. What they find is no matter of the schema: a record
//! stays valid by it. None of these rules is applied unless somebody asks.
//!
//! ```
//! use cloudconnexa_validator::semantics::Semantics;
//! use cloudconnexa_validator::{Position, Validator};
//!
//! # let example = include_str!("../../../../tests/corpus/documented/client-disconnected-v1.json");
//! let record = example.replace("\"sessionDurationSeconds\": 4", "\"sessionDurationSeconds\": 4000");
//! let validator = Validator::new();
//! let mut checker = validator.checker();
//! let outline = checker.outline(record.as_bytes()).expect("it is an object");
//! let findings = Semantics::new(None).check(&outline, Position::START, |_| true);
//! assert_eq!(findings[0].rule().id, "session-duration-mismatch");
//! ```

pub(crate) mod address_mismatch;
pub(crate) mod clock_backwards;
pub(crate) mod duplicate_trace_id;
mod event;
pub(crate) mod event_time_mismatch;
mod fields;
pub(crate) mod impossible_rate;
pub(crate) mod port_zero;
pub(crate) mod session_duration_mismatch;
pub(crate) mod session_end_before_start;
pub(crate) mod session_ends_twice;
pub(crate) mod session_never_began;
pub(crate) mod session_never_ends;
mod stream;
pub(crate) mod time_before_service;
pub(crate) mod time_in_future;
pub(crate) mod tunnel_address;

pub use event::StreamEvent;
pub use stream::{Stream, StreamCounts, StreamFinding};

use std::cmp::Reverse;

use crate::finding::{Finding, Place};
use crate::outline::Outline;
use crate::position::{Position, Span, after_chunk};
use crate::rules::{Detail, Rule};
use fields::{Field, FieldLookup, Fields};

/// The rules about one record.
pub static RECORD_RULES: &[&Rule] = &[
    &session_end_before_start::RULE,
    &session_duration_mismatch::RULE,
    &event_time_mismatch::RULE,
    &address_mismatch::RULE,
    &port_zero::RULE,
    &impossible_rate::RULE,
    &time_in_future::RULE,
    &time_before_service::RULE,
    &tunnel_address::RULE,
];

/// The rules about several records.
pub static STREAM_RULES: &[&Rule] = &[
    &clock_backwards::RULE,
    &duplicate_trace_id::RULE,
    &session_ends_twice::RULE,
    &session_never_began::RULE,
    &session_never_ends::RULE,
];

/// Whether a rule is about one record.
#[must_use]
pub fn is_record_rule(rule: &'static Rule) -> bool {
    RECORD_RULES.iter().any(|known| std::ptr::eq(*known, rule))
}

/// Whether a rule is about several records.
#[must_use]
pub fn is_stream_rule(rule: &'static Rule) -> bool {
    STREAM_RULES.iter().any(|known| std::ptr::eq(*known, rule))
}

/// Looks at one record after the other, each for itself.
#[derive(Debug)]
pub struct Semantics {
    places: FieldLookup,
    now: Option<i64>,
}

/// What a rule is given.
struct Context<'a> {
    fields: &'a Fields<'a>,
    /// The name of the event, if the schema describes it.
    event: &'static str,
    /// The present, in microseconds since 1970, where it is known.
    now: Option<i64>,
}

/// A value that a rule has something against.
struct Breach {
    field: Field,
    detail: Detail,
}

/// What a rule says of a record. There is at most one breach of each: the first.
type Judge = fn(&Context<'_>) -> Option<Breach>;

/// Each rule, with what applies it.
static JUDGES: [(&Rule, Judge); 9] = [
    (&session_end_before_start::RULE, session_end_before_start::check),
    (&session_duration_mismatch::RULE, session_duration_mismatch::check),
    (&event_time_mismatch::RULE, event_time_mismatch::check),
    (&address_mismatch::RULE, address_mismatch::check),
    (&port_zero::RULE, port_zero::check),
    (&impossible_rate::RULE, impossible_rate::check),
    (&time_in_future::RULE, time_in_future::check),
    (&time_before_service::RULE, time_before_service::check),
    (&tunnel_address::RULE, tunnel_address::check),
];

impl Semantics {
    /// Looks at records with `now`, in microseconds since 1970, as the present: there is no clock here. Without it no time
    /// is in the future.
    #[must_use]
    pub fn new(now: Option<i64>) -> Self {
        Self { places: FieldLookup::new(), now }
    }

    /// What there is to say of a record whose first byte stands at `at`, in the order of the text; by the rules alone that
    /// somebody `wants`, who is asked only where there is something to say. Allocates nothing else.
    pub fn check(
        &self,
        outline: &Outline<'_>,
        at: Position,
        wants: impl Fn(&'static Rule) -> bool,
    ) -> Vec<Finding> {
        let fields = Fields::of(outline, &self.places);
        let event = outline.event().map_or("", |event| event.name);
        let context = Context { fields: &fields, event, now: self.now };
        let mut findings = Vec::new();
        for (rule, judge) in &JUDGES {
            if let Some(breach) = judge(&context)
                && wants(rule)
            {
                findings.push(breach.finding(&fields, at));
            }
        }
        findings.sort_by_key(|finding| (finding.span().start.offset, Reverse(finding.severity())));
        findings
    }
}

impl Breach {
    #[expect(clippy::unnecessary_wraps, reason = "as every judge gives it")]
    fn new(field: Field, detail: impl Into<Detail>) -> Option<Self> {
        Some(Self { field, detail: detail.into() })
    }

    fn finding(self, fields: &Fields<'_>, at: Position) -> Finding {
        let place = place(self.field, fields, at);
        Finding::new(place, self.detail)
    }
}

/// Where a field stands.
fn place(field: Field, fields: &Fields<'_>, at: Position) -> Place {
    let range = fields.range(field).unwrap_or(0..0);
    let record = fields.record();
    let start = after_chunk(at, &record[..range.start]);
    Place { pointer: field.pointer(), span: Span { start, end: after_chunk(start, &record[range]) } }
}

#[cfg(test)]
mod tests;
