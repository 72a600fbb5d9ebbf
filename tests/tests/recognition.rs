//! Tests that nothing is recognized as something else than an event if it is one, even a broken one.
//!
//! `CCX_SEED` and `CCX_CASES` choose another run; a failure prints the record.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read the environment")]

use cloudconnexa_sample::{Options, Sample};
use cloudconnexa_validator::rules::is_recognition_rule;
use cloudconnexa_validator::{Finding, Position, TextKind, Validator};
use workspace_tests::mutate::{Random, mutate, mutate_field};
use workspace_tests::{samples, setting};

/// Returns the recognitions of a record.
fn recognized(validator: &Validator, record: &[u8]) -> Vec<Finding> {
    let findings = validator.check(record, Position::START).findings;
    findings.into_iter().filter(|finding| is_recognition_rule(finding.rule())).collect()
}

/// Returns events of all kinds: those of the corpus, and made-up ones.
fn events() -> Vec<String> {
    let valid = ["documented", "valid", "noticed", "valid-but-odd"].into_iter().flat_map(samples);
    let mut events: Vec<_> = valid.filter_map(|sample| String::from_utf8(sample.bytes).ok()).collect();
    let mut sample = Sample::new(&Options::default().seed(7));
    for _ in 0..200 {
        let mut event = Vec::new();
        sample.event(&mut event);
        events.push(String::from_utf8(event).expect("events are UTF-8"));
    }
    events
}

#[test]
fn a_valid_event_is_nothing_else() {
    let validator = Validator::new();
    for event in events() {
        assert_eq!(recognized(&validator, event.as_bytes()), [], "{event}");
        assert_eq!(TextKind::of_input(event.as_bytes()), None, "{event}");
    }
}

#[test]
fn an_event_with_one_broken_field_is_nothing_else() {
    let validator = Validator::new();
    let (seed, cases) = (setting("CCX_SEED", 0x2025_0910), setting("CCX_CASES", 100_000) / 4);
    println!("CCX_SEED={seed} CCX_CASES={}", 4 * cases);
    let mut random = Random::new(seed);
    let (events, mut invalid) = (events(), 0);
    for _ in 0..cases {
        let record = mutate_field(&events[random.below(events.len())], &mut random);
        assert_eq!(recognized(&validator, record.as_bytes()), [], "{record}");
        assert_eq!(TextKind::of_input(record.as_bytes()), None, "{record}");
        invalid += u64::from(!validator.is_valid(record.as_bytes()));
    }
    assert!(invalid > cases / 5, "only {invalid} of {cases} are broken");
}

/// Up to three fields are broken, and sometimes a byte: what is left is an event all the same.
#[test]
fn a_damaged_event_is_nothing_else_but_text_before_an_event_is_seen() {
    let validator = Validator::new();
    let (seed, cases) = (setting("CCX_SEED", 0x2025_0910), setting("CCX_CASES", 100_000) / 4);
    println!("CCX_SEED={seed} CCX_CASES={}", 4 * cases);
    let mut random = Random::new(seed);
    let events = events();
    for _ in 0..cases {
        let record = mutate(&events[random.below(events.len())], &mut random);
        for finding in recognized(&validator, &record) {
            let text = String::from_utf8_lossy(&record);
            let is_explained = match finding.rule().id {
                "wrapped-event" => finding.key() == "after-text" && !text.trim_start().starts_with('{'),
                "null-filled" => text.matches("null").count() >= 3,
                _ => false,
            };
            assert!(is_explained, "{finding}: {text}");
        }
    }
}

/// The rules that say what a record is agree with the validity of the record.
#[test]
fn what_is_recognized_is_invalid() {
    let validator = Validator::new();
    let folders = [
        "wrapped-event",
        "not-an-event",
        "not-json",
        "foreign-notation",
        "merge-conflict",
        "renamed-fields",
        "reshaped-log",
    ];
    for folder in folders {
        for sample in samples(&format!("invalid/{folder}")) {
            assert!(!validator.is_valid(&sample.bytes), "{folder}/{}", sample.name);
            let found = recognized(&validator, &sample.bytes);
            let ids: Vec<_> = found.iter().map(|finding| finding.rule().id).collect();
            assert_eq!(ids, [folder], "{}", sample.name);
        }
    }
}
