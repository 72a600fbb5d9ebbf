//! Tests that there is a view of exactly the records that are valid, and that each of its values is the one that `serde_json`
//! reads.
//!
//! `CCX_SEED` and `CCX_CASES` choose another run; a failure prints the seed and the event.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read files and settings")]

use std::fmt::Display;
use std::net::IpAddr;

use cloudconnexa_events::{Event, UtcMicros, Uuid};
use cloudconnexa_validator::outline::Raw;
use cloudconnexa_validator::view::BodyView;
use cloudconnexa_validator::{Checker, EventView, Scope, Validator, catalog};
use serde_json::{Map, Value};
use workspace_tests::mutate::{Random, mutate, seeds};
use workspace_tests::{samples, setting};

/// Makes a function for each object that calls its accessors, from the list of all fields.
macro_rules! builders {
    ($($type:ident $view:ident $function:ident { $($kind:ident $field:ident = $name:literal;)* })*) => {
        $(
            pub(crate) fn $function(
                view: cloudconnexa_validator::view::$view<'_, '_>,
                object: &serde_json::Map<String, serde_json::Value>,
            ) {
                #[allow(unused_imports, reason = "not every object has values that may be absent")]
                use $crate::{MaybeShown as _, Shown as _};
                $($crate::assert_same($name, (&$crate::Decoded(view.$field())).shown().as_deref(), object.get($name));)*
            }
        )*
    };
}

#[path = "generated/builders.rs"]
mod generated;

/// A value that an accessor returns. Which of the two traits applies depends on whether it is optional.
struct Decoded<T>(T);

trait MaybeShown {
    fn shown(&self) -> Option<String>;
}

impl<T: Display> MaybeShown for Decoded<Option<T>> {
    fn shown(&self) -> Option<String> {
        self.0.as_ref().map(ToString::to_string)
    }
}

trait Shown {
    fn shown(&self) -> Option<String>;
}

impl<T: Display> Shown for &Decoded<T> {
    fn shown(&self) -> Option<String> {
        Some(self.0.to_string())
    }
}

/// Asserts that what an accessor returned means the same as the JSON value.
fn assert_same(name: &str, shown: Option<&str>, json: Option<&Value>) {
    let is_same = match (shown, json) {
        (None, None | Some(Value::Null)) => true,
        (None, Some(value)) => value == "",
        (Some(shown), Some(Value::String(text))) => {
            shown == text
                || UtcMicros::parse(text).is_some_and(|time| shown == time.to_string())
                || text.parse::<Uuid>().is_ok_and(|uuid| shown == uuid.get().to_string())
                || text.parse::<IpAddr>().is_ok_and(|address| shown == address.to_string())
        }
        (Some(shown), Some(Value::Number(number))) => shown.parse::<f64>().ok() == number.as_f64(),
        (Some(shown), Some(Value::Bool(value))) => shown == if *value { "true" } else { "false" },
        (Some(_), _) => false,
    };
    assert!(is_same, "{name}: {shown:?} is not {json:?}");
}

fn json(raw: Raw<'_>) -> Value {
    serde_json::from_str(raw.as_str()).expect("a value is JSON")
}

/// Asserts that every value at any depth is found by its pointer.
fn assert_pointers(view: &EventView<'_>, pointer: &str, value: &Value) {
    if !pointer.is_empty() {
        assert_eq!(view.pointer(pointer).map(json).as_ref(), Some(value), "{pointer}");
    }
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            let token = key.replace('~', "~0").replace('/', "~1");
            assert_pointers(view, &format!("{pointer}/{token}"), value);
        }),
        Value::Array(elements) => elements.iter().enumerate().for_each(|(index, value)| {
            assert_pointers(view, &format!("{pointer}/{index}"), value);
        }),
        _ => {}
    }
}

/// Asserts that the unknown fields are those that the schema does not describe.
fn assert_unknown(view: &EventView<'_>, event: &Map<String, Value>) {
    let known_log = view.event().map(|event| event.log);
    let is_known = |name: &str| {
        name == "eventName"
            || name == "log" && known_log != Some(None)
            || catalog::HEADER.iter().any(|field| field.name == name)
    };
    let mut expected: Vec<_> = event
        .iter()
        .filter(|(name, _)| !is_known(name))
        .map(|(name, value)| (Scope::Header, &**name, value))
        .collect();
    if let Some(Some(fields)) = known_log {
        let log = event["log"].as_object().expect("an object");
        let unknown = log.iter().filter(|(name, _)| !fields.iter().any(|field| field.name == **name));
        expected.extend(unknown.map(|(name, value)| (Scope::Log, &**name, value)));
    }
    let members: Vec<_> = view.unknown_fields().collect();
    assert!(members.is_sorted_by_key(|member| member.key.start), "out of the order of the record");
    let mut found: Vec<_> =
        members.iter().map(|member| (member.scope, member.name(), json(member.value()))).collect();
    found.sort_by(|(scope, name, _), (other_scope, other, _)| (scope, name).cmp(&(other_scope, other)));
    expected.sort_by_key(|(scope, name, _)| (*scope, *name));
    let found: Vec<_> = found.iter().map(|(scope, name, value)| (*scope, &**name, value)).collect();
    assert_eq!(found, expected);
}

/// What is between the quotes of a string.
fn quoted(raw: Option<Raw<'_>>) -> Option<&str> {
    raw?.as_str().strip_prefix('"')?.strip_suffix('"')
}

fn assert_agrees(view: &EventView<'_>, record: &[u8]) {
    let value: Value = serde_json::from_slice(record).expect("a valid event is JSON");
    let event = value.as_object().expect("a valid event is an object");
    assert_eq!(view.record(), record);
    assert_eq!(&*view.name(), event["eventName"]);
    assert_pointers(view, "", &value);
    assert_unknown(view, event);

    generated::header(view.header(), event);
    let empty = Map::new();
    let log = event.get("log").and_then(Value::as_object).unwrap_or(&empty);
    for (name, value) in log {
        assert_eq!(view.log_field(name).map(json).as_ref(), Some(value), "{name}");
    }
    let reader = view.reader();
    let written = |range| str::from_utf8(&record[range]).expect("a value is UTF-8");
    for (index, field) in catalog::HEADER.iter().enumerate() {
        assert_eq!(view.header_at(index), view.field(field.name), "{}", field.name);
        assert_eq!(
            view.header_range_at(index).map(written),
            view.field(field.name).map(Raw::as_str),
            "{}",
            field.name
        );
        assert_eq!(reader.header_at(index), view.field(field.name), "{}", field.name);
        assert_eq!(reader.header_quoted_at(index), quoted(view.field(field.name)), "{}", field.name);
    }
    assert_eq!(view.header_at(catalog::HEADER.len() + 1), view.field("log"));
    for (index, field) in view.event().and_then(|event| event.log).unwrap_or_default().iter().enumerate() {
        assert_eq!(view.log_at(index), view.log_field(field.name), "{}", field.name);
        assert_eq!(
            view.log_range_at(index).map(written),
            view.log_field(field.name).map(Raw::as_str),
            "{}",
            field.name
        );
        assert_eq!(reader.log_at(index), view.log_field(field.name), "{}", field.name);
        assert_eq!(reader.log_quoted_at(index), quoted(view.log_field(field.name)), "{}", field.name);
    }
    assert_eq!((view.header_at(usize::MAX), view.log_at(usize::MAX)), (None, None));
    if !view.may_have_escapes() {
        let fields = catalog::HEADER.iter().filter_map(|field| view.field(field.name));
        let written = fields.filter(|value| value.text().is_some());
        written.for_each(|value| assert!(!value.as_str().contains('\\'), "{}", value.as_str()));
    }
    match view.body() {
        BodyView::LogStreamStarted(view) => generated::log_stream_started_log(view, log),
        BodyView::LogStreamPaused(view) => generated::log_stream_paused_log(view, log),
        BodyView::TestMessage => assert_eq!(view.name(), "test-message"),
        BodyView::ClientConnected(view) => generated::client_connected_log(view, log),
        BodyView::ClientDisconnected(view) => generated::client_disconnected_log(view, log),
        BodyView::DomainBlocked(view) => generated::domain_blocked_log(view, log),
        BodyView::FlowEstablished(view) => generated::flow_established_log(view, log),
        BodyView::TrafficBlocked(view) => generated::traffic_blocked_log(view, log),
        BodyView::Other => assert!(view.event().is_none()),
        other => panic!("call the accessors of {other:?} here"),
    }

    let expected = Event::from_slice(record).expect("a valid event parses");
    let made = view.to_event().expect("a valid event is made");
    assert_eq!(made, expected);
    // Events compare by meaning; these also by spelling and by the order of unknown fields.
    assert_eq!(made.to_json(), expected.to_json());
}

/// Checks a record with both ways of scanning. Returns whether it is valid.
fn check(checkers: &mut [Checker<'_>; 2], record: &[u8]) -> bool {
    let is_valid = checkers[0].is_valid(record);
    for checker in checkers {
        let view = checker.view(record);
        assert_eq!(view.is_some(), is_valid, "{}", String::from_utf8_lossy(record));
        if let Some(view) = view {
            assert_agrees(&view, record);
        }
    }
    is_valid
}

#[test]
fn views_agree_with_serde_json_over_the_corpus() {
    let validator = Validator::new();
    let mut checkers = [validator.checker(), validator.portable_checker()];
    let samples = samples("");
    // The second time, the checkers know the order of keys.
    for _ in 0..2 {
        let valid = samples.iter().filter(|sample| check(&mut checkers, &sample.bytes)).count();
        assert!((50..samples.len()).contains(&valid), "{valid}");
    }
}

#[test]
fn views_agree_with_serde_json_over_mutated_events() {
    let seed = setting("CCX_SEED", 0x2023_1220);
    let cases = setting("CCX_CASES", 12_000);
    println!("CCX_SEED={seed} CCX_CASES={cases}");
    let seeds = seeds();
    let validator = Validator::new();
    let mut checkers = [validator.checker(), validator.portable_checker()];
    let mut random = Random::new(seed);
    let mut valid = 0;
    for _ in 0..cases {
        let record = mutate(&seeds[random.below(seeds.len())], &mut random);
        valid += u64::from(check(&mut checkers, &record));
    }
    println!("{valid} valid of {cases}");
    assert!((cases / 10..cases - cases / 10).contains(&valid), "a one-sided run: {valid} valid of {cases}");
}

/// What one record has must not show in the view of the next.
#[test]
fn a_view_has_nothing_of_the_record_before() {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let header = r#""CloudConnexaLogVersion":1,"timestamp":"2023-12-20T10:45:14.000000Z","cloudId":"c",
        "service":"CloudConnexa","traceId":"693bbbde-626d-4940-ac2b-4e75efb49bf7","initiator":"i",
        "initiatorType":"User","category":"Activity.Admin""#;
    let full = format!(
        r#"{{{header},"initiatorName":"n","new":1,"eventName":"log-stream-paused","log":{{"aws-s3-bucket":"b","aws-region":"r","newer":2}}}}"#
    );
    let plain = format!(r#"{{{header},"eventName":"test-message"}}"#);
    // The `log` that comes first is guessed to be that of the event whose name follows, which is inside another object.
    let misleading = format!(
        r#"{{"log":{{"aws-s3-bucket":"b","aws-region":"r"}},"x":{{"eventName":"log-stream-paused"}},{header},"eventName":"new"}}"#
    );
    let paused = checker.view(full.as_bytes()).expect("it is valid");
    assert_eq!(paused.header().initiator_name().as_deref(), Some("n"));
    assert_eq!(paused.unknown_fields().count(), 2);
    for record in [&plain, &misleading] {
        let view = checker.view(record.as_bytes()).expect("it is valid");
        assert_agrees(&view, record.as_bytes());
        assert_eq!(view.header().initiator_name(), None);
    }
    // The first view is still that of its record.
    assert_agrees(&paused, full.as_bytes());
}

#[test]
fn pointers_to_nothing_find_nothing() {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let sample = &samples("documented")[0];
    let view = checker.view(&sample.bytes).expect("it is valid");
    for pointer in
        ["", "/", "timestamp", "/nothing", "/log/nothing", "/timestamp/0", "/eventName/", "/log//", "//"]
    {
        assert_eq!(view.pointer(pointer), None, "{pointer}");
    }
}

#[test]
fn indices_of_arrays_have_neither_signs_nor_leading_zeros() {
    let sample = samples("documented").into_iter().next().expect("there are some");
    let text =
        String::from_utf8(sample.bytes).unwrap().replacen('{', r#"{"new": [[1], {"a/b": {"~1": 2}}],"#, 1);
    let validator = Validator::new();
    let mut checker = validator.checker();
    let view = checker.view(text.as_bytes()).expect("it is valid");
    let at = |pointer| view.pointer(pointer).map(Raw::as_str);
    assert_eq!(at("/new/0/0"), Some("1"));
    assert_eq!(at("/new/1/a~1b/~01"), Some("2"));
    for pointer in ["/new/00", "/new/+0", "/new/-", "/new/2", "/new/1/a/b", "/new/99999999999999999999"] {
        assert_eq!(at(pointer), None, "{pointer}");
    }
}
