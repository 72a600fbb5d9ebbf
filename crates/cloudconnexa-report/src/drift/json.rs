//! Drift as one JSON object.

use std::collections::BTreeMap;
use std::io::{self, Write};

use cloudconnexa_drift::{Drift, Finding, FindingKind, NeverSeen, ValueType};
use cloudconnexa_events::UtcMicros;
#[cfg(feature = "schemars")]
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;

use super::comparison::Comparison;
use crate::run::ProblemLine;

// The comments on these types are descriptions in the JSON Schema.

/// How events differ from what is known.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(title = "The JSON output of ccxlog drift"))]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    /// The version of this format.
    ccxlog_drift: u32,
    /// The earlier profile that was compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: &'a Option<String>,
    /// The schema that was compared with, if it is not the built-in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: &'a Option<String>,
    /// The config file that applies, from the root of the repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    config: &'a Option<String>,
    /// Why inputs could not be read to their ends, if they were skipped: up to a thousand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<ProblemLine<'a>>,
    /// Records that are JSON objects, without those that are not events.
    records: u64,
    /// Records and other text that are not JSON objects.
    unreadable: u64,
    /// Records that are not events, by what they are: the id of a rule, and a key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    others: &'a BTreeMap<String, u64>,
    /// Records without a timestamp.
    untimed: u64,
    /// The earliest timestamp.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<UtcMicros>,
    /// The latest timestamp.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<UtcMicros>,
    /// The differences.
    findings: Vec<FindingObject<'a>>,
    /// Events and fields that the schema describes and that were not observed, which is not drift.
    never_seen: &'a [NeverSeen],
}

/// One difference.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Told"))]
#[serde(rename_all = "camelCase")]
struct FindingObject<'a> {
    kind: FindingKind,
    /// The names of the events concerned; empty if they have none. A name that does not look like one is a `?` with a
    /// fingerprint, unless values are shown.
    events: &'a [String],
    /// The JSON Pointer of the field, if it concerns one; a `[]` after it means the elements of an array.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    /// The types of the values, each with its count.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    forms: &'a BTreeMap<ValueType, u64>,
    /// The fields in the `log` of a new event, each with the types of its values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: &'a BTreeMap<String, Vec<ValueType>>,
    /// The new value, or a `?` with its fingerprint unless values are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    /// Whether it stands for all others of its kind, as there are too many to list.
    is_rest: bool,
    /// What was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a str>,
    /// The first timestamp; of an event that stopped, the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<UtcMicros>,
    /// The last timestamp.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<UtcMicros>,
    /// The number of occurrences.
    count: u64,
    /// The total that `count` is a part of.
    of: u64,
    /// A value as JSON, with letters and digits replaced unless values are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<&'a str>,
    /// Whether the schema describes it, so that it differs only from the earlier profile.
    is_described: bool,
    message: String,
    /// What to do about the difference.
    remedy: &'a str,
}

impl<'a> FindingObject<'a> {
    fn of(finding: &'a Finding) -> Self {
        let example = finding.example.as_ref();
        Self {
            kind: finding.kind,
            events: &finding.events,
            path: finding.path.as_deref(),
            forms: &finding.types,
            fields: &finding.fields,
            value: finding.value.as_deref(),
            is_rest: finding.is_rest,
            expected: finding.expected.as_deref(),
            since: finding.since,
            last: finding.last,
            count: finding.count,
            of: finding.of,
            example: example.map(|example| example.value.as_deref().unwrap_or(&example.masked)),
            is_described: finding.is_described,
            message: finding.message(),
            remedy: finding.remedy(),
        }
    }
}

pub(super) fn write(out: &mut dyn Write, drift: &Drift, comparison: &Comparison<'_>) -> io::Result<()> {
    let profile = comparison.profile;
    let report = Report {
        ccxlog_drift: 1,
        against: &comparison.against,
        schema: &comparison.schema,
        config: &comparison.config,
        problems: comparison.problems.iter().map(ProblemLine::from).collect(),
        records: profile.records,
        unreadable: profile.unreadable,
        others: &profile.others,
        untimed: profile.untimed,
        first: profile.first,
        last: profile.last,
        findings: drift.findings.iter().map(FindingObject::of).collect(),
        never_seen: &drift.never_seen,
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}

/// Returns the JSON Schema of the object.
#[cfg(feature = "schemars")]
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Report<'static>>()
}
