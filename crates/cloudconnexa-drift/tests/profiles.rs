//! A profile does not depend on how events are distributed and ordered, and a damaged one is refused.

mod common;

use cloudconnexa_drift::{Known, Profile, compare};
use common::{Random, events, mutated, profile, sample};

/// Distributes events at random over `parts`, and merges the profiles of the parts in random order.
fn merged_parts(events: &[String], parts: usize, random: &mut Random) -> Profile {
    let mut groups = vec![Vec::new(); parts];
    for event in events {
        groups[random.below(parts)].push(event);
    }
    let mut profiles: Vec<Profile> = groups.into_iter().map(profile).collect();
    while profiles.len() > 1 {
        let one = profiles.swap_remove(random.below(profiles.len()));
        let index = random.below(profiles.len());
        profiles[index].merge(one);
    }
    profiles.remove(0)
}

#[test]
fn merged_parts_equal_the_whole_byte_for_byte() {
    let mut random = Random(7);
    for (seed, one_in) in [(1, 1000), (2, 20), (3, 2)] {
        let mut events = mutated(&events(1500, seed), seed, one_in);
        let whole = profile(&events).to_text();
        for parts in [2, 3, 10] {
            assert_eq!(
                merged_parts(&events, parts, &mut random).to_text(),
                whole,
                "seed {seed}, {parts} parts"
            );
        }
        events.reverse();
        assert_eq!(profile(&events).to_text(), whole, "backwards");
    }
}

/// The same holds for parts that were masked, written and read before.
#[test]
fn merged_masked_parts_equal_the_masked_whole() {
    let events = mutated(&events(900, 5), 5, 2);
    let mut whole = profile(&events);
    whole.mask();
    let mut merged: Option<Profile> = None;
    for (index, part) in events.chunks(250).enumerate() {
        let mut part = profile(part);
        if index != 1 {
            part.mask();
        }
        let part = Profile::from_text(part.to_text().as_bytes()).expect("it was just written");
        match &mut merged {
            Some(merged) => merged.merge(part),
            None => merged = Some(part),
        }
    }
    let merged = merged.expect("there were parts");
    assert_eq!(merged.to_text(), whole.to_text());
    assert_eq!(Profile::from_text(merged.to_text().as_bytes()), Ok(merged));
}

/// Of any number of names of fields, events, values and elements, a bounded number is kept, which does not depend on their
/// order. The rest is counted.
#[test]
fn unlimited_names_are_bounded_and_counted() {
    let base = &events(1, 1)[0];
    let events: Vec<String> = (0..4000)
        .map(|number| match number % 4 {
            0 => base.replacen('{', &format!("{{\"field{number}\":{number},"), 1),
            1 => {
                let start = base.find("\"eventName\":\"").expect("it has a name") + 13;
                format!("{}x{number}{}", &base[..start], &base[start..])
            }
            2 => base.replace("\"initiatorType\":\"", &format!("\"initiatorType\":\"{number}")),
            _ => base.replacen('{', &format!("{{\"map\":{{\"k{number}\":[{{\"v{number}\":1}}]}},"), 1),
        })
        .collect();
    let whole = profile(&events);
    let mut random = Random(3);
    assert_eq!(merged_parts(&events, 4, &mut random).to_text(), whole.to_text());
    assert_eq!(whole.events.len(), 65);
    let kept: u64 = whole.events.values().map(|event| event.seen.count).sum();
    assert_eq!(kept + whole.events_left_out, 4000);
    let (name, event) = whole.events.iter().find(|(_, event)| event.seen.count > 1).expect("the known one");
    // Each of a thousand fields, and the four of each of a thousand maps: itself, a name, a list, an element, a name again.
    let unknown =
        event.fields.iter().filter(|(path, _)| path.starts_with("/field") || path.starts_with("/map"));
    let unknown: Vec<_> = unknown.collect();
    assert_eq!(unknown.len(), 200);
    let kept: u64 = unknown.iter().map(|(_, field)| field.present().count).sum();
    assert_eq!(kept + event.fields_left_out, 1000 + 1000 * 4, "{name}");
    let values = event.fields["/initiatorType"].values.as_ref().expect("it is a vocabulary");
    assert_eq!(values.others.len(), 64);
    let kept: u64 = values.known.values().chain(values.others.values()).map(|seen| seen.count).sum();
    assert_eq!(kept + values.left_out, event.seen.count);

    let drift = compare(&whole, &Known::built_in(), None);
    let rest = drift.findings.iter().filter(|finding| finding.is_rest);
    let rest: Vec<_> = rest.map(|finding| (finding.kind.id(), finding.count)).collect();
    assert_eq!(rest.len(), 3, "{rest:?}");
}

/// The length of the text approximates the memory that a profile takes.
#[test]
#[ignore = "takes a minute unoptimised; `cargo xtask soak` runs it"]
fn a_million_names_take_bounded_memory() {
    let base = &events(1, 1)[0];
    let start = base.find("\"eventName\":\"").expect("it has a name") + 13;
    let names = (0..1_000_000).map(|number| match number % 3 {
        0 => base.replacen('{', &format!("{{\"field{number}\":{number},"), 1),
        1 => format!("{}x{number}{}", &base[..start], &base[start..]),
        _ => base.replace("\"initiator\":\"", &format!("\"initiator\":\"{number}")),
    });
    let mut whole = Profile::default();
    let all: Vec<String> = names.collect();
    for part in all.chunks(100_000) {
        whole.merge(profile(part));
    }
    assert_eq!(whole.records, 1_000_000);
    assert!(whole.to_text().len() < 2 << 20);
}

#[test]
fn deep_nesting_is_cut_and_counted() {
    let base = &events(1, 1)[0];
    let deep = format!("{}1{}", "{\"a\":".repeat(20), "}".repeat(20));
    let one = base.replacen('{', &format!("{{\"deep\":{deep},"), 1);
    let whole = profile([&one]);
    let event = whole.events.values().next().expect("there is one");
    assert_eq!(event.too_deep, 1);
    assert!(
        event.fields.contains_key("/deep/a/a/a/a/a/a/a")
            && !event.fields.contains_key("/deep/a/a/a/a/a/a/a/a/a")
    );
}

/// Records may come in any order, and without a time.
#[test]
fn times_are_minima_and_maxima() {
    let mut events = events(300, 4);
    let whole = profile(&events);
    let (first, last) = (whole.first, whole.last);
    events.reverse();
    events[10] = events[10].replace("\"timestamp\":\"", "\"timestamp\":\"on ");
    events[20] = events[20].replace("\"timestamp\":", "\"timestmp\":");
    let backwards = profile(&events);
    assert_eq!((backwards.first, backwards.last, backwards.untimed), (first, last, 2));
}

/// Whatever byte a file is cut at, and whatever byte is changed, it is refused with a reason.
#[test]
fn every_cut_and_every_changed_byte_is_refused() {
    let mut small = profile(&sample(3, &cloudconnexa_sample::Options::default().seed(3)));
    small.mask();
    let text = small.to_text().into_bytes();
    assert_eq!(Profile::from_text(&text), Ok(small));
    for cut in 0..text.len() {
        let error = Profile::from_text(&text[..cut]).expect_err("half a profile").to_string();
        assert!(error.starts_with("is "), "{error}");
    }
    for index in 0..text.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut damaged = text.clone();
            damaged[index] ^= flip;
            let error = Profile::from_text(&damaged).expect_err("a damaged profile").to_string();
            assert!(error.starts_with("is "), "{error}");
        }
    }
    let other = String::from_utf8(text).expect("UTF-8").replacen("Profile\": 1", "Profile\": 2", 1);
    let error = Profile::from_text(other.as_bytes()).expect_err("another version").to_string();
    assert_eq!(
        error,
        "is a profile of format 2, and this ccxlog reads format 1; write it again with this version"
    );
}

/// Secrets in all fields, in values of vocabularies and in the names of events do not survive masking.
#[test]
fn a_masked_profile_contains_no_values() {
    let mut events = events(200, 9);
    for (index, event) in events.iter_mut().enumerate() {
        let mut json: serde_json::Value = serde_json::from_str(event).expect("JSON");
        for pointer in ["", "/log"] {
            let Some(object) = json.pointer_mut(pointer).and_then(serde_json::Value::as_object_mut) else {
                continue;
            };
            for (name, value) in object {
                if !matches!(name.as_str(), "timestamp" | "log") && (index % 3 == 0 || name != "eventName") {
                    *value = format!("hunter{index} Swordfish").into();
                }
            }
        }
        *event = json.to_string();
    }
    let mut seen = profile(&events);
    assert!(seen.to_text().contains("Swordfish"));
    seen.mask();
    let drift = compare(&seen, &Known::built_in(), None);
    let text = seen.to_text() + &format!("{drift:?}") + &common::lines(&drift).join("\n");
    assert!(!text.contains("Swordfish") && !text.contains("hunter"));
}
