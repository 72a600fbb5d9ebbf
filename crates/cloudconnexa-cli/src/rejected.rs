//! Rejected files: one JSON object per line, with raw bytes and the reasons why they were rejected.
//!
//! As they contain raw bytes anyway, messages are written with values: the file is as confidential as the logs.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
#[cfg(test)]
mod tests;

use cloudconnexa_validator::Position;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

/// The version of the format. Fields may be added without changing it, as readers ignore unknown ones.
const FORMAT: u64 = 1;

/// The most findings that are written of a record, which can have thousands.
const MAX_FINDINGS: usize = 100;

/// The largest number that is accepted in a position: up to here, numbers are exact in every JSON parser.
const MAX_POSITION: u64 = 1 << 53;

/// Bytes that are rejected: a record with everything on its lines that belongs to it, or a piece of something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RejectedEntry<'a> {
    /// The name of the input. It is reported, never opened.
    pub(crate) source: &'a str,
    /// The position of the first byte in the decompressed input.
    pub(crate) at: Position,
    /// Whether it is an element of an array, which has no line end of its own.
    pub(crate) is_element: bool,
    /// For a piece, its number, from 1, and whether there are more.
    pub(crate) part: Option<(u64, bool)>,
    pub(crate) raw: &'a [u8],
}

/// A finding that causes bytes to be rejected.
#[derive(Debug, Serialize)]
pub(crate) struct Reason<'a> {
    pub(crate) id: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) pointer: &'a str,
    pub(crate) line: u64,
    pub(crate) column: u64,
    pub(crate) message: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenLine<'a> {
    format: u64,
    source: &'a str,
    line: u64,
    column: u64,
    offset: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    element: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    more: bool,
    findings: &'a [Reason<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    more_findings: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_base64: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct ReadLine {
    source: String,
    line: u64,
    column: u64,
    offset: u64,
    #[serde(default)]
    element: bool,
    part: Option<u64>,
    #[serde(default)]
    more: bool,
    raw: Option<String>,
    raw_base64: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct VersionOnly {
    format: Option<serde_json::Value>,
}

/// Appends the line of `entry` to `out`.
pub(crate) fn write(out: &mut Vec<u8>, entry: &RejectedEntry<'_>, findings: &[Reason<'_>]) {
    let text = str::from_utf8(entry.raw).ok();
    let listed = &findings[..findings.len().min(MAX_FINDINGS)];
    let line = WrittenLine {
        format: FORMAT,
        source: entry.source,
        line: entry.at.line,
        column: entry.at.column,
        offset: entry.at.offset,
        element: entry.is_element,
        part: entry.part.map(|(part, _)| part),
        more: entry.part.is_some_and(|(_, more)| more),
        findings: listed,
        more_findings: Some(findings.len() - listed.len()).filter(|more| *more > 0),
        raw: text,
        raw_base64: text.is_none().then(|| BASE64.encode(entry.raw)),
    };
    serde_json::to_writer(&mut *out, &line).expect("writing to memory succeeds");
    out.push(b'\n');
}

/// An entry that was read from a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnedEntry {
    pub(crate) source: String,
    pub(crate) at: Position,
    pub(crate) is_element: bool,
    pub(crate) part: Option<(u64, bool)>,
    pub(crate) raw: Vec<u8>,
}

/// Reads a line that starts at `at`.
///
/// # Errors
/// Returns where and why the line can't be used.
pub(crate) fn read(line: &[u8], at: Position) -> Result<OwnedEntry, (Position, String)> {
    let refused = |message: String| Err((at, message));
    let broken = |error: &serde_json::Error| {
        let text = error.to_string();
        let message = text.rsplit_once(" at line ").map_or(&*text, |(message, _)| message);
        (location(line, at, error), format!("not a line of a rejected file: {message}"))
    };
    let version: VersionOnly = serde_json::from_slice(line).map_err(|error| broken(&error))?;
    match version.format {
        Some(format) if format == FORMAT => {}
        Some(format) => {
            return refused(format!(
                "the line is of format `{format}`, and this program reads format {FORMAT}; \
                 replay it with the version of ccxlog that wrote it"
            ));
        }
        None => return refused("not a line of a rejected file: it has no `format`".to_owned()),
    }
    let read: ReadLine = serde_json::from_slice(line).map_err(|error| broken(&error))?;
    let raw = match (read.raw, read.raw_base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(text)) => match BASE64.decode(text.as_bytes()) {
            Ok(raw) => raw,
            Err(error) => return refused(format!("`rawBase64` is damaged: {error}")),
        },
        (None, None) => return refused("the line has neither `raw` nor `rawBase64`".to_owned()),
        (Some(_), Some(_)) => {
            return refused("the line has both `raw` and `rawBase64`, which may differ".to_owned());
        }
    };
    for (name, value, first) in [
        ("line", read.line, 1),
        ("column", read.column, 1),
        ("offset", read.offset, 0),
        ("part", read.part.unwrap_or(1), 1),
    ] {
        if value < first || value > MAX_POSITION {
            return refused(format!("`{name}` is {value}, which is not a position in an input"));
        }
    }
    if read.more && read.part.is_none() {
        return refused("the line has `more` without `part`".to_owned());
    }
    Ok(OwnedEntry {
        source: read.source,
        at: Position { offset: read.offset, line: read.line, column: read.column },
        is_element: read.element,
        part: read.part.map(|part| (part, read.more)),
        raw,
    })
}

/// Returns the position of an error in the line that starts at `at`.
fn location(line: &[u8], at: Position, error: &serde_json::Error) -> Position {
    let before = error.line().saturating_sub(1);
    let ends = memchr::memchr_iter(b'\n', line).take(before);
    let start = ends.last().map_or(0, |end| end + 1);
    let end = (start + error.column().saturating_sub(1)).min(line.len());
    at.after(&line[..end])
}
