//! Inputs about which a usual serde model of such events and JSON Schema disagree, each with the expected result.
//!
//! Validator and types must both return it. The lists are what naive pairs of the two were seen to disagree about.

use cloudconnexa_events::Event;
use cloudconnexa_validator::{Position, Validator};
use workspace_tests::samples;

const VALID: bool = true;
const INVALID: bool = false;

/// Returns the documented example of an event.
fn example(event: &str) -> String {
    let samples = samples("documented").into_iter().chain(samples("valid"));
    let found = samples.into_iter().find(|sample| {
        sample.name.strip_suffix("-v1") == Some(event)
            || (sample.name == "as-recorded" && sample.folder.ends_with(event))
    });
    String::from_utf8(found.unwrap().bytes).unwrap()
}

/// Returns the example with the last value of `field` replaced.
fn with(event: &str, field: &str, value: &str) -> String {
    let json = example(event);
    let key = format!("\"{field}\": ");
    let start = json.rfind(&key).unwrap_or_else(|| panic!("no {field}")) + key.len();
    let end = start + json[start..].find(['\n', '{']).unwrap();
    let comma = if json[..end].ends_with(',') { "," } else { "" };
    format!("{}{value}{comma}{}", &json[..start], &json[end..])
}

/// Returns the client-disconnected example with `members` inserted at the start.
fn before(members: &str) -> String {
    example("client-disconnected").replacen('{', &format!("{{{members},"), 1)
}

fn assert_verdict(json: &str, expected: bool) {
    let report = Validator::new().check(json.as_bytes(), Position::START);
    assert_eq!(report.is_valid(), expected, "validator: {:#?}\n{json}", report.findings);
    let parsed = Event::from_slice(json.as_bytes());
    assert_eq!(parsed.is_ok(), expected, "types: {:?}\n{json}", parsed.err());
}

#[test]
fn types_and_validator_agree_about_integers() {
    for (value, expected) in [
        ("0", VALID),
        ("-0", VALID),
        ("-0.0", VALID),
        ("0.0", VALID),
        ("1.0", VALID),
        ("1E0", VALID),
        ("1e2", VALID),
        ("10e-1", VALID),
        ("100000000000000000000e-20", VALID),
        ("9007199254740993", VALID),
        ("9223372036854775807", VALID),
        ("9223372036854775807.0", INVALID),
        ("9223372036854775808", INVALID),
        ("18446744073709551615", INVALID),
        ("18446744073709551616", INVALID),
        ("1e20", INVALID),
        ("100000000000000000000000000", INVALID),
        ("1e400", INVALID),
        ("1.5", INVALID),
        ("1e-1", INVALID),
        ("-1", INVALID),
        ("-1.0", INVALID),
        ("01", INVALID),
        ("+1", INVALID),
        ("1.", INVALID),
        (".5", INVALID),
        ("NaN", INVALID),
        ("Infinity", INVALID),
        ("0x10", INVALID),
        ("\"1\"", INVALID),
        ("true", INVALID),
        ("[1]", INVALID),
    ] {
        assert_verdict(&with("client-disconnected", "sessionBytesIn", value), expected);
    }
    for (value, expected) in [
        ("0", VALID),
        ("65535", VALID),
        ("6.5535e4", VALID),
        ("65536", INVALID),
        ("18446744073709551615", INVALID),
    ] {
        assert_verdict(&with("flow-established", "destinationPort", value), expected);
    }
    for (value, expected) in [("1", VALID), ("3.0", VALID), ("0", INVALID), ("4", INVALID), ("-1", INVALID)] {
        assert_verdict(&with("traffic-blocked", "priority", value), expected);
    }
}

#[test]
fn types_and_validator_agree_about_times() {
    for (value, expected) in [
        ("2023-12-20T10:45:14.000000Z", VALID),
        ("2023-12-20t10:45:14z", VALID),
        ("2023-12-20T10:45:14.0000000000001Z", VALID),
        ("2023-12-20T10:45:14-00:00", VALID),
        ("2023-12-20T10:45:14+23:59", VALID),
        ("9999-12-31T23:59:59Z", VALID),
        ("9999-12-31T23:59:59-23:59", VALID),
        ("0000-01-01T00:00:00+23:59", VALID),
        ("2016-12-31T23:59:60Z", VALID),
        ("2017-01-01T00:59:60+01:00", VALID),
        ("2023-12-20T10:45:60Z", INVALID),
        ("2016-12-31T23:59:60+01:00", INVALID),
        ("2023-12-20 10:45:14Z", INVALID),
        ("2023-12-20T10:45:14+0200", INVALID),
        ("2023-12-20T10:45:14+02", INVALID),
        ("2023-12-20T10:45:14+24:00", INVALID),
        ("2023-12-20T10:45:14", INVALID),
        ("2023-12-20T10:45Z", INVALID),
        ("2023-12-20T10:45:14,5Z", INVALID),
        ("2023-12-20T10:45:14.Z", INVALID),
        ("2023-12-20T10:45:14Z[UTC]", INVALID),
        ("20231220T104514Z", INVALID),
        ("-001-12-20T10:45:14Z", INVALID),
        ("+002023-12-20T10:45:14Z", INVALID),
        (" 2023-12-20T10:45:14Z", INVALID),
        ("2023-12-20T10:45:14Z ", INVALID),
        ("2023-12-20T10:45:14 UTC", INVALID),
        ("2023-12-20T10:45:14\u{2212}01:00", INVALID),
        ("2023-12-20T1:45:14Z", INVALID),
        ("2023-2-20T10:45:14Z", INVALID),
        ("2023-02-29T10:45:14Z", INVALID),
        ("20,3-12-20T10:45:14Z", INVALID),
    ] {
        assert_verdict(&with("client-disconnected", "sessionEndTime", &format!("\"{value}\"")), expected);
    }
}

#[test]
fn types_and_validator_agree_about_uuids_and_addresses() {
    for (field, value, expected) in [
        ("clientUUID", "8ee244a8-90c8-5aff-8f83-9b7e8290e4a5", VALID),
        ("clientUUID", "00000000-0000-0000-0000-000000000000", VALID),
        ("clientUUID", "ffffffff-ffff-ffff-ffff-ffffffffffff", VALID),
        ("clientUUID", "8ee244a890c85aff8f839b7e8290e4a5", INVALID),
        ("clientUUID", "{8ee244a8-90c8-5aff-8f83-9b7e8290e4a5}", INVALID),
        ("clientUUID", "urn:uuid:8ee244a8-90c8-5aff-8f83-9b7e8290e4a5", INVALID),
        ("clientPublicIp", "::ffff:1.2.3.4", VALID),
        ("clientPublicIp", "::1.2.3.4", VALID),
        ("clientPublicIp", "01.2.3.4", INVALID),
        ("clientPublicIp", "1.2.3", INVALID),
        ("clientPublicIp", "fe80::1%eth0", INVALID),
        ("clientPublicIp", "12345::", INVALID),
        ("clientTunnelIpV4", "::ffff:1.2.3.4", INVALID),
        ("clientTunnelIpV6", "::ffff:1.2.3.4", VALID),
        ("clientTunnelIpV6", "1.2.3.4", INVALID),
    ] {
        assert_verdict(&with("client-disconnected", field, &format!("\"{value}\"")), expected);
    }
}

#[test]
fn types_and_validator_agree_about_absent_and_null() {
    let description = "sessionDisconnectReasonDescription";
    assert_verdict(&with("client-disconnected", description, "null"), VALID);
    let line = format!(",\n    \"{description}\": \"null\"");
    assert_verdict(&example("client-disconnected").replace(&line, ""), INVALID);
    assert_verdict(&with("client-disconnected", "initiatorName", "null"), INVALID);
    assert_verdict(
        &example("client-disconnected").replace("  \"initiatorName\": \"My Device\",\n", ""),
        VALID,
    );
}

#[test]
fn types_and_validator_agree_about_closed_and_open_lists() {
    assert_verdict(&with("client-disconnected", "service", "\"Something\""), INVALID);
    assert_verdict(&with("client-disconnected", "initiatorType", "\"Robot\""), VALID);
    assert_verdict(&with("client-disconnected", "initiatorType", "{\"User\": null}"), INVALID);
    assert_verdict(&with("client-disconnected", "initiatorType", "0"), INVALID);
}

#[test]
fn types_and_validator_agree_about_shapes() {
    let event = example("test-message");
    assert_verdict(&format!("[{event}]"), INVALID);
    assert_verdict("[\"test-message\", {}]", INVALID);
    assert_verdict(&event.replacen('{', "{\"log\": {},", 1), VALID);
    assert_verdict(&event.replacen('{', "{\"log\": null,", 1), INVALID);
    assert_verdict(&event.replace("\"test-message\"", "\"test-message\", \"log\": null"), INVALID);
    let disconnected = example("client-disconnected");
    let log = &disconnected[disconnected.find("\"log\": ").unwrap() + 7..disconnected.rfind('}').unwrap()];
    assert_verdict(&disconnected.replace(log, "[\"x\"]"), INVALID);
    assert_verdict(&disconnected.replace(log, "null"), INVALID);
    assert_verdict(&disconnected.replace(log, "{}"), INVALID);
}

#[test]
fn repeated_keys_are_rejected_by_both() {
    assert_verdict(&before(r#""cloudId": "first""#), INVALID);
    assert_verdict(&before(r#""cloudId": 5"#), INVALID);
    assert_verdict(&before(r#""eventName": "test-message""#), INVALID);
    assert_verdict(&before(r#""eventName": 5"#), INVALID);
    assert_verdict(&before(r#""log": {}"#), INVALID);
    assert_verdict(&before(r#""new": 1, "new": 1"#), INVALID);
    assert_verdict(&before(r#""new": {"a": 1, "b": {"c": 1, "c": 1}}"#), INVALID);
    assert_verdict(&before(r#""\u0063loudId": "escaped""#), INVALID);
    assert_verdict(&before(r#""new": {"a": 1}, "newer": {"a": 1}"#), VALID);
}

/// A reader that skips unknown members does not look at these.
#[test]
fn unknown_members_are_checked_by_both() {
    let nested = |depth: usize| format!(r#""new": {}{}"#, "[".repeat(depth), "]".repeat(depth));
    for (members, expected) in [
        (r#""new": [1, 2.50, {"a": null}]"#.to_owned(), VALID),
        (r#""new": 1e308"#.to_owned(), VALID),
        (r#""new": 1e999"#.to_owned(), INVALID),
        (r#""new": [[-1e999]]"#.to_owned(), INVALID),
        (r#""new": "\ud83d\ude00""#.to_owned(), VALID),
        (r#""new": "\ud83d""#.to_owned(), INVALID),
        (r#""new": "\ude00\ud83d""#.to_owned(), INVALID),
        (r#""\ud83d": 1"#.to_owned(), INVALID),
        (r#""new": "\x41""#.to_owned(), INVALID),
        ("\"new\": \"a\tb\"".to_owned(), INVALID),
        ("\"new\": \"\u{7f}\"".to_owned(), VALID),
        (nested(126), VALID),
        (nested(127), INVALID),
        (nested(5000), INVALID),
    ] {
        assert_verdict(&before(&members), expected);
    }
    let json = before(r#""new": "?""#).into_bytes();
    let broken: Vec<u8> = json.iter().map(|&byte| if byte == b'?' { 0xff } else { byte }).collect();
    assert!(!Validator::new().check(&broken, Position::START).is_valid());
    assert!(Event::from_slice(&broken).is_err());
}

#[test]
fn types_and_validator_agree_about_text_around_an_event() {
    let event = example("test-message");
    assert_verdict(&format!(" \t\r\n{event}\r\n "), VALID);
    assert_verdict(&format!("\u{feff}{event}"), INVALID);
    assert_verdict(&format!("{event} x"), INVALID);
    assert_verdict(&format!("{event}{event}"), INVALID);
    assert_verdict(event.trim_end().trim_end_matches('}'), INVALID);
    assert_verdict(&event.trim_end().replace("\"\n}", "\",\n}"), INVALID);
    assert_verdict("", INVALID);
    assert_verdict(" ", INVALID);
}
