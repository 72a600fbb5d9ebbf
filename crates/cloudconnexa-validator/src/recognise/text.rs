//! Recognizes texts that are not JSON by their first bytes.

use std::ops::Range;

use super::names;
use crate::catalog;
use crate::rules::foreign_notation::ForeignNotation;
use crate::rules::not_json::NotJson;

/// How much of a text is looked at, in bytes.
const HEAD_BYTES: usize = 512;

/// The fewest fields of a table.
const MIN_COLUMNS: usize = 3;

/// Names of months, as logs have them.
const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What only OpenVPN writes.
const OPENVPN: &[&str] =
    &["[OVPN ", "openvpn", "OpenVPN", "ovpn", "MULTI: ", "Peer Connection Initiated", "TLS: Initial packet"];

/// Returns what a text is, by its start; `None` if it may be JSON, or could be anything.
pub(super) fn text_kind(text: &[u8]) -> Option<NotJson> {
    let head = head(text);
    let first = head.chars().next()?;
    if matches!(first, '{' | '[') {
        return None;
    }
    if first == '<' && !is_priority(head) {
        return markup(head);
    }
    let line = head.lines().next().unwrap_or_default();
    if line.starts_with("version https://git-lfs.github.com/spec/") || line.starts_with("oid sha256:") {
        Some(NotJson::GitLfs)
    } else if is_flow_log(line) {
        Some(NotJson::FlowLog)
    } else if is_access_log(line) {
        Some(NotJson::AccessLog)
    } else if let Some(rest) = after_time(line) {
        let is_openvpn = OPENVPN.iter().any(|mark| line.contains(mark)) || is_access_server(rest);
        Some(if is_openvpn { NotJson::ServerLog } else { NotJson::LogLines })
    } else if is_base64_of_gzip(head) {
        Some(NotJson::Base64)
    } else if is_field_line(line) {
        Some(NotJson::FieldLines)
    } else if is_table(head) {
        Some(NotJson::Csv)
    } else {
        None
    }
}

/// Returns how a record is written that starts like an object but is not JSON.
pub(super) fn notation(record: &str) -> Option<ForeignNotation> {
    let head = head(record.as_bytes());
    if head.starts_with("@{") {
        return Some(ForeignNotation::PowerShell);
    }
    let inside = head.strip_prefix('{')?.trim_start();
    let first = inside.chars().next()?;
    let name = inside.trim_start_matches(['"', ':', '\'']);
    let name_end =
        name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.').unwrap_or(name.len());
    let after_name = name[name_end..].trim_start_matches('"').trim_start();
    match first {
        '\'' if inside.contains("':") => Some(ForeignNotation::Python),
        '“' | '”' | '„' | '‟' | '″' => Some(ForeignNotation::TypographicQuotes),
        '\\' if inside.starts_with("\\\"") => Some(ForeignNotation::EscapedQuotes),
        '&' if inside.starts_with("&quot;") || inside.starts_with("&#34;") => {
            Some(ForeignNotation::HtmlEscapes)
        }
        '"' | ':' if name_end > 0 && after_name.starts_with("=>") => Some(ForeignNotation::Ruby),
        _ if first.is_ascii_alphabetic() && after_name.starts_with('=') => Some(ForeignNotation::Map),
        _ => None,
    }
}

/// Returns the range of the line around `at`, if it marks a merge conflict.
pub(super) fn conflict(text: &str, at: usize) -> Option<Range<usize>> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let is_mark =
        |mark: &str| line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    // The fault is at the mark itself, not somewhere in a line that starts like one.
    let is_near = at - start < 7;
    let is_conflict = line == "=======" || ["<<<<<<<", "|||||||", ">>>>>>>"].into_iter().any(is_mark);
    (is_near && is_conflict).then(|| start..start + line.len())
}

/// Returns the start of a text, without a byte order mark and white space before it.
fn head(text: &[u8]) -> &str {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start();
    let text = &text[..text.len().min(HEAD_BYTES)];
    text.utf8_chunks().next().map_or("", |chunk| chunk.valid())
}

fn markup(head: &str) -> Option<NotJson> {
    let mut rest = head;
    while let Some(comment) = rest.strip_prefix("<!--") {
        rest = comment.split_once("-->").map_or("", |(_, rest)| rest).trim_start();
    }
    let starts_with = |tag: &str| rest.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    let is_error = rest.contains("<Error>") && rest.contains("<Code>");
    if ["<!doctype html", "<html", "<head", "<body", "<script"].into_iter().any(starts_with) {
        Some(NotJson::Html)
    } else if (starts_with("<?xml") || starts_with("<Error>")) && is_error {
        Some(NotJson::StorageError)
    } else {
        let name = rest.strip_prefix('<').unwrap_or_default().trim_start_matches(['?', '!', '/']);
        let is_tag = name.starts_with(|first: char| first.is_ascii_alphabetic()) && rest.contains('>');
        is_tag.then_some(NotJson::Xml)
    }
}

/// Returns whether a text starts with the priority of a syslog message: `<34>`.
fn is_priority(text: &str) -> bool {
    let digits = text.strip_prefix('<').and_then(|rest| rest.split_once('>')).map(|(digits, _)| digits);
    digits.is_some_and(|digits| {
        (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Returns what follows the time that a line starts with, if it does.
fn after_time(line: &str) -> Option<&str> {
    let line = match line.split_once('>') {
        Some((_, rest)) if is_priority(line) => rest.strip_prefix("1 ").unwrap_or(rest),
        _ => line,
    };
    let weekday = line
        .get(..4)
        .filter(|day| day.ends_with(' ') && day[..3].bytes().all(|byte| byte.is_ascii_alphabetic()));
    let line = match weekday {
        Some(_) if line.get(4..7).is_some_and(|month| MONTHS.contains(&month)) => &line[4..],
        _ => line,
    };
    if line.get(..3).is_some_and(|month| MONTHS.contains(&month)) {
        // `Mar  4 08:15:43 `
        return line.get(3..16).filter(|rest| matches(rest, " ?# ##:##:## ")).map(|_| &line[16..]);
    }
    let date = line
        .get(..19)
        .filter(|date| matches(date, "####-##-##T##:##:##") || matches(date, "####-##-## ##:##:##"))?;
    let rest = &line[date.len()..];
    rest.split_once(' ').map(|(_, rest)| rest)
}

/// Returns whether a text is like a pattern, in which `#` is a digit and `?` a digit or a blank.
fn matches(text: &str, pattern: &str) -> bool {
    let is = |(byte, wanted): (u8, u8)| match wanted {
        b'#' => byte.is_ascii_digit(),
        b'?' => byte.is_ascii_digit() || byte == b' ',
        _ => byte == wanted,
    };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(is)
}

/// Returns whether the rest of a line starts as Access Server has it: `[stdout#info] `.
fn is_access_server(rest: &str) -> bool {
    let mark = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(mark, _)| mark);
    mark.and_then(|mark| mark.split_once('#')).is_some_and(|(source, level)| {
        [source, level]
            .into_iter()
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
    })
}

fn is_flow_log(line: &str) -> bool {
    let mut words = line.split(' ');
    let is_interface = |word: &str| word.starts_with("eni-") || word == "interface-id";
    words.next().is_some_and(|word| word == "version" || word.bytes().all(|byte| byte.is_ascii_digit()))
        && words.nth(1).is_some_and(is_interface)
}

/// Returns whether a line has a time as access logs write it: `[06/Feb/2019:00:00:38 +0000]`.
fn is_access_log(line: &str) -> bool {
    line.match_indices('[').any(|(at, _)| {
        let time = |range| line.get(at + 1..).and_then(|rest| rest.get(range));
        time(0..3).is_some_and(|day| matches(day, "##/"))
            && time(3..6).is_some_and(|month| MONTHS.contains(&month))
            && time(6..15).is_some_and(|rest| matches(rest, "/####:##:"))
    })
}

/// Returns whether a text is gzip data in base64: its first bytes are always the same.
fn is_base64_of_gzip(head: &str) -> bool {
    let is_base64 =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n');
    head.starts_with("H4sI") && head.len() >= 24 && head.bytes().all(is_base64)
}

/// Returns whether a line is one field of an event, as PowerShell and YAML write it.
fn is_field_line(line: &str) -> bool {
    let line = line.strip_prefix("- ").unwrap_or(line);
    line.split_once(':').is_some_and(|(name, _)| names::in_header(name.trim_end()).is_some())
}

/// Returns whether a text is a table: a line of names, of which fields of events are enough, or the same number of columns in
/// the next line.
fn is_table(head: &str) -> bool {
    let mut lines = head.lines();
    let (first, second) = (lines.next().unwrap_or_default(), lines.next());
    [',', ';', '\t', '|'].into_iter().any(|separator| {
        let columns: Vec<_> = first.split(separator).map(|name| name.trim().trim_matches('"')).collect();
        if columns.len() < MIN_COLUMNS {
            return false;
        }
        let is_field = |name: &&&str| {
            let name = name.strip_prefix("log.").unwrap_or(name);
            names::in_header(name).is_some() || catalog::has_field(name)
        };
        let is_name = |name: &&str| {
            !name.is_empty()
                && name.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ' | b'@')
                })
        };
        let is_even = || second.is_some_and(|second| second.split(separator).count() >= columns.len());
        columns.iter().filter(is_field).count() >= 2 || columns.iter().all(is_name) && is_even()
    })
}
