//! One JSON object per line: one for each finding, and a summary after the last.

use std::io::{self, Write};

#[cfg(feature = "schemars")]
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;

use crate::finding::ReportedFinding;
use crate::masking::Masking;
use crate::run::{Problem, ProblemLine, RunResults};

// The comments on these types are descriptions in the JSON Schema.

/// One line of what `ccxlog validate --format json` writes. The last one is the summary: where it is missing, the run
/// was cut off. Other types of lines and other fields may come with later versions.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", schemars(title = "A line of ccxlog's json format"))]
enum Line<'a> {
    Finding(FindingLine<'a>),
    Problem(ProblemLine<'a>),
    Gone(GoneLine<'a>),
    Summary(SummaryLine<'a>),
}

/// Something that is wrong with an event, or worth knowing about it.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct FindingLine<'a> {
    /// The id of the rule, which never changes its meaning; `ccxlog explain ID` describes it.
    id: &'a str,
    severity: SeverityName,
    /// The input, as it was named.
    file: &'a str,
    /// The line where it starts, from 1, in the decompressed text.
    line: u64,
    /// The column where it starts, from 1, in Unicode code points.
    column: u64,
    /// The line where it ends.
    end_line: u64,
    /// The column after its end.
    end_column: u64,
    /// The byte where it starts, from 0, in the decompressed text.
    offset: u64,
    /// Its length in bytes.
    length: u64,
    /// The name of the event, if it has one; null if values are masked and it does not look like a name.
    event: Option<&'a str>,
    /// JSON Pointer (RFC 6901) to the value within the event; empty for the event itself. One of more than a thousand
    /// bytes is cut, and ends with an ellipsis.
    pointer: &'a str,
    /// The value found and the value required. Values of the event are masked unless `--show-values` is given.
    message: &'a str,
    /// How to fix it, if that is known.
    help: Option<&'a str>,
    /// How many records of the file it is about, or places between records. More than 1 if it says what the records are, rather
    /// than what is wrong with one, or what separates them; the place is that of the first. Left out if it is 1.
    #[serde(skip_serializing_if = "is_one")]
    #[cfg_attr(feature = "schemars", schemars(default = "one"))]
    records: u64,
    /// The same for the same finding in every run, even if its line has moved. Findings of one rule about one field of
    /// one kind of event in one file share it.
    fingerprint: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_one(records: &u64) -> bool {
    *records == 1
}

#[cfg(feature = "schemars")]
fn one() -> u64 {
    1
}

/// A finding in the baseline that no longer occurs.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct GoneLine<'a> {
    /// The id of the rule.
    id: &'a str,
    /// The file, from the root of the repository.
    file: &'a str,
    /// The name of the event.
    event: Option<&'a str>,
    /// JSON Pointer to the value within the event.
    pointer: &'a str,
    /// How many more of them the baseline has than still occur.
    count: u64,
}

/// Totals of the run.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct SummaryLine<'a> {
    /// The version of ccxlog.
    version: &'a str,
    /// The config file that applies, from the root of the repository; null if there is none.
    config: Option<&'a str>,
    /// 0: all was read, and no finding is an error. 1: all was read, and some finding is an error. 2: not all could be done.
    /// 3: inputs that could not be read to their ends were skipped, and everything else was done.
    exit_code: u8,
    /// Inputs that were opened.
    inputs: u64,
    /// Empty inputs.
    empty_inputs: u64,
    /// Inputs that could not be read to their ends.
    unread_inputs: u64,
    /// Inputs that could not be read to their ends, and that an earlier run with the same state file has reported. They
    /// are neither reported again nor counted in `unreadInputs`.
    unread_before: u64,
    /// Bytes that were read, decompressed.
    bytes: u64,
    /// Events that were inside other records, with `--unwrap`; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    unwrapped: Option<UnwrappedLine>,
    /// Events without an error.
    valid: u64,
    /// Events with an error.
    invalid: u64,
    /// Valid and invalid events by name.
    events: Vec<EventLine<'a>>,
    /// How many findings there are of each rule and severity.
    findings: Vec<CountLine<'a>>,
    /// Repeated and unknown fields beyond a thousand in one event, which are not counted in `findings`.
    uncounted: u64,
    /// How many findings the baseline accepts. They are not counted in `findings`. For events, `known` is about the schema.
    known: u64,
    /// Findings in the baseline that no longer occur.
    gone: u64,
}

/// Events that were inside other records.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct UnwrappedLine {
    /// The records that they were in.
    records: u64,
    /// The events, which are also counted as valid or invalid.
    events: u64,
}

/// Valid and invalid events of one name.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct EventLine<'a> {
    /// The name; null for events without a name, and for all names that are not listed or not shown.
    name: Option<&'a str>,
    /// Whether the schema describes events of this name. For findings, `known` is about the baseline.
    known: bool,
    valid: u64,
    invalid: u64,
}

/// How many findings there are of one rule.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
struct CountLine<'a> {
    /// The id of the rule.
    id: &'a str,
    severity: SeverityName,
    count: u64,
}

/// The severity of a finding.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum SeverityName {
    /// It fails the run.
    Error,
    /// Valid, but likely not what is meant, or a sign that the format changed.
    Warning,
    /// Worth knowing.
    Note,
}

impl From<cloudconnexa_validator::Severity> for SeverityName {
    fn from(severity: cloudconnexa_validator::Severity) -> Self {
        use cloudconnexa_validator::Severity;
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Note => Self::Note,
        }
    }
}

/// Returns the JSON Schema of a line of the `json` format.
#[cfg(feature = "schemars")]
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Line<'static>>()
}

pub(super) fn finding(out: &mut impl Write, masking: Masking, found: &ReportedFinding<'_>) -> io::Result<()> {
    let (span, text) = (found.finding.span(), found.text(masking));
    let line = Line::Finding(FindingLine {
        id: found.finding.rule().id,
        severity: found.severity.into(),
        file: found.input,
        line: span.start.line,
        column: span.start.column,
        end_line: span.end.line,
        end_column: span.end.column,
        offset: span.start.offset,
        length: span.end.offset - span.start.offset,
        event: found.event_name(masking),
        pointer: found.pointer,
        message: &text.message,
        help: text.help.as_deref(),
        records: found.records,
        fingerprint: found.fingerprint.to_string(),
    });
    write(out, &line)
}

pub(super) fn problem(out: &mut dyn Write, problem: &Problem) -> io::Result<()> {
    write(out, &Line::Problem(problem.into()))
}

pub(super) fn end(out: &mut dyn Write, masking: Masking, run: &RunResults<'_>) -> io::Result<()> {
    for gone in run.gone {
        let line = Line::Gone(GoneLine {
            id: &gone.rule,
            file: &gone.path,
            event: gone.event.as_deref(),
            pointer: &gone.pointer,
            count: gone.count,
        });
        write(out, &line)?;
    }
    let counts = &run.summary.counts;
    let all = counts.events();
    let events = run.summary.rows(masking);
    let line = Line::Summary(SummaryLine {
        version: env!("CARGO_PKG_VERSION"),
        config: run.config,
        exit_code: run.status.code(),
        inputs: counts.inputs,
        empty_inputs: counts.empty,
        unread_inputs: counts.unread,
        unread_before: run.summary.unread_before,
        bytes: counts.bytes,
        unwrapped: (counts.unwrapped.records > 0)
            .then_some(UnwrappedLine { records: counts.unwrapped.records, events: counts.unwrapped.events }),
        valid: all.valid,
        invalid: all.invalid,
        events: events
            .iter()
            .map(|row| EventLine {
                name: row.name,
                known: row.is_known,
                valid: row.counts.valid,
                invalid: row.counts.invalid,
            })
            .collect(),
        findings: counts
            .findings
            .iter()
            .map(|((severity, id), count)| CountLine { id, severity: severity.0.into(), count: *count })
            .collect(),
        uncounted: counts.findings_left_out,
        known: run.summary.known,
        gone: run.gone.iter().map(|gone| gone.count).sum(),
    });
    write(out, &line)
}

fn write(out: &mut (impl Write + ?Sized), line: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests;
