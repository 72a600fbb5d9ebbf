//! Every way to read and write events that the documentation of `cloudconnexa-events` lists, as a program that depends on the
//! packaged crate has it.

use cloudconnexa_events::Event;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A documented event; one with unknown fields of every kind of value; one with `log` first; unknown events.
fn events() -> Vec<String> {
    let documented = include_str!("../../corpus/documented/client-disconnected-v1.json");
    let documented: serde_json::Value = serde_json::from_str(documented).unwrap();
    let documented = documented.to_string();
    let unknown =
        r#""new":{"list":[1,-2,2.5,1e300,true,false,null,"é\n\"",{"b":{},"a":[]}],"empty":""},"newer":7,"#;
    let with_unknown = documented.replacen('{', &format!("{{{unknown}"), 1);
    let in_log = with_unknown.replacen("\"log\":{", &format!("\"log\":{{{unknown}"), 1);
    assert_eq!(in_log.matches("newer").count(), 2);
    let header = r#""CloudConnexaLogVersion":1,"timestamp":"2023-12-20T10:45:14.000000Z","cloudId":"c","service":"CloudConnexa","traceId":"8EE244A8-90C8-5AFF-8F83-9B7E8290E4A5","initiator":"i","initiatorType":"User","category":"Audit.Admin""#;
    let log =
        r#""log":{"operation":"UPDATE","fields":[{"name":"a","oldValue":null,"newValue":"b"}],"count":12}"#;
    let name = r#""eventName":"user-updated""#;
    let log_first = {
        let event: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&in_log).unwrap();
        format!("{{\"log\":{},{}", event["log"], &serde_json::to_string(&event).unwrap()[1..]).replacen(
            &format!(",\"log\":{}", event["log"]),
            "",
            1,
        )
    };
    vec![
        documented,
        with_unknown,
        in_log,
        log_first,
        format!("{{{header},{name},{log},\"extra\":[0.5]}}"),
        format!("{{{log},{header},{name}}}"),
        format!("{{{header},{name}}}"),
    ]
}

fn parsed() -> Vec<Event> {
    events().iter().map(|text| text.parse().unwrap_or_else(|error| panic!("{error}: {text}"))).collect()
}

/// Checks that what `write` makes of each event is read as the same event.
fn check<T>(write: impl Fn(&Event) -> T, read: impl Fn(T) -> Event) {
    for event in parsed() {
        assert_eq!(read(write(&event)), event);
    }
}

fn check_wrapped<W: Serialize + DeserializeOwned>(wrap: impl Fn(Event) -> W, unwrap: impl Fn(W) -> Event) {
    for event in parsed() {
        let text = serde_json::to_string(&wrap(event.clone())).unwrap();
        assert_eq!(unwrap(serde_json::from_str(&text).unwrap()), event, "{text}");
        assert_eq!(unwrap(serde_json::from_slice(text.as_bytes()).unwrap()), event, "{text}");
        assert_eq!(unwrap(serde_json::from_reader(text.as_bytes()).unwrap()), event, "{text}");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(unwrap(serde_json::from_value(value).unwrap()), event, "{text}");
        let yaml = serde_norway::to_string(&wrap(event.clone())).unwrap();
        assert_eq!(unwrap(serde_norway::from_str(&yaml).unwrap()), event, "{yaml}");
    }
}

#[test]
fn text_of_serde_json_is_exact_to_the_digit() {
    let digits = r#""digits":[1.50,123456789012345678901234567890.10, 1E2,"\u00e9"],"#;
    for text in events() {
        let text = text.replacen('{', &format!("{{{digits}"), 1);
        let event: Event = serde_json::from_str(&text).unwrap();
        for written in [serde_json::to_string(&event).unwrap(), event.to_json()] {
            assert!(written.contains(digits.trim_end_matches(',')), "{written}");
            assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), event);
            assert_eq!(serde_json::from_slice::<Event>(written.as_bytes()).unwrap(), event);
            assert_eq!(serde_json::from_reader::<_, Event>(written.as_bytes()).unwrap(), event);
        }
    }
}

#[test]
fn values_of_serde_json() {
    check(|event| serde_json::to_value(event).unwrap(), |value| serde_json::from_value(value).unwrap());
    check(|event| serde_json::to_value(event).unwrap(), |value| Event::deserialize(&value).unwrap());
}

#[test]
fn pretty_text() {
    check(|event| serde_json::to_string_pretty(event).unwrap(), |text| text.parse().unwrap());
}

#[test]
fn lists_boxes_and_options() {
    check_wrapped(|event| vec![event], |mut all: Vec<Event>| all.remove(0));
    check_wrapped(Box::new, |event: Box<Event>| *event);
    check_wrapped(Some, |event: Option<Event>| event.unwrap());
}

#[test]
fn flatten() {
    #[derive(Serialize, Deserialize)]
    struct Stored {
        tenant: String,
        #[serde(flatten)]
        event: Event,
    }
    // What the struct does not have goes to the event, as one of its unknown fields, and comes back from there.
    check_wrapped(|event| Stored { tenant: "a".to_owned(), event }, |stored: Stored| stored.event);
}

#[test]
fn untagged() {
    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Line {
        Event(Box<Event>),
        Other(serde_json::Value),
    }
    let unwrap = |line| match line {
        Line::Event(event) => *event,
        Line::Other(value) => panic!("another variant: {value}"),
    };
    check_wrapped(|event| Line::Event(Box::new(event)), unwrap);
    assert!(matches!(serde_json::from_str("{\"a\":1}").unwrap(), Line::Other(_)));
}

/// Declares an enum with an event and something else, and how to get at the event.
macro_rules! tagged {
    ($($tag:tt)*) => {
        #[derive(Serialize, Deserialize)]
        #[serde($($tag)*)]
        enum Message {
            Event(Box<Event>),
            Heartbeat,
        }

        fn unwrap(message: Message) -> Event {
            match message {
                Message::Event(event) => *event,
                Message::Heartbeat => panic!("another variant"),
            }
        }
    };
}

#[test]
fn internally_tagged() {
    tagged!(tag = "kind");
    check_wrapped(|event| Message::Event(Box::new(event)), unwrap);
}

#[test]
fn adjacently_tagged() {
    tagged!(tag = "kind", content = "content");
    check_wrapped(|event| Message::Event(Box::new(event)), unwrap);
    // The content may also come before the tag.
    for event in parsed() {
        let text = format!("{{\"content\":{event},\"kind\":\"Event\"}}");
        assert_eq!(unwrap(serde_json::from_str(&text).unwrap()), event);
    }
}

#[test]
fn simd_json() {
    check(|event| simd_json::to_vec(event).unwrap(), |mut bytes| simd_json::from_slice(&mut bytes).unwrap());
}

#[test]
fn sonic_rs() {
    check(|event| sonic_rs::to_string(event).unwrap(), |text| sonic_rs::from_str(&text).unwrap());
}

#[test]
fn yaml() {
    check(|event| serde_norway::to_string(event).unwrap(), |text| serde_norway::from_str(&text).unwrap());
}

#[test]
fn cbor() {
    let write = |event: &Event| {
        let mut bytes = Vec::new();
        ciborium::into_writer(event, &mut bytes).unwrap();
        bytes
    };
    check(write, |bytes| ciborium::from_reader(&bytes[..]).unwrap());
}

#[test]
fn message_pack() {
    check(|event| rmp_serde::to_vec(event).unwrap(), |bytes| rmp_serde::from_slice(&bytes).unwrap());
    check(|event| rmp_serde::to_vec_named(event).unwrap(), |bytes| rmp_serde::from_slice(&bytes).unwrap());
}

/// Nothing of another format names the private parts of `serde_json`.
#[test]
fn no_private_name_is_in_the_data() {
    for event in parsed() {
        let mut cbor = Vec::new();
        ciborium::into_writer(&event, &mut cbor).unwrap();
        let yaml = serde_norway::to_string(&event).unwrap();
        let texts =
            [cbor, yaml.into_bytes(), rmp_serde::to_vec(&event).unwrap(), sonic_rs::to_vec(&event).unwrap()];
        for text in texts {
            assert!(!String::from_utf8_lossy(&text).contains("private"));
        }
    }
}

#[test]
fn formats_that_do_not_describe_themselves_are_refused_with_the_reason() {
    for event in parsed() {
        let error = bincode::serialize(&event).unwrap_err().to_string();
        assert!(error.contains("knowable size"), "{error}");
    }
    let error = bincode::deserialize::<Event>(&[0; 64]).unwrap_err().to_string();
    assert!(error.contains("missing field") || error.contains("deserialize_any"), "{error}");
}
