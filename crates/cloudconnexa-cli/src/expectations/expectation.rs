//! The expected result of a fixture, as its folder or the file next to it states.

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use cloudconnexa_validator::Severity;
use cloudconnexa_validator::rules::rule;

use crate::levels::unknown_rule;
use cloudconnexa_report::text::style;

/// The expected result of a fixture.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Expectation {
    /// No errors and no warnings.
    Valid(ValidBy),
    /// Findings of this rule, and none of others that are as severe.
    Rule(&'static str),
    /// These findings, and no others but notes.
    Findings(Vec<ExpectedFinding>),
}

/// What says that a fixture is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValidBy {
    /// A folder of that name.
    Folder,
    /// The config file.
    Config,
}

impl fmt::Display for ValidBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "the folder `valid`",
            Self::Config => "`valid` of `[test]` in the config file",
        })
    }
}

/// An expected finding: `3:15 error wrong-type /log/port`, of which only the rule is required.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ExpectedFinding {
    /// Line and column.
    pub(crate) at: Option<(u64, u64)>,
    pub(crate) severity: Option<Severity>,
    pub(crate) rule: &'static str,
    pub(crate) pointer: Option<String>,
}

impl Expectation {
    /// Returns the expectation of the nearest folder in `path` that is named `valid` or after a rule.
    pub(super) fn by_folder(path: &str) -> Option<Self> {
        path.rsplit('/').skip(1).find_map(|name| match name {
            "valid" => Some(Self::Valid(ValidBy::Folder)),
            name => rule(name).map(|rule| Self::Rule(rule.id)),
        })
    }

    /// Returns whether it names this rule.
    pub(super) fn names(&self, rule: &str) -> bool {
        match self {
            Self::Valid(_) => false,
            Self::Rule(expected) => *expected == rule,
            Self::Findings(findings) => findings.iter().any(|finding| finding.rule == rule),
        }
    }

    /// Reads a file of expected findings. An error starts with line and column.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut findings = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let start = line.len() - line.trim_start().len();
            if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
                let parsed = ExpectedFinding::parse(line.trim());
                let column = line[..start].chars().count() + 1;
                findings.push(parsed.map_err(|problem| format!("{}:{column}: {problem}", number + 1))?);
            }
        }
        Ok(Self::Findings(findings))
    }
}

impl ExpectedFinding {
    fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text;
        let mut word = || {
            let (word, tail) = rest.split_once(' ').unwrap_or((rest, ""));
            rest = tail.trim_start();
            word
        };
        let mut next = word();
        let at =
            next.split_once(':').and_then(|(line, column)| Some((line.parse().ok()?, column.parse().ok()?)));
        if at.is_some() {
            next = word();
        }
        let severity = [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .find(|severity| style::word(*severity) == next);
        if severity.is_some() {
            next = word();
        }
        let rule = match rule(next) {
            Some(rule) => rule.id,
            None if next.is_empty() => {
                return Err(format!("`{text}` names no rule; write `3:15 error wrong-type /log/port`"));
            }
            None => return Err(unknown_rule(next, "it")),
        };
        let pointer = match rest {
            "" => None,
            quoted if quoted.starts_with('"') => Some(
                serde_json::from_str(quoted)
                    .map_err(|error| format!("`{quoted}` is not a JSON string: {error}"))?,
            ),
            pointer if pointer.starts_with('/') => Some(pointer.to_owned()),
            other => {
                return Err(format!("`{other}` is not a JSON Pointer: it must start with `/`, or be `\"\"`"));
            }
        };
        Ok(Self { at, severity, rule, pointer })
    }

    /// Returns whether `observed` agrees with everything that it specifies.
    pub(super) fn matches(&self, observed: &Self) -> bool {
        self.rule == observed.rule
            && (self.at.is_none() || self.at == observed.at)
            && (self.severity.is_none() || self.severity == observed.severity)
            && (self.pointer.is_none() || self.pointer == observed.pointer)
    }

    /// Returns how many optional parts it specifies.
    pub(super) fn specificity(&self) -> usize {
        usize::from(self.at.is_some())
            + usize::from(self.severity.is_some())
            + usize::from(self.pointer.is_some())
    }
}

impl fmt::Display for ExpectedFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.at {
            write!(f, "{line}:{column} ")?;
        }
        if let Some(severity) = self.severity {
            write!(f, "{} ", style::word(severity))?;
        }
        f.write_str(self.rule)?;
        match self.pointer.as_deref() {
            None => Ok(()),
            Some(plain) if plain.starts_with('/') && plain.chars().all(|c| c.is_ascii_graphic()) => {
                write!(f, " {plain}")
            }
            Some(other) => write!(f, " {}", serde_json::Value::from(other)),
        }
    }
}

/// Returns the text of a file of expected findings.
pub(super) fn to_text<'a>(fixture: &Path, findings: impl Iterator<Item = &'a ExpectedFinding>) -> String {
    let name = fixture.file_name().unwrap_or_default().to_string_lossy();
    let mut text =
        format!("# What `ccxlog test` expects in {name}: line and column, severity, rule, JSON Pointer.\n");
    for finding in findings {
        text.push_str(&finding.to_string());
        text.push('\n');
    }
    text
}
