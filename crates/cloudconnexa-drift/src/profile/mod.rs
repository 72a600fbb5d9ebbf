//! Profiles: what was seen, in a form that can be kept, and that many can be made one of.
//!
//! Whatever is kept comes out the same however the events are dealt out and in whichever order: counts are sums, times are
//! least and greatest, an example is the one with the least time and text, and of names without end those with the least
//! hashes are kept, so that what is kept of a name is always all of it.

mod example;
mod file;
mod merge;
mod number;

use std::collections::BTreeMap;

use cloudconnexa_validator::catalog::{self, FieldSpec, is_plausible_name};
use serde::{Deserialize, Serialize};

pub use example::Example;
#[cfg(feature = "schemars")]
pub(crate) use file::schema as file_schema;
pub use file::{FORMAT, ProfileError};
pub(crate) use merge::least;
pub use number::Num;

use crate::form::Form;
use crate::hash;
use crate::moment::Moment;

/// Events that the schema does not know: so many are told one by one.
pub(crate) const EVENTS: usize = 64;
/// Fields of an event that the schema does not know, those inside of others among them.
pub(crate) const FIELDS: usize = 200;
/// Values of a vocabulary that the schema does not know.
pub(crate) const VALUES: usize = 64;
/// The longest name of an event, the longest path of a field, the longest value that is told, in bytes.
pub(crate) const NAME: usize = 128;
pub(crate) const PATH: usize = 512;
pub(crate) const VALUE: usize = 64;
/// Objects and arrays within unknown fields: so many levels are looked into.
pub(crate) const LEVELS: usize = 8;

/// The begin of a text, up to so many bytes.
pub(crate) fn begin(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or_default()]
}

/// What was seen of events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Profile {
    /// Whether values and examples are told. If not, examples have letters and digits replaced, and a value or the name of
    /// an event that the schema does not know is a `?` with a fingerprint.
    pub shows_values: bool,
    /// Records that are JSON objects.
    pub records: u64,
    /// Records and other text that are none.
    pub unreadable: u64,
    /// Records without a timestamp that is one.
    pub untimed: u64,
    /// The least timestamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Moment>,
    /// The greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Moment>,
    /// Events by name.
    pub events: BTreeMap<String, EventProfile>,
    /// Records whose `eventName` is missing or no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nameless: Option<EventProfile>,
    /// Records of events that are not told one by one, because there were too many names.
    pub events_left_out: u64,
}

/// What was seen of one event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventProfile {
    /// How many, and when.
    pub seen: Seen,
    /// Those that the validator has an error for.
    pub invalid: u64,
    /// Fields by their JSON Pointers; `[]` behind one stands for the elements of a list.
    pub fields: BTreeMap<String, FieldProfile>,
    /// Values of unknown fields that are not told, because there were too many names, or one was too long.
    pub fields_left_out: u64,
    /// Objects and lists that were not looked into, because they are too deep inside of others.
    pub too_deep: u64,
}

/// What was seen of one field of one event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldProfile {
    /// Events that it is missing from; told of fields that the schema built in describes.
    #[serde(default, skip_serializing_if = "Seen::is_none")]
    pub missing: Seen,
    /// Its values, by what they are.
    pub forms: BTreeMap<Form, FormProfile>,
    /// The least number. A text, so that no reader rounds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Num>,
    /// The greatest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Num>,
    /// The least date and time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Moment>,
    /// The greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<Moment>,
    /// The values of a field that the schema has a list of values for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Values>,
}

/// Values of one form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormProfile {
    /// How many, and when.
    pub seen: Seen,
    /// One of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Example>,
}

/// The values of a vocabulary.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Values {
    /// Those that the schema built in lists.
    pub known: BTreeMap<String, Seen>,
    /// Others, or their fingerprints.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<String, Seen>,
    /// Values that are not told, because there were too many, or one was too long.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u64,
}

/// How many there were, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Seen {
    /// How many.
    pub count: u64,
    /// The least timestamp, if any has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Moment>,
    /// The greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Moment>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Seen {
    /// Whether nothing is lost where it is not written.
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl FieldProfile {
    /// All its values together.
    #[must_use]
    pub fn present(&self) -> Seen {
        let mut all = Seen::default();
        self.forms.values().for_each(|form| all.add(form.seen));
        all
    }

    /// How many values of a form there are.
    #[must_use]
    pub fn count(&self, form: Form) -> u64 {
        self.forms.get(&form).map_or(0, |form| form.seen.count)
    }
}

impl Profile {
    /// Takes out what is nobody's business: examples lose their letters and digits; values and names of events that the
    /// schema does not know become fingerprints, unless a name is one that the vendor can have meant.
    pub fn mask(&mut self) {
        if !self.shows_values {
            return;
        }
        self.shows_values = false;
        self.events = std::mem::take(&mut self.events)
            .into_iter()
            .map(|(name, event)| {
                let is_plain = is_plausible_name(&name) || hash::is_fingerprint(&name);
                (if is_plain { name } else { hash::fingerprint(&name) }, event)
            })
            .collect();
        for event in self.events.values_mut().chain(&mut self.nameless) {
            for field in event.fields.values_mut() {
                for form in field.forms.values_mut() {
                    form.example.iter_mut().for_each(Example::mask);
                }
                if let Some(values) = &mut field.values {
                    let others = std::mem::take(&mut values.others).into_iter();
                    values.others = others.map(|(value, seen)| (hash::fingerprint(&value), seen)).collect();
                }
            }
        }
    }
}

/// What the schema built in says of the field at a path of an event.
pub(crate) fn spec_of(event: &str, path: &str) -> Option<&'static FieldSpec> {
    let name = path.strip_prefix('/')?;
    let (fields, name) = match name.strip_prefix("log/") {
        Some(name) => (catalog::event(event)?.log?, name),
        None => (catalog::HEADER, name),
    };
    fields.iter().find(|field| field.name == name)
}

/// Whether a path is none that could come without end.
pub(crate) fn is_known_path(event: &str, path: &str) -> bool {
    matches!(path, "/eventName" | "/log") || spec_of(event, path).is_some()
}
