//! Compares what was seen with what is known: by a schema, and by what was seen earlier.

mod chance;
mod event;
mod finding;

use std::collections::BTreeMap;

pub use finding::{Finding, FindingKind, NeverSeen};

use crate::hash::{self, key_hash};
use crate::known::Known;
use crate::profile::{EVENTS, EventProfile, Profile, Seen};
use chance::would_have_come;
use event::Pair;

/// How what was seen differs from what is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drift {
    /// What differs, in a stable order.
    pub findings: Vec<Finding>,
    /// Events, and fields of events that came, which the schema describes and nobody saw. That is no drift.
    pub never_seen: Vec<NeverSeen>,
}

/// Compares a profile with a schema and, where there is one, with an earlier profile: what that one has is known as well.
#[must_use]
pub fn compare(now: &Profile, known: &Known, before: Option<&Profile>) -> Drift {
    let mut findings = Vec::new();
    if now.unreadable > 0 && before.is_none_or(|before| before.unreadable == 0) {
        let seen = Seen { count: now.unreadable, ..Seen::default() };
        findings.push(Finding {
            of: now.records + now.unreadable,
            ..Finding::new(FindingKind::Unreadable, seen)
        });
    }
    for (name, event) in &now.events {
        let earlier = before.map(|before| (before, find(&before.events, name)));
        let pair = Pair { name: Some(name), now: event, known, before: None };
        match earlier {
            None => findings.extend(new_event(name, event, now, known, None)),
            Some((before, None)) => findings.extend(new_event(name, event, now, known, Some(before))),
            Some((_, Some(_))) => {}
        }
        let earlier = earlier.and_then(|(_, event)| event);
        findings.extend(Pair { before: earlier, ..pair }.compare(before));
    }
    if let Some(event) = &now.nameless {
        let earlier = before.and_then(|before| before.nameless.as_ref());
        findings.extend(Pair { name: None, now: event, known, before: earlier }.compare(before));
    }
    if now.events_left_out > 0 && before.is_none_or(|before| before.events_left_out == 0) {
        let seen = Seen { count: now.events_left_out, ..Seen::default() };
        findings.push(Finding {
            of: now.records,
            is_rest: true,
            ..Finding::new(FindingKind::NewEvent, seen)
        });
    }
    if let Some(before) = before {
        findings.extend(stopped(now, before));
    }
    Drift { findings: finding::grouped(findings), never_seen: never_seen(now, known) }
}

/// What is kept under a name or its fingerprint.
pub(crate) fn find<'a, T>(map: &'a BTreeMap<String, T>, name: &str) -> Option<&'a T> {
    map.get(name).or_else(|| {
        if hash::is_fingerprint(name) {
            map.iter().find(|(key, _)| hash::fingerprint(key) == name).map(|(_, value)| value)
        } else {
            map.get(&hash::fingerprint(name))
        }
    })
}

/// Whether a name that is not kept would have been, had it come: of too many only those with the least hashes are.
pub(crate) fn certainly_lacks<'a>(
    name: &str,
    kept: impl Iterator<Item = &'a String>,
    left_out: u64,
    most: usize,
) -> bool {
    let mut hashes: Vec<_> = kept.map(|key| key_hash(key)).collect();
    hashes.sort_unstable();
    left_out == 0 || hashes.len() >= most && key_hash(name) < hashes[most - 1]
}

fn new_event(
    name: &str,
    event: &EventProfile,
    now: &Profile,
    known: &Known,
    before: Option<&Profile>,
) -> Option<Finding> {
    let is_new = match before {
        None => !known.names(name),
        Some(before) if known.names(name) => would_have_come(event.seen.count, now.records, before.records),
        Some(before) => {
            let kept = before.events.keys().filter(|key| !known.describes(key));
            certainly_lacks(name, kept, before.events_left_out, EVENTS)
        }
    };
    let own = event
        .fields
        .iter()
        .filter(|(path, field)| path.starts_with("/log/") && !known.names(name) && field.present().count > 0);
    is_new.then(|| Finding {
        fields: own.map(|(path, field)| (path.clone(), field.forms.keys().copied().collect())).collect(),
        events: vec![name.to_owned()],
        of: now.records,
        is_described: known.names(name),
        ..Finding::new(FindingKind::NewEvent, event.seen)
    })
}

fn stopped(now: &Profile, before: &Profile) -> Vec<Finding> {
    let gone = before.events.iter().filter(|(name, event)| {
        find(&now.events, name).is_none()
            && now.events_left_out == 0
            && would_have_come(event.seen.count, before.records, now.records)
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
