//! Profiles: what was observed, in a form that can be kept and merged.
//!
//! A profile is the same however the events are distributed and ordered: counts are sums, times are minima and maxima, an example
//! is the one with the earliest time and the least text, and of unlimited names those with the least hashes are kept, so that
//! a name is either counted completely or not at all.

mod example;
mod file;
mod merge;
mod number;

use std::collections::BTreeMap;

use cloudconnexa_validator::catalog::{self, FieldSpec, is_plausible_name};
use serde::{Deserialize, Serialize};

pub use example::Example;
pub(crate) use example::RawExample;
#[cfg(feature = "schemars")]
pub(crate) use file::schema as file_schema;
pub use file::{FORMAT, ProfileError, ProfileErrorKind};
pub(crate) use merge::min_present;
pub use number::Number;

use crate::hash;
use crate::value_type::ValueType;
use cloudconnexa_events::UtcMicros;

/// The number of events unknown to the schema that are kept by name.
pub(crate) const MAX_UNKNOWN_EVENTS: usize = 64;
/// The number of fields of an event unknown to the schema that are kept by path, nested ones included.
pub(crate) const MAX_UNKNOWN_FIELDS: usize = 200;
/// The number of values of a vocabulary unknown to the schema that are kept.
pub(crate) const MAX_UNKNOWN_VALUES: usize = 64;
/// The longest name of an event that is kept, in bytes.
pub(crate) const MAX_NAME_BYTES: usize = 128;
/// The longest path of a field that is kept, in bytes.
pub(crate) const MAX_PATH_BYTES: usize = 512;
/// The longest value that is kept, in bytes.
pub(crate) const MAX_VALUE_BYTES: usize = 64;
/// The depth to which objects and arrays within unknown fields are looked into.
pub(crate) const MAX_DEPTH: usize = 8;

/// Returns the start of a text, of at most `max` bytes.
pub(crate) fn prefix(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or_default()]
}

/// What was observed in a number of records.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Profile {
    /// Whether the profile contains values of events. If not, it is masked: letters and digits of examples are replaced, and
    /// a value or an event name that the schema does not list is a `?` followed by a fingerprint.
    pub shows_values: bool,
    /// The number of records that are JSON objects, without `others`.
    pub records: u64,
    /// The number of records, and other pieces of text, that are not JSON objects.
    pub unreadable: u64,
    /// The number of records without a valid timestamp.
    pub untimed: u64,
    /// The earliest timestamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<UtcMicros>,
    /// The latest timestamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<UtcMicros>,
    /// The events by name.
    pub events: BTreeMap<String, EventProfile>,
    /// The records whose `eventName` is missing or not a string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nameless: Option<EventProfile>,
    /// The number of records of events that are not kept by name, because there were too many names.
    pub events_left_out: u64,
    /// The number of records that are not events, by what they are: the id of a rule of the validator, and a key. Nothing else
    /// is known of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<String, u64>,
}

/// What was observed of one event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct EventProfile {
    /// How many records there were, and when.
    pub seen: Occurrences,
    /// The number of records that the validator reports an error for.
    pub invalid: u64,
    /// The fields by JSON Pointer; a `[]` after one stands for the elements of an array.
    pub fields: BTreeMap<String, FieldProfile>,
    /// The number of values of unknown fields that are not kept, because there were too many names, or a path was too long.
    pub fields_left_out: u64,
    /// The number of objects and arrays that were not looked into, because they are nested too deep.
    pub too_deep: u64,
}

/// What was observed of one field of one event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct FieldProfile {
    /// The events without the field. Counted for fields that the built-in schema describes.
    #[serde(default, skip_serializing_if = "Occurrences::is_default")]
    pub missing: Occurrences,
    /// The values by type.
    #[serde(rename = "forms")]
    pub types: BTreeMap<ValueType, TypeProfile>,
    /// The least number, as a string so that no reader rounds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Number>,
    /// The greatest number, as a string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Number>,
    /// The earliest date and time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<UtcMicros>,
    /// The latest date and time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<UtcMicros>,
    /// The values of a field for which the schema lists values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<ValueCounts>,
}

/// What was observed of the values of one type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct TypeProfile {
    /// How many values there were, and when.
    pub seen: Occurrences,
    /// One of the values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Example>,
}

/// The values of a vocabulary, with their counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ValueCounts {
    /// The values that the built-in schema lists.
    pub known: BTreeMap<String, Occurrences>,
    /// Other values, or their fingerprints.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<String, Occurrences>,
    /// The number of values that are not kept, because there were too many different ones, or one was too long.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u64,
}

/// How often something occurred, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Occurrences {
    /// The number of occurrences.
    pub count: u64,
    /// The earliest timestamp of an event, if any has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<UtcMicros>,
    /// The latest timestamp of an event, if any has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<UtcMicros>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Occurrences {
    /// Returns whether leaving it out of the file loses nothing. Times can be present without a count in a file that somebody made.
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl FieldProfile {
    /// Returns the occurrences of all values together.
    #[must_use]
    pub fn present(&self) -> Occurrences {
        let mut all = Occurrences::default();
        self.types.values().for_each(|profile| all.add(profile.seen));
        all
    }

    /// Returns the number of values of a type.
    #[must_use]
    pub fn count(&self, value_type: ValueType) -> u64 {
        self.types.get(&value_type).map_or(0, |profile| profile.seen.count)
    }
}

impl Profile {
    /// Removes values of events: letters and digits of examples are replaced, and values and event names that the schema does not
    /// list become fingerprints, unless a name is one that the vendor can have meant.
    pub fn mask(&mut self) {
        if !self.shows_values {
            return;
        }
        self.shows_values = false;
        self.events = std::mem::take(&mut self.events)
            .into_iter()
            .map(|(name, event)| {
                let is_harmless = is_plausible_name(&name) || hash::is_fingerprint(&name);
                (if is_harmless { name } else { hash::fingerprint(&name) }, event)
            })
            .collect();
        for event in self.events.values_mut().chain(&mut self.nameless) {
            for field in event.fields.values_mut() {
                for profile in field.types.values_mut() {
                    profile.example.iter_mut().for_each(Example::mask);
                }
                if let Some(values) = &mut field.values {
                    let others = std::mem::take(&mut values.others).into_iter();
                    values.others = others.map(|(value, seen)| (hash::fingerprint(&value), seen)).collect();
                }
            }
        }
    }
}

/// Returns what the built-in schema says about the field at a path of an event.
pub(crate) fn spec_of(event: &str, path: &str) -> Option<&'static FieldSpec> {
    let name = path.strip_prefix('/')?;
    let (fields, name) = match name.strip_prefix("log/") {
        Some(name) => (catalog::event(event)?.log?, name),
        None => (catalog::HEADER, name),
    };
    fields.iter().find(|field| field.name == name)
}

/// Returns whether a path is known to the built-in schema, and so does not count towards the bound.
pub(crate) fn is_known_path(event: &str, path: &str) -> bool {
    matches!(path, "/eventName" | "/log") || spec_of(event, path).is_some()
}
