//! The differences between a profile and what is known.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::profile::{Example, Occurrences, min_present};
use crate::value_type::ValueType;
use cloudconnexa_events::UtcMicros;

/// The kind of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FindingKind {
    /// Records that are not JSON objects.
    Unreadable,
    /// Records that are JSON, but not events.
    NotAnEvent,
    /// An unknown event, or one that did not occur before.
    NewEvent,
    /// An event that occurred before and no longer does.
    EventStopped,
    /// An unknown field, or one that did not occur before.
    NewField,
    /// A field that no longer occurs.
    FieldGone,
    /// A field that was always present and is sometimes missing.
    FieldMissing,
    /// A value of an unexpected type or format.
    TypeChanged,
    /// A value that is not among the known ones.
    NewValue,
    /// Values that are null or empty more often than before.
    NullsJumped,
}

impl FindingKind {
    /// All kinds, in order.
    pub const ALL: [Self; 10] = [
        Self::Unreadable,
        Self::NotAnEvent,
        Self::NewEvent,
        Self::EventStopped,
        Self::NewField,
        Self::FieldGone,
        Self::FieldMissing,
        Self::TypeChanged,
        Self::NewValue,
        Self::NullsJumped,
    ];

    /// Returns the stable identifier.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NotAnEvent => "not-an-event",
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

/// A difference between a profile and what is known.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// The kind of the difference.
    pub kind: FindingKind,
    /// The names or fingerprints of the events it concerns; none if they have no name.
    pub events: Vec<String>,
    /// The JSON Pointer of the field it concerns, if any.
    pub path: Option<String>,
    /// The types of the values that differ, or of the values of a new field, with their counts.
    pub types: BTreeMap<ValueType, u64>,
    /// The fields in the `log` of a new event, each with the types of its values.
    pub fields: BTreeMap<String, Vec<ValueType>>,
    /// The new value, or its fingerprint. For records that are not events, what they are.
    pub value: Option<String>,
    /// Whether the finding sums up those beyond the number that is kept by name.
    pub is_rest: bool,
    /// The expected types or values, for use in a sentence.
    pub expected: Option<String>,
    /// The time of the first occurrence; for an event that stopped, of the last one.
    pub since: Option<UtcMicros>,
    /// The time of the last occurrence.
    pub last: Option<UtcMicros>,
    /// The number of occurrences.
    pub count: u64,
    /// The number of occurrences that were possible; 0 if that is unknown.
    pub of: u64,
    /// One of the values.
    pub example: Option<Example>,
    /// Whether the schema describes what differs, so that only the earlier profile makes it a difference.
    pub is_described: bool,
}

/// An event or a field that the schema describes and that was not observed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NeverSeen {
    /// The name of the event.
    pub event: String,
    /// The JSON Pointer of the field, if the event itself was observed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl Finding {
    pub(super) fn new(kind: FindingKind, seen: Occurrences) -> Self {
        Self {
            kind,
            events: Vec::new(),
            path: None,
            types: BTreeMap::new(),
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

    /// Returns whether it concerns a field of the header, which all events have.
    #[must_use]
    pub fn is_in_header(&self) -> bool {
        self.path.as_ref().is_some_and(|path| path != "/log" && !path.starts_with("/log/"))
    }

    /// Lists the types of the values, for use in a sentence.
    #[must_use]
    pub fn found_types(&self) -> String {
        let total: u64 = self.types.values().sum();
        let names = self.types.iter().map(|(value_type, count)| {
            if self.types.len() == 1 {
                value_type.name().to_owned()
            } else {
                format!("{} ({count} of {total})", value_type.name())
            }
        });
        names.collect::<Vec<_>>().join(", ")
    }
}

/// Merges findings about the same field of the header in several events, and sorts all findings.
pub(super) fn merge_and_sort(findings: Vec<Finding>) -> Vec<Finding> {
    type Key = (FindingKind, Vec<String>, Option<String>, bool, Option<String>, bool);
    let mut groups: BTreeMap<Key, Finding> = BTreeMap::new();
    for finding in findings {
        let events = if finding.is_in_header() { Vec::new() } else { finding.events.clone() };
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
        for (value_type, count) in other.types {
            *self.types.entry(value_type).or_default() += count;
        }
        self.since = min_present(self.since, other.since);
        self.last = self.last.max(other.last);
        self.count += other.count;
        self.of += other.of;
        match (&mut self.example, other.example) {
            (Some(own), Some(other)) => own.keep_first(other),
            (own, other) => *own = own.take().or(other),
        }
    }
}
