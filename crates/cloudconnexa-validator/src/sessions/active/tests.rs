//! Tests of who is connected at a time.

use super::*;
use crate::instant::{HOUR, MINUTE};
use crate::testing::{DISCONNECTED, with};
use crate::validator::Validator;

/// 2023-12-20T10:00:00Z.
const TEN: Micros = 1_703_066_400_000_000;

fn at(minute: i64) -> Micros {
    TEN + minute * MINUTE
}

fn text(minute: i64) -> String {
    format!("\"2023-12-20T{:02}:{:02}:00.000000Z\"", 10 + minute / 60, minute % 60)
}

/// An event of the session `id` that started at minute `start`. It ends the session if there is an `end`.
fn event(id: &str, start: i64, end: Option<i64>) -> String {
    let name = if end.is_some() { "client-disconnected" } else { "client-connected" };
    let time = text(end.unwrap_or(start));
    let trace = format!("\"{:08x}-0000-4000-8000-00000000000{id}\"", end.unwrap_or(0));
    let event = DISCONNECTED.replace("\"client-disconnected\"", &format!("\"{name}\""));
    [
        ("timestamp", time.clone()),
        ("traceId", trace),
        ("clientSessionId", format!("\"{id}\"")),
        ("sessionStartTime", text(start)),
        ("sessionEndTime", time),
    ]
    .iter()
    .fold(event, |event, (field, value)| with(&event, field, value))
}

fn collect(time: Micros, max_events: usize, events: &[String]) -> ActiveSessions {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let mut active = ActiveSessions::new(time, 6 * HOUR, max_events);
    for event in events {
        let outline = checker.outline(event.as_bytes()).expect("an object");
        active.observe(SessionEvent::read(&outline, true).expect("of a session").expect("readable"));
    }
    active
}

/// The ids of the sessions that are connected at a time; complete ones are upper case.
fn ids(minute: i64, events: &[String]) -> String {
    let sessions = collect(at(minute), 100, events).finish().expect("they fit");
    let id = |session: Session| {
        let id = session.fields.session_id.expect("an id").into_string();
        if session.disconnected { id.to_uppercase() } else { id }
    };
    sessions.into_iter().map(id).collect()
}

#[test]
fn a_session_is_connected_from_its_start_to_its_end() {
    let events = [event("a", 10, None), event("a", 10, Some(40)), event("b", 5, Some(20))];
    for (minute, expected) in [(4, ""), (5, "B"), (10, "BA"), (19, "BA"), (20, "A"), (39, "A"), (40, "")] {
        assert_eq!(ids(minute, &events), expected, "{minute}");
    }
}

#[test]
fn a_session_without_an_end_is_connected_until_it_counts_as_dead() {
    let events = [event("a", 0, None), event("b", 30, Some(500))];
    assert_eq!(ids(359, &events), "aB");
    assert_eq!(ids(360, &events), "B");
    // The start of one that has ended does not count, wherever the end comes.
    let ended = [event("a", 10, Some(12)), event("a", 10, None)];
    assert_eq!(ids(11, &ended), "A");
    assert_eq!(ids(20, &ended), "");
}

#[test]
fn a_refused_login_is_never_connected() {
    let refused = with(&event("a", 0, Some(30)), "sessionDisconnectReason", "\"Authentication failed\"");
    assert_eq!(ids(10, &[refused]), "");
}

#[test]
fn the_order_of_events_and_threads_changes_nothing() {
    let mut events = vec![
        event("a", 10, None),
        event("a", 10, Some(40)),
        // It contradicts the one before it.
        event("a", 10, Some(41)),
        event("b", 5, Some(200)),
        event("c", 5, None),
        event("c", 6, None),
        event("d", 5, Some(6)),
        // The same id of the event, and other content.
        with(&event("b", 5, Some(200)), "sessionBytesIn", "7"),
        // Reported again with another id.
        with(&event("c", 5, None), "traceId", "\"00000000-0000-4000-8000-000000000000\""),
    ];
    let shown = |active: ActiveSessions| active.finish().expect("they fit");
    let expected = shown(collect(at(30), 100, &events));
    assert_eq!(expected.len(), 4, "{expected:#?}");
    for turn in 0..events.len() {
        events.rotate_left(turn);
        assert_eq!(shown(collect(at(30), 100, &events)), expected);
        let mut total = collect(at(30), 100, &events[3..]);
        total.append(collect(at(30), 100, &events[..3]));
        assert_eq!(shown(total), expected);
    }
}

#[test]
fn only_events_that_matter_are_kept_and_too_many_are_refused() {
    let events: Vec<_> =
        (0..9).map(|number| event(&number.to_string(), number * 10, Some(number * 10 + 10))).collect();
    let of_today = collect(at(500), 3, &events);
    assert!(of_today.is_empty() && of_today.finish().is_ok(), "they ended long before");
    assert_eq!(collect(at(30), 4, &events).finish().map(|sessions| sessions.len()), Ok(1));
    let full = collect(at(30), 3, &events);
    assert!(full.is_full() && full.is_empty());
    assert_eq!(full.finish(), Err(TooManyConnections));
}
