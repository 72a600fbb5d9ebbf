//! Reads an event and writes it again, reads some of its fields in place, then reads a folder of compressed events.

use std::error::Error;

use cloudconnexa_events::{Event, EventBody};
use cloudconnexa_reader::Reader;
use cloudconnexa_validator::Validator;
use cloudconnexa_validator::view::BodyView;

fn main() -> Result<(), Box<dyn Error>> {
    let event: Event = include_str!("../../corpus/documented/client-disconnected-v1.json").parse()?;
    let EventBody::ClientDisconnected(log) = &event.body else {
        panic!("parsed as something else: {}", event.event_name());
    };
    assert_eq!(log.session_bytes_in, 34_409);
    assert_eq!(event.to_json().parse::<Event>()?, event);

    let validator = Validator::new();
    let record = include_bytes!("../../corpus/documented/client-disconnected-v1.json");
    let view = validator.checker().view(record).ok_or("the record is not valid")?;
    let BodyView::ClientDisconnected(log) = view.body() else { panic!("{} has another view", view.name()) };
    assert_eq!(log.session_bytes_in(), 34_409);
    assert_eq!(view.header().timestamp().unix_micros(), event.header.timestamp.unix_micros());
    assert_eq!(view.to_event()?, event);

    let logs = concat!(env!("CARGO_MANIFEST_DIR"), "/logs");
    let (mut events, mut rejected) = (Vec::new(), Vec::new());
    for event in Reader::new([logs]).events() {
        match event? {
            Ok(event) => events.push(event),
            Err(bytes) => rejected.push(bytes),
        }
    }
    assert_eq!(events.len(), 4);
    assert_eq!([&events[0], &events[1]], [&events[3], &events[2]]);
    assert_eq!(rejected.len(), 1);
    assert!(rejected[0].source.ends_with("b.jsonl.gz"));
    assert_eq!((rejected[0].line(), &rejected[0].bytes[..]), (2, &b"{\"eventName\":"[..]));

    let missing = Reader::new(["missing.jsonl"]).records().next();
    assert!(matches!(missing, Some(Err(_))));
    Ok(())
}
