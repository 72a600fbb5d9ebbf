//! Parses records into tapes of a bounded size.

#[cfg(test)]
mod tests;

use cloudconnexa_tape::{Fault, Tape};

use crate::catalog;

/// Beyond this many values, only the fields that the schema describes get entries: it looks at nothing else, and there can be
/// millions of other values. It is far beyond what events have, and they take 5 MiB.
const MAX_ENTRIES: usize = 1 << 18;

/// Parses a record of less than 4 GiB.
pub(crate) fn parse(record: &str) -> Result<Tape<'_>, Fault> {
    Tape::parse_partly(record, MAX_ENTRIES, catalog::has_field)
}
