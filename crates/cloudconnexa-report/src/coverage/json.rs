//! Coverage as one JSON document with all points.

use std::collections::BTreeMap;
use std::io::{self, Write};

use cloudconnexa_validator::coverage::Branch;
#[cfg(feature = "schemars")]
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;

use super::class::PointClass;
use super::report::{CoverageGroup, MinimumResult, PointCount};
use super::results::CoverageResults;
use super::share::Share;
use crate::masking::Masking;
use crate::run::ProblemLine;

// The comments on these types are descriptions in the JSON Schema.

/// What `ccxlog coverage --format json` writes: which points of the schema a set of events exercises. Other fields, other
/// branches and other points may come with later versions.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", schemars(title = "Coverage by ccxlog"))]
struct Document<'a> {
    /// The version of ccxlog.
    version: &'a str,
    /// The config file that applies, from the root of the repository; null if there is none.
    config: Option<&'a str>,
    /// 0: all was read, and enough is covered. 1: all was read, and less is covered than is asked for. 2: not all could be
    /// done. 3: inputs that could not be read to their ends were skipped, and everything else was done.
    exit_code: u8,
    /// Inputs that were opened.
    inputs: u64,
    /// Inputs that could not be read to their ends.
    unread_inputs: u64,
    /// Why they could not be read: up to a thousand.
    problems: Vec<ProblemLine<'a>>,
    /// Bytes that were read, decompressed.
    bytes: u64,
    /// Records without an error.
    valid: u64,
    /// Records with an error, which cover nothing.
    invalid: u64,
    /// Kinds of points that don't count.
    without: &'a [PointClass],
    #[serde(flatten)]
    all: ShareLine,
    /// The result for each minimum that was set.
    minimums: Vec<MinimumLine>,
    /// The part that all events have in common, then each event of the schema.
    groups: Vec<GroupLine<'a>>,
    /// Records of events that the schema does not know: the first hundred names in alphabetical order.
    unknown_events: Vec<UnknownLine<'a>>,
}

/// How many points are covered, of those that count.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct ShareLine {
    /// Points that an event meets.
    covered: u64,
    /// Points that count.
    points: u64,
    /// The share in percent with two decimals, never rounded up.
    percent: f64,
}

/// A minimum, for one group or for all points.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct MinimumLine {
    /// The name of the event, or `header`; null for all points.
    of: Option<&'static str>,
    /// The required percentage.
    minimum: f64,
    #[serde(flatten)]
    share: ShareLine,
    /// Whether the minimum is met.
    met: bool,
}

/// The points of one event, or of what all events have in common.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct GroupLine<'a> {
    /// The name of the event; null for what all events have in common.
    event: Option<&'static str>,
    /// The number of valid records of it.
    valid: u64,
    #[serde(flatten)]
    share: ShareLine,
    /// How many of them have each field of the header. Empty for what all events have in common, which lists these fields
    /// among its `branches`.
    header: BTreeMap<&'static str, u64>,
    /// All its points, also those that don't count, in the order of the schema.
    branches: Vec<PointLine<'a>>,
}

/// A point: one way in which an event can use one field.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct PointLine<'a> {
    /// JSON Pointer (RFC 6901) to the field within the event; to the object itself for `unknown-field`.
    pointer: &'a str,
    branch: BranchName,
    /// The value that the schema lists, or the format.
    value: Option<String>,
    /// The line of the schema's text that describes it, from 1.
    line: u64,
    /// The number of valid records that meet it.
    hits: u64,
    /// Whether it counts; `without` leaves out some kinds.
    counts: bool,
    /// Whether the vendor announced that the field will be removed.
    deprecated: bool,
    /// Whether it is inferred: neither the documentation nor a known log shows it.
    inferred: bool,
}

/// A way in which an event can use a field.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum BranchName {
    /// The field is present.
    Present,
    /// The field is absent.
    Absent,
    /// The value is null.
    Null,
    /// The value is not null.
    NotNull,
    /// The value is true.
    True,
    /// The value is false.
    False,
    /// The value is this one, which the schema lists.
    Value,
    /// The value is one that the schema does not list.
    OtherValue,
    /// The value has this one of several formats.
    Format,
    /// The value is an empty string.
    Empty,
    /// The object has a field that the schema does not know.
    UnknownField,
}

/// Events of a name that the schema does not know.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct UnknownLine<'a> {
    /// The name; null for all that could be anything but a name, for those beyond the first hundred, and for records
    /// without one.
    name: Option<&'a str>,
    valid: u64,
    invalid: u64,
}

/// Returns the JSON Schema of the document.
#[cfg(feature = "schemars")]
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Document<'static>>()
}

pub(super) fn write(out: &mut dyn Write, run: &CoverageResults<'_>) -> io::Result<()> {
    let CoverageResults { report, summary, status, .. } = run;
    let counts = &summary.counts;
    let events = counts.events();
    let unknown = summary.rows(Masking::Masked).into_iter().filter(|row| !row.is_known);
    let document = Document {
        version: env!("CARGO_PKG_VERSION"),
        config: run.config,
        exit_code: status.code(),
        inputs: counts.inputs,
        unread_inputs: counts.unread,
        problems: run.problems.iter().map(ProblemLine::from).collect(),
        bytes: counts.bytes,
        valid: events.valid,
        invalid: events.invalid,
        without: &report.without,
        all: report.all.into(),
        minimums: report.minimums.iter().map(MinimumLine::from).collect(),
        groups: report.groups.iter().map(GroupLine::from).collect(),
        unknown_events: unknown
            .map(|row| UnknownLine { name: row.name, valid: row.counts.valid, invalid: row.counts.invalid })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

impl From<Share> for ShareLine {
    fn from(share: Share) -> Self {
        Self { covered: share.covered, points: share.points, percent: f64::from(share.hundredths()) / 100.0 }
    }
}

impl From<&MinimumResult> for MinimumLine {
    fn from(result: &MinimumResult) -> Self {
        Self {
            of: result.of,
            minimum: result.minimum.percent.number(),
            share: result.share.into(),
            met: result.is_met(),
        }
    }
}

impl<'a> From<&'a CoverageGroup> for GroupLine<'a> {
    fn from(group: &'a CoverageGroup) -> Self {
        Self {
            event: group.event.map(|event| event.name),
            valid: group.events,
            share: group.share.into(),
            header: group.header.iter().map(|(field, count)| (field.name, *count)).collect(),
            branches: group.points.iter().map(PointLine::from).collect(),
        }
    }
}

impl<'a> From<&'a PointCount> for PointLine<'a> {
    fn from(count: &'a PointCount) -> Self {
        let PointCount { point, hits, counts } = count;
        let (branch, value) = match point.branch {
            Branch::Present => (BranchName::Present, None),
            Branch::Absent => (BranchName::Absent, None),
            Branch::Null => (BranchName::Null, None),
            Branch::NotNull => (BranchName::NotNull, None),
            Branch::True => (BranchName::True, None),
            Branch::False => (BranchName::False, None),
            Branch::Value(value) => (BranchName::Value, Some(value.to_owned())),
            Branch::Number(number) => (BranchName::Value, Some(number.to_string())),
            Branch::OtherValue => (BranchName::OtherValue, None),
            Branch::Format(format) => (BranchName::Format, Some(format.to_owned())),
            Branch::Empty => (BranchName::Empty, None),
            Branch::UnknownField => (BranchName::UnknownField, None),
        };
        Self {
            pointer: &point.pointer,
            branch,
            value,
            line: point.line,
            hits: *hits,
            counts: *counts,
            deprecated: point.is_deprecated(),
            inferred: point.is_inferred(),
        }
    }
}
