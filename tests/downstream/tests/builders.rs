//! Events that a program which depends on the packaged crate makes for its own tests.

use cloudconnexa_events::{
    BuildErrorKind, DomainBlockedLog, Event, EventBody, EventName, Header, UnknownEvent,
};
use serde::Serialize;

fn header() -> Header {
    Header::builder()
        .cloud_connexa_log_version(1)
        .service("CloudConnexa")
        .cloud_id("acme")
        .trace_id("693bbbde-626d-4940-ac2b-4e75efb49bf7")
        .timestamp("2026-03-02T08:00:00Z")
        .initiator("5d34eabe-f88d-4570-9954-818c03b90b4b")
        .initiator_type("Device")
        .parent_entity("ann@example.com")
        .parent_entity_type("User")
        .category("Security.CyberShieldBlockedDomains")
        .build()
        .expect("a header")
}

#[test]
fn an_event_is_made_from_nothing() {
    #[derive(Serialize)]
    struct Risk {
        score: f64,
    }
    let log = DomainBlockedLog::builder()
        .domain("malware.example")
        .category("Malware")
        .query_type("AAAA")
        .protocol("UDP")
        .with_extra("risk", Risk { score: 7.5 })
        .build()
        .unwrap();
    let event = Event::new(header(), log).unwrap();
    assert_eq!((event.event_name(), event.user_id()), ("domain-blocked", Some("ann@example.com")));
    assert!(event.to_json().contains(r#""risk":{"score":7.5}"#));
    assert_eq!(event.to_json().parse::<Event>().unwrap(), event);
}

#[test]
fn an_example_is_changed() {
    let example = Event::example(EventName::ClientDisconnected);
    let EventBody::ClientDisconnected(log) = &example.body else { panic!("another event") };
    let log = log.to_builder().session_bytes_in(1 << 40).session_disconnect_reason("New Reason").build().unwrap();
    let event = Event::new(example.header, log).unwrap();
    assert!(event.to_json().contains("\"sessionBytesIn\":1099511627776"));
}

#[test]
fn an_unknown_event_is_made() {
    let body = UnknownEvent::builder("user-updated").with_extra("operation", "UPDATE").build().unwrap();
    let event = Event::new(header(), body).unwrap();
    let EventBody::Other(other) = &event.body else { panic!("a known event") };
    assert_eq!(other.audit().unwrap().operation.as_deref(), Some("UPDATE"));
}

#[test]
fn what_the_schema_refuses_is_an_error() {
    let error = header().to_builder().service("Access Server").build().unwrap_err();
    assert_eq!((error.kind(), error.pointer()), (BuildErrorKind::WrongValue, "/service"));
    let error = DomainBlockedLog::builder().build().unwrap_err();
    assert_eq!((error.kind(), error.rule()), (BuildErrorKind::MissingField, Some("missing-field")));
}
