//! Rejected files: one JSON object per line, with raw bytes and the reasons why they were rejected.
//!
//! As they contain raw bytes anyway, messages are written with values: the file is as confidential as the logs.
//!
//! What is written of a record is bounded by its length, so that a small file, or one that expands to small records, cannot
//! fill a disk.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use cloudconnexa_report::{MAX_POINTER_BYTES, shorten};
use cloudconnexa_validator::{Finding, Position};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The version of the format. Fields may be added without changing it, as readers ignore unknown ones.
const FORMAT: u64 = 1;

/// The most findings that are written of a record, which can have thousands.
pub(crate) const MAX_FINDINGS: usize = 100;

/// The findings of a record take at most this many times its bytes, and [`MIN_FINDINGS_BYTES`] in addition. The first one
/// is always written.
const MAX_FINDINGS_RATIO: usize = 16;
const MIN_FINDINGS_BYTES: usize = 256;

/// The most bytes of a message that are written.
const MAX_MESSAGE_BYTES: usize = 1000;

/// Bytes are written as text if that takes at most twice their number and this, and in Base64 otherwise: control characters
/// take six bytes each.
const MAX_ESCAPES: usize = 64;

/// The most bytes of a damaged line that are quoted.
const MAX_QUOTED_BYTES: usize = 200;

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
    /// How many findings there are beyond those that are given.
    pub(crate) more_findings: usize,
}

/// A finding that causes bytes to be rejected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reason<'a> {
    pub(crate) finding: &'a Finding,
    pub(crate) severity: &'static str,
}

#[derive(Serialize)]
struct WrittenFinding<'a> {
    id: &'static str,
    severity: &'static str,
    pointer: Cow<'a, str>,
    line: u64,
    column: u64,
    message: Cow<'a, str>,
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
    findings: &'a RawValue,
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
    let text = str::from_utf8(entry.raw).ok().filter(|_| is_short_as_text(entry.raw));
    let (listed, more) = list(findings, entry.raw.len());
    let more = more + entry.more_findings;
    let line = WrittenLine {
        format: FORMAT,
        source: entry.source,
        line: entry.at.line,
        column: entry.at.column,
        offset: entry.at.offset,
        element: entry.is_element,
        part: entry.part.map(|(part, _)| part),
        more: entry.part.is_some_and(|(_, more)| more),
        findings: &listed,
        more_findings: Some(more).filter(|more| *more > 0),
        raw: text,
        raw_base64: text.is_none().then(|| BASE64.encode(entry.raw)),
    };
    serde_json::to_writer(&mut *out, &line).expect("writing to memory succeeds");
    out.push(b'\n');
}

/// Returns the first of `findings` as an array, as many as a record of `length` bytes may have, and the number of the others.
fn list(findings: &[Reason<'_>], length: usize) -> (Box<RawValue>, usize) {
    let room = length.saturating_mul(MAX_FINDINGS_RATIO).saturating_add(MIN_FINDINGS_BYTES);
    let mut list = String::from("[");
    let mut count = 0;
    for reason in findings.iter().take(MAX_FINDINGS) {
        let text = reason.finding.text();
        let start = reason.finding.span().start;
        let written = serde_json::to_string(&WrittenFinding {
            id: reason.finding.rule().id,
            severity: reason.severity,
            pointer: shorten(reason.finding.pointer(), MAX_POINTER_BYTES),
            line: start.line,
            column: start.column,
            message: shorten(&text.message, MAX_MESSAGE_BYTES),
        })
        .expect("a finding is JSON");
        if count > 0 && list.len() + written.len() > room {
            break;
        }
        if count > 0 {
            list.push(',');
        }
        list.push_str(&written);
        count += 1;
    }
    list.push(']');
    (RawValue::from_string(list).expect("findings are JSON"), findings.len() - count)
}

/// Returns whether text takes few enough bytes as a JSON string.
fn is_short_as_text(text: &[u8]) -> bool {
    let escaped = |byte: &u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.iter().map(escaped).sum::<usize>() <= 2 * text.len() + MAX_ESCAPES
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
        let message = shorten(message, MAX_QUOTED_BYTES);
        (location(line, at, error), format!("not a line of a rejected file: {message}"))
    };
    let version: VersionOnly = serde_json::from_slice(line).map_err(|error| broken(&error))?;
    match version.format {
        Some(format) if format == FORMAT => {}
        Some(format) => {
            let format = format.to_string();
            return refused(format!(
                "the line is of format `{}`, and this program reads format {FORMAT}; \
                 replay it with the version of ccxlog that wrote it",
                shorten(&format, MAX_QUOTED_BYTES)
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
