//! Findings as text.

mod excerpt;
mod human;
pub(crate) mod style;
pub(crate) mod wrap;

pub(crate) use human::Human;

use cloudconnexa_validator::records::Record;

/// What a finding is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The input.
    pub(crate) input: &'a str,
    /// The record, unless it stands in none.
    pub(crate) record: Option<Record<'a>>,
    /// The name of the event, where it has one.
    pub(crate) event: Option<&'a str>,
}
