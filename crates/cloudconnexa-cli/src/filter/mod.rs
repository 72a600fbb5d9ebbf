//! Selects events by their name, people, devices, addresses, time and fields.
//!
//! All filters have to match. A filter looks at a record through its outline, so nothing is parsed a second time.

mod address;
mod condition;
mod field;
mod looked_at;
mod number;
mod pattern;
#[cfg(test)]
mod tests;

pub(crate) use field::{EventFields, Field};
pub(crate) use looked_at::LookedAt;
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
    /// Inclusive lower and exclusive upper bound of the time of the event, in microseconds since 1970.
    between: Option<(i64, i64)>,
    conditions: Vec<Condition>,
    is_invalid: bool,
    is_unknown: bool,
}

/// Patterns of which one has to match one of the fields.
#[derive(Debug)]
struct TextFilter {
    fields: Vec<Field>,
    patterns: Vec<TextPattern>,
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
        for (patterns, fields) in
            [(&args.user, &USER[..]), (&args.device, &DEVICE[..]), (&args.session, &SESSION[..])]
        {
            if !patterns.is_empty() {
                let fields = fields.iter().map(|name| Field::parse(name)).collect::<Result<_, _>>()?;
                let patterns = patterns.iter().map(|text| TextPattern::new(text)).collect();
                people.push(TextFilter { fields, patterns });
            }
        }
        Ok(Self {
            names: args.event.iter().map(|name| event_name(name)).collect::<Result<_, _>>()?,
            people,
            addresses: args.ip.iter().map(|text| AddressRange::parse(text)).collect::<Result<_, _>>()?,
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

    /// Returns whether the record is wanted. One that is not a JSON object has no fields: only `--invalid` alone wants it.
    pub(crate) fn matches(&self, record: &VisitedRecord<'_>) -> bool {
        if self.is_invalid && record.is_valid {
            return false;
        }
        match &record.outline {
            Some(outline) => {
                (!self.is_unknown || record.has_unknown())
                    && self.matches_fields(&EventFields::new(outline), record.record.bytes)
            }
            None => self.is_invalid && !self.needs_object(),
        }
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

    fn matches_fields(&self, event: &EventFields<'_, '_>, record: &[u8]) -> bool {
        let outline = event.outline;
        self.has_name(outline)
            && self.is_in_time(outline)
            && self.people.iter().all(|filter| filter.matches(event))
            && self.conditions.iter().all(|condition| condition.matches(event))
            && (self.addresses.is_empty() || address::has_any(outline, record, &self.addresses))
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

/// Refuses a name that is probably misspelt. The vendor adds events, so any other is taken as it is.
fn event_name(name: &str) -> Result<Box<str>, String> {
    let mut known = EVENTS.iter().map(|event| event.name);
    if known.clone().any(|known| known == name) {
        return Ok(name.into());
    }
    match nearest(name, known.by_ref()) {
        Some(meant) => Err(format!(
            "no event `{name}`; did you mean `{meant}`? An event that the schema does not describe is found with `--where eventName={name}`"
        )),
        None => Ok(name.into()),
    }
}
