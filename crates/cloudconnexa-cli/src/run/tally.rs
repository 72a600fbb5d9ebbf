//! Counts that many can keep, each of a part, and that come out the same however the parts are cut.

use std::collections::BTreeMap;

use cloudconnexa_validator::Severity;
use cloudconnexa_validator::rules::Rule;

/// Of the names of unknown events the first by the alphabet are counted one by one: memory stays bounded whatever
/// comes, and which they are does not depend on who saw what first.
const NAMES: usize = 100;

/// How events of one name fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fared {
    pub(crate) valid: u64,
    pub(crate) invalid: u64,
}

impl Fared {
    pub(crate) fn one(is_valid: bool) -> Self {
        Self { valid: u64::from(is_valid), invalid: u64::from(!is_valid) }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.valid += other.valid;
        self.invalid += other.invalid;
    }
}

/// What an event is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Name<'a> {
    Known(&'static str),
    Unknown(&'a str),
    Untold,
}

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) known: BTreeMap<&'static str, Fared>,
    pub(crate) unknown: BTreeMap<String, Fared>,
    pub(crate) more_unknown: Fared,
    pub(crate) nameless: Fared,
    pub(crate) findings: BTreeMap<(std::cmp::Reverse<Severity>, &'static str), u64>,
    pub(crate) findings_left_out: u64,
    /// Inputs that were opened, and those of them that hold nothing.
    pub(crate) inputs: u64,
    pub(crate) empty: u64,
    /// Inputs that could not be read, or not to their ends.
    pub(crate) unread: u64,
    /// Bytes, decompressed.
    pub(crate) bytes: u64,
}

impl Tally {
    /// Counts an event; allocates for unknown names alone, and only when they are new.
    pub(crate) fn event(&mut self, name: Name<'_>, fared: Fared) {
        match name {
            Name::Known(name) => self.known.entry(name).or_default().add(fared),
            Name::Unknown(name) => self.unknown(name, fared),
            Name::Untold => self.nameless.add(fared),
        }
    }

    fn unknown(&mut self, name: &str, fared: Fared) {
        if let Some(known) = self.unknown.get_mut(name) {
            return known.add(fared);
        }
        if self.unknown.len() >= NAMES {
            if self.unknown.last_key_value().is_some_and(|(last, _)| name > last.as_str()) {
                return self.more_unknown.add(fared);
            }
            if let Some((_, last)) = self.unknown.pop_last() {
                self.more_unknown.add(last);
            }
        }
        self.unknown.insert(name.to_owned(), fared);
    }

    /// Counts findings of one rule that weigh the same.
    pub(crate) fn findings(&mut self, rule: &'static Rule, severity: Severity, count: u64) {
        *self.findings.entry((std::cmp::Reverse(severity), rule.id)).or_default() += count;
    }

    /// Takes in what another counted.
    pub(crate) fn add(&mut self, other: Self) {
        for (name, fared) in other.known {
            self.known.entry(name).or_default().add(fared);
        }
        for (name, fared) in other.unknown {
            self.unknown(&name, fared);
        }
        for (rule, count) in other.findings {
            *self.findings.entry(rule).or_default() += count;
        }
        self.more_unknown.add(other.more_unknown);
        self.nameless.add(other.nameless);
        self.findings_left_out += other.findings_left_out;
        self.inputs += other.inputs;
        self.empty += other.empty;
        self.unread += other.unread;
        self.bytes += other.bytes;
    }

    /// How many findings are that severe.
    pub(crate) fn severe(&self, severity: Severity) -> u64 {
        self.findings.iter().filter(|((of, _), _)| of.0 == severity).map(|(_, count)| count).sum()
    }

    /// All events.
    pub(crate) fn events(&self) -> Fared {
        let mut all = Fared::default();
        let others = [&self.more_unknown, &self.nameless];
        for fared in self.known.values().chain(self.unknown.values()).chain(others) {
            all.add(*fared);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::{Fared, Name, Tally};

    /// However many unknown names there are, and however they are cut into parts.
    #[test]
    fn parts_add_up_to_the_whole() {
        let names: Vec<_> =
            (0..3000_u32).map(|n| format!("event-{}", n.wrapping_mul(2_654_435_761) % 400)).collect();
        let count = |names: &[String]| {
            let mut tally = Tally::default();
            for name in names {
                tally.event(Name::Unknown(name), Fared::one(name.len() % 2 == 0));
            }
            tally
        };
        let whole = count(&names);
        assert_eq!(whole.unknown.len(), super::NAMES);
        for part in [1, 7, 150, 2999] {
            let mut sum = Tally::default();
            for names in names.chunks(part) {
                sum.add(count(names));
            }
            assert_eq!(sum.unknown, whole.unknown);
            assert_eq!(sum.more_unknown, whole.more_unknown);
        }
        assert_eq!(whole.events().valid + whole.events().invalid, 3000);
    }
}
