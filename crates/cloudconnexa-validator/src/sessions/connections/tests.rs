//! Tests of connections: against counting second by second, and that the order of events changes nothing.

use std::collections::BTreeSet;

use super::*;
use crate::instant::{self, DAY, MINUTE, SECOND};
use crate::testing::{DISCONNECTED, FLOW, with};
use crate::validator::Validator;

const LIMITS: ConnectionLimits =
    ConnectionLimits { max_events: 10_000, max_users: 1000, latest: 4_102_444_800 * SECOND };

/// 2024-01-01, a Monday, and the first day of a week, a month and a year.
const ORIGIN: Micros = 1_704_067_200 * SECOND;

#[derive(Clone, Debug)]
struct Session {
    id: String,
    user: &'static str,
    /// In minutes since [`ORIGIN`].
    start: i64,
    end: Option<i64>,
    reason: &'static str,
}

fn session(id: &str, user: &'static str, start: i64, end: impl Into<Option<i64>>) -> Session {
    Session { id: id.to_owned(), user, start, end: end.into(), reason: "User Disconnected" }
}

fn text(minute: i64) -> String {
    let time = ORIGIN + minute * MINUTE;
    let (year, month) = instant::month_of(time.div_euclid(DAY));
    let day = time.div_euclid(DAY) - instant::days(year, month, 1) + 1;
    let (hour, minute) = (time.rem_euclid(DAY) / HOUR, time.rem_euclid(HOUR) / MINUTE);
    format!("\"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00.000000Z\"")
}

impl Session {
    fn event(&self, name: &str, time: i64) -> String {
        let quoted = |text: &str| format!("\"{text}\"");
        let mut event = DISCONNECTED.replace("\"client-disconnected\"", &quoted(name));
        for (field, value) in [
            ("timestamp", text(time)),
            ("traceId", format!("\"{:08x}-0000-4000-8000-{:012x}\"", time, self.id.len())),
            ("clientSessionId", quoted(&self.id)),
            ("parentEntity", quoted(self.user)),
            ("parentEntityName", quoted(&self.user.to_uppercase())),
            ("sessionStartTime", text(self.start)),
            ("sessionEndTime", text(time)),
            ("sessionDisconnectReason", quoted(self.reason)),
        ] {
            event = with(&event, field, &value);
        }
        if self.user.is_empty() { with(&event, "parentEntityType", "\"NetworkOrHost\"") } else { event }
    }

    fn started(&self) -> String {
        self.event("client-connected", self.start)
    }

    fn ended(&self) -> Option<String> {
        Some(self.event("client-disconnected", self.end?))
    }

    fn events(&self) -> impl Iterator<Item = String> {
        [Some(self.started()), self.ended()].into_iter().flatten()
    }
}

fn collect<'a>(limits: ConnectionLimits, events: impl IntoIterator<Item = &'a String>) -> Connections {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let mut connections = Connections::new(limits);
    for event in events {
        let outline = checker.outline(event.as_bytes()).expect("an object");
        assert_eq!(connections.observe(&outline), Some(Ok(())), "{event}");
    }
    connections
}

fn spans(sessions: &[Session]) -> ConnectionSpans {
    let events: Vec<_> = sessions.iter().flat_map(Session::events).collect();
    collect(LIMITS, &events).finish(DEAD_AFTER).expect("they fit")
}

/// The peaks as minutes and numbers: from, users, when, sessions, when, distinct users.
fn peaks(spans: &ConnectionSpans, period: Period) -> Vec<(i64, u64, i64, u64, i64, u64)> {
    let minute = |time: Micros| (time - ORIGIN) / MINUTE;
    let row = |peak: Peak| {
        let at = |time: Option<Micros>| time.map_or(-1, minute);
        let (users_at, sessions_at) = (at(peak.users_at), at(peak.sessions_at));
        (minute(peak.from), peak.users, users_at, peak.sessions, sessions_at, peak.distinct_users)
    };
    spans.peaks(period).into_iter().map(row).collect()
}

/// A sequence of numbers that looks random.
fn random(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |bound| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    }
}

fn many(seed: u64) -> Vec<Session> {
    let mut random = random(seed);
    let users = ["ann", "bob", "cleo", "dan", ""];
    let session = |number: usize| {
        let start = i64::try_from(random(60 * 24 * 3)).unwrap();
        let length = i64::try_from(random(400)).unwrap();
        let end = (random(8) > 0).then_some(start + length);
        let user = users[usize::try_from(random(5)).unwrap()];
        let reason = if random(9) == 0 { "Authentication failed" } else { "Reconnecting" };
        Session { id: format!("s{number}"), user, start, end, reason }
    };
    (0..120).map(session).collect()
}

#[test]
fn peaks_are_those_of_counting_minute_by_minute() {
    for seed in 0..5 {
        let sessions = many(seed);
        let newest = sessions.iter().map(|session| session.end.unwrap_or(session.start)).max().unwrap();
        let is_active = |session: &&Session, minute: i64| {
            let is_refused = session.end.is_some() && session.reason == "Authentication failed";
            let end = session.end.unwrap_or(session.start + 360);
            !is_refused && session.start <= minute && minute < end && minute <= newest
        };
        let spans = spans(&sessions);
        for (period, minutes) in [(Period::Hour, 60), (Period::Day, 1440), (Period::Week, 10_080)] {
            let mut expected = Vec::new();
            for from in (0..=newest).step_by(usize::try_from(minutes).unwrap()) {
                let (mut row, mut distinct) = ((from, 0, -1, 0, -1, 0), BTreeSet::new());
                for minute in from..from + minutes {
                    let active: Vec<_> =
                        sessions.iter().filter(|session| is_active(session, minute)).collect();
                    let users: BTreeSet<_> =
                        active.iter().map(|session| session.user).filter(|user| !user.is_empty()).collect();
                    if users.len() as u64 > row.1 {
                        (row.1, row.2) = (users.len() as u64, minute);
                    }
                    if active.len() as u64 > row.3 {
                        (row.3, row.4) = (active.len() as u64, minute);
                    }
                    distinct.extend(users);
                }
                row.5 = distinct.len() as u64;
                expected.extend((row.3 > 0).then_some(row));
            }
            assert_eq!(peaks(&spans, period), expected, "seed {seed}, {period:?}");
        }
    }
}

#[test]
fn the_order_of_events_and_threads_changes_nothing() {
    let mut events: Vec<_> = many(7).iter().flat_map(Session::events).collect();
    events.extend_from_within(..50);
    let shown = |connections: Connections| {
        let spans = connections.finish(DEAD_AFTER).expect("they fit");
        let frequent = format!("{:?}", spans.frequent(5));
        let active = format!("{:?}", spans.active_at(ORIGIN + DAY));
        assert!(frequent.len() > 100 && active.len() > 100, "{frequent} {active}");
        (peaks(&spans, Period::Hour), frequent, active, spans.sessions, spans.dead, spans.without_user)
    };
    let expected = shown(collect(LIMITS, &events));
    let mut random = random(1);
    for _ in 0..5 {
        for index in (1..events.len()).rev() {
            events.swap(index, usize::try_from(random(index as u64 + 1)).unwrap());
        }
        assert!(shown(collect(LIMITS, &events)) == expected);
        let mut total = Connections::new(LIMITS);
        for part in events.chunks(17).rev() {
            total.append(collect(LIMITS, part));
        }
        assert!(shown(total) == expected);
    }
}

#[test]
fn too_much_is_refused_in_any_order() {
    let mut events: Vec<_> = many(3).iter().flat_map(Session::events).collect();
    let sessions = 120;
    for (max_events, max_users, fits) in
        [(sessions, 4, true), (sessions - 1, 4, false), (sessions, 3, false), (0, 0, false)]
    {
        let limits = ConnectionLimits { max_events, max_users, ..LIMITS };
        for _ in 0..2 {
            events.reverse();
            let connections = collect(limits, &events);
            assert_eq!(connections.finish(DEAD_AFTER).is_ok(), fits, "{limits:?}");
            let mut total = Connections::new(limits);
            events.chunks(50).for_each(|part| total.append(collect(limits, part)));
            assert_eq!(total.finish(DEAD_AFTER).is_ok(), fits, "{limits:?}");
        }
    }
}

#[test]
fn memory_does_not_grow_with_repeated_events() {
    let events: Vec<_> = many(2).iter().flat_map(Session::events).collect();
    let mut connections = Connections::new(ConnectionLimits { max_events: 120, ..LIMITS });
    for _ in 0..100 {
        connections.append(collect(LIMITS, &events));
    }
    assert!(!connections.is_full() && connections.len() < 2 * COMPACT_MIN, "{}", connections.len());
}

#[test]
fn a_user_with_two_sessions_is_one_user() {
    let spans = spans(&[
        session("a", "ann", 0, 30),
        session("b", "ann", 10, 40),
        session("c", "bob", 40, 50),
        session("d", "", 20, 25),
    ]);
    assert_eq!(peaks(&spans, Period::Hour), [(0, 1, 0, 3, 20, 2)]);
    assert_eq!((spans.sessions, spans.without_user), (4, 1));
}

#[test]
fn a_session_that_ends_as_another_starts_is_not_at_once_with_it() {
    let spans =
        spans(&[session("a", "ann", 0, 30), session("b", "bob", 30, 60), session("c", "cleo", 60, 60)]);
    assert_eq!(peaks(&spans, Period::Hour), [(0, 1, 0, 1, 0, 2)]);
}

#[test]
fn a_session_without_an_end_counts_as_dead_in_time() {
    let sessions =
        [session("a", "ann", 0, None), session("b", "bob", 700, None), session("c", "cleo", 710, 720)];
    let spans = spans(&sessions);
    assert_eq!(spans.dead, 1);
    let active = |minute: i64| -> Vec<String> {
        let users = spans.active_at(ORIGIN + minute * MINUTE);
        users.iter().map(|active| active.user.user_id.to_string()).collect()
    };
    assert_eq!(active(0), ["ann"]);
    assert_eq!(active(359), ["ann"]);
    assert!(active(360).is_empty());
    assert_eq!(active(720), ["bob"], "the newest event is of this time");
    assert!(active(721).is_empty(), "what comes after the events is not known");
}

#[test]
fn frequent_users_are_counted_by_day_without_repetitions() {
    let mut sessions: Vec<_> =
        (0..5).map(|number| session(&format!("a{number}"), "ann", number * 10, number * 10 + 5)).collect();
    sessions.push(Session { reason: "Certificate Revoked", ..session("r", "ann", 900, 900) });
    sessions.extend((0..9).map(|number| session(&format!("b{number}"), "bob", 1440 + number, 1500)));
    sessions.extend((0..9).map(|number| session(&format!("n{number}"), "", number, 1500)));
    sessions.extend(sessions.clone());
    let spans = spans(&sessions);
    let rows = |threshold| -> Vec<_> {
        let row = |row: FrequentUser<'_>| {
            ((row.day - ORIGIN) / DAY, row.user.user_id.to_string(), row.connections, row.refused)
        };
        spans.frequent(threshold).into_iter().map(row).collect()
    };
    assert_eq!(rows(6), [(0, "ann".to_owned(), 6, 1), (1, "bob".to_owned(), 9, 0)]);
    assert_eq!(rows(7), [(1, "bob".to_owned(), 9, 0)]);
    assert!(rows(10).is_empty());
}

#[test]
fn the_name_of_a_user_is_the_latest() {
    let event = |minute: i64, name: &str| {
        let event = session(&format!("{minute}{name}"), "ann", minute, minute + 1).started();
        with(&event, "parentEntityName", &format!("\"{name}\""))
    };
    let mut events = [event(0, "Zoe"), event(9, "Ann"), event(9, "Anne"), event(3, "Bea"), event(5, "")];
    for _ in 0..2 {
        let spans = collect(LIMITS, &events).finish(DEAD_AFTER).expect("they fit");
        assert_eq!(spans.frequent(1)[0].user.user_name.as_deref(), Some("Anne"));
        events.reverse();
    }
    let long =
        with(&session("x", "ann", 0, 1).started(), "parentEntity", &format!("\"{}\"", "é".repeat(999)));
    let spans = collect(LIMITS, [&long]).finish(DEAD_AFTER).expect("they fit");
    assert_eq!(*spans.frequent(1)[0].user.user_id, format!("{}…", "é".repeat(128)));
}

#[test]
fn what_cannot_be_is_left_out_and_counted() {
    let valid = session("a", "ann", 10, 20);
    let no_start = with(&valid.ended().unwrap(), "sessionStartTime", "null");
    let alone = collect(LIMITS, [&no_start]).finish(DEAD_AFTER).expect("they fit");
    assert_eq!((alone.implausible, alone.peaks(Period::Hour).len()), (1, 0));
    let joined = collect(LIMITS, [&no_start, &valid.started()]).finish(DEAD_AFTER).expect("they fit");
    assert_eq!((joined.implausible, peaks(&joined, Period::Hour)), (0, vec![(0, 1, 10, 1, 10, 1)]));

    let of_2019 = with(&valid.ended().unwrap(), "sessionStartTime", "\"2019-12-31T23:59:59.000000Z\"");
    let future = with(&valid.ended().unwrap(), "sessionEndTime", "\"2101-01-01T00:00:00.000000Z\"");
    let backwards = session("b", "ann", 10, 9).ended().unwrap();
    let all = [of_2019, future, backwards];
    let spans = collect(LIMITS, &all[..2]).finish(DEAD_AFTER).expect("they fit");
    assert_eq!((spans.implausible, spans.peaks(Period::Hour).len()), (2, 0));
    let spans = collect(LIMITS, &all[2..]).finish(DEAD_AFTER).expect("they fit");
    assert_eq!((spans.implausible, spans.frequent(1).len()), (1, 0));
}

#[test]
fn a_session_without_a_user_takes_it_from_its_other_event() {
    let named = session("a", "ann", 0, 30);
    let nameless = with(&named.ended().unwrap(), "parentEntityType", "null");
    let spans = collect(LIMITS, [&nameless, &named.started()]).finish(DEAD_AFTER).expect("they fit");
    assert_eq!((spans.without_user, peaks(&spans, Period::Hour)), (0, vec![(0, 1, 0, 1, 0, 1)]));
}

#[test]
fn other_events_are_not_about_connections() {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let mut connections = Connections::new(LIMITS);
    let outline = checker.outline(FLOW.as_bytes()).expect("an object");
    assert_eq!(connections.observe(&outline), None);
    let nothing = ["timestamp", "sessionStartTime", "sessionEndTime"]
        .iter()
        .fold(DISCONNECTED.to_owned(), |event, field| with(&event, field, "null"));
    let outline = checker.outline(nothing.as_bytes()).expect("an object");
    assert_eq!(connections.observe(&outline), Some(Err(Unreadable)));
    assert!(connections.is_empty());
}

#[test]
fn periods_start_on_the_hour_at_midnight_on_mondays_and_on_the_first() {
    for (minute, [hour, day, week, month]) in [
        (0, [0, 0, 0, 0]),
        (-1, [-60, -1440, -10_080, -31 * 1440]),
        (10 * 1440 + 61, [10 * 1440 + 60, 10 * 1440, 7 * 1440, 0]),
        // 2024-02-29, a Thursday.
        (59 * 1440 + 5, [59 * 1440, 59 * 1440, 56 * 1440, 31 * 1440]),
    ] {
        let time = ORIGIN + minute * MINUTE;
        let starts = [Period::Hour, Period::Day, Period::Week, Period::Month].map(|period| {
            let start = period.start_of(time);
            assert!(start <= time && time < period.end_of(start));
            assert_eq!(period.start_of(period.end_of(start)), period.end_of(start));
            (start - ORIGIN) / MINUTE
        });
        assert_eq!(starts, [hour, day, week, month], "{minute}");
    }
}
