//! Tests of the examples.

use crate::event::Event;
use crate::generated::{EventBody, EventName};

#[test]
fn every_known_event_has_an_example() {
    for name in EventName::KNOWN {
        let event = Event::example(EventName::from(*name));
        assert_eq!(event.event_name(), *name);
        assert!(!matches!(event.body, EventBody::Other(_)), "{name}");
        assert!(event.header.extra.is_empty(), "{name}");
    }
}

#[test]
fn an_unknown_event_keeps_its_name() {
    let event = Event::example(EventName::from("brand-new"));
    assert_eq!(event.event_name(), "brand-new");
    assert_eq!(event.to_json().parse::<Event>().unwrap(), event);
}
