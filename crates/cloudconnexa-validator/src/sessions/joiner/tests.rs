//! Tests of joining events into sessions.

use super::*;
use crate::testing::{DISCONNECTED, with};
use crate::validator::Validator;

fn limits() -> Limits {
    Limits { horizon: i64::MAX, max_open: 1000, latest: i64::MAX }
}

fn read(record: &str) -> SessionEvent {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let outline = checker.outline(record.as_bytes()).expect("an object");
    SessionEvent::read(&outline, true).expect("of a session").expect("readable")
}

fn text(value: &str) -> String {
    format!("\"{value}\"")
}

/// The start of the session that the documented event ends.
fn connected() -> String {
    let record = with(DISCONNECTED, "eventName", "\"client-connected\"");
    let record = with(&record, "traceId", &text("00000000-0000-4000-8000-000000000001"));
    [
        "sessionEndTime",
        "sessionBytesIn",
        "sessionBytesOut",
        "sessionDurationSeconds",
        "sessionDisconnectReason",
    ]
    .iter()
    .fold(record, |record, name| with(&record, name, "null"))
}

fn all(records: &[&str]) -> (Vec<Session>, Counts) {
    let mut sessions = Sessions::new(limits());
    let mut pairings = Vec::new();
    for record in records {
        sessions.observe(read(record), &mut |session| pairings.push(session));
    }
    let counts = sessions.finish(&mut |session| pairings.push(session));
    (pairings, counts)
}

#[test]
fn both_events_make_one_session() {
    let connected = connected();
    let (sessions, counts) = all(&[&connected, DISCONNECTED]);
    assert_eq!(all(&[DISCONNECTED, &connected]).0, sessions);
    assert_eq!(all(&[DISCONNECTED, DISCONNECTED, &connected, DISCONNECTED, &connected]).0, sessions);
    assert_eq!((counts.sessions, counts.joined, counts.repeated), (1, 1, 0));
    let session = &sessions[0];
    assert!(session.connected && session.disconnected && session.is_complete() && session.gap.is_none());
    assert_eq!(session.fields, read(DISCONNECTED).fields);
}

#[test]
fn a_start_alone_has_a_gap_and_an_end_alone_is_complete() {
    let (sessions, counts) = all(&[&connected(), &refused()]);
    assert_eq!((sessions[1].gap, counts.still_open), (Some(Gap::StillOpen), 1));
    let (sessions, counts) = all(&[DISCONNECTED]);
    assert_eq!((sessions[0].gap, sessions[0].is_complete(), counts.ends_alone), (None, true, 1));
}

/// A refused login of another session.
fn refused() -> String {
    let refused = with(DISCONNECTED, "sessionDisconnectReason", &text("Authentication failed"));
    let refused = with(&refused, "traceId", &text("00000000-0000-4000-8000-000000000009"));
    with(&refused, "clientSessionId", "\"refused\"")
}

#[test]
fn a_session_whose_other_event_is_not_streamed_has_no_other_gap() {
    let (sessions, counts) = all(&[&connected(), &with(DISCONNECTED, "cloudId", "\"other\"")]);
    let of_gaps: Vec<_> = sessions.iter().map(|session| session.gap).collect();
    assert_eq!(of_gaps, [Some(Gap::NotStreamed), None]);
    assert_eq!((counts.ends_not_streamed, counts.still_open), (1, 0));
    assert_eq!((counts.ends_alone, counts.starts_not_streamed), (1, 1));
    let (_, counts) = all(&[&with(&connected(), "clientSessionId", "\"other\""), DISCONNECTED]);
    assert_eq!((counts.ends_not_streamed, counts.still_open), (0, 1));
    assert_eq!((counts.ends_alone, counts.starts_not_streamed), (1, 0));
}

/// The start of session `number` at a second of the documented minute.
fn started(number: u32, second: u32) -> String {
    let record = with(&connected(), "clientSessionId", &text(&number.to_string()));
    let record = with(&record, "traceId", &text(&format!("00000000-0000-4000-8000-{number:012}")));
    with(&record, "timestamp", &text(&format!("2023-12-20T10:45:{second:02}.000000Z")))
}

#[test]
fn whether_ends_are_streamed_may_be_known_only_after_the_horizon() {
    let records: Vec<_> = (0..10).map(|number| started(number, number + 4)).collect();
    let joined = |max_open, records: &[String]| {
        let mut sessions = Sessions::new(Limits { horizon: 1_000_000, max_open, latest: i64::MAX });
        let (mut gaps, mut most) = (Vec::new(), 0);
        for record in records {
            sessions.observe(read(record), &mut |session| gaps.push(session.gap));
            most = most.max(sessions.waiting() + sessions.resolver.undecided.len());
        }
        let counts = sessions.finish(&mut |session| gaps.push(session.gap));
        assert!(most <= max_open && counts.sessions == gaps.len() as u64, "{most} {counts:?}");
        counts
    };
    let counts = joined(100, &records);
    assert_eq!((counts.beyond_horizon, counts.still_open, counts.ends_not_streamed), (0, 0, 10));
    let with_end = [&records[..], &[refused()]].concat();
    let counts = joined(100, &with_end);
    assert_eq!((counts.beyond_horizon, counts.still_open, counts.ends_not_streamed), (9, 1, 0));
    let counts = joined(4, &with_end);
    assert_eq!((counts.beyond_horizon, counts.still_open, counts.ends_not_streamed), (3, 1, 6));
    let counts = joined(1, &with_end);
    assert_eq!((counts.beyond_horizon, counts.still_open, counts.ends_not_streamed), (0, 1, 9));
}

#[test]
fn a_refused_login_is_emitted_at_once() {
    let mut sessions = Sessions::new(limits());
    let mut pairings = Vec::new();
    sessions.observe(read(&refused()), &mut |session| pairings.push(session));
    assert!(pairings[0].refused && pairings[0].is_complete());
    assert_eq!(sessions.waiting(), 0);
    assert_eq!(sessions.finish(&mut |_| panic!("no more")).refused, 1);
}

#[test]
fn conflicting_events_are_sessions_of_their_own() {
    let again = with(DISCONNECTED, "traceId", &text("00000000-0000-4000-8000-000000000002"));
    let (sessions, counts) = all(&[DISCONNECTED, &again]);
    assert_eq!((sessions.len(), counts.repeated, counts.conflicting), (1, 1, 0));
    let other = with(&again, "sessionBytesIn", "5");
    let (sessions, counts) = all(&[&connected(), DISCONNECTED, &other, &other]);
    assert_eq!((sessions.len(), counts.repeated, counts.conflicting), (2, 1, 1));
    assert_eq!(sessions[1].fields.bytes_in, Some(5));
    // Of two tenants that happen to have the same id.
    let (sessions, _) = all(&[&connected(), &with(DISCONNECTED, "cloudId", "\"other\"")]);
    assert_eq!(sessions.len(), 2);
}

#[test]
fn events_without_a_session_id_are_not_joined() {
    let nameless = with(&connected(), "clientSessionId", "\"\"");
    let (sessions, _) = all(&[&nameless, &with(DISCONNECTED, "clientSessionId", "\"\"")]);
    assert_eq!(
        sessions.iter().map(|session| session.gap).collect::<Vec<_>>(),
        [Some(Gap::NoSessionId), None]
    );
}
