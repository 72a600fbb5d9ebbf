//! The input and the result of a rule about one record.

use super::fields::{Field, Fields};
use crate::instant::Micros;

/// The event that a rule checks, and the time.
pub(crate) struct Context<'a> {
    pub(crate) fields: &'a Fields<'a>,
    /// The name of the event, if the schema describes it; else empty.
    pub(crate) event: &'static str,
    /// The current time, if known.
    pub(crate) now: Option<Micros>,
}

/// A value that a rule objects to.
pub(crate) struct Hit<T> {
    pub(crate) field: Field,
    pub(crate) detail: T,
}

impl<T> Hit<T> {
    #[expect(clippy::unnecessary_wraps, reason = "as every rule returns it")]
    pub(crate) fn new(field: Field, detail: T) -> Option<Self> {
        Some(Self { field, detail })
    }

    /// Converts the detail of one rule to that of any.
    pub(crate) fn of<U: From<T>>(self) -> Hit<U> {
        Hit { field: self.field, detail: self.detail.into() }
    }
}
