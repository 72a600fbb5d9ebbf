//! Merges profiles.

use std::collections::BTreeMap;

use cloudconnexa_validator::catalog;

use super::{
    EventProfile, FieldProfile, MAX_UNKNOWN_EVENTS, MAX_UNKNOWN_FIELDS, MAX_UNKNOWN_VALUES, Occurrences,
    Profile, TypeProfile, ValueCounts, is_known_path,
};
use crate::hash::key_hash;

impl Profile {
    /// Adds what another profile observed.
    ///
    /// Merging is associative and commutative: the result is the profile of all events, whatever the order. If one of the two is
    /// masked, so is the result.
    pub fn merge(&mut self, mut other: Self) {
        if self.shows_values != other.shows_values {
            if self.is_empty() {
                self.shows_values = other.shows_values;
            } else if !other.is_empty() {
                self.mask();
                other.mask();
            }
        }
        self.records += other.records;
        self.unreadable += other.unreadable;
        self.untimed += other.untimed;
        self.first = min_present(self.first, other.first);
        self.last = self.last.max(other.last);
        self.events_left_out += other.events_left_out;
        for (kind, count) in other.others {
            *self.others.entry(kind).or_default() += count;
        }
        for (name, event) in other.events {
            self.events.entry(name).or_default().merge(event);
        }
        if let Some(nameless) = other.nameless {
            self.nameless.get_or_insert_default().merge(nameless);
        }
        self.prune();
    }

    fn is_empty(&self) -> bool {
        self.records + self.unreadable == 0 && self.others.is_empty()
    }

    /// Removes unknown names beyond the bounds, and counts what is removed.
    pub(crate) fn prune(&mut self) {
        let known = |name: &str| catalog::event(name).is_some();
        for event in remove_excess(&mut self.events, MAX_UNKNOWN_EVENTS, known) {
            self.events_left_out += event.seen.count;
        }
        for (name, event) in &mut self.events {
            event.prune(name);
        }
        if let Some(nameless) = &mut self.nameless {
            nameless.prune("");
        }
    }
}

impl EventProfile {
    fn merge(&mut self, other: Self) {
        self.seen.add(other.seen);
        self.invalid += other.invalid;
        self.fields_left_out += other.fields_left_out;
        self.too_deep += other.too_deep;
        for (path, field) in other.fields {
            self.fields.entry(path).or_default().merge(field);
        }
    }

    fn prune(&mut self, name: &str) {
        for field in remove_excess(&mut self.fields, MAX_UNKNOWN_FIELDS, |path| is_known_path(name, path)) {
            self.fields_left_out += field.present().count;
        }
        for values in self.fields.values_mut().filter_map(|field| field.values.as_mut()) {
            for seen in remove_excess(&mut values.others, MAX_UNKNOWN_VALUES, |_| false) {
                values.left_out += seen.count;
            }
        }
    }
}

impl FieldProfile {
    pub(crate) fn merge(&mut self, other: Self) {
        self.missing.add(other.missing);
        for (value_type, profile) in other.types {
            self.types.entry(value_type).or_default().merge(profile);
        }
        self.minimum = min_present(self.minimum, other.minimum);
        self.maximum = self.maximum.max(other.maximum);
        self.earliest = min_present(self.earliest, other.earliest);
        self.latest = self.latest.max(other.latest);
        if let Some(values) = other.values {
            self.values.get_or_insert_default().merge(values);
        }
    }
}

impl TypeProfile {
    fn merge(&mut self, other: Self) {
        self.seen.add(other.seen);
        match (&mut self.example, other.example) {
            (Some(own), Some(other)) => own.keep_first(other),
            (own, other) => *own = own.take().or(other),
        }
    }
}

impl ValueCounts {
    fn merge(&mut self, other: Self) {
        for (value, seen) in other.known {
            self.known.entry(value).or_default().add(seen);
        }
        for (value, seen) in other.others {
            self.others.entry(value).or_default().add(seen);
        }
        self.left_out += other.left_out;
    }
}

impl Occurrences {
    pub(crate) fn add(&mut self, other: Self) {
        self.count += other.count;
        self.first = min_present(self.first, other.first);
        self.last = self.last.max(other.last);
    }
}

/// Returns the lesser of the values that are present.
pub(crate) fn min_present<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Removes and returns the unknown entries beyond the `max` with the least hashes.
fn remove_excess<T>(map: &mut BTreeMap<String, T>, max: usize, is_known: impl Fn(&str) -> bool) -> Vec<T> {
    if map.len() <= max {
        return Vec::new();
    }
    let mut keys: Vec<_> =
        map.keys().filter(|key| !is_known(key)).map(|key| (key_hash(key), key.clone())).collect();
    if keys.len() <= max {
        return Vec::new();
    }
    keys.sort();
    keys[max..].iter().filter_map(|(_, key)| map.remove(key)).collect()
}
