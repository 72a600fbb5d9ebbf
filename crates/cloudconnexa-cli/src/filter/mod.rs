//! Selects events by their name, people, devices, addresses, time and fields.
//!
//! All filters have to match. A filter looks at a record through its outline, so nothing is parsed a second time.

mod address;
mod condition;
mod field;
mod looked_at;
mod missed;
mod number;
mod pattern;
mod suggest;
#[cfg(test)]
mod tests;

pub(crate) use field::{EventFields, Field};
pub(crate) use looked_at::LookedAt;
pub(crate) use missed::Missed;
pub(crate) use number::whole_number;

use std::sync::LazyLock;

use cloudconnexa_events::UtcMicros;
use cloudconnexa_validator::Scope;
use cloudconnexa_validator::catalog::{EVENTS, HEADER};
use cloudconnexa_validator::outline::Outline;

use crate::args::EventFilterArgs;
use crate::check::VisitedRecord;
use crate::nearest::nearest;
use address::AddressRange;
use condition::Condition;
use missed::Stage;
use pattern::TextPattern;

/// The fields that `--user`, `--device` and `--session` compare.
const USER: [&str; 2] = ["userId", "userName"];
const DEVICE: [&str; 3] = ["deviceId", "deviceName", "clientUUID"];
const SESSION: [&str; 1] = ["clientSessionId"];

/// Which events are wanted.
#[derive(Debug)]
pub(crate) struct EventFilter {
    /// Names, of which one has to be that of the event; empty for any.
    names: Vec<Box<str>>,
    people: Vec<TextFilter>,
    addresses: Vec<AddressRange>,
    /// As they were given.
    address_texts: Vec<Box<str>>,
    /// Inclusive lower and exclusive upper bound of the time of the event, in microseconds since 1970.
    between: Option<(i64, i64)>,
    conditions: Vec<Condition>,
    is_invalid: bool,
    is_unknown: bool,
}

/// Patterns of which one has to match one of the fields.
#[derive(Debug)]
struct TextFilter {
    option: &'static str,
    fields: Vec<Field>,
    patterns: Vec<TextPattern>,
    /// As they were given.
    texts: Vec<Box<str>>,
}

impl EventFilter {
    /// Reads the options. An error is a sentence.
    pub(crate) fn new(args: &EventFilterArgs) -> Result<Self, String> {
        let between = match args.between[..] {
            [from, to] if from >= to => {
                return Err(
                    "no time is at or after the first and before the second of `--between`; swap them"
                        .to_owned(),
                );
            }
            [from, to] => Some((from, to)),
            _ => None,
        };
        let mut people = Vec::new();
        for (option, texts, fields) in [
            ("--user", &args.user, &USER[..]),
            ("--device", &args.device, &DEVICE[..]),
            ("--session", &args.session, &SESSION[..]),
        ] {
            if !texts.is_empty() {
                let fields = fields.iter().map(|name| Field::parse(name)).collect::<Result<_, _>>()?;
                let patterns = texts.iter().map(|text| TextPattern::new(text)).collect();
                let texts = texts.iter().map(|text| text.as_str().into()).collect();
                people.push(TextFilter { option, fields, patterns, texts });
            }
        }
        Ok(Self {
            names: args.event.iter().map(|name| event_name(name)).collect::<Result<_, _>>()?,
            people,
            addresses: args.ip.iter().map(|text| AddressRange::parse(text)).collect::<Result<_, _>>()?,
            address_texts: args.ip.iter().map(|text| text.as_str().into()).collect(),
            between,
            conditions: args
                .conditions
                .iter()
                .map(|text| Condition::parse(text))
                .collect::<Result<_, _>>()?,
            is_invalid: args.invalid,
            is_unknown: args.unknown,
        })
    }

    /// Returns the fields that conditions name.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.conditions.iter().map(Condition::field)
    }

    /// Returns what conditions are about that no valid event meets, or that all do.
    pub(crate) fn doubts(&self) -> impl Iterator<Item = String> {
        self.conditions.iter().filter_map(Condition::doubt)
    }

    /// Returns whether the record is wanted, and otherwise adds it to those that were `missed`. A record that is not a JSON
    /// object has no fields: only `--invalid` alone wants it.
    pub(crate) fn matches(&self, record: &VisitedRecord<'_>, missed: &mut Missed) -> bool {
        let event = record.outline.as_ref().map(EventFields::new);
        if let Some(stage) = self.first_unmet(record, event.as_ref()) {
            missed.add(self, stage, event.as_ref());
            return false;
        }
        missed.matched();
        true
    }

    /// Returns the first filter that a record does not meet.
    fn first_unmet(&self, record: &VisitedRecord<'_>, event: Option<&EventFields<'_, '_>>) -> Option<Stage> {
        if self.is_invalid && record.is_valid {
            return Some(Stage::Invalid);
        }
        let Some(event) = event else {
            let is_wanted = self.is_invalid && !self.needs_object();
            return (!is_wanted).then_some(Stage::Object);
        };
        if self.is_unknown && !record.has_unknown() {
            return Some(Stage::Unknown);
        }
        self.first_unmet_of_fields(event, record.record.bytes)
    }

    /// Whether something other than validity is asked for.
    fn needs_object(&self) -> bool {
        self.is_unknown
            || !(self.names.is_empty()
                && self.people.is_empty()
                && self.addresses.is_empty()
                && self.conditions.is_empty())
            || self.between.is_some()
    }

    fn first_unmet_of_fields(&self, event: &EventFields<'_, '_>, record: &[u8]) -> Option<Stage> {
        let outline = event.outline;
        if !self.has_name(outline) {
            return Some(Stage::Name);
        }
        if !self.is_in_time(outline) {
            return Some(Stage::Time);
        }
        if let Some(index) = self.people.iter().position(|filter| !filter.matches(event)) {
            return Some(Stage::Person(index));
        }
        if let Some(index) = self.conditions.iter().position(|condition| !condition.matches(event)) {
            return Some(Stage::Condition(index));
        }
        let has_address = self.addresses.is_empty() || address::has_any(outline, record, &self.addresses);
        (!has_address).then_some(Stage::Address)
    }

    fn has_name(&self, outline: &Outline<'_>) -> bool {
        let has = |name: &str| self.names.iter().any(|wanted| **wanted == *name);
        self.names.is_empty()
            || match outline.event() {
                Some(event) => has(event.name),
                None => outline.name().is_some_and(|name| has(&name)),
            }
    }

    fn is_in_time(&self, outline: &Outline<'_>) -> bool {
        self.between
            .is_none_or(|(from, to)| event_time(outline).is_some_and(|time| (from..to).contains(&time)))
    }
}

impl TextFilter {
    fn matches(&self, event: &EventFields<'_, '_>) -> bool {
        self.fields.iter().any(|field| {
            let text = field.value(event).map(|value| value.text());
            text.is_some_and(|text| self.patterns.iter().any(|pattern| pattern.matches(&text)))
        })
    }
}

/// Returns the `timestamp` of an event in microseconds since 1970, if it has one that can be read.
pub(crate) fn event_time(outline: &Outline<'_>) -> Option<i64> {
    static INDEX: LazyLock<Option<usize>> =
        LazyLock::new(|| HEADER.iter().position(|spec| spec.name == "timestamp"));
    let text = outline.at(Scope::Header, (*INDEX)?)?.value().text()?;
    UtcMicros::parse(&text).map(UtcMicros::unix_micros)
}

/// Refuses a name that is probably misspelt, and a pattern. The vendor adds events, so any other is taken as it is.
fn event_name(name: &str) -> Result<Box<str>, String> {
    let mut known = EVENTS.iter().map(|event| event.name);
    if known.clone().any(|known| known == name) {
        return Ok(name.into());
    }
    if name.contains(['*', '?', '[']) {
        return Err(format!(
            "`--event` takes names, and `{name}` is a pattern; write `--where 'eventName~{name}'`"
        ));
    }
    match nearest(name, known.by_ref()) {
        Some(meant) => Err(format!(
            "no event `{name}`; did you mean `{meant}`? An event that the schema does not describe is found with `--where eventName={name}`"
        )),
        None => Ok(name.into()),
    }
}
