//! Makes one profile of two.

use std::collections::BTreeMap;

use cloudconnexa_validator::catalog;

use super::{
    EVENTS, EventProfile, FIELDS, FieldProfile, FormProfile, Profile, Seen, VALUES, Values, is_known_path,
};
use crate::hash::key_hash;

impl Profile {
    /// Takes in what another one saw. Whichever is merged with which, and in whatever order, what comes of it is what one
    /// would have seen who saw it all. If one of them does not tell values, neither does what comes of it.
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
        self.first = least(self.first, other.first);
        self.last = self.last.max(other.last);
        self.events_left_out += other.events_left_out;
        for (name, event) in other.events {
            self.events.entry(name).or_default().merge(event);
        }
        if let Some(nameless) = other.nameless {
            self.nameless.get_or_insert_default().merge(nameless);
        }
        self.prune();
    }

    fn is_empty(&self) -> bool {
        self.records + self.unreadable == 0
    }

    /// Leaves no more than there is room for.
    pub(crate) fn prune(&mut self) {
        let known = |name: &str| catalog::event(name).is_some();
        for event in prune(&mut self.events, EVENTS, known) {
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
        for field in prune(&mut self.fields, FIELDS, |path| is_known_path(name, path)) {
            self.fields_left_out += field.present().count;
        }
        for values in self.fields.values_mut().filter_map(|field| field.values.as_mut()) {
            for seen in prune(&mut values.others, VALUES, |_| false) {
                values.left_out += seen.count;
            }
        }
    }
}

impl FieldProfile {
    pub(crate) fn merge(&mut self, other: Self) {
        self.missing.add(other.missing);
        for (form, profile) in other.forms {
            self.forms.entry(form).or_default().merge(profile);
        }
        self.minimum = least(self.minimum, other.minimum);
        self.maximum = self.maximum.max(other.maximum);
        self.earliest = least(self.earliest, other.earliest);
        self.latest = self.latest.max(other.latest);
        if let Some(values) = other.values {
            self.values.get_or_insert_default().merge(values);
        }
    }
}

impl FormProfile {
    fn merge(&mut self, other: Self) {
        self.seen.add(other.seen);
        match (&mut self.example, other.example) {
            (Some(own), Some(other)) => own.least(other),
            (own, other) => *own = own.take().or(other),
        }
    }
}

impl Values {
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

impl Seen {
    pub(crate) fn add(&mut self, other: Self) {
        self.count += other.count;
        self.first = least(self.first, other.first);
        self.last = self.last.max(other.last);
    }
}

/// The least of those that are there.
pub(crate) fn least<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Takes out what is not known beyond the `most` with the least hashes.
fn prune<T>(map: &mut BTreeMap<String, T>, most: usize, is_known: impl Fn(&str) -> bool) -> Vec<T> {
    let others = map.len();
    if others <= most {
        return Vec::new();
    }
    let mut keys: Vec<_> =
        map.keys().filter(|key| !is_known(key)).map(|key| (key_hash(key), key.clone())).collect();
    if keys.len() <= most {
        return Vec::new();
    }
    keys.sort();
    keys[most..].iter().filter_map(|(_, key)| map.remove(key)).collect()
}
