//! Workflow commands of GitHub Actions: annotations on the lines of a pull request, and the table of a step's summary.

use std::fmt::Write as _;
use std::io::{self, Write};

use cloudconnexa_validator::Severity;

use super::{Run, sentence, style, subject};
use crate::run::{Listed, Values};
use crate::size::counted;

/// GitHub shows no more annotations of one level that come from one step.
const SHOWN: usize = 10;

/// What has no annotation is told in the log, so many of a level.
const LINES: usize = 100;

/// Rows of the table: the summary of a step has at most a megabyte.
const ROWS: usize = 200;

pub(super) fn write(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    for problem in run.problems.iter().take(SHOWN) {
        let file = problem.input.as_ref().map(|input| property("file", &run.root.path(input)));
        let title = property("title", "ccxlog");
        let properties: Vec<_> = file.into_iter().chain([title]).collect();
        writeln!(out, "::error {}::{}", properties.join(","), data(&problem.message))?;
    }
    let results = run.groups.results(run.limit);
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        // Problems are errors as well, and none may push another out.
        let room = if severity == Severity::Error { SHOWN.saturating_sub(run.problems.len()) } else { SHOWN };
        let of_this = || results.list.iter().filter(|listed| listed.about().severity == severity);
        for listed in of_this().take(room) {
            annotation(out, listed, run)?;
        }
        let rest: Vec<_> = of_this().skip(room).collect();
        if !rest.is_empty() {
            let kind = style::word(severity);
            let count = rest.iter().map(|listed| listed.place.group.count + listed.elsewhere.0).sum();
            writeln!(
                out,
                "{} without an annotation, as GitHub shows {SHOWN} of a step:",
                counted(count, kind)
            )?;
            for listed in rest.iter().take(LINES) {
                super::concise::result(out, listed, run)?;
            }
            if let Some(more) = rest.len().checked_sub(LINES).filter(|more| *more > 0) {
                writeln!(out, "and {} of other kinds or in other files", counted(more as u64, kind))?;
            }
        }
    }
    let unlisted = results.left_out + run.more_problems;
    if unlisted > 0 {
        writeln!(out, "{} not listed", counted(unlisted, "more finding"))?;
    }
    Ok(())
}

fn annotation(out: &mut dyn Write, listed: &Listed<'_>, run: &Run<'_>) -> io::Result<()> {
    let (about, span) = (listed.about(), listed.span());
    let level = match about.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = vec![
        property("file", &run.root.path(listed.input())),
        format!("line={}", span.start.line),
        format!("endLine={}", span.end.line),
    ];
    // Columns are refused where there is more than one line; the last one belongs to what is meant.
    if span.start.line == span.end.line {
        let last = span.end.column.saturating_sub(1).max(span.start.column);
        properties.push(format!("col={}", span.start.column));
        properties.push(format!("endColumn={last}"));
    }
    properties.push(property("title", &format!("ccxlog {}", about.rule.id)));
    let place = subject(&about.pointer, about.event.as_deref());
    let place = place.map_or(String::new(), |place| format!(" (in {place})"));
    let message = format!("{}{place}{}", sentence(&about.text), listed.more());
    writeln!(out, "::{level} {}::{}", properties.join(","), data(&message))
}

/// The table that goes to `$GITHUB_STEP_SUMMARY`, as Markdown.
pub(crate) fn step_summary(run: &Run<'_>) -> String {
    let tally = &run.summary.tally;
    let all = tally.events();
    let mut text = format!(
        "### ccxlog: {} in {}, {} invalid\n",
        counted(all.valid + all.invalid, "event"),
        counted(tally.inputs, "input"),
        crate::size::count(all.invalid)
    );
    for problem in run.problems {
        let _ = writeln!(text, "\n**{}**", cell(&problem.message));
    }
    let rows = run.summary.rows(Values::Masked);
    if !rows.is_empty() {
        text.push_str("\n| event | valid | invalid |\n|---|--:|--:|\n");
        for row in rows {
            let name = row.name.map_or("(other)".to_owned(), |name| format!("`{name}`"));
            let _ = writeln!(text, "| {name} | {} | {} |", row.fared.valid, row.fared.invalid);
        }
    }
    let results = run.groups.results(ROWS);
    if !results.list.is_empty() {
        text.push_str("\n| | finding | where | what |\n|---|---|---|---|\n");
        for listed in &results.list {
            let (about, at) = (listed.about(), listed.span().start);
            let message = format!("{}{}", sentence(&about.text), listed.more());
            let _ = writeln!(
                text,
                "| {} | `{}` | {}:{}:{} | {} |",
                style::word(about.severity),
                about.rule.id,
                cell(&run.root.path(listed.input())),
                at.line,
                at.column,
                cell(&message),
            );
        }
    }
    if results.left_out > 0 {
        let _ = writeln!(text, "\n{} not listed.", counted(results.left_out, "more finding"));
    }
    text
}

/// Text that stays within a cell of a table, and is no HTML.
fn cell(text: &str) -> String {
    let text = crate::terminal::harmless(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('|', "\\|")
}

fn property(name: &str, value: &str) -> String {
    format!("{name}={}", data(value).replace(':', "%3A").replace(',', "%2C"))
}

/// Text as a workflow command takes it: nothing in it can begin another command.
fn data(text: &str) -> String {
    // Line ends are told as `\n` like all else that a log can't show.
    crate::terminal::harmless(text).replace('%', "%25")
}

#[cfg(test)]
mod tests {
    use crate::render::testing;

    #[test]
    fn findings_are_annotations_and_rows() {
        testing::run(|run| {
            let mut out = Vec::new();
            super::write(&mut out, run).unwrap();
            insta::assert_snapshot!(String::from_utf8(out).unwrap());
            insta::assert_snapshot!(super::step_summary(run));
        });
    }

    #[test]
    fn no_text_ends_its_command() {
        assert_eq!(super::data("a%\r\n::error::b"), "a%25\\r\\n::error::b");
        assert_eq!(super::property("file", "a:b,c\n"), "file=a%3Ab%2Cc\\n");
    }
}
