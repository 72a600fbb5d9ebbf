//! Makes a profile of records.
//!
//! The counters of known fields are at the indices that an outline gives, so that nothing is looked up or allocated for a
//! common record.

mod bounded_map;
mod field;
#[cfg(test)]
mod tests;
mod unknown;
mod vocabulary;

use std::collections::BTreeMap;

use cloudconnexa_validator::Scope;
use cloudconnexa_validator::catalog::{self, EventSpec, FieldSpec};
use cloudconnexa_validator::outline::{Field, Outline};

use crate::profile::{
    EventProfile, FieldProfile, MAX_NAME_BYTES, MAX_UNKNOWN_EVENTS, Occurrences, Profile, prefix,
};
use bounded_map::BoundedMap;
use cloudconnexa_events::UtcMicros;
use field::{Counter, ExpectedValue, FieldCounter, RecordTime};
use unknown::{UnknownFields, shortened};

/// The field of the header that holds the time of a record.
const TIMESTAMP: &str = "timestamp";

/// What a record is that says nothing of what it is.
const UNKNOWN: &str = "not-an-event/unknown";

/// The field of the header that holds the version of the format.
const VERSION: &str = "CloudConnexaLogVersion";

/// Whether the validator reports an error for a record. Exhaustive on purpose: there is no third answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]

pub enum Validity {
    /// It reports none.
    Valid,
    /// It reports at least one.
    Invalid,
}

impl From<bool> for Validity {
    /// Converts from whether a record is valid.
    fn from(is_valid: bool) -> Self {
        if is_valid { Self::Valid } else { Self::Invalid }
    }
}

/// Observes records, as many as one thread reads.
#[derive(Debug)]
pub struct Collector {
    records: u64,
    untimed: u64,
    seen: Counter,
    /// The index of the timestamp in the header.
    timestamp: Option<usize>,
    /// One counter for each event of the catalogue, in its order.
    known: Vec<EventCounter>,
    unknown: BoundedMap<EventCounter>,
    unknown_left_out: u64,
    nameless: EventCounter,
    /// Records that are not events, by what they are.
    others: BTreeMap<String, u64>,
    /// A buffer for the paths of unknown fields.
    path: String,
}

/// The observations of one event.
#[derive(Debug)]
struct EventCounter {
    seen: Counter,
    invalid: u64,
    /// The fields of the header, then `eventName` and `log`.
    header: Vec<FieldCounter>,
    log: Vec<FieldCounter>,
    /// One bit for each field of the header and of `log`: those that an event without them lacks.
    described: [u64; 2],
    describes_log: bool,
    unknown: UnknownFields,
}

impl Default for Collector {
    fn default() -> Self {
        Self::new()
    }
}

impl Collector {
    /// Makes a collector that has observed nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            records: 0,
            untimed: 0,
            seen: Counter::default(),
            timestamp: catalog::HEADER.iter().position(|field| field.name == TIMESTAMP),
            known: catalog::EVENTS.iter().map(|event| EventCounter::new(Some(event))).collect(),
            unknown: BoundedMap::new(MAX_UNKNOWN_EVENTS),
            unknown_left_out: 0,
            nameless: EventCounter::new(None),
            others: BTreeMap::new(),
            path: String::new(),
        }
    }

    /// Observes a record, which `outline` is of. One that has neither `eventName` nor `CloudConnexaLogVersion` is not an event,
    /// and is only counted.
    pub fn observe(&mut self, record: &[u8], outline: &Outline<'_>, validity: Validity) {
        if outline.event().is_none() && outline.name().is_none() && !may_be_event(outline) {
            return self.observe_other(UNKNOWN);
        }
        let time = self.time(record, outline);
        self.records += 1;
        self.untimed += u64::from(time.get().is_none());
        self.seen.add(time);
        let event = if let Some(spec) = outline.event() {
            let index = catalog::EVENTS.iter().position(|event| std::ptr::eq(event, spec));
            index.and_then(|index| self.known.get_mut(index))
        } else if let Some(name) = outline.name() {
            let name = shortened(&name, MAX_NAME_BYTES);
            let slot = self.unknown.get_or_insert(&name, || EventCounter::new(None));
            self.unknown_left_out += slot.evicted.map_or(0, |event: EventCounter| event.seen.count);
            slot.value
        } else {
            Some(&mut self.nameless)
        };
        let Some(event) = event else {
            self.unknown_left_out += 1;
            return;
        };
        event.observe(record, outline, validity, time, &mut self.path);
    }

    /// Counts a record that is not an event. `kind` says what it is, and contains no values of it.
    pub fn observe_other(&mut self, kind: &str) {
        let kind = prefix(kind, MAX_NAME_BYTES);
        match self.others.get_mut(kind) {
            Some(count) => *count += 1,
            None => drop(self.others.insert(kind.to_owned(), 1)),
        }
    }

    fn time(&self, record: &[u8], outline: &Outline<'_>) -> RecordTime {
        let mut members = outline.members();
        let member = members.find(|member| {
            member.scope == Scope::Header
                && matches!(member.field, Field::Known { index: place, .. } if Some(place) == self.timestamp)
        });
        let raw = member.and_then(|member| record.get(member.range));
        let text = raw.and_then(|raw| raw.strip_prefix(b"\"")?.strip_suffix(b"\""));
        RecordTime::new(text.and_then(|text| {
            UtcMicros::parse_usual(text).or_else(|| UtcMicros::parse(str::from_utf8(text).ok()?))
        }))
    }

    /// Returns the profile of all observed records.
    #[must_use]
    pub fn finish(self) -> Profile {
        let seen = self.seen.occurrences();
        let known = catalog::EVENTS.iter().map(|event| event.name.to_owned()).zip(self.known);
        let events = known.chain(self.unknown.into_entries()).filter(|(_, event)| event.seen.count > 0);
        let mut profile = Profile {
            shows_values: true,
            records: self.records,
            unreadable: 0,
            untimed: self.untimed,
            first: seen.first,
            last: seen.last,
            events: events.map(|(name, event)| (name.clone(), event.finish(&name))).collect(),
            nameless: (self.nameless.seen.count > 0).then(|| self.nameless.finish("")),
            events_left_out: self.unknown_left_out,
            others: self.others,
        };
        profile.prune();
        profile
    }
}

/// Returns whether a record has one of the two fields without which it is not an event.
fn may_be_event(outline: &Outline<'_>) -> bool {
    outline.members().any(|member| match member.field {
        Field::EventName => true,
        Field::Known { spec, .. } => member.scope == Scope::Header && spec.name == VERSION,
        _ => false,
    })
}

impl EventCounter {
    fn new(spec: Option<&'static EventSpec>) -> Self {
        let counters = |fields: &'static [FieldSpec]| {
            fields.iter().map(|field| FieldCounter::new(ExpectedValue::new(field)))
        };
        let envelope = [FieldCounter::new(ExpectedValue::String), FieldCounter::new(ExpectedValue::Any)];
        let header: Vec<_> = counters(catalog::HEADER).chain(envelope).collect();
        let fields = spec.and_then(|spec| spec.log);
        let log: Vec<_> = counters(fields.unwrap_or_default()).collect();
        let mask = |count: usize| (1_u64 << count) - 1;
        Self {
            seen: Counter::default(),
            invalid: 0,
            described: [mask(header.len()), mask(log.len())],
            header,
            log,
            describes_log: fields.is_some(),
            unknown: UnknownFields::default(),
        }
    }

    fn observe(
        &mut self,
        record: &[u8],
        outline: &Outline<'_>,
        validity: Validity,
        time: RecordTime,
        path: &mut String,
    ) {
        self.seen.add(time);
        self.invalid += u64::from(validity == Validity::Invalid);
        let mut seen = [0_u64; 2];
        for member in outline.members() {
            let fields = match member.scope {
                Scope::Header => &mut self.header,
                Scope::Log => &mut self.log,
            };
            let index = match member.field {
                Field::Known { index, .. } => index,
                Field::EventName => catalog::HEADER.len(),
                Field::Log => catalog::HEADER.len() + 1,
                Field::Unknown => usize::MAX,
            };
            if let Some(field) = fields.get_mut(index) {
                seen[member.scope as usize] |= 1 << index;
                let raw = record.get(member.range.clone()).unwrap_or_default();
                field.observe(raw, validity, time);
                if matches!(member.field, Field::Log) && !self.describes_log {
                    path.clear();
                    path.push_str("/log");
                    self.unknown.nested(path, member.value(), time);
                }
            } else {
                path.clear();
                path.push_str(if member.scope == Scope::Log { "/log/" } else { "/" });
                self.unknown.member(path, &member.name(), member.value(), time);
            }
        }
        // Without `log`, its fields are not counted as missing one by one.
        let of_log = if seen[0] >> (catalog::HEADER.len() + 1) & 1 == 1 { self.described[1] } else { 0 };
        for (fields, described, seen) in
            [(&mut self.header, self.described[0], seen[0]), (&mut self.log, of_log, seen[1])]
        {
            let mut missing = described & !seen;
            while missing != 0 {
                if let Some(field) = fields.get_mut(missing.trailing_zeros() as usize) {
                    field.missing.add(time);
                }
                missing &= missing - 1;
            }
        }
    }

    fn finish(self, name: &str) -> EventProfile {
        let names = catalog::HEADER.iter().map(|field| field.name).chain(["eventName", "log"]);
        let header = names.map(|name| format!("/{name}")).zip(self.header);
        let fields = catalog::event(name).and_then(|event| event.log).unwrap_or_default();
        let log = fields.iter().map(|field| format!("/log/{}", field.name)).zip(self.log);
        let known = header.chain(log).map(|(path, field)| (path, field.finish()));
        let UnknownFields { fields, left_out, too_deep } = self.unknown;
        let unknown = fields.into_entries().map(|(path, field)| (path, field.finish()));
        let is_observed = |field: &FieldProfile| !field.types.is_empty() || field.missing.count > 0;
        EventProfile {
            seen: self.seen.occurrences(),
            invalid: self.invalid,
            fields: known.chain(unknown).filter(|(_, field)| is_observed(field)).collect(),
            fields_left_out: left_out,
            too_deep,
        }
    }
}

impl Counter {
    fn occurrences(&self) -> Occurrences {
        let time = |micros: i64| (self.first <= self.last).then(|| UtcMicros::from_unix_micros(micros));
        Occurrences { count: self.count, first: time(self.first), last: time(self.last) }
    }
}
