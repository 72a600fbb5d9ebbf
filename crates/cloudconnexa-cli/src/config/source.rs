//! The text of a config file: values that are strings, and locations for messages.

use std::ops::Range;

use cloudconnexa_reader::Pattern;
use cloudconnexa_validator::unwrap::{PathError, Unwrapper};
use toml::Spanned;

use super::file::UnwrapValue;
use crate::levels::{Level, SeverityOverrides};
use crate::{globs, size, time};

/// The text of a config file, and its name for messages.
pub(super) struct SourceText<'a> {
    pub(super) text: &'a str,
    pub(super) name: &'a str,
}

impl SourceText<'_> {
    /// Returns `NAME:LINE:COLUMN` of the start of `span`.
    pub(super) fn location(&self, span: &Range<usize>) -> String {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}", self.name)
    }

    /// Returns the message of an error of the TOML parser, with its location.
    pub(super) fn toml_error(&self, error: &toml::de::Error) -> String {
        let message = error.message().replace('\n', ", ");
        match error.span() {
            Some(span) => format!("{}: {message}", self.location(&span)),
            None => format!("{}: {message}", self.name),
        }
    }

    /// Reads the ids of rules.
    pub(super) fn severities(
        &self,
        deny: &[Spanned<String>],
        warn: &[Spanned<String>],
        allow: &[Spanned<String>],
    ) -> Result<SeverityOverrides, String> {
        let mut severities = SeverityOverrides::default();
        for (level, key, ids) in
            [(Level::Deny, "deny", deny), (Level::Warn, "warn", warn), (Level::Allow, "allow", allow)]
        {
            for id in ids {
                let source = format!("`{key}` at {}", self.location(&id.span()));
                severities.add(level, std::slice::from_ref(id.get_ref()), &source)?;
            }
        }
        Ok(severities)
    }

    /// Reads a number of bytes.
    pub(super) fn size(&self, text: Option<&Spanned<String>>) -> Result<Option<usize>, String> {
        self.parsed(text, "size", size::parse)
    }

    /// Reads where in other records the events are.
    pub(super) fn unwrapper(
        &self,
        value: Option<&Spanned<UnwrapValue>>,
    ) -> Result<Option<Unwrapper>, String> {
        let Some(value) = value else { return Ok(None) };
        match value.get_ref() {
            UnwrapValue::Anywhere(is_wanted) => Ok(is_wanted.then(Unwrapper::automatic)),
            UnwrapValue::At(path) => path.parse().map(Some).map_err(|problem: PathError| {
                format!("{}: `unwrap`: {problem}", self.location(&value.span()))
            }),
        }
    }

    /// Reads a duration as microseconds.
    pub(super) fn duration(&self, text: Option<&Spanned<String>>) -> Result<Option<i64>, String> {
        self.parsed(text, "duration", time::parse_duration)
    }

    fn parsed<T>(
        &self,
        text: Option<&Spanned<String>>,
        what: &str,
        parse: fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        let parsed = text.map(|text| {
            parse(text.get_ref()).map_err(|problem| {
                format!("{}: `{}` is not a {what}: {problem}", self.location(&text.span()), text.get_ref())
            })
        });
        parsed.transpose()
    }

    /// Reads glob patterns.
    pub(super) fn patterns(&self, patterns: &[Spanned<String>]) -> Result<Vec<Pattern>, String> {
        let patterns = patterns.iter().map(|text| {
            globs::parse(text.get_ref())
                .map_err(|problem| format!("{}: {problem}", self.location(&text.span())))
        });
        patterns.collect()
    }
}
