//! The search for an event that is valid by one schema and not by the other.

use serde_json::{Value, json};

use crate::changes::{Change, Detail};
use crate::rules::{DESCRIPTION_CHANGED, REWRITTEN, TYPE_RENAMED};
use crate::shape::{CONTENT, Place};
use crate::validators::{Compiled, Rejection};
use crate::values::{UNKNOWN_FIELD, candidates, with};

/// The most events that are tried for one question about one event when no change accounts for what cannot be proved.
const MAX_TRIES: usize = 3000;

/// A second validator for a schema: whether an event is valid, given as JSON.
pub type Opinion<'a> = &'a (dyn Fn(&str) -> bool + Sync);

/// Two sets of events, of which the first should be within the second.
pub(crate) struct Claim<'a> {
    /// The set, and the whole schema that it is a part of, if it is.
    pub(crate) inside: &'a Compiled,
    pub(crate) inside_schema: Option<&'a Compiled>,
    pub(crate) inside_opinion: Option<Opinion<'a>>,
    pub(crate) outside_schema: &'a Compiled,
    pub(crate) outside_opinion: Option<Opinion<'a>>,
}

/// An event that refutes a claim.
#[derive(Debug)]
pub(crate) struct Witness {
    pub(crate) event: Value,
    pub(crate) particular: String,
    pub(crate) rule: &'static str,
    pub(crate) field: (Place, String),
    pub(crate) is_confirmed: bool,
}

impl Claim<'_> {
    /// Returns an event that refutes the claim because of this change.
    pub(crate) fn refute(&self, seeds: &[Value], change: &Change) -> Option<Witness> {
        let is_silent = [&DESCRIPTION_CHANGED, &REWRITTEN, &TYPE_RENAMED].contains(&change.rule);
        if is_silent {
            return None;
        }
        let is_about = |rejection: &Rejection| match &change.field {
            None => true,
            Some((place, field)) if field.is_empty() => {
                rejection.place == *place && (rejection.field.is_empty() || rejection.field == UNKNOWN_FIELD)
            }
            Some((Place::Header, field)) if field == CONTENT => {
                rejection.field == CONTENT || rejection.place == Place::Log
            }
            Some((place, field)) => rejection.place == *place && rejection.field == *field,
        };
        seeds.iter().find_map(|seed| {
            mutations(seed, change).find_map(|(event, particular)| self.check(event, particular, is_about))
        })
    }

    /// Returns any event that refutes the claim, with a value put into any field of the seeds.
    pub(crate) fn refute_somehow(&self, seeds: &[Value], schemas: [&Value; 2]) -> Option<Witness> {
        let values = candidates(schemas);
        let mut tries = 0;
        for seed in seeds {
            let log = seed.get(CONTENT);
            let objects = [(Place::Header, Some(seed)), (Place::Log, log)];
            for (place, object) in objects {
                let Some(object) = object.and_then(Value::as_object) else { continue };
                let names = object.keys().map(String::as_str).chain([UNKNOWN_FIELD]);
                for name in names {
                    for value in std::iter::once(None).chain(values.iter().map(Some)) {
                        tries += 1;
                        if tries > MAX_TRIES {
                            return None;
                        }
                        let Some(event) = with(seed, place, name, value) else { continue };
                        let found = self.check(event, particular(place, name, value), |_| true);
                        if found.is_some() {
                            return found;
                        }
                    }
                }
            }
        }
        None
    }

    fn check(
        &self,
        event: Value,
        particular: String,
        is_about: impl Fn(&Rejection) -> bool,
    ) -> Option<Witness> {
        if !self.inside.accepts(&event) || self.outside_schema.accepts(&event) {
            return None;
        }
        let rejections = self.outside_schema.rejections(&event);
        let rejection = rejections.into_iter().find(is_about)?;
        // Every validator that knows a schema has to agree.
        let text = event.to_string();
        let is_valid = self.inside_schema.is_none_or(|schema| schema.accepts(&event))
            && self.inside_opinion.is_none_or(|accepts| accepts(&text));
        if !is_valid || self.outside_opinion.is_some_and(|accepts| accepts(&text)) {
            return None;
        }
        let is_confirmed = self.inside_opinion.is_some() || self.outside_opinion.is_some();
        let field = (rejection.place, rejection.field);
        Some(Witness { event, particular, rule: rejection.rule, field, is_confirmed })
    }
}

/// Returns events like this one that a change may be about.
fn mutations<'a>(seed: &'a Value, change: &'a Change) -> Box<dyn Iterator<Item = (Value, String)> + 'a> {
    let as_it_is = std::iter::once((seed.clone(), "an event with documented fields alone".to_owned()));
    match &change.field {
        None => Box::new(as_it_is),
        Some((place, field)) if field.is_empty() => {
            let made = [json!("x"), Value::Null].into_iter().filter_map(|value| {
                let event = with(seed, *place, UNKNOWN_FIELD, Some(&value))?;
                Some((event, particular(*place, UNKNOWN_FIELD, Some(&value))))
            });
            Box::new(as_it_is.chain(made))
        }
        Some((place, field)) => {
            let without =
                with(seed, *place, field, None).map(|event| (event, particular(*place, field, None)));
            let known = match &change.detail {
                Detail::Values { gained, lost } => [gained.as_ref(), lost.as_ref()],
                _ => [None, None],
            };
            let values = known.into_iter().flatten().chain(&change.candidates);
            let made = values.filter_map(|value| {
                let event = with(seed, *place, field, Some(value))?;
                Some((event, particular(*place, field, Some(value))))
            });
            Box::new(without.into_iter().chain(made).chain(as_it_is))
        }
    }
}

/// Says what is particular about an event.
fn particular(place: Place, field: &str, value: Option<&Value>) -> String {
    let pointer = pointer(place, field);
    match value {
        Some(value) => format!("`{pointer}` is {value}"),
        None => format!("`{pointer}` is missing"),
    }
}

/// Returns the JSON Pointer of a field within an event.
pub(crate) fn pointer(place: Place, field: &str) -> String {
    let object = match place {
        Place::Header => "",
        Place::Log => "/log",
    };
    if field.is_empty() { object.to_owned() } else { cloudconnexa_schema::pointer::child(object, field) }
}
