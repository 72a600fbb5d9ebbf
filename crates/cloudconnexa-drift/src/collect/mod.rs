//! Takes in records one by one, and makes a profile of them.
//!
//! Known fields have their counters at the places that an outline gives, so that nothing is looked up and nothing is
//! allocated for a usual record.

mod field;
mod unknown;
mod words;

use cloudconnexa_validator::Scope;
use cloudconnexa_validator::catalog::{self, EventSpec, FieldSpec};
use cloudconnexa_validator::outline::{Field, Outline};

use crate::moment::Moment;
use crate::profile::{EVENTS, EventProfile, FieldProfile, NAME, Profile, Seen};
use field::{Counter, FieldCounter, Time, Watch};
use unknown::{Bounded, Unknown, shortened};

/// Where the timestamp stands among the fields of the header.
const TIMESTAMP: &str = "timestamp";

/// What one thread has seen.
#[derive(Debug)]
pub struct Collector {
    records: u64,
    untimed: u64,
    seen: Counter,
    timestamp: Option<usize>,
    /// By their places in the catalogue.
    known: Vec<EventCounter>,
    unknown: Bounded<EventCounter>,
    unknown_left_out: u64,
    nameless: EventCounter,
    /// Paths of unknown fields are put together in here.
    path: String,
}

/// What was seen of one event.
#[derive(Debug)]
struct EventCounter {
    seen: Counter,
    invalid: u64,
    /// Those of the header, then `eventName` and `log`.
    header: Vec<FieldCounter>,
    log: Vec<FieldCounter>,
    /// Which of the header and of `log` have to be looked for.
    all: [u64; 2],
    describes_log: bool,
    unknown: Unknown,
}

impl Default for Collector {
    fn default() -> Self {
        Self::new()
    }
}

impl Collector {
    /// One that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            records: 0,
            untimed: 0,
            seen: Counter::default(),
            timestamp: catalog::HEADER.iter().position(|field| field.name == TIMESTAMP),
            known: catalog::EVENTS.iter().map(|event| EventCounter::new(Some(event))).collect(),
            unknown: Bounded::new(EVENTS),
            unknown_left_out: 0,
            nameless: EventCounter::new(None),
            path: String::new(),
        }
    }

    /// Takes in a record. `is_valid`: the validator has no error for it.
    pub fn look(&mut self, record: &[u8], outline: &Outline<'_>, is_valid: bool) {
        let time = self.time(record, outline);
        self.records += 1;
        self.untimed += u64::from(time.moment().is_none());
        self.seen.add(time);
        let event = if let Some(spec) = outline.event() {
            let place = catalog::EVENTS.iter().position(|event| std::ptr::eq(event, spec));
            place.and_then(|place| self.known.get_mut(place))
        } else if let Some(name) = outline.name() {
            let name = shortened(&name, NAME);
            let room = self.unknown.get_or_insert(&name, || EventCounter::new(None));
            self.unknown_left_out += room.evicted.map_or(0, |event: EventCounter| event.seen.count);
            room.value
        } else {
            Some(&mut self.nameless)
        };
        let Some(event) = event else {
            self.unknown_left_out += 1;
            return;
        };
        event.look(record, outline, is_valid, time, &mut self.path);
    }

    fn time(&self, record: &[u8], outline: &Outline<'_>) -> Time {
        let mut members = outline.members();
        let member = members.find(|member| {
            member.scope == Scope::Header
                && matches!(member.field, Field::Known { index: place, .. } if Some(place) == self.timestamp)
        });
        let raw = member.and_then(|member| record.get(member.range));
        let text = raw.and_then(|raw| raw.strip_prefix(b"\"")?.strip_suffix(b"\""));
        Time::of(
            text.and_then(|text| Moment::usual(text).or_else(|| Moment::parse(str::from_utf8(text).ok()?))),
        )
    }

    /// What it has seen.
    #[must_use]
    pub fn finish(self) -> Profile {
        let seen = self.seen.seen();
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
        };
        profile.prune();
        profile
    }
}

impl EventCounter {
    fn new(spec: Option<&'static EventSpec>) -> Self {
        let watch =
            |fields: &'static [FieldSpec]| fields.iter().map(|field| FieldCounter::new(Watch::of(field)));
        let envelope = [FieldCounter::new(Watch::Text), FieldCounter::new(Watch::Any)];
        let header: Vec<_> = watch(catalog::HEADER).chain(envelope).collect();
        let fields = spec.and_then(|spec| spec.log);
        let log: Vec<_> = watch(fields.unwrap_or_default()).collect();
        let all = |count: usize| (1_u64 << count) - 1;
        Self {
            seen: Counter::default(),
            invalid: 0,
            all: [all(header.len()), all(log.len())],
            header,
            log,
            describes_log: fields.is_some(),
            unknown: Unknown::default(),
        }
    }

    fn look(&mut self, record: &[u8], outline: &Outline<'_>, is_valid: bool, time: Time, path: &mut String) {
        self.seen.add(time);
        self.invalid += u64::from(!is_valid);
        let mut seen = [0_u64; 2];
        for member in outline.members() {
            let fields = match member.scope {
                Scope::Header => &mut self.header,
                Scope::Log => &mut self.log,
            };
            let place = match member.field {
                Field::Known { index: place, .. } => place,
                Field::EventName => catalog::HEADER.len(),
                Field::Log => catalog::HEADER.len() + 1,
                Field::Unknown => usize::MAX,
            };
            if let Some(field) = fields.get_mut(place) {
                seen[member.scope as usize] |= 1 << place;
                let raw = record.get(member.range.clone()).unwrap_or_default();
                field.look(raw, is_valid, time);
                if matches!(member.field, Field::Log) && !self.describes_log {
                    path.clear();
                    path.push_str("/log");
                    self.unknown.within(path, member.value(), time);
                }
            } else {
                path.clear();
                path.push_str(if member.scope == Scope::Log { "/log/" } else { "/" });
                self.unknown.member(path, &member.name(), member.value(), time);
            }
        }
        // Without an object in `log` none of its fields is missing for itself.
        let of_log = if seen[0] >> (catalog::HEADER.len() + 1) & 1 == 1 { self.all[1] } else { 0 };
        for (fields, all, seen) in
            [(&mut self.header, self.all[0], seen[0]), (&mut self.log, of_log, seen[1])]
        {
            let mut missing = all & !seen;
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
        let Unknown { fields, left_out, too_deep } = self.unknown;
        let unknown = fields.into_entries().map(|(path, field)| (path, field.finish()));
        let is_worth_telling = |field: &FieldProfile| !field.forms.is_empty() || field.missing.count > 0;
        EventProfile {
            seen: self.seen.seen(),
            invalid: self.invalid,
            fields: known.chain(unknown).filter(|(_, field)| is_worth_telling(field)).collect(),
            fields_left_out: left_out,
            too_deep,
        }
    }
}

impl Counter {
    fn seen(&self) -> Seen {
        let time = |micros: i64| (self.first <= self.last).then_some(Moment(micros));
        Seen { count: self.count, first: time(self.first), last: time(self.last) }
    }
}

#[cfg(test)]
mod tests {
    use cloudconnexa_validator::catalog;

    /// Which fields were seen is kept in 64 bits.
    #[test]
    fn no_object_has_too_many_fields() {
        let logs = catalog::EVENTS.iter().filter_map(|event| event.log);
        assert!(logs.chain([catalog::HEADER]).all(|fields| fields.len() + 2 < 64));
    }
}
