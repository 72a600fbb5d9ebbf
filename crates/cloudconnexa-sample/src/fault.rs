//! Faults: how an event is broken where the options ask for invalid ones.

use cloudconnexa_validator::catalog::{FieldSpec, Kind};

use crate::random::Random;
use crate::writer::{Scope, Writer};

/// A fault in one required field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// The object that the field belongs to, and the index of the field in it.
    pub(crate) location: (Scope, usize),
    kind: FaultKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FaultKind {
    Missing,
    Type,
    /// Of the right type, but not in its format or not within its bounds.
    Content,
    /// Not JSON.
    Syntax,
}

impl Fault {
    /// Picks a fault in one of the `required` fields; `None` if there are none.
    pub(crate) fn pick(random: &mut Random, required: &[(Scope, usize)]) -> Option<Self> {
        let location = *required.get(random.index(required.len()))?;
        let kinds =
            [(FaultKind::Missing, 3), (FaultKind::Type, 3), (FaultKind::Content, 3), (FaultKind::Syntax, 1)];
        Some(Self { location, kind: *random.weighted(&kinds) })
    }

    pub(crate) fn is_absence(self) -> bool {
        self.kind == FaultKind::Missing
    }
}

/// Writes a value that the schema refuses for `field`.
pub(crate) fn break_value(fault: Fault, field: &FieldSpec, writer: &mut Writer<'_>) {
    let is_text = !matches!(field.kind, Kind::Boolean | Kind::Integer { .. });
    writer.raw(match (fault.kind, field.kind) {
        (FaultKind::Syntax, _) => "undefined",
        (FaultKind::Content, Kind::Format { .. } | Kind::Constant(_)) => "\"n/a\"",
        (FaultKind::Content, Kind::Integer { .. }) => "-1",
        _ if is_text => "404",
        _ => "\"none\"",
    });
}
