//! How an event of a sample is broken where the user asks for invalid ones.

use cloudconnexa_validator::catalog::{FieldSpec, Kind};

use crate::fields::Pen;
use crate::random::Random;

/// What is wrong with one required field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// Whether the field is in `log`, and which of its object it is.
    pub(crate) place: (bool, usize),
    kind: FaultKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FaultKind {
    Missing,
    Type,
    /// Not in its format, or beyond its bounds.
    Content,
    /// No JSON.
    Syntax,
}

impl Fault {
    /// Any fault in one of the `required` fields.
    pub(crate) fn any(random: &mut Random, required: &[(bool, usize)]) -> Option<Self> {
        let place = *required.get(random.index(required.len()))?;
        let kinds =
            [(FaultKind::Missing, 3), (FaultKind::Type, 3), (FaultKind::Content, 3), (FaultKind::Syntax, 1)];
        Some(Self { place, kind: *random.weighted(&kinds) })
    }

    pub(crate) fn is_absence(self) -> bool {
        self.kind == FaultKind::Missing
    }
}

/// Writes something in the place of a value that the schema refuses.
pub(crate) fn break_value(fault: Fault, field: &FieldSpec, pen: &mut Pen<'_>) {
    let is_text = !matches!(field.kind, Kind::Boolean | Kind::Integer { .. });
    pen.raw(match (fault.kind, field.kind) {
        (FaultKind::Syntax, _) => "undefined",
        (FaultKind::Content, Kind::Format { .. } | Kind::Constant(_)) => "\"n/a\"",
        (FaultKind::Content, Kind::Integer { .. }) => "-1",
        _ if is_text => "404",
        _ => "\"none\"",
    });
}
