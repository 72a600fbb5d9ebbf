//! The rules about one record.

use std::cmp::Reverse;

use super::context::{Context, Hit};
use super::fields::{Field, FieldLookup, Fields};
use crate::describe::Location;
use crate::finding::Finding;
use crate::instant::Micros;
use crate::outline::Outline;
use crate::position::{Position, Span, after_chunk};
use crate::rule::Rule;
use crate::rules::{Detail, RECORD_CHECKS};

/// Checks records one by one, each on its own.
#[derive(Debug)]
pub struct Semantics {
    pub(super) lookup: FieldLookup,
    now: Option<Micros>,
}

impl Semantics {
    /// Creates a checker that takes `now`, in microseconds since 1970, for the current time: this crate reads no clock.
    /// Without it no time is in the future.
    #[must_use]
    pub fn new(now: Option<Micros>) -> Self {
        Self { lookup: FieldLookup::new(), now }
    }

    /// Checks a record whose first byte is at `at`, and returns the findings in the order of the text.
    ///
    /// Rules that `wants` declines report nothing. It is asked only about a rule that has something to report.
    pub fn check(
        &self,
        outline: &Outline<'_>,
        at: Position,
        wants: impl Fn(&'static Rule) -> bool,
    ) -> Vec<Finding> {
        let fields = Fields::of(outline, &self.lookup);
        let event = outline.event().map_or("", |event| event.name);
        let context = Context { fields: &fields, event, now: self.now };
        let mut findings = Vec::new();
        for (rule, check) in RECORD_CHECKS {
            if let Some(hit) = check(&context)
                && wants(rule)
            {
                findings.push(finding(hit, &fields, at));
            }
        }
        findings.sort_by_key(|finding| (finding.span().start.offset, Reverse(finding.severity())));
        findings
    }
}

fn finding(hit: Hit<Detail>, fields: &Fields<'_>, at: Position) -> Finding {
    Finding::new(location(hit.field, fields, at), hit.detail)
}

fn location(field: Field, fields: &Fields<'_>, at: Position) -> Location {
    let range = fields.range(field).unwrap_or(0..0);
    let record = fields.record();
    let start = after_chunk(at, &record[..range.start]);
    Location { pointer: field.pointer(), span: Span { start, end: after_chunk(start, &record[range]) } }
}
