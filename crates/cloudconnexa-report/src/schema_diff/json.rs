//! What changes between two schemas, as one JSON object.

use std::io::{self, Write};

use cloudconnexa_compat::{ChangeFinding, ChangeLocation, CounterExample, EventVerdict, Side, Size};
#[cfg(feature = "schemars")]
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;
use serde_json::Value;

use super::view::SchemaDiff;
use crate::text::style;

// The comments on these types are descriptions in the JSON Schema.

/// What changes between two schemas of events, and for whom.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(title = "The JSON output of ccxlog schema diff"))]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    /// The version of this format.
    ccxlog_schema_diff: u32,
    /// The schema that was there before.
    old: SideObject<'a>,
    /// The schema that takes its place.
    new: SideObject<'a>,
    /// How much the version has to be raised: `none`, `patch`, `minor` or `major`.
    size: &'static str,
    /// The lowest version that the new schema may have, if that of the old one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<String>,
    /// Whether nothing breaks, apart from what is accepted, and nothing is undecided unless that is allowed.
    passes: bool,
    /// Why there are no Rust types to compare, if a schema cannot be turned into types.
    #[serde(skip_serializing_if = "Option::is_none")]
    untyped: Option<&'a str>,
    /// The changes, in the order of the new schema; what is gone comes last.
    changes: Vec<ChangeObject<'a>>,
    /// The answers for each event, and for those that neither schema knows.
    events: Vec<EventObject<'a>>,
    /// The events that show what breaks.
    examples: Vec<ExampleObject<'a>>,
}

/// One of the schemas.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Side"))]
struct SideObject<'a> {
    /// A version, or a path.
    name: &'a str,
    /// The version in its `$id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

/// One change.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Change"))]
#[serde(rename_all = "camelCase")]
struct ChangeObject<'a> {
    /// What kind of change it is.
    rule: &'static str,
    /// `error` if it breaks somebody, or may do; `warning` if that is accepted or allowed; `note` for all others.
    severity: &'static str,
    message: &'a str,
    /// Where it was; absent for what is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<LocationObject<'a>>,
    /// Where it is; absent for what is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<LocationObject<'a>>,
    /// The fields that it is about.
    fields: Vec<FieldObject<'a>>,
    /// The questions whose answer it turns into no: `backward`, `forward`, `openness`, `types`, `all-old`, `all-new`.
    breaks: Vec<&'static str>,
    /// The questions for which it is undecided whether it does.
    undecided: Vec<&'static str>,
    /// How much it changes the Rust types: `none`, `patch`, `minor` or `major`.
    types: &'static str,
    /// The names of the events that show it.
    examples: Vec<&'a str>,
    /// Why it is accepted, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<&'a str>,
}

/// A place in a schema.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Location"))]
struct LocationObject<'a> {
    /// The JSON Pointer within the schema.
    pointer: &'a str,
    line: usize,
    /// In characters, from 1.
    column: usize,
}

/// A field.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Field"))]
struct FieldObject<'a> {
    /// The event; absent for a field of all events.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
    /// The JSON Pointer within the event; empty if it is about the event itself.
    pointer: &'a str,
}

/// The answers for one event: `same`, `proved`, `no`, `undecided`, `contradiction` or `not-applicable`.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Event"))]
#[serde(rename_all = "camelCase")]
struct EventObject<'a> {
    /// The name; absent for all events that neither schema knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
    /// Is every event that the old schema documents valid by the new one?
    backward: &'static str,
    /// Is every event that the new schema documents valid by the old one?
    forward: &'static str,
    /// Does the new schema still let in what neither knows?
    openness: &'static str,
    /// Is every event that was valid still valid? Only with `--strict`.
    #[serde(skip_serializing_if = "Option::is_none")]
    all_old: Option<&'static str>,
    /// Was every event valid that is valid now? Only with `--strict`.
    #[serde(skip_serializing_if = "Option::is_none")]
    all_new: Option<&'static str>,
    /// How much the Rust types change: `none`, `patch`, `minor` or `major`. Absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    types: Option<&'static str>,
}

/// An event that is valid by one schema and not by the other.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Example"))]
#[serde(rename_all = "camelCase")]
struct ExampleObject<'a> {
    /// The name, which its file has as well.
    name: &'a str,
    /// The name of the event; absent if neither schema knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
    /// The question that it answers with no.
    question: &'static str,
    /// What is particular about it.
    particular: &'a str,
    /// The schema by which it is not valid: `old` or `new`.
    rejected_by: &'static str,
    /// The rule of `ccxlog validate` that it breaks.
    rejected_as: &'static str,
    /// Whether the validator of ccxlog agrees as well, which knows the schemas that are built in.
    is_confirmed: bool,
    /// The event, made up from the examples of the schema.
    value: &'a Value,
}

pub(super) fn write(out: &mut dyn Write, diff: &SchemaDiff<'_>) -> io::Result<()> {
    let comparison = diff.comparison;
    let version = |version: Option<cloudconnexa_compat::Version>| version.map(|version| version.to_string());
    let report = Report {
        ccxlog_schema_diff: 1,
        old: SideObject { name: diff.old.name, version: version(comparison.old_version) },
        new: SideObject { name: diff.new.name, version: version(comparison.new_version) },
        size: comparison.size.name(),
        needed: version(comparison.needed()),
        passes: diff.passes(),
        untyped: comparison.untyped.as_deref(),
        changes: comparison.findings.iter().map(|finding| change(finding, diff)).collect(),
        events: comparison.events.iter().map(event).collect(),
        examples: comparison.examples.iter().map(example).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}

fn change<'a>(finding: &'a ChangeFinding, diff: &SchemaDiff<'a>) -> ChangeObject<'a> {
    let location = |location: &'a ChangeLocation| LocationObject {
        pointer: &location.pointer,
        line: location.line,
        column: location.column,
    };
    let fields = finding.fields.iter();
    let examples = finding.examples.iter().filter_map(|index| diff.comparison.examples.get(*index));
    ChangeObject {
        rule: finding.rule.id,
        severity: style::word(diff.severity(finding)),
        message: &finding.message,
        old: finding.old.as_ref().map(location),
        new: finding.new.as_ref().map(location),
        fields: fields
            .map(|field| FieldObject { event: field.event.as_deref(), pointer: &field.pointer })
            .collect(),
        breaks: finding.breaks.iter().map(|question| question.name()).collect(),
        undecided: finding.undecided.iter().map(|question| question.name()).collect(),
        types: finding.types.name(),
        examples: examples.map(|example| example.name.as_str()).collect(),
        accepted: finding.accepted.as_deref(),
    }
}

fn event(verdict: &EventVerdict) -> EventObject<'_> {
    use cloudconnexa_compat::Question::{AllNew, AllOld, Backward, Forward, Openness};
    let asked = |question| verdict.answers.iter().any(|(asked, _)| *asked == question);
    let strict = |question| asked(question).then(|| verdict.answer(question).name());
    EventObject {
        event: verdict.event.as_deref(),
        backward: verdict.answer(Backward).name(),
        forward: verdict.answer(Forward).name(),
        openness: verdict.answer(Openness).name(),
        all_old: strict(AllOld),
        all_new: strict(AllNew),
        types: verdict.types.map(Size::name),
    }
}

fn example(example: &CounterExample) -> ExampleObject<'_> {
    ExampleObject {
        name: &example.name,
        event: example.event.as_deref(),
        question: example.question.name(),
        particular: &example.particular,
        rejected_by: match example.rejected_by {
            Side::Old => "old",
            Side::New => "new",
        },
        rejected_as: example.rejected_as,
        is_confirmed: example.is_confirmed,
        value: &example.value,
    }
}

/// Returns the JSON Schema of the object.
#[cfg(feature = "schemars")]
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Report<'static>>()
}
