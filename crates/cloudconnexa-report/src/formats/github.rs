//! Workflow commands of GitHub Actions: annotations on the lines of a pull request, and the table of a step's summary.

use std::fmt::Write as _;
use std::io::{self, Write};

use cloudconnexa_validator::Severity;

use crate::groups::ReportEntry;
use crate::masking::Masking;
use crate::run::RunResults;
use crate::text::{count, counted, printable, style};
use crate::wording::{sentence, subject};

/// How many annotations of one level GitHub shows per step.
const MAX_ANNOTATIONS: usize = 10;

/// How many findings of one level, at most, are written as lines of the log for lack of an annotation.
const MAX_LINES: usize = 100;

/// How many rows the table has, at most: the summary of a step is limited to a megabyte.
const MAX_ROWS: usize = 200;

pub(super) fn write(out: &mut dyn Write, run: &RunResults<'_>) -> io::Result<()> {
    for problem in run.problems.iter().take(MAX_ANNOTATIONS) {
        let file = problem.input.as_ref().map(|input| property("file", &run.root.path(input)));
        let title = property("title", "ccxlog");
        let properties: Vec<_> = file.into_iter().chain([title]).collect();
        writeln!(out, "::error {}::{}", properties.join(","), data(&problem.message))?;
    }
    let entries = run.groups.entries(run.max_entries);
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        // Problems are annotations of level error as well, and must not displace each other.
        let room = if severity == Severity::Error {
            MAX_ANNOTATIONS.saturating_sub(run.problems.len())
        } else {
            MAX_ANNOTATIONS
        };
        let of_severity = || entries.list.iter().filter(|entry| entry.details().severity == severity);
        for entry in of_severity().take(room) {
            annotation(out, entry, run)?;
        }
        let rest: Vec<_> = of_severity().skip(room).collect();
        if !rest.is_empty() {
            let kind = style::word(severity);
            let count = rest.iter().map(|entry| entry.total()).sum();
            writeln!(
                out,
                "{} without an annotation, as GitHub shows {MAX_ANNOTATIONS} of a step:",
                counted(count, kind)
            )?;
            for entry in rest.iter().take(MAX_LINES) {
                super::concise::entry(out, entry, run)?;
            }
            if let Some(more) = rest.len().checked_sub(MAX_LINES).filter(|more| *more > 0) {
                writeln!(out, "and {} of other kinds or in other files", counted(more as u64, kind))?;
            }
        }
    }
    let unlisted = entries.left_out + run.more_problems;
    if unlisted > 0 {
        writeln!(out, "{} not listed", counted(unlisted, "more finding"))?;
    }
    Ok(())
}

fn annotation(out: &mut dyn Write, entry: &ReportEntry<'_>, run: &RunResults<'_>) -> io::Result<()> {
    let (details, span) = (entry.details(), entry.span());
    let level = match details.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = vec![
        property("file", &run.root.path(entry.input())),
        format!("line={}", span.start.line),
        format!("endLine={}", span.end.line),
    ];
    // GitHub refuses columns on several lines; its end column is inclusive.
    if span.start.line == span.end.line {
        let last = span.end.column.saturating_sub(1).max(span.start.column);
        properties.push(format!("col={}", span.start.column));
        properties.push(format!("endColumn={last}"));
    }
    properties.push(property("title", &format!("ccxlog {}", details.rule.id)));
    let subject = subject(&details.pointer, details.event.as_deref());
    let subject = subject.map_or(String::new(), |subject| format!(" (in {subject})"));
    let message = format!("{}{subject}{}", sentence(&details.text), entry.more());
    writeln!(out, "::{level} {}::{}", properties.join(","), data(&message))
}

/// Returns the Markdown to append to the file that `$GITHUB_STEP_SUMMARY` names: a table of events and one of findings.
pub fn step_summary(run: &RunResults<'_>) -> String {
    let counts = &run.summary.counts;
    let all = counts.events();
    let mut text = format!(
        "### ccxlog: {} in {}, {} invalid\n",
        counted(all.valid + all.invalid, "event"),
        counted(counts.inputs, "input"),
        count(all.invalid)
    );
    if let Some(config) = run.config {
        let _ = writeln!(text, "\nThe config file is {}.", cell(config));
    }
    for problem in run.problems {
        let _ = writeln!(text, "\n**{}**", cell(&problem.message));
    }
    let rows = run.summary.rows(Masking::Masked);
    if !rows.is_empty() {
        text.push_str("\n| event | valid | invalid |\n|---|--:|--:|\n");
        for row in rows {
            let name = row.name.map_or("(other)".to_owned(), |name| format!("`{name}`"));
            let _ = writeln!(text, "| {name} | {} | {} |", row.counts.valid, row.counts.invalid);
        }
    }
    let entries = run.groups.entries(MAX_ROWS);
    if !entries.list.is_empty() {
        text.push_str("\n| | finding | where | what |\n|---|---|---|---|\n");
        for entry in &entries.list {
            let (details, at) = (entry.details(), entry.span().start);
            let message = format!("{}{}", sentence(&details.text), entry.more());
            let _ = writeln!(
                text,
                "| {} | `{}` | {}:{}:{} | {} |",
                style::word(details.severity),
                details.rule.id,
                cell(&run.root.path(entry.input())),
                at.line,
                at.column,
                cell(&message),
            );
        }
    }
    if entries.left_out > 0 {
        let _ = writeln!(text, "\n{} not listed.", counted(entries.left_out, "more finding"));
    }
    text
}

/// Escapes text so that it stays within a cell of a table and is not HTML.
fn cell(text: &str) -> String {
    let text = printable(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('|', "\\|")
}

pub(crate) fn property(name: &str, value: &str) -> String {
    format!("{name}={}", data(value).replace(':', "%3A").replace(',', "%2C"))
}

/// Escapes text for a workflow command, so that it cannot start another command.
pub(crate) fn data(text: &str) -> String {
    // Line ends become `\n`, like everything else that a log cannot show.
    printable(text).replace('%', "%25")
}

#[cfg(test)]
mod tests;
