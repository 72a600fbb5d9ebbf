//! Tests of who is taken for the user and for the device, by types and by outlines alike.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read files and settings")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cloudconnexa_events::{Actors, Event};
use cloudconnexa_validator::{Checker, FastCheck, Validator};
use insta::assert_snapshot;
use workspace_tests::mutate::{Random, mutate, seeds};
use workspace_tests::{samples, setting};

/// The identifier and name of the user, then those of the device.
type Who = [Option<String>; 4];

fn who<T: AsRef<str>>(actors: &Actors<T>) -> Who {
    let text = |text: Option<&T>| text.map(|text| text.as_ref().to_owned());
    [actors.user_id(), actors.user_name(), actors.device_id(), actors.device_name()].map(text)
}

/// Checks that both outlines of a record name whom the event does. Returns whom.
fn agreed(checker: &mut Checker<'_>, record: &[u8], event: &Event) -> Who {
    let expected = who(&event.actors());
    let texts = [event.user_id(), event.user_name(), event.device_id(), event.device_name()];
    assert_eq!(texts.map(|text| text.map(str::to_owned)), expected);
    let shown = String::from_utf8_lossy(record);
    if let FastCheck::Valid(accepted) = checker.fast_check_with_outline(record) {
        let outline = accepted.outline(record).expect("one was asked for");
        assert_eq!(who(&outline.actors()), expected, "the outline of the fast tier: {shown}");
    }
    let outline = checker.outline(record).expect("it is an object");
    assert_eq!(who(&outline.actors()), expected, "the parsed outline: {shown}");
    expected
}

#[test]
fn each_sample_names_its_user_and_its_device() {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let mut named = BTreeMap::<Who, Vec<String>>::new();
    for sample in ["documented", "valid", "noticed"].into_iter().flat_map(samples) {
        let event = Event::from_slice(&sample.bytes).unwrap();
        let who = agreed(&mut checker, &sample.bytes, &event);
        named.entry(who).or_default().push(format!("{}/{}", sample.folder, sample.name));
    }
    let mut text = String::new();
    for (who, samples) in named {
        let [user_id, user_name, device_id, device_name] =
            who.map(|text| text.map_or("-".into(), |text| text.escape_debug().to_string()));
        writeln!(text, "user {user_id} ({user_name}), device {device_id} ({device_name})").unwrap();
        for sample in samples {
            writeln!(text, "  {sample}").unwrap();
        }
    }
    assert_snapshot!(text);
}

#[test]
fn types_and_outlines_agree_about_mutated_events() {
    let seed = setting("CCX_SEED", 0x2023_1220);
    let cases = setting("CCX_CASES", 20_000);
    println!("CCX_SEED={seed} CCX_CASES={cases}");
    let seeds = seeds();
    let validator = Validator::new();
    let mut checker = validator.checker();
    let mut random = Random::new(seed);
    let mut parsed = 0;
    for _ in 0..cases {
        let json = mutate(&seeds[random.below(seeds.len())], &mut random);
        if let Ok(event) = Event::from_slice(&json) {
            agreed(&mut checker, &json, &event);
            parsed += 1;
        }
    }
    assert!(parsed > cases / 10, "{parsed}");
}
