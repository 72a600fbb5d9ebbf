//! Events read and written: what is kept, what is refused, and what the helpers return.

use std::collections::HashSet;

use cloudconnexa_events::{ErrorKind, Event, EventBody, EventName};
use serde_json::{Value, json};

const DISCONNECTED: &str = include_str!("../examples/client-disconnected.json");
const TEST_MESSAGE: &str = include_str!("../examples/test-message.json");
const FLOW: &str = include_str!("../examples/flow-established.json");

fn event(json: &str) -> Event {
    json.parse().unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn error(json: &str) -> String {
    json.parse::<Event>().unwrap_err().to_string()
}

fn changed(json: &str, change: impl FnOnce(&mut Value)) -> Event {
    let mut value = serde_json::from_str(json).unwrap();
    change(&mut value);
    event(&value.to_string())
}

#[test]
fn unknown_fields_keep_their_digits_and_their_order() {
    let json = TEST_MESSAGE.replacen('{', r#"{"zulu": 1.50, "alpha": 123456789012345678901234567890, "#, 1);
    let event = event(&json);
    let fields: Vec<(&str, &str)> =
        event.header.extra.iter().map(|(name, value)| (name, value.get())).collect();
    assert_eq!(fields, [("zulu", "1.50"), ("alpha", "123456789012345678901234567890")]);
    assert!(event.to_json().contains(r#""zulu":1.50,"alpha":123456789012345678901234567890"#));
    assert!(event.header.extra.get("bravo").is_none());
}

#[test]
fn log_may_precede_the_event_name() {
    let value: Value = serde_json::from_str(DISCONNECTED).unwrap();
    let log_first = format!(
        "{{\"log\":{},{}",
        value["log"],
        &{
            let mut rest = value.clone();
            rest.as_object_mut().unwrap().remove("log");
            rest.to_string()
        }[1..]
    );
    assert_eq!(event(&log_first), event(DISCONNECTED));
}

#[test]
fn every_reader_of_serde_json_gives_the_same_event() {
    let expected = event(DISCONNECTED);
    let value: Value = serde_json::from_str(DISCONNECTED).unwrap();
    assert_eq!(serde_json::from_value::<Event>(value).unwrap(), expected);
    assert_eq!(serde_json::from_reader::<_, Event>(DISCONNECTED.as_bytes()).unwrap(), expected);
    assert_eq!(Event::from_slice(DISCONNECTED.as_bytes()).unwrap(), expected);
    let list: Vec<Event> = serde_json::from_str(&format!("[{DISCONNECTED},{TEST_MESSAGE}]")).unwrap();
    assert_eq!(list[1].event_name(), "test-message");
}

#[test]
fn errors_have_kind_field_and_position() {
    let position = |json: &str| {
        let error = json.parse::<Event>().unwrap_err();
        (error.line(), error.column())
    };
    let wrong = DISCONNECTED.replace("34409", "\"34409\"");
    assert!(error(&wrong).starts_with("invalid type: string \"34409\", expected an integer from 0 to"));
    assert_eq!(position(&wrong).0, 17);
    assert!(error("{}").starts_with("missing field `eventName`"));
    assert!(error("[]").contains("expected an event, which is an object"));
    assert!(
        error(&TEST_MESSAGE.replacen('{', "{\"cloudId\": \"twice\",", 1))
            .contains("duplicate field `cloudId`")
    );
    assert!(
        error(&TEST_MESSAGE.replacen('{', "{\"new\": {\"a\": 1, \"a\": 2},", 1))
            .contains("duplicate field `a`")
    );
    assert!(Event::from_slice(b"{\"a\": \"\xff\"}").unwrap_err().to_string().contains("from byte 7 on"));
    let kind = |json: &[u8]| Event::from_slice(json).unwrap_err().kind();
    assert_eq!(kind(&TEST_MESSAGE.as_bytes()[..100]), ErrorKind::Truncated);
    assert_eq!(kind(b"{}"), ErrorKind::Data);
    assert_eq!(kind(b"{]"), ErrorKind::Syntax);
    assert_eq!(kind(b"\xff"), ErrorKind::NotUtf8);
}

#[test]
fn errors_point_at_the_value() {
    let pointer = |json: &str| json.parse::<Event>().unwrap_err().pointer().map(str::to_owned);
    let wrong = |from: &str, to: &str| {
        assert!(DISCONNECTED.contains(from), "{from}");
        pointer(&DISCONNECTED.replacen(from, to, 1))
    };
    assert_eq!(wrong("34409", "\"34409\"").as_deref(), Some("/log/sessionBytesIn"));
    assert_eq!(wrong("34409", "-1").as_deref(), Some("/log/sessionBytesIn"));
    assert_eq!(wrong("\"100.96.1.34\"", "null").as_deref(), Some("/log/clientTunnelIpV4"));
    assert_eq!(wrong("\"gatewayId\"", "\"gatewayID\"").as_deref(), Some("/log"));
    assert_eq!(wrong("\"cloudId\"", "\"cloudID\"").as_deref(), Some(""));
    assert_eq!(wrong("\"cloudId\"", "\"service\"").as_deref(), Some("/service"));
    assert_eq!(
        wrong("\"cloudId\"", "\"a/b~\\u0063\": {\"x\": [1, {\"y\": 1, \"y\": 2}]}, \"cloudId\"").as_deref(),
        Some("/a~1b~0c")
    );
    assert_eq!(pointer("{}").as_deref(), Some(""));
    assert_eq!(pointer("[]").as_deref(), Some(""));
    assert_eq!(pointer(r#"{"timestamp":"now","cloudId":"c"}"#).as_deref(), Some("/timestamp"));
    assert_eq!(pointer(r#"{"timestamp":7}"#).as_deref(), Some("/timestamp"));
    // A text that is not JSON has no values.
    assert_eq!(pointer(r#"{"timestamp":now}"#), None);
    assert_eq!(pointer(r#"{"timestamp":"#), None);

    // The same errors if the name of the event comes after its `log`.
    let late = DISCONNECTED.replacen("  \"eventName\": \"client-disconnected\",\n", "\n", 1).replacen(
        "  }\n}",
        "  },\n  \"eventName\": \"client-disconnected\"\n}",
        1,
    );
    assert_eq!(late.parse::<Event>().unwrap(), DISCONNECTED.parse::<Event>().unwrap());
    for (from, to, at) in [
        ("34409", "\"34409\"", "/log/sessionBytesIn"),
        ("\"100.96.1.34\"", "null", "/log/clientTunnelIpV4"),
        ("\"gatewayId\"", "\"gatewayID\"", "/log"),
        ("\"gatewayId\"", "\"new\": {\"y\": 1, \"y\": 2}, \"gatewayId\"", "/log/new"),
        ("\"gatewayId\"", "\"sessionBytesIn\"", "/log/sessionBytesIn"),
    ] {
        let [usual, late] =
            [DISCONNECTED, &late].map(|json| json.replacen(from, to, 1).parse::<Event>().unwrap_err());
        assert_eq!(late.pointer(), Some(at));
        assert_eq!(
            (late.line(), late.column(), late.pointer()),
            (usual.line(), usual.column(), usual.pointer())
        );
        assert_eq!(late.to_string(), usual.to_string());
    }
    // The first problem of the text, whether it is in the `log` or not.
    let early = r#"{"timestamp": 7, "log": 7, "eventName": "client-connected"}"#;
    assert_eq!(pointer(early).as_deref(), Some("/timestamp"));
    assert_eq!(pointer(r#"{"log": 7, "timestamp": 7, "eventName": "new"}"#).as_deref(), Some("/log"));
    assert_eq!(pointer(r#"{"log": {}, "timestamp": 7, "eventName": "new"}"#).as_deref(), Some("/timestamp"));
    assert_eq!(pointer(r#"{"log": 7, "timestamp": now, "eventName": "new"}"#), None);

    let error = Event::from_slice(b"{\n  \"a\": \"\xff\"}").unwrap_err();
    assert_eq!((error.line(), error.column(), error.pointer()), (2, 9, None));
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| {
        TEST_MESSAGE.replacen('{', &format!("{{\"new\": {}{},", "[".repeat(depth), "]".repeat(depth)), 1)
    };
    assert!(nested(126).parse::<Event>().is_ok());
    assert!(error(&nested(127)).contains("recursion limit"));
    assert!(error(&nested(1_000_000)).contains("recursion limit"));
}

#[test]
fn public_ip_is_the_first_address_present() {
    let fields = ["publicIp", "initiatorPublicIp", "clientPublicIp"];
    let mut expected = Vec::new();
    for first in 0..=fields.len() {
        let event = changed(DISCONNECTED, |value| {
            for (index, field) in fields.iter().enumerate() {
                value[field] = json!(format!("203.0.113.{index}"));
                if index < first {
                    value.as_object_mut().unwrap().remove(*field);
                }
            }
            value["log"]["clientPublicIp"] = json!("203.0.113.3");
        });
        expected.push(event.public_ip().unwrap().to_string());
    }
    assert_eq!(expected, ["203.0.113.0", "203.0.113.1", "203.0.113.2", "203.0.113.3"]);
    let without = include_str!("../examples/domain-blocked.json");
    assert_eq!(event(without).public_ip(), None);
}

/// The user and the device, each by identifier and name.
fn who(event: &Event) -> [Option<&str>; 4] {
    [event.user_id(), event.user_name(), event.device_id(), event.device_name()]
}

/// As the table in the guide says.
#[test]
fn every_example_names_its_person_and_its_device() {
    let client =
        |user| [Some(user), Some("My User"), Some("5d34eabe-f88d-4570-9954-818c03b90b4b"), Some("My Device")];
    let blocked = [
        Some("43efdaaa-d8a1-4af1-acc1-d96b77313f42"),
        Some("My User"),
        Some("521572bc-fcc2-4c05-a78c-d2a9654cc676"),
        Some("My Main Device"),
    ];
    let portal = [Some("2cc6965a-267e-40b2-9b67-ef2a9ecc2fe6"), Some("My Admin"), None, None];
    let flow =
        [Some("user@example.com"), None, Some("521572bc-fcc2-4c05-a78c-d2a9654cc676"), Some("My Laptop")];
    for name in EventName::KNOWN {
        let expected = match *name {
            "client-connected" => client("user@example.com"),
            "client-disconnected" => client("new@gmail.com"),
            "domain-blocked" | "traffic-blocked" => blocked,
            "flow-established" => flow,
            "log-stream-started" | "log-stream-paused" | "test-message" => portal,
            new => panic!("say here, and in the guide, who is who in {new}"),
        };
        let example = Event::example(EventName::from(*name));
        assert_eq!(who(&example), expected, "{name}");
    }
}

#[test]
fn an_unknown_event_names_its_person_as_well() {
    let unknown = event(&TEST_MESSAGE.replace("test-message", "access-group-updated"));
    assert_eq!(who(&unknown), who(&event(TEST_MESSAGE)));
}

#[test]
fn a_parent_of_a_kind_that_is_not_a_person_names_nobody() {
    for kind in ["UserGroup", "NetworkOrHost", "Group", "Robot"] {
        let of_device = changed(DISCONNECTED, |value| value["parentEntityType"] = json!(kind));
        assert_eq!(who(&of_device)[..2], [None, None], "{kind}");
    }
    let without_kind = changed(DISCONNECTED, |value| {
        value.as_object_mut().unwrap().remove("parentEntityType");
    });
    assert_eq!(who(&without_kind)[..2], [None, None]);
}

#[test]
fn session_id_joins_events_of_a_session() {
    assert_eq!(event(DISCONNECTED).session_id(), Some("6582c5be4203d502df029d4a"));
    assert_eq!(event(TEST_MESSAGE).session_id(), None);
    let empty = changed(FLOW, |value| value["log"]["clientSessionId"] = json!(""));
    assert_eq!(empty.session_id(), None);
}

#[test]
fn an_absent_description_is_none_in_every_spelling() {
    for (written, expected) in
        [(json!(null), None), (json!("null"), None), (json!(""), None), (json!("Revoked"), Some("Revoked"))]
    {
        let event = changed(DISCONNECTED, |value| {
            value["log"]["sessionDisconnectReasonDescription"] = written.clone();
        });
        let EventBody::ClientDisconnected(log) = &event.body else { panic!("another event") };
        assert_eq!(log.disconnect_description(), expected);
        // It is written back in the same spelling.
        let again: Value = serde_json::from_str(&event.to_json()).unwrap();
        assert_eq!(again["log"]["sessionDisconnectReasonDescription"], written);
    }
}

#[test]
fn equal_events_have_equal_hashes() {
    let first = TEST_MESSAGE.replacen('{', r#"{"a": 1, "b": 2, "#, 1);
    let second = TEST_MESSAGE.replacen('{', r#"{"b": 2, "a": 1, "#, 1);
    let events = HashSet::from([event(&first), event(&second), event(TEST_MESSAGE)]);
    assert_eq!(events.len(), 2);
    assert!(events.contains(&Event::example(EventName::TestMessage)));
}

#[test]
fn a_number_with_a_fraction_is_whole_if_the_nearest_float_is() {
    let example = Event::example_json("client-disconnected").expect("it is documented");
    // No float is nearer to the second than a whole number, which an inexact conversion misses.
    for (number, bytes) in [("34409.0", 34409), ("92999979969999.000908E00", 92_999_979_969_999)] {
        let event: Event = example.replace("34409", number).parse().expect("it is whole");
        let EventBody::ClientDisconnected(log) = event.body else { panic!("it is the same event") };
        assert_eq!(log.session_bytes_in, bytes);
    }
    assert!(example.replace("34409", "34409.5").parse::<Event>().is_err());
}
