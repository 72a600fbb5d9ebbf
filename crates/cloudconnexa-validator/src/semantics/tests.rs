//! Tests of the rules about one record and about several.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Semantics, Stream};
use crate::instant::{DAY, SECOND};
use crate::sessions::Limits;
use crate::testing::{DISCONNECTED, FLOW, TEST_MESSAGE, TRAFFIC, with};
use crate::{Finding, Position, Validator};

/// 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600 * SECOND;

fn findings(record: &str) -> Vec<Finding> {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let semantics = Semantics::new(Some(NOW));
    let outline = checker.outline(record.as_bytes()).expect("an object");
    semantics.check(&outline, Position::START, |_| true)
}

fn shown(name: &str, findings: &[Finding], out: &mut String) {
    _ = writeln!(out, "## {name}");
    for finding in findings {
        let (start, end) = (finding.span().start, finding.span().end);
        let (id, pointer) = (finding.rule().id, finding.pointer());
        _ = writeln!(out, "{id} {}:{}..{} {pointer}", start.line, start.column, end.column);
        for (kind, text) in [("", finding.text()), ("masked ", finding.masked())] {
            _ = writeln!(
                out,
                "  {kind}{}\n    ^ {}\n    = {}",
                text.message,
                text.label,
                text.help.unwrap_or_default()
            );
        }
    }
    out.push('\n');
}

fn text(value: &str) -> String {
    format!("\"{value}\"")
}

#[test]
fn consistent_records_have_no_findings() {
    for record in [DISCONNECTED, FLOW, TRAFFIC, TEST_MESSAGE, "{}", "{\"log\":[]}"] {
        assert_eq!(findings(record), [], "{record}");
    }
    // Within the tolerance of each rule.
    for (field, values) in [
        ("sessionDurationSeconds", &["3", "5", "4.0", "\"x\"", "null"][..]),
        ("clientPublicIp", &["\"::ffff:178.136.162.32\"", "\"2001:db8::1\"", "7"]),
        ("sessionBytesIn", &["6000000000", "null"]),
        ("clientTunnelIpV4", &["\"0.0.0.0\"", "\"100.127.255.255\"", "\"x\""]),
        ("clientTunnelIpV6", &["\"::\"", "\"FD:0:0:8FFF::1\""]),
        ("timestamp", &["\"2023-12-20T10:50:14.000000Z\"", "\"x\"", "7"]),
    ] {
        for value in values {
            assert_eq!(findings(&with(DISCONNECTED, field, value)), [], "{field}: {value}");
        }
    }
    let icmp = with(&with(FLOW, "destinationPort", "0"), "protocol", "\"1\"");
    assert_eq!(findings(&icmp), []);
}

#[test]
fn inconsistent_records_are_reported() {
    let mut out = String::new();
    for (name, record) in [
        ("end before start", with(DISCONNECTED, "sessionEndTime", &text("2023-12-20T10:45:09.000000Z"))),
        ("duration", with(DISCONNECTED, "sessionDurationSeconds", "4000")),
        ("duration beyond 64 bits", with(DISCONNECTED, "sessionDurationSeconds", "18446744073709551615")),
        ("another zone", with(DISCONNECTED, "timestamp", &text("2023-12-20T12:45:14.000000Z"))),
        ("before the session", with(DISCONNECTED, "timestamp", &text("2023-12-20T10:40:13.999999Z"))),
        ("address", with(DISCONNECTED, "clientPublicIp", &text("178.136.162.33"))),
        ("port", with(&with(FLOW, "destinationPort", "0"), "protocol", "\"6\"")),
        ("source port", with(TRAFFIC, "sourcePort", "0")),
        ("rate", with(DISCONNECTED, "sessionBytesOut", "9223372036854775807")),
        ("future", with(TEST_MESSAGE, "timestamp", &text("2026-01-01T01:00:00.000001Z"))),
        ("before the service", with(TEST_MESSAGE, "timestamp", &text("1970-01-01T00:00:00.000000Z"))),
        ("tunnel", with(DISCONNECTED, "clientTunnelIpV4", &text("192.168.1.7"))),
        ("tunnel of version 6", with(DISCONNECTED, "clientTunnelIpV6", &text("2001:db8::7"))),
        ("all at once", {
            let record = with(DISCONNECTED, "sessionStartTime", &text("9999-12-31T23:59:59z"));
            with(&record, "sessionEndTime", &text("1999-12-31T23:59:59Z"))
        }),
    ] {
        let found = findings(&record);
        assert!(!found.is_empty(), "{name}");
        shown(name, &found, &mut out);
    }
    insta::assert_snapshot!(out);
}

/// Returns what is found in some records, and at the end.
fn stream(limits: Limits, inputs: &[(&str, &[String])]) -> (Vec<String>, super::StreamCounts, String) {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let semantics = Semantics::new(Some(NOW));
    let mut stream = Stream::new(limits);
    let (mut found, mut out) = (Vec::new(), String::new());
    let mut emit = |raised: super::StreamFinding| {
        let start = raised.finding.span().start;
        found.push(format!("{} {}:{}", raised.finding.rule().id, raised.input, start.line));
        shown(&raised.input, &[raised.finding], &mut out);
    };
    for (name, records) in inputs {
        let name: Arc<str> = (*name).into();
        let mut at = Position::START;
        for record in *records {
            let outline = checker.outline(record.as_bytes()).expect("an object");
            let step = semantics.stream_event(&outline, at);
            stream.observe(&name, step, &mut emit);
            at = at.after(record.as_bytes()).after(b"\n");
        }
    }
    let counts = stream.finish(&mut emit);
    (found, counts, out)
}

fn limits() -> Limits {
    Limits { horizon: 30 * DAY, max_open: 1000, latest: NOW }
}

/// A record of the documented session on one line, with another id and time.
fn event(name: &str, trace: u32, second: u32) -> String {
    let record = with(DISCONNECTED, "eventName", &text(name));
    let record = with(&record, "traceId", &text(&format!("00000000-0000-4000-8000-{trace:012}")));
    let time = text(&format!("2023-12-20T10:{:02}:{:02}.000000Z", second / 60, second % 60));
    with(&record, "timestamp", &time).replace('\n', "")
}

#[test]
fn a_regular_session_has_no_findings() {
    let began = event("client-connected", 1, 2710);
    let ended = event("client-disconnected", 2, 2714);
    // In either order, and with the same time.
    let tied = event("client-disconnected", 3, 2710);
    for records in [[began.clone(), ended.clone()], [ended.clone(), began.clone()], [began.clone(), tied]] {
        assert_eq!(stream(limits(), &[("a", &records)]).0, [""; 0]);
    }
    // It started before the first event.
    assert_eq!(stream(limits(), &[("a", &[ended])]).0, [""; 0]);
    // It is still open.
    let refused = event("client-disconnected", 4, 2714)
        .replace("6582c5be4203d502df029d4a", "refused")
        .replace("User Disconnected", "Authentication failed");
    let (found, counts, _) = stream(limits(), &[("a", &[began, refused])]);
    assert_eq!((found.len(), counts.still_open), (0, 1));
}

#[test]
fn inconsistencies_between_records_are_reported() {
    let first = event("test-message", 9, 0);
    let began = event("client-connected", 1, 2710);
    let ended = event("client-disconnected", 2, 2714);
    let other = |event: String| event.replace("6582c5be4203d502df029d4a", "other");
    let other_began = other(event("client-connected", 5, 1));
    let again = event("client-disconnected", 3, 2715);
    let late = event("test-message", 4, 2000);
    let next = other(event("client-disconnected", 6, 2714))
        .replace("User Disconnected", "Authentication failed")
        .replace("2023-12-20", "2024-02-20");
    let (found, _, out) = stream(
        limits(),
        &[
            ("a", &[began.clone(), ended.clone(), again, late, ended.clone()]),
            ("b", &[first.clone(), began.clone()]),
        ],
    );
    assert_eq!(
        found,
        ["session-ends-twice a:3", "clock-backwards a:4", "duplicate-trace-id a:5", "duplicate-trace-id b:2"]
    );
    let (found, _, more) = stream(limits(), &[("a", &[first, other_began, ended])]);
    assert_eq!(found, ["session-never-began a:3"]);
    let (found, _, most) = stream(limits(), &[("a", &[began, next])]);
    assert_eq!(found, ["session-never-ends a:1"]);
    insta::assert_snapshot!([out, more, most].concat());
}

#[test]
fn a_refused_login_needs_no_start() {
    let first = event("test-message", 9, 0);
    let refused = event("client-disconnected", 2, 2714).replace("User Disconnected", "Authentication failed");
    assert_eq!(stream(limits(), &[("a", &[first, refused])]).0, [""; 0]);
}

#[test]
fn sessions_given_up_are_counted() {
    let began: Vec<_> = (0..30)
        .map(|number| {
            event("client-connected", number, 2710).replace("6582c5be4203d502df029d4a", &number.to_string())
        })
        .collect();
    let few = Limits { max_open: 2, ..limits() };
    let (found, counts, _) = stream(few, &[("a", &began)]);
    assert_eq!(found, [""; 0]);
    assert_eq!(
        (counts.still_open, counts.too_many, counts.forgotten_sessions, counts.forgotten_ids),
        (0, 0, 8, 10)
    );
    // No session has an end.
    assert_eq!(counts.ends_not_streamed, 30);
    let ended = event("client-disconnected", 99, 2709);
    let (found, counts, _) = stream(few, &[("a", &[&[ended][..], &began].concat())]);
    assert_eq!(found, [""; 0]);
    assert_eq!((counts.still_open, counts.too_many, counts.ends_not_streamed), (2, 29, 0));
}

/// The sessions `numbers`, each with its own id and `traceId`, as events of `tenant` on `day` of January 2024.
fn events_of(tenant: &str, name: &str, day: u32, numbers: std::ops::Range<u32>) -> Vec<String> {
    let first = u32::from(tenant.as_bytes()[0]) * 10_000 + u32::from(name.as_bytes()[7]) * 100 + 10 * day;
    let of = |number: u32| {
        event(name, first + number, 2714)
            .replace("6582c5be4203d502df029d4a", &format!("{tenant}-{number}"))
            .replace("\"test\"", &text(tenant))
            .replace("2023-12-20", &format!("2024-01-{day:02}"))
    };
    numbers.map(of).collect()
}

#[test]
fn missing_starts_are_no_findings_if_the_tenant_streams_none() {
    let first = events_of("a", "test-message", 1, 0..1);
    let ended = events_of("a", "client-disconnected", 2, 0..9);
    let others = events_of("b", "client-connected", 2, 0..1);
    let records = [first, ended.clone(), others].concat();
    let (found, counts, _) = stream(limits(), &[("a", &records)]);
    assert_eq!((found.len(), counts.starts_not_streamed, counts.still_open), (0, 9, 0));
    // One start is enough to know that others are missing, wherever it is.
    let began = events_of("a", "client-connected", 3, 7..10);
    for inputs in [[&records[..], &began], [&began, &records]] {
        let (found, counts, _) = stream(limits(), &[("a", inputs[0]), ("b", inputs[1])]);
        assert_eq!((found.len(), counts.starts_not_streamed), (7, 0), "{found:?}");
    }
}

#[test]
fn missing_ends_are_no_findings_if_the_tenant_streams_none() {
    let began = events_of("a", "client-connected", 1, 0..9);
    let soon = Limits { horizon: DAY, ..limits() };
    for day in [1, 9] {
        let later = events_of("a", "test-message", day, 0..1);
        let others = events_of("b", "client-disconnected", day, 0..1);
        let (found, counts, _) = stream(soon, &[("a", &[began.clone(), later, others].concat())]);
        assert_eq!((found.len(), counts.ends_not_streamed, counts.still_open), (0, 9, 0));
    }
}

#[test]
fn what_the_tenant_streams_may_be_known_only_after_the_horizon() {
    let soon = Limits { horizon: DAY, ..limits() };
    let began = events_of("a", "client-connected", 1, 0..9);
    let later = events_of("a", "test-message", 5, 0..1);
    let refused = |event: String| event.replace("User Disconnected", "Authentication failed");
    let ended: Vec<_> = events_of("a", "client-disconnected", 9, 10..11).into_iter().map(refused).collect();
    let (found, counts, _) = stream(soon, &[("a", &[began.clone(), later.clone()].concat()), ("b", &ended)]);
    assert_eq!((found.len(), counts.ends_not_streamed), (9, 0), "{found:?}");
    assert!(found.iter().all(|one| one.starts_with("session-never-ends a:")), "{found:?}");

    // No more than is allowed waits for that.
    let few = Limits { max_open: 4, ..soon };
    let (found, counts, _) = stream(few, &[("a", &[began, later].concat()), ("b", &ended)]);
    assert_eq!((found.len(), counts.ends_not_streamed), (4, 5), "{found:?}");
}
