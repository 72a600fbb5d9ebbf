//! The filter that no record meets, and what may have been meant by it.
//!
//! A search that finds nothing looks the same whether there is nothing to find or a name is misspelt, so it says which of
//! several filters was one too many, and what the inputs have in its place.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use cloudconnexa_events::UtcMicros;
use cloudconnexa_report::Masking;

use super::{EventFields, EventFilter, event_time};
use crate::nearest::distance;
use crate::size::counted;

/// How many different values are collected. If there are more, none is suggested, so that suggestions depend neither on the
/// order of the inputs nor on the number of threads.
const MAX_VALUES: usize = 500;

/// Longer values are not suggested.
const MAX_VALUE_BYTES: usize = 100;

/// How many values are suggested.
const MAX_SUGGESTED: usize = 3;

/// A filter, in the order in which they are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Stage {
    Invalid,
    /// Everything else asks for a JSON object.
    Object,
    Unknown,
    Name,
    Time,
    /// The one with this index.
    Person(usize),
    /// The one with this index.
    Condition(usize),
    Address,
}

/// The records that met some filters, but not the next one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Missed {
    has_matched: bool,
    stages: BTreeMap<Stage, MissedStage>,
    /// The values that were collected before, too, so that each is handed over once.
    known: HashMap<Stage, HashSet<String>>,
}

/// The records that did not meet a filter.
#[derive(Clone, Debug, Default)]
struct MissedStage {
    records: u64,
    /// How many of them have the field that the filter is about.
    with_field: u64,
    /// The values that are compared by a filter of people.
    values: BTreeSet<String>,
    has_more_values: bool,
    /// The first and the last time.
    times: Option<(i64, i64)>,
}

impl Missed {
    /// Counts a record that met everything before `stage`. `event` is what it has, if it is a JSON object.
    pub(super) fn add(&mut self, filter: &EventFilter, stage: Stage, event: Option<&EventFields<'_, '_>>) {
        // Only a search that finds nothing has to be explained.
        if self.has_matched {
            return;
        }
        let missed = self.stages.entry(stage).or_default();
        missed.records += 1;
        let Some(event) = event else { return };
        match stage {
            Stage::Time => {
                if let Some(time) = event_time(event.outline) {
                    missed.add_times((time, time));
                }
            }
            Stage::Person(index) => {
                let known = self.known.entry(stage).or_default();
                for value in filter.people[index].fields.iter().filter_map(|field| field.value(event)) {
                    missed.add_new_value(&value.text(), known);
                }
            }
            Stage::Condition(index) => {
                let has_field = filter.conditions[index].field().value(event).is_some();
                missed.with_field += u64::from(has_field);
            }
            _ => {}
        }
    }

    /// Notes that a record met all filters.
    pub(super) fn matched(&mut self) {
        self.has_matched = true;
        self.stages.clear();
        self.known.clear();
    }

    /// Takes what was collected so far.
    pub(crate) fn take(&mut self) -> Self {
        let stages = std::mem::take(&mut self.stages);
        Self { has_matched: self.has_matched, stages, known: HashMap::new() }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        if other.has_matched {
            self.matched();
        }
        if self.has_matched {
            return;
        }
        for (stage, missed) in other.stages {
            self.stages.entry(stage).or_default().merge(missed);
        }
    }
}

impl MissedStage {
    /// Adds a value, unless it was added since the start.
    fn add_new_value(&mut self, value: &str, known: &mut HashSet<String>) {
        // One more than can be suggested says that there are too many.
        if known.len() <= MAX_VALUES && value.len() <= MAX_VALUE_BYTES && !known.contains(value) {
            known.insert(value.to_owned());
            self.add_value(value);
        }
    }

    fn add_value(&mut self, value: &str) {
        if value.len() > MAX_VALUE_BYTES || self.has_more_values || self.values.contains(value) {
            return;
        }
        if self.values.len() == MAX_VALUES {
            self.values.clear();
            self.has_more_values = true;
        } else {
            self.values.insert(value.to_owned());
        }
    }

    fn add_times(&mut self, (from, to): (i64, i64)) {
        let (first, last) = self.times.unwrap_or((from, to));
        self.times = Some((first.min(from), last.max(to)));
    }

    fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.with_field += other.with_field;
        if let Some(times) = other.times {
            self.add_times(times);
        }
        if other.has_more_values {
            self.values.clear();
            self.has_more_values = true;
        }
        for value in other.values {
            self.add_value(&value);
        }
    }
}

impl EventFilter {
    /// Returns why nothing was found, if nothing was: which filter no record meets, among those that meet the ones before it.
    pub(crate) fn explain(&self, missed: &Missed, masking: Masking) -> Option<String> {
        let (stage, last) = missed.stages.last_key_value().filter(|_| !missed.has_matched)?;
        let what = self.unmet(*stage, last, masking)?;
        let mut before: Vec<_> = self.stages().into_iter().filter(|before| before < stage).collect();
        before.sort_unstable();
        let mut options: Vec<_> = before.into_iter().filter_map(|stage| self.option(stage)).collect();
        options.dedup();
        let records = counted(last.records, "record");
        Some(match options.as_slice() {
            [] => format!("nothing was found: of {records}, none {what}"),
            options => {
                format!("nothing was found: of {records} left by {}, none {what}", options.join(" and "))
            }
        })
    }

    /// Returns the filters that are in use.
    fn stages(&self) -> Vec<Stage> {
        let people = (0..self.people.len()).map(Stage::Person);
        let conditions = (0..self.conditions.len()).map(Stage::Condition);
        let others = [
            (self.is_invalid, Stage::Invalid),
            (self.is_unknown, Stage::Unknown),
            (!self.names.is_empty(), Stage::Name),
            (self.between.is_some(), Stage::Time),
            (!self.addresses.is_empty(), Stage::Address),
        ];
        let others = others.into_iter().filter(|(is_used, _)| *is_used).map(|(_, stage)| stage);
        people.chain(conditions).chain(others).collect()
    }

    /// Returns the option of a filter.
    fn option(&self, stage: Stage) -> Option<String> {
        let name = match stage {
            Stage::Object => return None,
            Stage::Invalid => "--invalid",
            Stage::Unknown => "--unknown",
            Stage::Name => "--event",
            Stage::Time => "--between",
            Stage::Person(index) => self.people[index].option,
            Stage::Condition(_) => "--where",
            Stage::Address => "--ip",
        };
        Some(format!("`{name}`"))
    }

    /// Returns what no record is or has.
    fn unmet(&self, stage: Stage, missed: &MissedStage, masking: Masking) -> Option<String> {
        Some(match stage {
            Stage::Invalid => "is invalid".to_owned(),
            // The summary says so.
            Stage::Object => return None,
            Stage::Unknown => "has anything that the schema does not know".to_owned(),
            Stage::Name => {
                format!(
                    "is named {}; `ccxlog top --by eventName` counts the events that there are",
                    or(self.names.iter().map(|name| &**name))
                )
            }
            Stage::Time => match missed.times.filter(|_| masking == Masking::Shown) {
                Some((first, last)) => {
                    let [first, last] = [first, last].map(UtcMicros::from_unix_micros);
                    format!("is in the time of `--between`; they are from {first} to {last}")
                }
                None if missed.times.is_none() => "has a `timestamp` that can be read".to_owned(),
                None => "is in the time of `--between`".to_owned(),
            },
            Stage::Person(index) => self.unmet_text(index, missed, masking),
            Stage::Condition(index) => {
                let condition = &self.conditions[index];
                if missed.with_field == 0 {
                    format!("has the field `{}`", condition.field().name())
                } else {
                    format!("meets `{}`", condition.text())
                }
            }
            Stage::Address => {
                format!("has the address {}", or(self.address_texts.iter().map(|text| &**text)))
            }
        })
    }

    /// Returns which text no record has, and similar ones that some have.
    fn unmet_text(&self, index: usize, missed: &MissedStage, masking: Masking) -> String {
        let filter = &self.people[index];
        let wanted = || filter.texts.iter().map(|text| &**text);
        let fields = filter.fields.iter().map(super::Field::name);
        let text = format!("has {} as {}", or(wanted()), or(fields));
        let similar: Vec<_> = match masking {
            Masking::Shown => similar(&missed.values, &filter.texts),
            Masking::Masked => Vec::new(),
        };
        if !similar.is_empty() {
            return format!("{text}; did you mean {}?", or(similar.into_iter()));
        }
        match wanted().find(|text| !text.contains(['*', '?'])) {
            Some(plain) => {
                format!("{text}; `*` matches any characters, as in `{} '*{plain}*'`", filter.option)
            }
            None => text,
        }
    }
}

/// Returns the values that are similar to one that is wanted: those that contain it, or else differ in few letters.
fn similar<'a>(values: &'a BTreeSet<String>, wanted: &[Box<str>]) -> Vec<&'a str> {
    let plain = || wanted.iter().filter(|text| !text.is_empty() && !text.contains(['*', '?']));
    let contains = |value: &str| {
        let value = value.to_lowercase();
        plain().any(|text| value.contains(&text.to_lowercase()))
    };
    let values = || values.iter().map(String::as_str);
    let containing: Vec<_> = values().filter(|value| contains(value)).take(MAX_SUGGESTED).collect();
    if !containing.is_empty() {
        return containing;
    }
    let nearest = |value: &'a str| Some((plain().filter_map(|text| distance(text, value)).min()?, value));
    let mut near: Vec<_> = values().filter_map(nearest).collect();
    near.sort_unstable();
    near.into_iter().take(MAX_SUGGESTED).map(|(_, value)| value).collect()
}

/// Returns `a`, `b` or `c`.
fn or<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} or {last}", names.join(", ")) }
}
