//! Recognizes records and texts that are not events as CloudConnexa writes them: what they are, and the way out.
//!
//! Only what is invalid gets here, so none of this costs anything for valid records. Each function looks at a bounded part of
//! a text, or once over the fields of a record.

mod log;
mod names;
mod other;
mod renamed;
mod text;

pub(crate) use log::{is_flattened, reshaped_log};
pub(crate) use other::{is_unlike_event, other_record};
pub(crate) use renamed::Renaming;
#[cfg(test)]
pub(crate) use renamed::renamed_keys;

use std::ops::Range;

use crate::rules::Detail;
use crate::rules::not_json::NotJson;
use crate::rules::wrapped_event::WrappedEvent;
use crate::unwrap;

/// What the text of an input is, if it is clearly not JSON.
///
/// The first lines of a text say what the others are: see [`Validator::check_within`](crate::Validator::check_within).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextKind(NotJson);

impl TextKind {
    /// Recognizes an input by its first bytes, of which 512 are enough; `None` if it may be JSON or could be anything.
    ///
    /// # Examples
    ///
    /// ```
    /// use cloudconnexa_validator::TextKind;
    ///
    /// assert!(TextKind::of_input(b"timestamp,eventName,cloudId\n").is_some());
    /// assert!(TextKind::of_input(b"{\"timestamp\": 1}\n").is_none());
    /// ```
    #[must_use]
    pub fn of_input(head: &[u8]) -> Option<Self> {
        text::text_kind(head).map(Self)
    }

    /// Returns whether a record that is not JSON is part of the text.
    pub(crate) fn covers(self, record: &[u8]) -> bool {
        // Pages have scripts. Between other lines, a broken event is still one.
        matches!(self.0, NotJson::Html | NotJson::Xml | NotJson::StorageError) || !record.starts_with(b"{")
    }

    pub(crate) fn detail(self) -> Detail {
        self.0.into()
    }
}

/// Returns the range of the line around `fault`, if it marks a merge conflict.
pub(crate) fn merge_conflict(record: &str, fault: usize) -> Option<Range<usize>> {
    text::conflict(record, fault)
}

/// Returns whether a record holds events. A time before each makes a line look like one of a log.
pub(crate) fn wrapped(record: &str) -> Option<Detail> {
    unwrap::detect(record.as_bytes()).map(|wrapping| WrappedEvent::from(wrapping).into())
}

/// Returns what a record is that is not JSON; `None` if it could be anything.
pub(crate) fn not_json(record: &str) -> Option<Detail> {
    text::notation(record).map(Detail::from).or_else(|| text::text_kind(record.as_bytes()).map(Detail::from))
}
