//! Where the bytes of a checked record come from: the input itself, or a record of it that wraps them.

use std::ops::Range;

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::semantics::StreamEvent;
use cloudconnexa_validator::unwrap::Part;
use cloudconnexa_validator::{Finding, Position, Span};

/// Where the bytes of a record come from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin<'a> {
    /// The input has them as they are.
    Input,
    /// They are a part of a record of the input, or decoded from one.
    Wrapped { outer: Record<'a>, part: Part<'a> },
}

impl Origin<'_> {
    /// The position to check `record` at. What is found has to be relocated.
    pub(super) fn check_position(&self, record: &Record<'_>) -> Position {
        match self {
            Self::Input => record.at,
            Self::Wrapped { part, .. } => part.check_position(),
        }
    }

    /// Makes the positions of a finding those of the input.
    pub(super) fn relocate(&self, finding: &mut Finding) {
        if let Self::Wrapped { part, .. } = self {
            part.relocate(finding);
        }
    }

    /// Makes the positions of what rules about several records need those of the input.
    pub(super) fn relocated(&self, mut event: StreamEvent) -> StreamEvent {
        if let Self::Wrapped { part, .. } = self {
            part.relocate_event(&mut event);
        }
        event
    }

    /// Returns the span in the input of a range of `record`.
    pub(super) fn span(&self, record: &Record<'_>, range: Range<usize>) -> Span {
        match self {
            Self::Input => {
                let start = record.at.after(&record.bytes[..range.start]);
                Span { start, end: start.after(&record.bytes[range]) }
            }
            Self::Wrapped { part, .. } => part.span(range),
        }
    }

    /// Returns the record whose text people see: of an event that is decoded from a string, the record with the string.
    pub(super) fn shown<'r>(&self, record: Record<'r>) -> Record<'r>
    where
        Self: 'r,
    {
        match self {
            Self::Wrapped { outer, part } if !part.is_verbatim() => *outer,
            _ => record,
        }
    }

    /// Whether a record of the input wraps it.
    pub(crate) fn is_wrapped(&self) -> bool {
        matches!(self, Self::Wrapped { .. })
    }
}
