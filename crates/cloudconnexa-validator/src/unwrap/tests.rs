use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{PathError, Unwrapper, detect};
use crate::Position;
use crate::testing::{DISCONNECTED, FLOW, TEST_MESSAGE, TRAFFIC, without};

/// An event on one line.
fn line(event: &str) -> String {
    serde_json::from_str::<Value>(event).unwrap().to_string()
}

fn event(event: &str) -> Value {
    serde_json::from_str(event).unwrap()
}

/// Wrappers, each with one or two events.
fn wrappers() -> Vec<(&'static str, String)> {
    let (one, two) = (line(DISCONNECTED), line(FLOW));
    let (object, other) = (event(DISCONNECTED), event(FLOW));
    let docker = json!({ "log": format!("{one}\n"), "stream": "stdout", "time": "2025-03-04T08:15:42Z" });
    let line_after = |before: &str| format!("{before}{one}");
    vec![
        ("Filebeat", json!({ "@timestamp": "2025", "message": one, "log": { "offset": 0 } }).to_string()),
        ("Fluent Bit", json!({ "date": 1_741_076_142.0, "log": one }).to_string()),
        ("Vector, pretty-printed event", json!({ "bucket": "b", "message": DISCONNECTED }).to_string()),
        ("CloudWatch Insights", json!({ "@timestamp": "2025", "@message": one }).to_string()),
        ("Splunk export", json!({ "preview": false, "result": { "_raw": one, "host": "h" } }).to_string()),
        (
            "Splunk export with fields",
            json!({ "result": { "_raw": one, "CloudConnexaLogVersion": "1", "eventName": "client-disconnected" } })
                .to_string(),
        ),
        ("ECS", json!({ "event": { "original": one }, "ecs": { "version": "8" } }).to_string()),
        ("ECS, flat", json!({ "event.original": one, "message": one }).to_string()),
        ("Docker json-file", docker.to_string()),
        ("Docker in a message", json!({ "message": docker.to_string() }).to_string()),
        ("CRI", line_after("2025-03-04T08:15:42.000Z stdout F ")),
        ("syslog in a message", json!({ "message": line_after("<134>Mar  4 host app[7]: ") }).to_string()),
        ("a JSON string", Value::from(&*one).to_string()),
        ("a JSON string of a JSON string", Value::from(Value::from(&*one).to_string()).to_string()),
        ("CloudWatch export", line_after("2025-03-04T08:15:42.000Z ")),
        ("logcli", json!({ "labels": {}, "line": one, "timestamp": "2025" }).to_string()),
        (
            "Loki, push",
            json!({ "streams": [{ "stream": {}, "values": [["1570818238000000000", one], ["1", two]] }] }).to_string(),
        ),
        (
            "Loki, query",
            json!({ "data": { "result": [{ "values": [["1570818238000000000", one]] }] } }).to_string(),
        ),
        ("Records", json!({ "Records": [object, other] }).to_string()),
        ("Records of text", json!({ "Records": [one, two] }).to_string()),
        ("events", json!({ "events": [object] }).to_string()),
        (
            "CloudWatch subscription",
            json!({ "messageType": "DATA_MESSAGE", "logEvents": [{ "id": "1", "message": one }, { "message": two }] })
                .to_string(),
        ),
        (
            "Elasticsearch, search",
            serde_json::to_string_pretty(&json!({ "hits": { "total": 2, "hits": [{ "_source": object }, { "_source": other }] } })).unwrap(),
        ),
        ("Elasticsearch, one hit", json!({ "_index": "i", "_source": object }).to_string()),
        ("Elasticsearch, text", json!({ "hits": { "hits": [{ "_source": { "message": one } }] } }).to_string()),
        ("lines in a message", json!({ "body": format!("{one}\n{two}\n") }).to_string()),
        ("an array in a message", json!({ "body": json!([object, other]).to_string() }).to_string()),
        ("an array", json!([object, other]).to_string()),
        ("a map", json!({ "a": object, "b": other }).to_string()),
        ("both the text and the object", json!({ "message": one, "json": object }).to_string()),
        ("an odd name", json!({ "it's": one }).to_string()),
        ("an empty name", json!({ "": { "x y": object } }).to_string()),
        ("a truncated event", json!({ "message": one[..200] }).to_string()),
        ("a truncated event after a time", line_after("2025-03-04 ")[..300].to_owned()),
    ]
}

#[test]
fn each_wrapper_is_found_with_the_way_out() {
    let mut found = String::new();
    for (name, record) in wrappers() {
        let wrapping = detect(record.as_bytes()).unwrap_or_else(|| panic!("{name}: {record}"));
        let (form, events) = (wrapping.form(), wrapping.events());
        _ = writeln!(found, "{name}: {form:?} × {events} at `{}`", wrapping.pointer());
        _ = writeln!(
            found,
            "  {}\n  {}",
            wrapping.option(),
            wrapping.command().as_deref().unwrap_or("no command")
        );
    }
    insta::assert_snapshot!(found);
}

#[test]
fn an_event_is_not_a_wrapper_whatever_is_broken_in_it() {
    for event in [DISCONNECTED, FLOW, TRAFFIC, TEST_MESSAGE] {
        assert_eq!(detect(event.as_bytes()), None);
        let line = line(event);
        // Without any one of its fields, …
        for field in serde_json::from_str::<serde_json::Map<String, Value>>(event).unwrap().keys() {
            assert_eq!(detect(without(event, field).as_bytes()), None, "{field}");
        }
        for at in 0..line.len() {
            // … with any byte lost, doubled or changed, and cut off anywhere, at either end.
            let (before, after) = (&line.as_bytes()[..at], &line.as_bytes()[at..]);
            assert_eq!(detect(&[before, &after[1..]].concat()), None, "{at}");
            assert_eq!(detect(&[before, &after[..1], after].concat()), None, "{at}");
            for byte in [b'"', b'\\', b'{', b'}', b'[', b',', b'7', b'x', b'\n', 0] {
                assert_eq!(detect(&[before, &[byte], &after[1..]].concat()), None, "{at} {byte}");
            }
            assert_eq!(detect(before), None, "{at}");
            assert_eq!(detect(after), None, "{at}");
        }
    }
}

#[test]
fn other_records_hold_no_events() {
    let cloud_trail =
        json!({ "Records": [{ "eventVersion": "1.08", "eventName": "PutObject", "awsRegion": "r" }] });
    let notification =
        json!({ "Records": [{ "eventName": "ObjectCreated:Put", "s3": { "object": { "key": "k" } } }] });
    for record in [
        cloud_trail.to_string(),
        notification.to_string(),
        json!({ "message": "CloudConnexaLogVersion is {}" }).to_string(),
        json!({ "message": "eventName {\"a\": 1}" }).to_string(),
        json!({ "log": line(DISCONNECTED).replace("client-disconnected", "x")[..20] }).to_string(),
        "2025-03-04 {\"a\": \"eventName\"}".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        String::new(),
    ] {
        assert_eq!(detect(record.as_bytes()), None, "{record}");
    }
    assert_eq!(detect(b"{\"message\":\"\xff\"}"), None);
}

#[test]
fn hostile_nesting_ends() {
    let deep = format!("{}{}", "{\"a\":[".repeat(100_000), "\"eventName{");
    assert_eq!(detect(deep.as_bytes()), None);
    let mut text = line(TEST_MESSAGE);
    for level in 1..10 {
        text = Value::from(text).to_string();
        assert_eq!(detect(text.as_bytes()).is_some(), level <= 4, "{level}");
    }
    let many = format!("[{}]", vec![line(TEST_MESSAGE); 10_000].join(","));
    assert_eq!(detect(many.as_bytes()).unwrap().events(), 10_000);
    let map: Vec<_> = (0..1000)
        .map(|name| format!("\"{name}\":{}", line(TEST_MESSAGE).replace("2023", &format!("{name:04}"))))
        .collect();
    assert_eq!(detect(format!("{{{}}}", map.join(",")).as_bytes()).unwrap().events(), 1000);
}

#[test]
fn a_place_is_names_or_a_pointer() {
    let record = json!({
        "a.b": { "c": line(TEST_MESSAGE) },
        "a": { "b": [7, event(TEST_MESSAGE)], "x/y": null, "~": "text", "": [[event(TEST_MESSAGE)]] },
    });
    let record = record.to_string();
    let found = |place: &str| {
        let at_place: Unwrapper = place.parse().unwrap();
        assert_eq!(at_place.to_string().parse(), Ok(at_place.clone()), "{place}");
        let unwrapped = at_place.unwrap(record.as_bytes(), Position::START)?;
        Some(
            unwrapped
                .parts()
                .map(|part| String::from_utf8_lossy(part.bytes()).into_owned())
                .collect::<Vec<_>>(),
        )
    };
    let one = Some(vec![line(TEST_MESSAGE)]);
    // The longest name that the record has comes first.
    assert_eq!(found("a.b.c"), one);
    assert_eq!(found(".a.b[].c"), one);
    assert_eq!(found("/a.b/c"), one);
    assert_eq!(found("/a/b"), Some(vec!["7".to_owned(), line(TEST_MESSAGE)]));
    assert_eq!(found("/a/b/*"), found("/a/b"));
    assert_eq!(found("/a/b/1"), one);
    assert_eq!(found("/a/"), one);
    assert_eq!(found("/a//*/0"), one);
    assert_eq!(found("/a/~0"), Some(vec!["text".to_owned()]));
    for nothing in ["/a/x~1y", "/a/b/2", "/a/b/x", "/a/b/-", "b", "a.c", "/A"] {
        assert_eq!(found(nothing), None, "{nothing}");
    }
    for (wrong, error) in [
        ("", PathError::Empty),
        ("a..b", PathError::Empty),
        ("a.", PathError::Empty),
        ("[]", PathError::Empty),
        ("/a~2", PathError::Escape),
        ("/~", PathError::Escape),
        ("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a", PathError::TooLong),
    ] {
        assert_eq!(wrong.parse::<Unwrapper>(), Err(error), "{wrong}");
    }
}

#[test]
fn the_suggested_place_is_where_the_events_are() {
    for (name, record) in wrappers() {
        let wrapping = detect(record.as_bytes()).unwrap();
        let option = wrapping.option();
        let automatic = Unwrapper::automatic();
        let at_place = option.strip_prefix("--unwrap=").map_or(automatic, |place| place.parse().unwrap());
        let unwrapped = at_place.unwrap(record.as_bytes(), Position::START).unwrap();
        assert_eq!(unwrapped.parts().count(), wrapping.events(), "{name}: {option}");
    }
}

#[test]
fn any_text_is_taken_apart_within_its_bounds() {
    const TOKENS: [&str; 22] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\\"",
        "\\\\\"",
        "\\",
        "\\u0022",
        "\\n",
        "\n",
        " ",
        "7",
        "null",
        "ü🦀",
        "\"CloudConnexaLogVersion\":1",
        "\\\"CloudConnexaLogVersion\\\":1",
        "\"message\":\"{",
        "\"Records\":[",
        "}\"",
    ];
    let mut seed: u64 = 0x2025_0304;
    let mut below = |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % bound
    };
    let places: Vec<Unwrapper> =
        ["message", "Records", "/message/*", "a.b"].iter().map(|place| place.parse().unwrap()).collect();
    let (mut found, at) = (0, Position { offset: 10, line: 2, column: 3 });
    for _ in 0..30_000 {
        let start = ["{", "{\"message\":\"{", "{\"Records\":[", "2025 {", ""][below(5)];
        let text: String = (0..below(12)).map(|_| TOKENS[below(TOKENS.len())]).collect();
        let text = format!("{start}{text}{}", ["", "}", "]}", "}\"}"][below(4)]);
        for unwrapper in places.iter().chain([&Unwrapper::automatic()]) {
            let Some(unwrapped) = unwrapper.unwrap(text.as_bytes(), at) else { continue };
            let end = at.after(text.as_bytes());
            for part in unwrapped.parts() {
                let span = part.span(0..part.bytes().len());
                assert!(at.offset <= span.start.offset && span.start.offset <= span.end.offset, "{text}");
                assert!(span.end.offset <= end.offset && part.position() == span.start, "{text}");
                assert!(str::from_utf8(part.bytes()).is_ok(), "{text}");
                found += 1;
            }
        }
    }
    assert!(found > 1_000, "{found}");
}
