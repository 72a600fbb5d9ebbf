//! Documented examples as events, for tests.

use crate::event::Event;
use crate::generated::{EventBody, EventName};
use crate::unknown::UnknownEvent;

#[cfg(test)]
mod tests;

impl Event {
    /// Returns the vendor's documented example of this event, to test code that reads events.
    ///
    /// Change its fields, with [`Header::to_builder`](crate::Header::to_builder) and its like if the event has to stay valid.
    /// For a name that this version does not know, returns the test message under that name.
    ///
    /// # Examples
    ///
    /// ```
    /// use cloudconnexa_events::{Event, EventBody, EventName};
    ///
    /// let mut event = Event::example(EventName::ClientDisconnected);
    /// event.header.cloud_id = "acme".to_owned();
    /// if let EventBody::ClientDisconnected(log) = &mut event.body {
    ///     log.session_bytes_in = 0;
    /// }
    /// assert!(event.to_json().contains(r#""cloudId":"acme""#));
    ///
    /// let unknown = Event::example("access-group-updated".into());
    /// assert!(matches!(unknown.body, EventBody::Other(_)));
    /// ```
    #[expect(clippy::needless_pass_by_value, reason = "callers write the name at the call")]
    pub fn example(name: EventName) -> Self {
        let Some(json) = Self::example_json(name.as_str()) else {
            let mut event = parsed(include_str!("../examples/test-message.json"));
            event.body = EventBody::Other(UnknownEvent { event_name: name.as_str().to_owned(), log: None });
            return event;
        };
        parsed(json)
    }

    /// Returns the vendor's documented example of the event with this name as JSON, in the order of fields in which the vendor
    /// writes them, or `None` if this version does not know the event.
    ///
    /// ```
    /// use cloudconnexa_events::Event;
    ///
    /// let example = Event::example_json("domain-blocked").expect("it is documented");
    /// assert!(example.contains(r#""queryType": "A""#));
    /// assert!(Event::example_json("domain-allowed").is_none());
    /// ```
    #[must_use]
    pub fn example_json(name: &str) -> Option<&'static str> {
        Some(match name {
            "log-stream-started" => include_str!("../examples/log-stream-started.json"),
            "log-stream-paused" => include_str!("../examples/log-stream-paused.json"),
            "test-message" => include_str!("../examples/test-message.json"),
            "client-connected" => include_str!("../examples/client-connected.json"),
            "client-disconnected" => include_str!("../examples/client-disconnected.json"),
            "domain-blocked" => include_str!("../examples/domain-blocked.json"),
            "flow-established" => include_str!("../examples/flow-established.json"),
            "traffic-blocked" => include_str!("../examples/traffic-blocked.json"),
            _ => return None,
        })
    }
}

fn parsed(json: &str) -> Event {
    json.parse().expect("a test parses every example")
}
