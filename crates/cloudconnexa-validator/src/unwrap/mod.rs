//! Events inside other records: as text in the field of a shipper, in an array of a larger document, after a time on each
//! line.
//!
//! Between the vendor and the reader of logs there is often a tool that wraps events into records of its own. [`detect`]
//! finds out whether a record is such a wrapper, and how to get at the events; an [`Unwrapper`] gets at them.
//!
//! ```
//! use cloudconnexa_validator::unwrap::detect;
//!
//! let event = r#"{"CloudConnexaLogVersion":1,"eventName":"test-message"}"#;
//! assert!(detect(event.as_bytes()).is_none());
//!
//! let record = format!(r#"{{"Records": [{event}, {event}]}}"#);
//! let wrapping = detect(record.as_bytes()).unwrap();
//! assert_eq!(wrapping.events(), 2);
//! assert_eq!(wrapping.pointer(), "/Records/*");
//! assert_eq!(wrapping.option(), "--unwrap=Records");
//! assert_eq!(wrapping.command().as_deref(), Some("jq -c '.Records[]'"));
//! ```
//!
//! Time and memory are proportional to the record: it is looked into up to 12 levels deep, with texts in texts up to 4.

mod follow;
mod layers;
mod likeness;
mod path;
mod place;
mod scan;
mod search;
#[cfg(test)]
mod tests;
mod text;
mod unwrapped;

pub use path::PathError;
pub use unwrapped::{Part, Unwrapped, Unwrapper};

use place::Step;
use search::Search;

/// How the events are written that a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// As JSON text in a string.
    Text,
    /// As objects.
    Object,
    /// After other text, which starts the line.
    AfterText,
}

/// How a record wraps events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapping {
    steps: Vec<Step>,
    events: usize,
    has_other_places: bool,
}

/// Finds events inside a record. Returns `None` for one that is an event itself, even if it is broken, and for one that holds
/// none.
#[must_use]
pub fn detect(record: &[u8]) -> Option<Wrapping> {
    u32::try_from(record.len()).ok()?;
    let Search { mut places, hits, .. } = Search::of(str::from_utf8(record).ok()?);
    let events = |place: usize| hits.iter().filter(|hit| hit.place == Some(place)).count();
    // Of several, the place with the most events; the first of those.
    let (place, most) =
        (0..places.len()).map(|place| (place, events(place))).rev().max_by_key(|found| found.1)?;
    let steps = places.swap_remove(place);
    let events = hits.iter().filter(|hit| hit.is_event).count();
    (!steps.is_empty()).then_some(Wrapping { steps, events, has_other_places: events > most })
}

impl Wrapping {
    /// How the events are written.
    #[must_use]
    pub fn form(&self) -> Form {
        match self.steps.last() {
            Some(Step::AfterText) if self.steps.len() == 1 => Form::AfterText,
            Some(Step::Text | Step::Lines | Step::AfterText) => Form::Text,
            _ if self.steps.contains(&Step::Text) => Form::Text,
            _ => Form::Object,
        }
    }

    /// How many events the record holds.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// The JSON Pointer to the events, with `*` for each element of an array. What is inside a text has the pointer of the
    /// string and goes on from there. Empty if the record as a whole is the text.
    #[must_use]
    pub fn pointer(&self) -> String {
        place::pointer(&self.steps)
    }

    /// The option with which `ccxlog` reads the events.
    #[must_use]
    pub fn option(&self) -> String {
        if self.has_other_places {
            return "--unwrap".to_owned();
        }
        let pointer = || Some(self.pointer()).filter(|pointer| place::is_printable(pointer));
        let has_index = self.steps.iter().any(|step| matches!(step, Step::Index(_)));
        let place = place::dotted(&self.steps).or_else(|| has_index.then(pointer)?);
        place.map_or_else(|| "--unwrap".to_owned(), |place| format!("--unwrap={place}"))
    }

    /// The shell command that prints the events without `ccxlog`, to which the name of the file is added. `None` if the name
    /// of a field is too odd to be part of a command.
    #[must_use]
    pub fn command(&self) -> Option<String> {
        place::command(&self.steps)
    }
}
