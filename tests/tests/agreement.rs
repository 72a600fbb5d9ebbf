//! Tests that validator and types agree about what is valid, and that parsed events are written back as the same JSON value.
//!
//! `CCX_SEED` and `CCX_CASES` choose another run; a failure prints the seed and the event.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read files and settings")]

use cloudconnexa_events::Event;
use cloudconnexa_validator::{Position, Validator};
use serde_json::Value;
use workspace_tests::mutate::{Random, mutate, seeds};
use workspace_tests::{samples, setting};

/// Returns whether two JSON values are equal: numbers by value, strings exactly, objects in any order.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || (a.as_f64() == b.as_f64() && (a.is_f64() || b.is_f64()))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

fn assert_round_trip(event: &Event, json: &[u8]) {
    let written = event.to_json();
    let before: Value = serde_json::from_slice(json).unwrap();
    let after: Value = serde_json::from_str(&written).unwrap();
    assert!(same(&before, &after), "written back differently:\n{}\n{written}", String::from_utf8_lossy(json));
    let again: Event = written.parse().unwrap();
    assert_eq!(again, *event, "parsed again differently: {written}");
    assert_eq!(again.to_json(), written);
}

#[test]
fn types_and_validator_agree_over_the_corpus() {
    let mut parsed = 0;
    for sample in samples("") {
        if let Ok(event) = Event::from_slice(&sample.bytes) {
            assert_round_trip(&event, &sample.bytes);
            parsed += 1;
        }
    }
    assert!(parsed > 50, "{parsed}");
}

#[test]
fn types_and_validator_agree_over_mutated_events() {
    let seed = setting("CCX_SEED", 0x2023_1220);
    let cases = setting("CCX_CASES", 100_000);
    println!("CCX_SEED={seed} CCX_CASES={cases}");
    let seeds = seeds();
    let validator = Validator::new();
    let mut random = Random::new(seed);
    let (mut valid, mut invalid) = (0_u64, 0_u64);
    for _ in 0..cases {
        let json = mutate(&seeds[random.below(seeds.len())], &mut random);
        let report = validator.check(&json, Position::START);
        let parsed = Event::from_slice(&json);
        assert_eq!(
            parsed.is_ok(),
            report.is_valid(),
            "CCX_SEED={seed}: types say {:?}, the validator says {:#?} of\n{}",
            parsed.err(),
            report.findings,
            String::from_utf8_lossy(&json)
        );
        match parsed {
            Ok(event) => {
                assert_round_trip(&event, &json);
                valid += 1;
            }
            Err(_) => invalid += 1,
        }
    }
    println!("{valid} valid, {invalid} invalid");
    assert!(valid > cases / 10 && invalid > cases / 10, "a one-sided run: {valid} valid, {invalid} invalid");
}
