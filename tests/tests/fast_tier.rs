//! Tests what the fast tier decides, which is whatever the vendor may come up with, and that it takes nothing for a value.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use cloudconnexa_validator::coverage::Coverage;
use cloudconnexa_validator::{Checker, FastCheck, Position, Validator};
use workspace_tests::samples;

const HEADER: [&str; 9] = [
    r#""CloudConnexaLogVersion":1"#,
    r#""timestamp":"2023-12-20T10:45:14.000000Z""#,
    r#""cloudId":"example-corp""#,
    r#""service":"CloudConnexa""#,
    r#""traceId":"693bbbde-626d-4940-ac2b-4e75efb49bf7""#,
    r#""initiator":"user@example.com""#,
    r#""initiatorType":"User""#,
    r#""category":"Activity.Admin""#,
    r#""eventName":"test-message""#,
];

/// Both ways of scanning, each by a checker that expects the order of `HEADER`, and by one that expects none.
fn checkers(validator: &Validator) -> Vec<Checker<'_>> {
    let mut checkers = vec![validator.checker(), validator.portable_checker()];
    let mut unordered = vec![validator.checker(), validator.portable_checker()];
    for order in [[8, 3, 0, 6, 1, 5, 2, 7, 4], [5, 0, 7, 2, 8, 1, 3, 6, 4]] {
        let record = format!("{{{}}}", order.map(|field| HEADER[field]).join(","));
        assert!(unordered.iter_mut().all(|checker| checker.is_valid(record.as_bytes())));
    }
    checkers.append(&mut unordered);
    checkers
}

/// Checks that the fast tier proves a record valid, twice: the second time, it expects the order of the first.
#[track_caller]
fn is_decided(validator: &Validator, record: &str) {
    assert!(validator.check(record.as_bytes(), Position::START).is_valid(), "{record}");
    for mut checker in checkers(validator) {
        for _ in 0..2 {
            let checked = checker.fast_check(record.as_bytes());
            assert!(matches!(checked, FastCheck::Valid(_)), "undecided: {record}");
        }
    }
}

/// Checks that a record is not valid, and that no checker takes it for valid, whatever order it expects.
#[track_caller]
fn is_refused(validator: &Validator, record: &str) {
    assert!(!validator.check(record.as_bytes(), Position::START).is_valid(), "{record}");
    for mut checker in checkers(validator) {
        for _ in 0..2 {
            assert!(
                matches!(checker.fast_check(record.as_bytes()), FastCheck::Undecided),
                "proven: {record}"
            );
            assert!(
                !checker.is_valid(record.as_bytes()) && checker.view(record.as_bytes()).is_none(),
                "{record}"
            );
        }
    }
}

/// Returns an event with this field after `before` others.
fn event_with(field: &str, before: usize) -> String {
    let mut fields = HEADER.to_vec();
    fields.insert(before, field);
    format!("{{{}}}", fields.join(","))
}

#[test]
fn an_unknown_field_may_hold_anything() {
    let validator = Validator::new();
    let numbers = ["0", "-0", "7", "-1", "10", "0.5", "-10.25", "1e5", "1E+10", "12e-3", "0.0e0", "0e1"];
    let others =
        ["true", "false", "null", "\"\"", "[]", "[ ]", "{}", "{ }", "[[],[{}],{\"a\":[]}]", "[ 1 , 2 ]"];
    let objects = ["{\"a\":{\"b\":1,\"c\":2},\"b\":{\"a\":1},\"c\":3}"];
    let texts = [
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\u00e9\ud83d\ude00\ud800\udc00\udbff\udfff\ue000""#,
        "\"größe 🚪\"",
        "\"}{][\"",
    ];
    for value in numbers.into_iter().chain(others).chain(objects).chain(texts) {
        for before in [0, 4, 9] {
            is_decided(&validator, &event_with(&format!("\"region\":{value}"), before));
        }
        is_decided(&validator, &event_with(&format!("\"region\":[{value}, {{\"a\" : {value}}}]"), 1));
    }
}

#[test]
fn an_unknown_field_holds_nothing_that_some_reader_refuses() {
    let validator = Validator::new();
    let zeros = |count| "0".repeat(count);
    let numbers = ["00", "01", "-01", "1.", "1.e5", ".5", "+1", "1e", "1e+", "-", "1e999", "-1e309"];
    let huge = [
        format!("1{}", zeros(309)),
        format!("-1{}.5", zeros(400)),
        format!("{}e99", "9".repeat(210)),
        format!("1{}", zeros(1000)),
    ];
    let deep = [
        "[".repeat(127) + &"]".repeat(127),
        "{\"a\":".repeat(127) + "1" + &"}".repeat(127),
        "[{\"a\":".repeat(64) + "1" + &"}]".repeat(64),
    ];
    let texts = [
        r#""\ud800""#,
        r#""\ud800\u0041""#,
        r#""\ud83d\ud83d""#,
        r#""\ud800x\udc00""#,
        r#""\ud800\xdc00""#,
        r#""\ud800xudc00""#,
        r#""\udc00""#,
        r#""\udbff""#,
        r#""\udfff""#,
        r#""\ud800\udbff""#,
        r#""\ud800\ue000""#,
        r#""\u12""#,
        r#""\u12g4""#,
        r#""\x""#,
        r#""\v""#,
        r#""\'""#,
        r#""\0""#,
        r#""\U00e9""#,
        "\"\t\"",
        "\"é\n\"",
        "'x'",
        "tru",
        "trux",
        "fals",
        "falsy",
        "nul",
        "nulk",
        "{x\":1}",
        "{\"a\":1,}",
        "{\"a\" :1,\"a\":2}",
        "{\"a\":1, \"a\"\n:2}",
        "{\"é\":1,\"é\" :2}",
        "[1,]",
        "[1 2]",
    ];
    for value in numbers.into_iter().chain(huge.iter().chain(&deep).map(String::as_str)).chain(texts) {
        for before in [0, 4, 9] {
            is_refused(&validator, &event_with(&format!("\"region\":{value}"), before));
        }
        is_refused(&validator, &event_with(&format!("\"region\":[{{\"a\":{value}}}]"), 1));
    }
    // Long numbers that fit into a 64-bit float are left to the other tier, which reads them.
    let long = event_with(&format!("\"region\":[1{},0.{}1]", zeros(308), zeros(400)), 4);
    assert!(checkers(&validator).iter_mut().all(|checker| checker.is_valid(long.as_bytes())));
}

#[test]
fn no_other_byte_at_any_place_makes_it_valid() {
    let validator = Validator::new();
    let mut checkers = checkers(&validator);
    let documented = samples("documented").into_iter().map(|sample| sample.bytes).min_by_key(Vec::len);
    for record in [event_with("\"new\":{\"a\":[1,\"b\"]}", 4).into_bytes(), documented.unwrap()] {
        for at in 0..record.len() {
            for other in *b"\"\\,:{} x\0\xff" {
                let mut changed = record.clone();
                changed[at] = other;
                let is_valid = validator.is_valid(&changed);
                for checker in &mut checkers {
                    let is_proven = matches!(checker.fast_check(&changed), FastCheck::Valid(_));
                    assert!(is_valid || !is_proven, "{}", String::from_utf8_lossy(&changed));
                }
                // Without notices, it goes over a record in another way.
                for checker in checkers.iter_mut().step_by(3) {
                    assert_eq!(checker.is_valid(&changed), is_valid, "{}", String::from_utf8_lossy(&changed));
                }
            }
        }
    }
}

#[test]
fn fields_in_no_order_are_checked_like_any_others() {
    let validator = Validator::new();
    // Keys and values are read in a window of 64 bytes.
    let long = format!("\"{}\u{1}xx\"", "x".repeat(61));
    let others = [
        "",
        "\"\"",
        "\"x",
        "\"x\\",
        "\"x\n",
        "\"x\"y",
        "\"x\\\"",
        "\"\\ud800\"",
        "\"\n\"",
        "7",
        "07",
        "null",
        "[]",
        "\"2023-13-20\"",
        "\"693bbbde-626d-4940-ac2b-4e75efb49bf7x",
        "x693bbbde-626d-4940-ac2b-4e75efb49bf7\"",
        "\"zz3bbbde-626d-4940-ac2b-4e75efb49bf7\"",
        &long,
    ];
    let mut refused = 0;
    for (changed, known) in HEADER.into_iter().enumerate() {
        let (key, _) = known.split_once(':').unwrap();
        for other in others {
            let field = format!("{key}:{other}");
            let with = |index| if index == changed { &*field } else { HEADER[index] };
            let record = format!("{{{}}}", [2, 6, 0, 8, 4, 1, 7, 3, 5].map(with).join(","));
            if !validator.is_valid(record.as_bytes()) {
                is_refused(&validator, &record);
                refused += 1;
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

/// A key and its string are read in two windows of 32 bytes. What is behind them does not end the string.
#[test]
fn a_control_character_in_the_second_window_is_found() {
    let validator = Validator::new();
    let text = format!("{}\n{}", "x".repeat(25), "x".repeat(4));
    for length in 0..500 {
        let rest = [8, 3, 0, 6, 1, 7, 4].map(|field| HEADER[field]).join(",");
        let other = "y".repeat(length);
        is_refused(&validator, &format!(r#"{{"cloudId":"","initiator":"{text}","x":"{other}",{rest}}}"#));
    }
}

/// A `log` before the name of its event is skipped at first.
#[test]
fn an_early_log_without_an_end_is_refused() {
    let validator = Validator::new();
    for log in ["{", "{\"a\":1", "{\"a\":{}", "{\"a\":\"", "{\"a\":\"\\", "{\"}\":[{}"] {
        is_refused(&validator, &format!("{{\"log\":{log}"));
        is_refused(&validator, &event_with(&format!("\"log\":{log}"), 0));
    }
}

#[test]
fn keys_and_what_is_around_them_are_those_of_json() {
    let validator = Validator::new();
    let long = "k".repeat(40);
    let mut fields = vec![
        ",\"new\":1".to_owned(),
        "\"new\":1,".to_owned(),
        "\"new\":1;\"other\":2".to_owned(),
        "\"new\":1 \"other\":2".to_owned(),
        "\"traceId\":\"x\"".to_owned(),
        "new:1".to_owned(),
    ];
    for key in ["new", "é", "kéy", &long] {
        for end in ["\\:1", "\":1,", "\"x:1", "\"xy:1", "\"", "\" 1", ":1"] {
            fields.push(format!("\"{key}{end}"));
        }
        for [first, second] in [["", ""], [" ", ""], ["", " "], ["\n", "\t"]] {
            fields.push(format!("{first}\"{key}\"{second}:1,\"{key}\":2"));
            fields.push(format!("\"{key}\":1,{first}\"{key}\"{second}:2"));
        }
    }
    for field in fields {
        for before in [0, 4, 9] {
            is_refused(&validator, &event_with(&field, before));
        }
    }
    // The byte before a key that is expected is a comma.
    let record = format!("{{{}}}", HEADER.join(","));
    for at in record.match_indices(",\"").map(|(at, _)| at) {
        for other in [";", ":", "{", "\"", "x", " "] {
            is_refused(&validator, &format!("{}{other}{}", &record[..at], &record[at + 1..]));
        }
    }
}

/// Keys and strings are read in windows of 32 bytes, and at times in two of them.
#[test]
fn keys_and_strings_may_have_any_length() {
    let validator = Validator::new();
    for length in (0..5).chain(28..36).chain(60..70).chain([1000]) {
        for text in
            ["k".repeat(length), format!("{}é", "k".repeat(length)), format!("é{}", "k".repeat(length))]
        {
            for field in [
                format!("\"{text}\":\"v\""),
                format!("\"region\":\"{text}\""),
                format!("\"{text}\":{{\"{text}\":\"{text}\"}}"),
            ] {
                for before in [0, 4, 9] {
                    is_decided(&validator, &event_with(&field, before));
                }
            }
            is_decided(&validator, &event_with("\"x\":1", 0).replace("test-message", &text));
            is_decided(&validator, &event_with("\"x\":1", 0).replace("user@example.com", &text));
        }
    }
}

/// White space of any length may be between any two tokens.
#[test]
fn an_event_may_have_any_layout() {
    let validator = Validator::new();
    for sample in samples("documented") {
        let text = String::from_utf8(sample.bytes).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let compact = value.to_string();
        is_decided(&validator, &compact);
        for length in [1, 31, 32, 33, 70] {
            let space = "\n".to_owned() + &"\t ".repeat(length)[..length - 1];
            is_decided(&validator, &spaced(&compact, &space));
        }
    }
}

/// Returns compact JSON with `space` around each token.
fn spaced(compact: &str, space: &str) -> String {
    let mut text = space.to_owned();
    let (mut is_within, mut is_escaped) = (false, false);
    for character in compact.chars() {
        let is_token = !is_within && matches!(character, '{' | '}' | '[' | ']' | ',' | ':');
        if is_token {
            text += space;
        }
        text.push(character);
        if is_token {
            text += space;
        }
        is_within ^= character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
    }
    text + space
}

/// Until the name of the event is known, nobody knows what its `log` may hold.
#[test]
fn a_log_may_come_first() {
    let validator = Validator::new();
    let log = |content: &str| event_with(&format!("\"log\":{content}"), 0);
    for content in
        [r#"{"a":"}\"{","b":{"c":[{}]}}"#, "{}", r#"{ "a" : {} }"#, r#"{"eventName":"client-connected"}"#]
    {
        is_decided(&validator, &log(content).replace("test-message", "of-tomorrow"));
    }
    for sample in samples("documented") {
        let text = String::from_utf8(sample.bytes).unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let Some(log) = value.as_object_mut().unwrap().remove("log") else { continue };
        let rest = value.to_string();
        is_decided(&validator, &format!("{{\"log\":{log},{}", &rest[1..]));
    }
}

#[test]
fn nothing_else_is_taken_for_a_value() {
    let validator = Validator::new();
    let mut checkers = checkers(&validator);
    let others = [
        "",
        " ",
        "\"",
        "\"\"",
        "\"null\"",
        "null",
        "nul",
        "7",
        "-7",
        "07",
        "18446744073709551617",
        "1.5",
        "true",
        "[]",
        "{}",
        "{",
        "\"::1\"",
        "\"1.2.3.4\"",
    ];
    for sample in samples("documented") {
        let record = sample.bytes;
        let ranges: Vec<_> = {
            let outline = checkers[0].outline(&record).expect("it is an object");
            outline.members().map(|member| member.range).collect()
        };
        for range in ranges {
            for other in others {
                let changed = [&record[..range.start], other.as_bytes(), &record[range.end..]].concat();
                let is_valid = validator.check(&changed, Position::START).is_valid();
                assert!(!is_valid || !other.trim().is_empty());
                for checker in &mut checkers {
                    let shown = || String::from_utf8_lossy(&changed).into_owned();
                    assert_eq!(checker.is_valid(&changed), is_valid, "{}", shown());
                    if let FastCheck::Valid(_) = checker.fast_check(&changed) {
                        assert!(is_valid, "{}", shown());
                    }
                    assert_eq!(checker.view(&changed).is_some(), is_valid, "{}", shown());
                }
            }
        }
    }
}

/// Accessors are made from the built-in schema, so a view of another one has to be valid by both. Everything else goes by the
/// other one alone.
#[test]
fn a_view_by_another_schema_is_valid_by_both() {
    let schema = cloudconnexa_events::SCHEMA;
    let looser = schema.replace("\"traceId\",", "");
    let stricter = schema.replace("\"maximum\": 4294967295", "\"maximum\": 0");
    assert!(looser != schema && stricter != schema);
    let [valid, without_trace] =
        [event_with("\"x\":1", 0), event_with("\"x\":1", 0).replace(HEADER[4], "\"y\":1")]
            .map(String::into_bytes);
    for (schema, views) in [(schema, [true, false]), (&looser, [true, false]), (&stricter, [false, false])] {
        let validator = Validator::for_schema(schema).unwrap();
        let mut checkers = [validator.checker(), validator.portable_checker()];
        for checker in &mut checkers {
            assert_eq!([&valid, &without_trace].map(|record| checker.view(record).is_some()), views);
            assert_eq!(checker.is_valid(&without_trace), schema == looser);
            assert_eq!(Coverage::default().add(checker, &without_trace), schema == looser);
            let is_fast = matches!(checker.fast_check(&valid), FastCheck::Valid(_));
            assert_eq!(is_fast, schema == cloudconnexa_events::SCHEMA);
        }
    }
}
