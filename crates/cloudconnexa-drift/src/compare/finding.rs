//! What differs, and the words for it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::form::Form;
use crate::hash;
use crate::moment::Moment;
use crate::profile::{Example, Seen, least};

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// Records that are no JSON object.
    Unreadable,
    /// An event that is not known.
    NewEvent,
    /// An event that came and does no more.
    EventStopped,
    /// A field that is not known.
    NewField,
    /// A field that was always there and is no more.
    FieldGone,
    /// A field that was always there and is missing now and then.
    FieldMissing,
    /// A value of another type or format.
    TypeChanged,
    /// A value that is not in the list of known ones.
    NewValue,
    /// More values than before are null or empty.
    NullsJumped,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Unreadable,
        Self::NewEvent,
        Self::EventStopped,
        Self::NewField,
        Self::FieldGone,
        Self::FieldMissing,
        Self::TypeChanged,
        Self::NewValue,
        Self::NullsJumped,
    ];

    /// What it is called.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NewEvent => "new-event",
            Self::EventStopped => "event-stopped",
            Self::NewField => "new-field",
            Self::FieldGone => "field-gone",
            Self::FieldMissing => "field-missing",
            Self::TypeChanged => "type-changed",
            Self::NewValue => "new-value",
            Self::NullsJumped => "nulls-jumped",
        }
    }
}

/// Something that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What kind of difference it is.
    pub kind: FindingKind,
    /// The events that it is about, by name or fingerprint; none where they have no name.
    pub events: Vec<String>,
    /// The JSON Pointer of the field, where it is about one.
    pub path: Option<String>,
    /// What the values are that differ, or those of a new field.
    pub forms: BTreeMap<Form, u64>,
    /// Of a new event the fields that no other has, each with what its values are.
    pub fields: BTreeMap<String, Vec<Form>>,
    /// The value that is new, or its fingerprint.
    pub value: Option<String>,
    /// Those of which so many came that they are not told one by one.
    pub is_rest: bool,
    /// What was expected.
    pub expected: Option<String>,
    /// Since when; of what is gone, when it was last there.
    pub since: Option<Moment>,
    /// Until when.
    pub last: Option<Moment>,
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// One of the values.
    pub example: Option<Example>,
    /// Whether the schema describes it, so that only an earlier profile says that it differs.
    pub is_described: bool,
}

/// What the schema describes and nobody saw.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct NeverSeen {
    /// The event.
    pub event: String,
    /// The JSON Pointer of the field, if the event was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl Finding {
    pub(super) fn new(kind: FindingKind, seen: Seen) -> Self {
        Self {
            kind,
            events: Vec::new(),
            path: None,
            forms: BTreeMap::new(),
            fields: BTreeMap::new(),
            value: None,
            is_rest: false,
            expected: None,
            since: seen.first,
            last: seen.last,
            count: seen.count,
            of: 0,
            example: None,
            is_described: false,
        }
    }

    /// Whether it is about a field of the header, which all events have.
    #[must_use]
    pub fn is_of_header(&self) -> bool {
        self.path.as_ref().is_some_and(|path| path != "/log" && !path.starts_with("/log/"))
    }

    /// What its values are, for a sentence.
    #[must_use]
    pub fn found(&self) -> String {
        let total: u64 = self.forms.values().sum();
        let names = self.forms.iter().map(|(form, count)| {
            if self.forms.len() == 1 {
                form.name().to_owned()
            } else {
                format!("{} ({count} of {total})", form.name())
            }
        });
        names.collect::<Vec<_>>().join(", ")
    }

    /// What differs, in a sentence. Of values it has no more than the finding itself.
    #[must_use]
    pub fn message(&self) -> String {
        let path = self.path.as_deref().unwrap_or_default();
        let name = name(path);
        let event = match self.events.as_slice() {
            [] => "records without a name".to_owned(),
            [event] if hash::is_fingerprint(event) => format!("an event whose name is not shown ({event})"),
            [event] => format!("`{event}`"),
            events => format!("{} events", events.len()),
        };
        let place = match path {
            "/log" => event.clone(),
            _ if self.is_of_header() => "the header".to_owned(),
            _ => format!("`log` of {event}"),
        };
        let of_profile = if self.is_described { ", which the schema describes," } else { "" };
        let expected = self.expected.as_deref().unwrap_or("something else");
        match self.kind {
            FindingKind::Unreadable => "records are no JSON objects".to_owned(),
            FindingKind::NewEvent if self.is_rest => {
                "more events that are not known, with too many names to tell each".to_owned()
            }
            FindingKind::NewEvent => {
                format!("new event: {event}{of_profile}").trim_end_matches(',').to_owned()
            }
            FindingKind::EventStopped => format!("{event} comes no more"),
            FindingKind::NewField if self.is_rest => {
                format!("more fields of {event} that are not known, with too many names to tell each")
            }
            FindingKind::NewField => {
                format!("new field {name}{of_profile} in {place}").replace(", in", " in")
            }
            FindingKind::FieldGone => format!("field {name} is gone from {place}"),
            FindingKind::FieldMissing => {
                format!("field {name}, which was always there, is missing from {place} now and then")
            }
            FindingKind::TypeChanged => format!("{name} in {place} is {}, expected {expected}", self.found()),
            FindingKind::NewValue if self.is_rest => {
                format!("more new values of {name} in {place}, too many or too long to tell each")
            }
            FindingKind::NewValue => match &self.value {
                Some(value) if hash::is_fingerprint(value) => {
                    format!("new value of {name} in {place}, which is not shown ({value})")
                }
                Some(value) => format!("new value of {name} in {place}: {}", quoted(value)),
                None => format!("new value of {name} in {place}"),
            },
            FindingKind::NullsJumped => {
                format!(
                    "{name} in {place} is {} more often than before, when it was {expected}",
                    self.found()
                )
            }
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self.kind {
            FindingKind::Unreadable => "`ccxlog validate` says where they are and what is wrong with them",
            FindingKind::NewEvent if self.is_described => {
                "look whether somebody switched it on; nothing is to change in the schema"
            }
            FindingKind::NewEvent if self.is_rest => "look what writes them: no vendor has so many events",
            FindingKind::NewEvent => "describe it in the schema: `--propose` drafts that",
            FindingKind::EventStopped => {
                "look whether somebody switched it off, or a filter takes it out; alerts on it stay silent now"
            }
            FindingKind::NewField if self.is_described => {
                "queries may use it from now on; nothing is to change in the schema"
            }
            FindingKind::NewField if self.is_rest => {
                "look at what writes them: names of fields that never end belong into values"
            }
            FindingKind::NewField => "describe it in the schema as optional: `--propose` drafts that",
            FindingKind::FieldGone => {
                "change what reads it (queries, dashboards, alerts); if it is required, make it optional: `--propose` drafts that"
            }
            FindingKind::FieldMissing => {
                "make what reads it do without; if it is required, make it optional: `--propose` drafts that"
            }
            FindingKind::TypeChanged if self.is_described => {
                "look at what reads it, as columns and parsers may refuse it; the schema allows it"
            }
            FindingKind::TypeChanged => {
                "look at what reads it, as columns and parsers may refuse it; if it is here to stay, widen the schema: `--propose` drafts that"
            }
            FindingKind::NewValue => {
                "look whether rules that list the values have to know it, and add it to the schema: `--propose` drafts that"
            }
            FindingKind::NullsJumped => {
                "look at where it comes from: what counts or joins by it finds less now"
            }
        }
    }
}

/// The name of a field, as a sentence has it.
fn name(path: &str) -> String {
    format!("`{path}`")
}

fn quoted(value: &str) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Makes one finding of those that several events have of the header, and puts all in order.
pub(super) fn grouped(findings: Vec<Finding>) -> Vec<Finding> {
    type Key = (FindingKind, Vec<String>, Option<String>, bool, Option<String>, bool);
    let mut groups: BTreeMap<Key, Finding> = BTreeMap::new();
    for finding in findings {
        let events = if finding.is_of_header() { Vec::new() } else { finding.events.clone() };
        let key = (
            finding.kind,
            events,
            finding.path.clone(),
            finding.is_rest,
            finding.value.clone(),
            finding.is_described,
        );
        match groups.get_mut(&key) {
            Some(group) => group.add(finding),
            None => {
                groups.insert(key, finding);
            }
        }
    }
    groups.into_values().collect()
}

impl Finding {
    fn add(&mut self, other: Self) {
        self.events.extend(other.events);
        self.events.sort();
        self.events.dedup();
        for (form, count) in other.forms {
            *self.forms.entry(form).or_default() += count;
        }
        self.since = least(self.since, other.since);
        self.last = self.last.max(other.last);
        self.count += other.count;
        self.of += other.of;
        match (&mut self.example, other.example) {
            (Some(own), Some(other)) => own.least(other),
            (own, other) => *own = own.take().or(other),
        }
    }
}
