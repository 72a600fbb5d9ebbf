//! The lines of a state file.
//!
//! One JSON object per line, only ever appended. The first line names the version. Each other line ends with a checksum
//! of itself and all lines before it, so that a line that was changed, lost or moved is detected. An incomplete last line,
//! which a killed process leaves, is dropped.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;

use serde::{Deserialize, Serialize};

use super::ContentId;

pub(super) const HEADER: &str = "{\"ccxlog-state\":1}\n";

/// The separator of the members of a line and its checksum.
pub(super) const CHECKSUM_KEY: &str = ",\"check\":\"";

/// A line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    Done {
        name: String,
        #[serde(flatten)]
        content: ContentId,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        findings: bool,
    },
    End {
        end: bool,
    },
}

/// The content of a state file.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) done: HashMap<String, ContentId>,
    /// The checksum of the last line.
    pub(super) checksum: u32,
    /// The offset after the last complete line.
    pub(super) length: usize,
}

/// Reads a state file. An error is the end of a sentence about it.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, String> {
    let mut parsed = Parsed::default();
    // Inputs with findings of the current run, which may have no end.
    let mut pending = Vec::new();
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if line.last() != Some(&b'\n') {
            // A file of something else may have no line end at all: it must not be truncated.
            let is_ours = index > 0 || HEADER.as_bytes().starts_with(line);
            return if is_ours { Ok(parsed) } else { Err(not_ours(line)) };
        }
        if index == 0 {
            if line != HEADER.as_bytes() {
                return Err(not_ours(line));
            }
        } else {
            match check(line, &mut parsed.checksum) {
                Some(Line::Done { name, content, findings: false }) => {
                    parsed.done.insert(name, content);
                }
                Some(Line::Done { name, content, findings: true }) => {
                    parsed.done.remove(&name);
                    pending.push((name, content));
                }
                Some(Line::End { .. }) => parsed.done.extend(pending.drain(..)),
                None => {
                    let line = index + 1;
                    return Err(format!(
                        "is damaged at line {line} and can't be trusted; restore it, or remove it to read everything again"
                    ));
                }
            }
        }
        parsed.length += line.len();
    }
    Ok(parsed)
}

fn not_ours(line: &[u8]) -> String {
    if line.starts_with(b"{\"ccxlog-state\":") {
        "is of another version of ccxlog; use that version, or remove the file to read everything again"
            .to_owned()
    } else {
        "is not a state file of ccxlog; name another file, or one that does not exist yet".to_owned()
    }
}

/// Returns a line with its checksum, which continues and replaces `checksum`.
pub(super) fn with_checksum(line: &Line, checksum: &mut u32) -> io::Result<String> {
    let mut text = serde_json::to_string(line)?;
    text.pop();
    *checksum = continued(*checksum, text.as_bytes());
    let _ = writeln!(text, "{CHECKSUM_KEY}{checksum:08x}\"}}");
    Ok(text)
}

/// Reads a line, if its checksum is right.
fn check(line: &[u8], checksum: &mut u32) -> Option<Line> {
    let line = std::str::from_utf8(line).ok()?;
    let (text, rest) = line.rsplit_once(CHECKSUM_KEY)?;
    let claimed = u32::from_str_radix(rest.strip_suffix("\"}\n")?, 16).ok()?;
    *checksum = continued(*checksum, text.as_bytes());
    (claimed == *checksum).then(|| serde_json::from_str(&format!("{text}}}")).ok())?
}

/// Returns a checksum of `text` and of everything that `checksum` covers.
pub(super) fn continued(checksum: u32, text: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&checksum.to_le_bytes());
    hasher.update(text);
    hasher.finalize()
}
