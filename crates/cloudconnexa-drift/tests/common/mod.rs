//! Profiles of generated events.

#![allow(dead_code, unreachable_pub, reason = "each test uses another part of it")]

use cloudconnexa_drift::{Collector, Drift, Profile, Validity};
use cloudconnexa_sample::{Options, Sample};
use cloudconnexa_validator::{FastCheck, Position, Validator};

pub const SCHEMA: &str = cloudconnexa_events::SCHEMA;

/// Generates events.
pub fn events(count: usize, seed: u64) -> Vec<String> {
    sample(count, &Options::default().seed(seed))
}

pub fn sample(count: usize, options: &Options) -> Vec<String> {
    let mut sample = Sample::new(options);
    let event = |_| {
        let mut line = Vec::new();
        sample.event(&mut line);
        String::from_utf8(line).expect("generated events are UTF-8")
    };
    (0..count).map(event).collect()
}

/// Returns the profile of these records.
pub fn profile<'a>(records: impl IntoIterator<Item = &'a String>) -> Profile {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let mut collector = Collector::new();
    let mut unreadable = 0;
    for record in records {
        let record = record.as_bytes();
        if let FastCheck::Valid(accepted) = checker.fast_check_with_outline(record) {
            collector.observe(record, &accepted.outline(record).expect("it was asked for"), Validity::Valid);
            continue;
        }
        let is_valid = validator.check(record, Position::START).is_valid();
        match checker.outline(record) {
            Some(outline) => collector.observe(record, &outline, is_valid.into()),
            None => unreadable += 1,
        }
    }
    let mut profile = collector.finish();
    profile.unreadable = unreadable;
    profile
}

/// Returns a line for each difference: kind, events, path, value, since when, how many.
pub fn lines(drift: &Drift) -> Vec<String> {
    let line = |finding: &cloudconnexa_drift::Finding| {
        let events = finding.events.join("+");
        let path = finding.path.as_deref().unwrap_or("-");
        let value = finding.value.as_deref().unwrap_or("-");
        let since = finding.since.map_or_else(|| "-".to_owned(), |since| since.to_string());
        format!("{} {events} {path} {value} {since} {}", finding.kind.id(), finding.count)
    };
    drift.findings.iter().map(line).collect()
}

/// A pseudo-random number generator (xorshift64) that gives the same numbers in each run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("small")
    }
}

/// Mutates some events as a vendor, a bug or an attacker might.
pub fn mutated(events: &[String], seed: u64, one_in: usize) -> Vec<String> {
    let mut random = Random(seed | 1);
    let values = [
        "null",
        "true",
        "-1",
        "1.5",
        "7",
        "1e400",
        "\"\"",
        "\"null\"",
        "\"x\"",
        "\"2024-01-01T00:00:00Z\"",
        "[1,[2],{\"a\":null}]",
        "{\"a\":{\"b\":[{\"c\":1}]}}",
        "99999999999999999999",
        "\"10.0.0.1\"",
        "\"fd::1\"",
        "\"693bbbde-626d-4940-ac2b-4e75efb49bf7\"",
        "\"<b>\\u0007\\u202e\"",
        "4.0",
        "\"tcp/udp\"",
    ];
    events
        .iter()
        .map(|event| {
            if random.below(one_in) > 0 {
                return event.clone();
            }
            let mut json: serde_json::Value = serde_json::from_str(event).expect("JSON");
            let object = json.as_object_mut().expect("an object");
            for _ in 0..=random.below(3) {
                let value = serde_json::from_str(values[random.below(values.len())]);
                let value = value.unwrap_or(serde_json::Value::Null);
                let in_log =
                    random.below(2) == 0 && object.get("log").is_some_and(serde_json::Value::is_object);
                let target = if in_log {
                    object.get_mut("log").and_then(serde_json::Value::as_object_mut).expect("it is one")
                } else {
                    &mut *object
                };
                let keys: Vec<String> = target.keys().cloned().collect();
                let new =
                    ["region", "type", "labels", "cloudID", "a/b~c", "<i>", "x\u{7}", ""][random.below(8)];
                match (keys.is_empty(), random.below(4)) {
                    (false, 0) => drop(target.remove(&keys[random.below(keys.len())])),
                    (false, 1 | 2) => drop(target.insert(keys[random.below(keys.len())].clone(), value)),
                    _ => drop(target.insert(new.to_owned(), value)),
                }
            }
            if random.below(8) == 0 {
                let name = ["user-created", "user-deleted", "Not A Name", "", "self"][random.below(5)];
                object.insert("eventName".to_owned(), name.into());
            }
            json.to_string()
        })
        .collect()
}
