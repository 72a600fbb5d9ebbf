//! Which fields the rules beyond the schema judge, for documentation.

use super::fields::Field;

/// The fields that a rule reports, or compares with those that it reports.
#[derive(Debug)]
pub(crate) struct Judged {
    fields: &'static [Field],
    events: &'static [&'static str],
}

impl Judged {
    /// Makes it of fields in any event that has them.
    pub(crate) const fn fields(fields: &'static [Field]) -> Self {
        Self { fields, events: &[] }
    }

    /// Limits it to these events.
    pub(crate) const fn of_events(self, events: &'static [&'static str]) -> Self {
        Self { events, ..self }
    }

    /// Returns whether the field at this JSON Pointer of an event is among them.
    pub(crate) fn includes(&self, event: &str, pointer: &str) -> bool {
        (self.events.is_empty() || self.events.contains(&event))
            && self.fields.iter().any(|field| field.pointer() == pointer)
    }
}
