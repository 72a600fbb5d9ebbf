//! Findings as text, and as the files that forges and other programs read: one file of code a format.
//!
//! A list (`human`, `concise`, `json`) tells each finding as it comes. A report (`sarif`, `github`, `gitlab`, `junit`)
//! tells findings of one kind in one input as one, because who reads it can't do with a million of them.

mod concise;
mod excerpt;
mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod junit;
mod sarif;
pub(crate) mod style;
pub(crate) mod wrap;

pub(crate) use json::schema as json_schema;
pub(crate) use junit::Junit;

use std::io::{self, Write};

use cloudconnexa_validator::catalog::is_plausible_name;
use cloudconnexa_validator::records::Record;
use cloudconnexa_validator::{Finding, Severity, Text};

use crate::baseline::StaleEntry;
use crate::exit::Exit;
use crate::fingerprint::Fingerprint;
use crate::forge::Root;
use crate::overview::Overview;
use crate::run::{Groups, Values};
use crate::summary::Summary;

/// What a finding is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The input.
    pub(crate) input: &'a str,
    /// The record, unless it stands in none.
    pub(crate) record: Option<Record<'a>>,
    /// The name of the event, where it has one.
    pub(crate) event: Option<&'a str>,
}

/// A finding, and what there is to say of it besides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'a> {
    pub(crate) finding: &'a Finding,
    /// How much it weighs, as was decided.
    pub(crate) severity: Severity,
    pub(crate) place: Place<'a>,
    /// Where it is; cut if that is beyond all reason.
    pub(crate) pointer: &'a str,
    pub(crate) fingerprint: Fingerprint,
}

impl<'a> Found<'a> {
    fn text(&self, values: Values) -> Text {
        match values {
            Values::Shown => self.finding.text(),
            Values::Masked => self.finding.masked(),
        }
    }

    /// The name of the event, unless it may be anything but a name.
    fn event(&self, values: Values) -> Option<&'a str> {
        self.place.event.filter(|name| values == Values::Shown || is_plausible_name(name))
    }
}

/// A list of findings, each told as it comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub(crate) format: ListFormat,
    pub(crate) values: Values,
    /// Whether it is enough to tell the first.
    pub(crate) is_limited: bool,
}

/// How a list looks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ListFormat {
    /// For people: the line with what is meant underlined, and help.
    Human {
        /// Columns of the terminal.
        width: usize,
    },
    /// One line a finding.
    Concise,
    /// One JSON object a finding.
    Json,
}

impl List {
    /// Writes a finding.
    pub(crate) fn finding(&self, out: &mut Vec<u8>, found: &Found<'_>) {
        let written = match self.format {
            ListFormat::Human { width } => human::finding(out, width, self.values, found),
            ListFormat::Concise => concise::finding(out, self.values, found),
            ListFormat::Json => json::finding(out, self.values, found),
        };
        written.expect("memory takes what is written");
    }

    /// Writes what could not be done, where that belongs into the list.
    pub(crate) fn problem(&self, out: &mut dyn Write, problem: &Problem) -> io::Result<()> {
        match self.format {
            ListFormat::Human { .. } | ListFormat::Concise => Ok(()),
            ListFormat::Json => json::problem(out, problem),
        }
    }

    /// Writes what comes behind the last finding.
    pub(crate) fn end(&self, out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
        match self.format {
            ListFormat::Human { .. } | ListFormat::Concise => Ok(()),
            ListFormat::Json => json::end(out, self.values, run),
        }
    }
}

/// A report about a whole run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Report {
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality.
    Gitlab,
    /// A page to look at, with values of events or without.
    Html(Values),
}

impl Report {
    /// Writes it.
    pub(crate) fn write(self, out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
        match self {
            Self::Sarif => sarif::write(out, run),
            Self::Github => github::write(out, run),
            Self::Gitlab => gitlab::write(out, run),
            Self::Html(values) => html::write(out, run, values),
        }
    }
}

/// Writes what a report has, for people, where the report itself could not be written.
pub(crate) fn results(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    run.groups.results(run.limit).list.iter().try_for_each(|listed| concise::result(out, listed, run))
}

/// Appends the table of a run to the summary of a step of GitHub Actions.
pub(crate) use github::step_summary;

/// Something that could not be done, so that not all was checked.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// The input that it is about, if it is about one.
    pub(crate) input: Option<String>,
    /// A lower-case fragment.
    pub(crate) message: String,
}

/// All that there is to say at the end of a run.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub(crate) summary: &'a Summary,
    pub(crate) groups: &'a Groups,
    pub(crate) problems: &'a [Problem],
    /// How many problems there are beyond those.
    pub(crate) more_problems: u64,
    pub(crate) gone: &'a [StaleEntry],
    pub(crate) root: &'a Root,
    /// The most results that a report lists.
    pub(crate) limit: usize,
    pub(crate) exit: Exit,
    /// What a page shows besides.
    pub(crate) overview: Option<&'a Overview>,
}

/// Message and help in one sentence.
fn sentence(text: &Text) -> String {
    match &text.help {
        Some(help) => format!("{}; help: {help}", text.message),
        None => text.message.clone(),
    }
}

/// What a finding is in: «`/log/port` of `flow-established`».
fn subject(pointer: &str, event: Option<&str>) -> Option<String> {
    match (event, pointer) {
        (None, "") => None,
        (None, pointer) => Some(format!("`{pointer}`")),
        (Some(event), "") => Some(format!("`{event}`")),
        (Some(event), pointer) => Some(format!("`{pointer}` of `{event}`")),
    }
}

#[cfg(test)]
pub(crate) mod testing;
