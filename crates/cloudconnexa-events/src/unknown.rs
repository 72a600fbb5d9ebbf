//! Events that this version does not know.

use serde::Serialize;

use crate::builder::{BuildError, Draft, check_extra};
use crate::fields::{Fields, Scope};
use crate::generated::{EventBody, EventName};
use crate::parts::blank;

/// An event that this version does not know, with all its fields.
///
/// Audit events are an example: there are many of them, and none is documented. [`audit`](Self::audit) reads what is known
/// of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[non_exhaustive]
pub struct UnknownEvent {
    /// The name of the event.
    #[serde(rename = "eventName")]
    pub event_name: String,
    /// The fields of its `log`, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<Fields>,
}

impl UnknownEvent {
    /// Returns a builder of the event with this name.
    ///
    /// # Examples
    ///
    /// ```
    /// use cloudconnexa_events::{Event, EventName, UnknownEvent};
    ///
    /// let update = UnknownEvent::builder("access-group-updated")
    ///     .with_extra("operation", "UPDATE")
    ///     .with_extra("fields", [1, 2])
    ///     .build()?;
    /// let event = Event::new(Event::example(EventName::TestMessage).header, update)?;
    /// assert!(event.to_json().contains(r#""log":{"operation":"UPDATE","fields":[1,2]}"#));
    /// # Ok::<(), cloudconnexa_events::BuildError>(())
    /// ```
    pub fn builder(event_name: impl Into<String>) -> UnknownEventBuilder {
        UnknownEventBuilder {
            event_name: event_name.into(),
            draft: Draft::of(Scope::Log, &[], Fields::default()),
        }
    }

    pub(crate) fn check(&self) -> Result<(), BuildError> {
        if EventName::KNOWN.contains(&&*self.event_name) {
            return Err(BuildError::known_event(&self.event_name));
        }
        self.log.as_ref().map_or(Ok(()), |log| check_extra(log, Scope::Log, &[]))
    }
}

blank! {
    UnknownEvent = Self { event_name: String::new(), log: None };
}

impl From<UnknownEvent> for EventBody {
    fn from(event: UnknownEvent) -> Self {
        Self::Other(event)
    }
}

/// Builds an [`UnknownEvent`].
#[derive(Clone, Debug)]
#[must_use = "nothing is built before `build` is called"]
pub struct UnknownEventBuilder {
    event_name: String,
    draft: Draft,
}

impl UnknownEventBuilder {
    /// Adds a field to the `log` of the event, which has none otherwise.
    ///
    /// The value is written by `serde_json`. A name that was added before is an error of [`build`](Self::build).
    pub fn with_extra(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.draft.add(name.into(), &value);
        self
    }

    /// Returns the event.
    ///
    /// # Errors
    ///
    /// Returns the first thing that a method refused, or else that the schema knows an event of this name.
    pub fn build(self) -> Result<UnknownEvent, BuildError> {
        let log = self.draft.finish()?;
        let event = UnknownEvent { event_name: self.event_name, log: (!log.is_empty()).then_some(log) };
        event.check()?;
        Ok(event)
    }
}
