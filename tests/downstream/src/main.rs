//! Reads an event and writes it again, with nothing but the types crate.

use cloudconnexa_events::{Event, EventBody};

fn main() -> Result<(), cloudconnexa_events::Error> {
    let event: Event = include_str!("../../corpus/documented/client-disconnected-v1.json").parse()?;
    let EventBody::ClientDisconnected(log) = &event.body else {
        panic!("parsed as something else: {}", event.event_name());
    };
    assert_eq!(log.session_bytes_in, 34_409);
    assert_eq!(event.to_json().parse::<Event>()?, event);
    Ok(())
}
