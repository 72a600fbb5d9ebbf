//! Compares a profile with a schema and an earlier profile.

mod event;
mod finding;
mod message;
mod significance;

use std::collections::BTreeMap;

pub use finding::{Finding, FindingKind, NeverSeen};

use crate::hash::{self, key_hash};
use crate::known::Known;
use crate::profile::{EventProfile, MAX_UNKNOWN_EVENTS, Occurrences, Profile};
use event::EventComparison;
use significance::absence_is_significant;

/// How a profile differs from what is known.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Drift {
    /// The differences, in a stable order.
    pub findings: Vec<Finding>,
    /// Events, and fields of observed events, that the schema describes and that were not observed. They do not count as drift.
    pub never_seen: Vec<NeverSeen>,
}

/// Compares a profile with a schema and, if there is one, with an earlier profile, whose contents count as known too.
#[must_use]
pub fn compare(now: &Profile, known: &Known, before: Option<&Profile>) -> Drift {
    let mut findings = Vec::new();
    if now.unreadable > 0 && before.is_none_or(|before| before.unreadable == 0) {
        let seen = Occurrences { count: now.unreadable, ..Occurrences::default() };
        findings.push(Finding {
            of: now.records + now.unreadable + now.others.values().sum::<u64>(),
            ..Finding::new(FindingKind::Unreadable, seen)
        });
    }
    let others = now.others.values().sum::<u64>();
    for (kind, count) in &now.others {
        if before.is_none_or(|before| !before.others.contains_key(kind)) {
            let seen = Occurrences { count: *count, ..Occurrences::default() };
            let value = Some(kind.clone());
            let of = now.records + now.unreadable + others;
            findings.push(Finding { value, of, ..Finding::new(FindingKind::NotAnEvent, seen) });
        }
    }
    for (name, event) in &now.events {
        let earlier = before.map(|before| (before, get_by_name(&before.events, name)));
        let comparison = EventComparison { name: Some(name), now: event, known, before: None };
        match earlier {
            None => findings.extend(new_event(name, event, now, known, None)),
            Some((before, None)) => findings.extend(new_event(name, event, now, known, Some(before))),
            Some((_, Some(_))) => {}
        }
        let earlier = earlier.and_then(|(_, event)| event);
        findings.extend(EventComparison { before: earlier, ..comparison }.compare(before));
    }
    if let Some(event) = &now.nameless {
        let earlier = before.and_then(|before| before.nameless.as_ref());
        findings.extend(EventComparison { name: None, now: event, known, before: earlier }.compare(before));
    }
    if now.events_left_out > 0 && before.is_none_or(|before| before.events_left_out == 0) {
        let seen = Occurrences { count: now.events_left_out, ..Occurrences::default() };
        findings.push(Finding {
            of: now.records,
            is_rest: true,
            ..Finding::new(FindingKind::NewEvent, seen)
        });
    }
    if let Some(before) = before {
        findings.extend(stopped(now, before));
    }
    Drift { findings: finding::merge_and_sort(findings), never_seen: never_seen(now, known) }
}

/// Returns the entry of a name, or of its fingerprint.
pub(crate) fn get_by_name<'a, T>(map: &'a BTreeMap<String, T>, name: &str) -> Option<&'a T> {
    map.get(name).or_else(|| {
        if hash::is_fingerprint(name) {
            map.iter().find(|(key, _)| hash::fingerprint(key) == name).map(|(_, value)| value)
        } else {
            map.get(&hash::fingerprint(name))
        }
    })
}

/// Returns whether a name that is not kept was certainly not observed: of too many names, those with the least hashes are kept.
pub(crate) fn is_certainly_absent<'a>(
    name: &str,
    kept: impl Iterator<Item = &'a String>,
    left_out: u64,
    max: usize,
) -> bool {
    let mut hashes: Vec<_> = kept.map(|key| key_hash(key)).collect();
    hashes.sort_unstable();
    left_out == 0 || hashes.len() >= max && key_hash(name) < hashes[max - 1]
}

fn new_event(
    name: &str,
    event: &EventProfile,
    now: &Profile,
    known: &Known,
    before: Option<&Profile>,
) -> Option<Finding> {
    let is_new = match before {
        None => !known.has_name(name),
        Some(before) if known.has_name(name) => {
            absence_is_significant(event.seen.count, now.records, before.records)
        }
        Some(before) => {
            let kept = before.events.keys().filter(|key| !known.describes(key));
            is_certainly_absent(name, kept, before.events_left_out, MAX_UNKNOWN_EVENTS)
        }
    };
    let own = event.fields.iter().filter(|(path, field)| {
        path.starts_with("/log/") && !known.has_name(name) && field.present().count > 0
    });
    is_new.then(|| Finding {
        fields: own.map(|(path, field)| (path.clone(), field.types.keys().copied().collect())).collect(),
        events: vec![name.to_owned()],
        of: now.records,
        is_described: known.has_name(name),
        ..Finding::new(FindingKind::NewEvent, event.seen)
    })
}

fn stopped(now: &Profile, before: &Profile) -> Vec<Finding> {
    let gone = before.events.iter().filter(|(name, event)| {
        get_by_name(&now.events, name).is_none()
            && now.events_left_out == 0
            && absence_is_significant(event.seen.count, before.records, now.records)
    });
    gone.map(|(name, event)| Finding {
        events: vec![name.clone()],
        of: before.records,
        since: event.seen.last,
        last: None,
        ..Finding::new(FindingKind::EventStopped, event.seen)
    })
    .collect()
}

fn never_seen(now: &Profile, known: &Known) -> Vec<NeverSeen> {
    let mut all = Vec::new();
    for event in known.events() {
        let Some(profile) = now.events.get(event) else {
            all.push(NeverSeen { event: event.to_owned(), path: None });
            continue;
        };
        let is_unseen =
            |path: &String| profile.fields.get(path).is_none_or(|field| field.present().count == 0);
        let unseen = known.paths(event).filter(is_unseen);
        all.extend(unseen.map(|path| NeverSeen { event: event.to_owned(), path: Some(path) }));
    }
    all
}
