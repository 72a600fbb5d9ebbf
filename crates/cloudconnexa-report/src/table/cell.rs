//! A cell of a table, as JSON and as text.

use std::borrow::Cow;
use std::io::{self, Write};

use cloudconnexa_validator::outline::{JsonType, Raw};

/// A value in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cell<'a> {
    /// None: null in JSON, and empty elsewhere.
    Missing,
    /// A value of an event, as it is written there.
    Value(Raw<'a>),
    /// A JSON value other than a string, without white space around it.
    Json(Cow<'a, str>),
    /// Text.
    Text(Cow<'a, str>),
    /// A number that was counted or summed.
    Number(i128),
}

impl<'a> Cell<'a> {
    /// Returns whether it is text, which a spreadsheet could take for a formula.
    pub(super) fn is_text(&self) -> bool {
        match self {
            Self::Value(raw) => raw.kind() == JsonType::String,
            Self::Text(_) => true,
            Self::Missing | Self::Json(_) | Self::Number(_) => false,
        }
    }

    /// Returns it as text: a string without quotes and escapes, anything else as JSON on one line, and nothing for null.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        match self {
            Self::Missing => Cow::Borrowed(""),
            Self::Value(raw) => match raw.kind() {
                JsonType::Null => Cow::Borrowed(""),
                JsonType::String => raw.text().unwrap_or_default(),
                _ => compact(raw.as_str()),
            },
            Self::Json(text) | Self::Text(text) => text.clone(),
            Self::Number(number) => Cow::Owned(number.to_string()),
        }
    }

    pub(super) fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Missing => out.write_all(b"null"),
            Self::Value(raw) => out.write_all(compact(raw.as_str()).as_bytes()),
            Self::Json(text) => out.write_all(text.as_bytes()),
            Self::Text(text) => Ok(serde_json::to_writer(out, text)?),
            Self::Number(number) => write!(out, "{number}"),
        }
    }
}

/// Returns well-formed JSON without white space between its tokens, which may hold line ends.
fn compact(json: &str) -> Cow<'_, str> {
    if !json.starts_with(['{', '[']) || !json.contains([' ', '\t', '\n', '\r']) {
        return Cow::Borrowed(json);
    }
    let (mut is_within_string, mut is_escaped) = (false, false);
    let is_kept = |c: &char| {
        let is_space = matches!(c, ' ' | '\t' | '\n' | '\r') && !is_within_string;
        if *c == '"' && !is_escaped {
            is_within_string = !is_within_string;
        }
        is_escaped = *c == '\\' && !is_escaped;
        !is_space
    };
    Cow::Owned(json.chars().filter(is_kept).collect())
}
