//! The file of what was rejected: one JSON object a line, with the raw bytes and why they were rejected.
//!
//! Raw bytes stand in it anyway, so findings are worded with values: it is as confidential as the logs themselves.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;

use cloudconnexa_validator::Position;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

/// The version of the format. Fields may be added to it; a reader need not know them.
const FORMAT: u64 = 1;

/// A record can have thousands of findings: so many are written.
const FINDINGS: usize = 100;

/// What is beyond is no place in any input: numbers of JSON are exact up to here.
const FARTHEST: u64 = 1 << 53;

/// Bytes that are rejected: a record with all on its lines that belongs to it, or a piece of what is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a, B> {
    /// What the input was called. It is told and never opened.
    pub(crate) source: &'a str,
    /// Where the first byte stood in it, decompressed.
    pub(crate) at: Position,
    /// Whether it is an element of an array, which has no line end of its own.
    pub(crate) is_element: bool,
    /// Of what is rejected in pieces: which one this is, from 1, and whether there are more.
    pub(crate) part: Option<(u64, bool)>,
    pub(crate) raw: B,
}

/// Why bytes are rejected.
#[derive(Debug, Serialize)]
pub(crate) struct Why<'a> {
    pub(crate) id: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) pointer: &'a str,
    pub(crate) line: u64,
    pub(crate) column: u64,
    pub(crate) message: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
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
    findings: &'a [Why<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    more_findings: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_base64: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
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
struct Version {
    format: Option<serde_json::Value>,
}

/// Appends the line of `entry` to `out`.
pub(crate) fn write(out: &mut Vec<u8>, entry: &Entry<'_, &[u8]>, findings: &[Why<'_>]) {
    let text = str::from_utf8(entry.raw).ok();
    let told = &findings[..findings.len().min(FINDINGS)];
    let line = Written {
        format: FORMAT,
        source: entry.source,
        line: entry.at.line,
        column: entry.at.column,
        offset: entry.at.offset,
        element: entry.is_element,
        part: entry.part.map(|(part, _)| part),
        more: entry.part.is_some_and(|(_, more)| more),
        findings: told,
        more_findings: Some(findings.len() - told.len()).filter(|more| *more > 0),
        raw: text,
        raw_base64: text.is_none().then(|| BASE64.encode(entry.raw)),
    };
    serde_json::to_writer(&mut *out, &line).expect("memory takes what is written");
    out.push(b'\n');
}

/// A line that was read: an entry that owns what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owned {
    pub(crate) source: String,
    pub(crate) at: Position,
    pub(crate) is_element: bool,
    pub(crate) part: Option<(u64, bool)>,
    pub(crate) raw: Vec<u8>,
}

/// Reads a line, whose first byte stands at `at`; says where and why it can't be used.
pub(crate) fn read(line: &[u8], at: Position) -> Result<Owned, (Position, String)> {
    let refused = |message: String| Err((at, message));
    let broken = |error: &serde_json::Error| {
        let text = error.to_string();
        let message = text.rsplit_once(" at line ").map_or(&*text, |(message, _)| message);
        (place(line, at, error), format!("no line of a rejected file: {message}"))
    };
    let version: Version = serde_json::from_slice(line).map_err(|error| broken(&error))?;
    match version.format {
        Some(format) if format == FORMAT => {}
        Some(format) => {
            return refused(format!(
                "the line is of format `{format}`, and this program reads format {FORMAT}; \
                 replay it with the version of ccxlog that wrote it"
            ));
        }
        None => return refused("no line of a rejected file: it has no `format`".to_owned()),
    }
    let read: Read = serde_json::from_slice(line).map_err(|error| broken(&error))?;
    let raw = match (read.raw, read.raw_base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(text)) => match BASE64.decode(text.as_bytes()) {
            Ok(raw) => raw,
            Err(error) => return refused(format!("`rawBase64` is damaged: {error}")),
        },
        (None, None) => return refused("the line has neither `raw` nor `rawBase64`".to_owned()),
        (Some(_), Some(_)) => {
            return refused("the line has both `raw` and `rawBase64`; which holds can't be told".to_owned());
        }
    };
    for (name, value, first) in [
        ("line", read.line, 1),
        ("column", read.column, 1),
        ("offset", read.offset, 0),
        ("part", read.part.unwrap_or(1), 1),
    ] {
        if value < first || value > FARTHEST {
            return refused(format!("`{name}` is {value}, which is no place in an input"));
        }
    }
    if read.more && read.part.is_none() {
        return refused("the line has `more` without `part`".to_owned());
    }
    Ok(Owned {
        source: read.source,
        at: Position { offset: read.offset, line: read.line, column: read.column },
        is_element: read.element,
        part: read.part.map(|part| (part, read.more)),
        raw,
    })
}

/// Where in the line that begins at `at` an error is.
fn place(line: &[u8], at: Position, error: &serde_json::Error) -> Position {
    let before = error.line().saturating_sub(1);
    let ends = memchr::memchr_iter(b'\n', line).take(before);
    let start = ends.last().map_or(0, |end| end + 1);
    let end = (start + error.column().saturating_sub(1)).min(line.len());
    at.after(&line[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(raw: &[u8]) -> Vec<u8> {
        let at = Position { offset: 7, line: 2, column: 3 };
        let why =
            Why { id: "syntax", severity: "error", pointer: "", line: 2, column: 3, message: "m".into() };
        let mut out = Vec::new();
        let entry = Entry { source: "a \"b\"", at, is_element: false, part: Some((1, true)), raw };
        write(&mut out, &entry, &[why]);
        out
    }

    #[test]
    fn what_is_written_is_read() {
        for raw in [&b""[..], b"\"\\\n\r\0\x7f", b"\xff\xfe", "ü🦀\u{2028}".as_bytes(), b"\xed\xa0\x80"] {
            let owned = read(&line(raw), Position::START).unwrap();
            assert_eq!(owned.raw, raw);
            assert_eq!((owned.source.as_str(), owned.part), ("a \"b\"", Some((1, true))));
            assert_eq!(owned.at, Position { offset: 7, line: 2, column: 3 });
        }
        insta::assert_snapshot!(String::from_utf8([line(b"{\n"), line(b"\xff")].concat()).unwrap());
    }

    #[test]
    fn what_is_damaged_is_told_with_its_place() {
        let text = String::from_utf8(line(b"x")).unwrap();
        let with = |from: &str, to: &str| text.replacen(from, to, 1);
        let cases = [
            "{".to_owned(),
            "7".to_owned(),
            "{}".to_owned(),
            with("\"format\":1", "\"format\":2"),
            with("\"raw\"", "\"other\""),
            with("\"raw\":\"x\"", "\"rawBase64\":\"eA\""),
            with("\"raw\":\"x\"", "\"raw\":\"x\",\"rawBase64\":\"eA==\""),
            with("\"line\":2", "\"line\":0"),
            with("\"offset\":7", "\"offset\":18446744073709551615"),
            with("\"offset\":7", "\"offset\":-7"),
            with("\"part\":1,", ""),
            with("\"source\"", "\"surce\""),
            with("\"source\"", "\"line\":1,\n\"source\""),
        ];
        let told = cases.map(|case| {
            let (at, message) = read(case.as_bytes(), Position::START).unwrap_err();
            format!("{}:{}: {message}", at.line, at.column)
        });
        insta::assert_snapshot!(told.join("\n"));
    }

    /// Whatever is cut off or changed, there is an answer.
    #[test]
    fn any_damage_is_a_value() {
        let text = line(b"\xff{}");
        for at in 0..text.len() {
            let _ = read(&text[..at], Position::START);
            for byte in [0, b'"', b'{', b'9', 0xff] {
                let mut damaged = text.clone();
                damaged[at] = byte;
                let _ = read(&damaged, Position::START);
            }
        }
    }
}
