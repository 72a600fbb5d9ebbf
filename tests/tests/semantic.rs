//! Tests that each rule beyond the schema has samples, and that none reports anything about regular events.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read files and settings")]

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use cloudconnexa_sample::{Options, Sample as Generator};
use cloudconnexa_validator::semantics::{
    RECORD_RULES, STREAM_RULES, Semantics, Stream, StreamCounts, StreamFinding, rules_judging,
};
use cloudconnexa_validator::sessions::{Counts, Limits, Session, SessionEvent, Sessions};
use cloudconnexa_validator::{FastCheck, Position, Validator};
use serde_json::Value;
use workspace_tests::mutate::Random;
use workspace_tests::{corpus, samples};

/// 2026-03-01T00:00:00Z, in microseconds.
const NOW: i64 = 1_772_323_200_000_000;
const DAY: i64 = 86_400_000_000;

fn limits() -> Limits {
    Limits { horizon: 30 * DAY, max_open: 100_000, latest: NOW + DAY }
}

/// Returns the ids of everything found in the records of one input, individually and together.
fn found<'a>(records: impl IntoIterator<Item = &'a [u8]>) -> (Vec<String>, StreamCounts) {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let semantics = Semantics::new(Some(NOW));
    let input: Arc<str> = "a".into();
    let mut stream = Stream::new(limits());
    let mut found = Vec::new();
    let raise = |found: &mut Vec<String>, raised: StreamFinding| {
        found.push(format!("{} {}", raised.finding.rule().id, raised.finding.text().message));
    };
    let mut at = Position::START;
    for record in records {
        let end = at.after(record).after(b"\n");
        let (alone, step) = if let FastCheck::Valid(accepted) = checker.fast_check_with_outline(record) {
            let outline = accepted.outline(record).expect("it was asked for");
            (semantics.check(&outline, at, |_| true), semantics.stream_event(&outline, at))
        } else {
            let outline = checker.outline(record).expect("an object");
            (semantics.check(&outline, at, |_| true), semantics.stream_event(&outline, at))
        };
        found.extend(alone.iter().map(|one| format!("{} {}", one.rule().id, one.text().message)));
        stream.observe(&input, step, &mut |raised| raise(&mut found, raised));
        at = end;
    }
    let counts = stream.finish(&mut |raised| raise(&mut found, raised));
    (found, counts)
}

/// Returns the strings and numbers of a value.
fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|member| leaves(member, found)),
        Value::Array(elements) => elements.iter().for_each(|element| leaves(element, found)),
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Null | Value::Bool(_) => {}
    }
}

#[test]
fn masked_texts_have_no_values() {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let (mut masked, mut shown) = (0, 0);
    for sample in samples("semantic") {
        let outline = checker.outline(&sample.bytes).expect("an object");
        let mut values = Vec::new();
        leaves(&serde_json::from_slice(&sample.bytes).expect("JSON"), &mut values);
        // Shorter ones occur in any text.
        values.retain(|value| value.len() > 3);
        for finding in Semantics::new(Some(NOW)).check(&outline, Position::START, |_| true) {
            let has = |text: &str| values.iter().any(|value| text.contains(value.as_str()));
            assert!(!has(&format!("{:?} {:?}", finding.masked(), finding.key())), "{:?}", finding.masked());
            masked += 1;
            shown += usize::from(has(&finding.text().message));
        }
    }
    assert!(
        shown > 8 && masked > 10,
        "{shown} of {masked} texts show a value: the test finds what it looks for"
    );
}

fn ids(found: &[String]) -> Vec<&str> {
    found.iter().filter_map(|one| one.split(' ').next()).collect()
}

#[test]
fn each_rule_about_a_record_has_its_samples() {
    let mut seen = Vec::new();
    for sample in samples("semantic") {
        let rule = sample.folder.rsplit('/').next().expect("a folder");
        assert!(Validator::new().check(&sample.bytes, Position::START).is_valid(), "{}", sample.name);
        let (found, _) = found([sample.bytes.as_slice()]);
        assert_eq!(ids(&found), [rule], "{}: {found:?}", sample.name);
        seen.push(rule.to_owned());
    }
    for rule in RECORD_RULES {
        assert!(seen.iter().any(|id| id == rule.id), "{} has no sample", rule.id);
    }
}

#[test]
fn each_rule_about_several_records_has_its_samples() {
    for rule in STREAM_RULES {
        let folder = corpus().join("semantic").join(rule.id);
        let mut samples = 0;
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            let text = fs::read_to_string(&path).expect("a file");
            for line in text.lines() {
                assert!(
                    Validator::new().check(line.as_bytes(), Position::START).is_valid(),
                    "{}",
                    path.display()
                );
            }
            let (found, _) = found(text.lines().map(str::as_bytes));
            assert_eq!(ids(&found), [rule.id], "{}: {found:?}", path.display());
            samples += 1;
        }
        assert!(samples > 0);
    }
}

#[test]
fn each_finding_is_at_a_field_that_its_rule_is_known_to_judge() {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let semantics = Semantics::new(Some(NOW));
    let mut seen = BTreeSet::new();
    for rule in RECORD_RULES.iter().chain(STREAM_RULES) {
        let folder = corpus().join("semantic").join(rule.id);
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            // Samples of rules about one record may span lines, streams have one record per line.
            let path = entry.expect("an entry").path();
            let text = fs::read_to_string(&path).expect("a file");
            let records: Vec<&str> = if path.extension().is_some_and(|it| it == "jsonl") {
                text.lines().collect()
            } else {
                vec![&text]
            };
            let (mut stream, mut found, mut at) = (Stream::new(limits()), Vec::new(), Position::START);
            let mut starts = Vec::new();
            for record in &records {
                let outline = checker.outline(record.as_bytes()).expect("an object");
                found.extend(semantics.check(&outline, at, |_| true));
                let event = semantics.stream_event(&outline, at);
                stream.observe(&"a".into(), event, &mut |raised| found.push(raised.finding));
                starts.push(at.offset);
                at = at.after(record.as_bytes()).after(b"\n");
            }
            stream.finish(&mut |raised| found.push(raised.finding));
            for finding in found {
                let nth = starts.partition_point(|start| *start <= finding.span().start.offset) - 1;
                let record: Value = serde_json::from_str(records[nth]).expect("JSON");
                let event = record["eventName"].as_str().expect("a name");
                let judging: Vec<_> = rules_judging(event, finding.pointer()).map(|rule| rule.id).collect();
                let id = finding.rule().id;
                assert!(judging.contains(&id), "{id} at {} of {event}: {judging:?}", finding.pointer());
                seen.insert(id);
            }
        }
    }
    assert_eq!(seen.len(), RECORD_RULES.len() + STREAM_RULES.len(), "{seen:?}");
}

#[test]
fn regular_events_have_no_semantic_findings() {
    for sample in samples("documented").into_iter().chain(samples("valid/")) {
        let (found, _) = found([sample.bytes.as_slice()]);
        assert_eq!(found, [""; 0], "{}/{}", sample.folder, sample.name);
    }
    let odd: Vec<_> =
        samples("valid-but-odd").into_iter().filter(|odd| found([&*odd.bytes]).0.is_empty()).collect();
    assert!(odd.is_empty(), "{odd:?} is not odd: it belongs into `valid`");
}

/// Returns `CCX_EVENTS` events made by `ccxlog sample`.
fn generated() -> Vec<u8> {
    let events = std::env::var("CCX_EVENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(30_000);
    let mut text = Vec::new();
    Generator::new(&Options::default()).write(events, &mut text).expect("memory");
    text
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

#[test]
fn a_generated_stream_has_no_semantic_findings() {
    let text = generated();
    let (found, counts) = found(lines(&text));
    assert_eq!(found, [""; 0]);
    assert!(counts.still_open > 0);
}

fn session_events(text: &[u8]) -> Vec<SessionEvent> {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let read = |line| SessionEvent::read(&checker.outline(line).expect("an object"), true);
    lines(text).filter_map(read).map(|event| event.expect("readable")).collect()
}

fn joined(events: impl IntoIterator<Item = SessionEvent>) -> (Vec<Session>, Counts) {
    let mut sessions = Sessions::new(limits());
    let mut joined = Vec::new();
    for event in events {
        sessions.observe(event, &mut |session| joined.push(session));
    }
    let counts = sessions.finish(&mut |session| joined.push(session));
    joined.sort_by(|one, other| one.fields.session_id.cmp(&other.fields.session_id));
    (joined, counts)
}

/// Joins events in `shards` parts, each of which is told of the others what a cluster tells.
fn joined_in_shards(events: &[SessionEvent], limits: Limits, shards: u64) -> Vec<Session> {
    let advances = |event: &&SessionEvent| event.has_session_id() && event.time <= limits.latest;
    let origin = events.iter().find(advances).map(|event| event.time);
    let mut joined = Vec::new();
    for shard in 0..shards {
        let mut emit = |session| joined.push(session);
        let mut sessions = Sessions::new(limits);
        for event in events {
            sessions.streamed_elsewhere(
                event.fields.cloud_id.as_deref().unwrap_or_default(),
                event.role,
                &mut emit,
            );
        }
        let mut clock = origin;
        for event in events {
            if advances(&event) {
                clock = clock.max(Some(event.time));
            }
            if event.shard() % shards == shard {
                if let Some(clock) = clock {
                    sessions.advance(clock, &mut emit);
                }
                sessions.observe(event.clone(), &mut emit);
            }
        }
        if let Some(clock) = clock {
            sessions.advance(clock, &mut emit);
        }
        sessions.finish(&mut emit);
    }
    joined
}

/// Sessions in an order of their own.
fn sorted(mut sessions: Vec<Session>) -> Vec<String> {
    sessions.sort_by(|one, other| one.fields.cmp(&other.fields));
    let mut texts: Vec<_> = sessions.iter().map(|session| format!("{session:?}")).collect();
    texts.sort();
    texts
}

#[test]
fn sessions_joined_in_shards_are_those_of_the_whole() {
    let events = session_events(&generated());
    let mut gaps = BTreeSet::new();
    for seed in 1..=4 {
        println!("seed {seed}");
        let mut random = Random::new(seed);
        // Displaced, repeated, without an id, from the far future, of tenants that stream one kind alone.
        let mut damaged: Vec<SessionEvent> = Vec::new();
        for event in &events {
            let mut event = event.clone();
            match random.below(30) {
                0 => event.time = i64::MAX / 2,
                1 => event.fields.cloud_id = Some(format!("{:?}", event.role).into()),
                2 => continue,
                3 => damaged.push(event.clone()),
                _ => {}
            }
            let place = damaged.len() - random.below(50).min(damaged.len());
            damaged.insert(if random.once_in(4) { place } else { damaged.len() }, event);
        }
        for horizon in [60_000_000, 3_600_000_000, 30 * DAY] {
            let limits = Limits { horizon, max_open: usize::MAX, ..limits() };
            let mut sessions = Sessions::new(limits);
            let mut whole = Vec::new();
            for event in damaged.clone() {
                sessions.observe(event, &mut |session| whole.push(session));
            }
            sessions.finish(&mut |session| whole.push(session));
            gaps.extend(whole.iter().map(|session| session.gap));
            let whole = sorted(whole);
            for shards in [1, 3, 16] {
                let parts = sorted(joined_in_shards(&damaged, limits, shards));
                assert!(parts == whole, "horizon {horizon}, {shards} shards");
            }
        }
    }
    assert!(gaps.len() >= 4, "{gaps:?}");
}

#[test]
fn sessions_do_not_depend_on_order_or_repetition() {
    let events = session_events(&generated());
    let (sessions, counts) = joined(events.clone());
    assert!(counts.joined > 100 && counts.refused > 10 && counts.still_open > 10, "{counts:?}");
    assert_eq!(counts.repeated + counts.conflicting + counts.ends_alone, 0);
    for seed in 1..=20 {
        println!("seed {seed}");
        let mut random = Random::new(seed);
        let mut shuffled = events.clone();
        let mut doubled = 0;
        for event in &events {
            if random.below(3) == 0 {
                shuffled.push(event.clone());
                doubled += 1;
            }
        }
        for index in (1..shuffled.len()).rev() {
            shuffled.swap(index, random.below(index + 1));
        }
        let (same, again) = joined(shuffled);
        assert!(same == sessions);
        assert_eq!(again.repeated, doubled);
        let mut once = again;
        (once.events, once.repeated) = (counts.events, 0);
        assert_eq!(once, counts);
    }
}
