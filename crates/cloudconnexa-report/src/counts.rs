//! Counts of events and findings, which add up to the same however the work is divided.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use cloudconnexa_validator::Severity;
use cloudconnexa_validator::rules::Rule;

/// How many names of unknown events are counted one by one: the first in alphabetical order.
///
/// Memory stays bounded whatever comes, and which names they are does not depend on the order of the events.
const UNKNOWN_NAMES: usize = 100;

/// Numbers of valid and invalid events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ValidityCounts {
    /// Events without an error.
    pub valid: u64,
    /// Events with an error.
    pub invalid: u64,
}

impl ValidityCounts {
    /// Returns the counts of one event.
    #[inline]
    pub const fn one(is_valid: bool) -> Self {
        Self { valid: is_valid as u64, invalid: !is_valid as u64 }
    }

    /// Returns the number of all events.
    pub const fn total(self) -> u64 {
        self.valid + self.invalid
    }

    /// Adds other counts to these.
    pub fn add(&mut self, other: Self) {
        self.valid += other.valid;
        self.invalid += other.invalid;
    }
}

/// The name of an event, by which it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventLabel<'a> {
    /// The schema describes events of this name.
    Known(&'static str),
    /// The schema does not know the name.
    Unknown(&'a str),
    /// The event has no name.
    Missing,
}

/// Counts of a run: of its inputs, events and findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunCounts {
    /// Events that the schema describes, by name.
    pub known: BTreeMap<&'static str, ValidityCounts>,
    /// Events that the schema does not know, by name: up to 100 names.
    pub unknown: BTreeMap<String, ValidityCounts>,
    /// Unknown events of all further names.
    pub more_unknown: ValidityCounts,
    /// Events without a name.
    pub unnamed: ValidityCounts,
    /// Findings by severity, the most severe first, and rule id.
    pub findings: BTreeMap<(Reverse<Severity>, &'static str), u64>,
    /// Findings about repeated and unknown fields beyond 1,000 in one record; `findings` does not include them.
    pub findings_left_out: u64,
    /// Inputs that were opened.
    pub inputs: u64,
    /// Opened inputs that hold nothing.
    pub empty: u64,
    /// Inputs that could not be opened, or not read to their end.
    pub unread: u64,
    /// Bytes read, after decompression.
    pub bytes: u64,
    /// Events that were inside other records.
    pub unwrapped: UnwrappedCounts,
}

/// The counts of records that wrap events, and of these events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct UnwrappedCounts {
    /// Records that are not events, but hold some.
    pub records: u64,
    /// The events in them, which are counted as such as well.
    pub events: u64,
}

impl UnwrappedCounts {
    /// Counts a record that holds this many events.
    pub fn add(&mut self, events: u64) {
        self.records += 1;
        self.events += events;
    }
}

impl RunCounts {
    /// Counts events of one name.
    // Allocates for unknown names only, and only when they are new.
    pub fn add_events(&mut self, label: EventLabel<'_>, counts: ValidityCounts) {
        match label {
            EventLabel::Known(name) => self.known.entry(name).or_default().add(counts),
            EventLabel::Unknown(name) => self.add_unknown(name, counts),
            EventLabel::Missing => self.unnamed.add(counts),
        }
    }

    fn add_unknown(&mut self, name: &str, counts: ValidityCounts) {
        if let Some(known) = self.unknown.get_mut(name) {
            return known.add(counts);
        }
        if self.unknown.len() >= UNKNOWN_NAMES {
            if self.unknown.last_key_value().is_some_and(|(last, _)| name > last.as_str()) {
                return self.more_unknown.add(counts);
            }
            if let Some((_, last)) = self.unknown.pop_last() {
                self.more_unknown.add(last);
            }
        }
        self.unknown.insert(name.to_owned(), counts);
    }

    /// Counts findings of one rule and severity.
    pub fn add_findings(&mut self, rule: &'static Rule, severity: Severity, count: u64) {
        *self.findings.entry((Reverse(severity), rule.id)).or_default() += count;
    }

    /// Adds the counts of another part of the run.
    pub fn add(&mut self, other: Self) {
        for (name, counts) in other.known {
            self.known.entry(name).or_default().add(counts);
        }
        for (name, counts) in other.unknown {
            self.add_unknown(&name, counts);
        }
        for (rule, count) in other.findings {
            *self.findings.entry(rule).or_default() += count;
        }
        self.more_unknown.add(other.more_unknown);
        self.unnamed.add(other.unnamed);
        self.findings_left_out += other.findings_left_out;
        self.inputs += other.inputs;
        self.empty += other.empty;
        self.unread += other.unread;
        self.bytes += other.bytes;
        self.unwrapped.records += other.unwrapped.records;
        self.unwrapped.events += other.unwrapped.events;
    }

    /// Returns the number of findings of one severity.
    pub fn findings_of(&self, severity: Severity) -> u64 {
        self.findings.iter().filter(|((of, _), _)| of.0 == severity).map(|(_, count)| count).sum()
    }

    /// Returns the counts of all events.
    pub fn events(&self) -> ValidityCounts {
        let mut all = ValidityCounts::default();
        let others = [&self.more_unknown, &self.unnamed];
        for counts in self.known.values().chain(self.unknown.values()).chain(others) {
            all.add(*counts);
        }
        all
    }
}

#[cfg(test)]
mod tests;
