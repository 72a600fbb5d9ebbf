//! What changes between two schemas, for people.

use std::io::{self, Write};

use cloudconnexa_compat::{ChangeFinding, ChangeLocation, Side};
use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::{Position, Severity, Span};
use unicode_width::UnicodeWidthStr as _;

use super::table;
use super::view::{SchemaDiff, SchemaSide};
use crate::formats::excerpt;
use crate::text::{printable, style};

/// How many events of a change are shown.
const MAX_EXAMPLES: usize = 3;

pub(super) fn write(out: &mut dyn Write, diff: &SchemaDiff<'_>) -> io::Result<()> {
    for finding in &diff.comparison.findings {
        write_finding(out, diff, finding)?;
    }
    let (bad, warning, strong) = (style::of(Severity::Error), style::of(Severity::Warning), style::STRONG);
    for (verdict, question, answer) in diff.unexplained() {
        let event = verdict.event.as_deref().unwrap_or("any other event");
        let message =
            format!("no change of a field accounts for the answer about `{event}`: {}", answer.name());
        writeln!(out, "{bad}error[{}]{bad:#}{strong}: {}{strong:#}", question.name(), printable(&message))?;
        let examples = diff.comparison.examples.iter().enumerate();
        let own =
            examples.filter(|(_, example)| example.event == verdict.event && example.question == question);
        for (index, _) in own.take(MAX_EXAMPLES) {
            let example = example(diff, index).unwrap_or_default();
            writeln!(
                out,
                "  {}={:#} {strong}event{strong:#}: {}",
                style::FRAME,
                style::FRAME,
                printable(&example)
            )?;
        }
        writeln!(out)?;
    }
    if let Some(why) = &diff.comparison.untyped {
        writeln!(
            out,
            "{warning}warning{warning:#}: there are no Rust types to compare: {}\n",
            printable(why)
        )?;
    }
    let rows = table::rows(diff);
    let widths: Vec<usize> = (0..rows.first().map_or(0, Vec::len))
        .map(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
        })
        .collect();
    for (index, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let (cell, space) = (printable(cell), " ".repeat(width.saturating_sub(cell.width()) + 3));
            line.push_str(&cell);
            line.push_str(&space);
        }
        let line = line.trim_end();
        let (bad, shown) = (style::of(Severity::Error), style::STRONG);
        if index == 0 {
            writeln!(out, "{shown}{line}{shown:#}")?;
        } else {
            writeln!(out, "{}", line.replace("NO, ", &format!("{bad}NO{bad:#}, ")))?;
        }
    }
    writeln!(out, "{}", printable(&diff.summary()))
}

fn write_finding(out: &mut dyn Write, diff: &SchemaDiff<'_>, finding: &ChangeFinding) -> io::Result<()> {
    let severity = diff.severity(finding);
    let (color, frame, strong) = (style::of(severity), style::FRAME, style::STRONG);
    let word = style::word(severity);
    let message = printable(&finding.message);
    writeln!(out, "{color}{word}[{}]{color:#}{strong}: {message}{strong:#}", finding.rule.id)?;
    let mut gutter = " ".to_owned();
    if let Some((side, schema, location)) = diff.place(finding) {
        gutter = " ".repeat(location.line.to_string().len());
        let other = match side {
            Side::New => finding.old.as_ref().map(|old| (diff.old.name, old)),
            Side::Old => None,
        };
        let other =
            other.map_or(String::new(), |(name, at)| format!("   ({name}: {}:{})", at.line, at.column));
        let place = format!("{}:{}:{}{other}", schema.name, location.line, location.column);
        writeln!(out, "{gutter}{frame}-->{frame:#} {}", printable(&place))?;
        write_line(out, diff.width, color, schema, location, &finding.label)?;
    }
    let mut notes: Vec<(&str, String)> = Vec::new();
    notes.extend(SchemaDiff::fields(finding).map(|fields| ("in", fields)));
    notes.extend(SchemaDiff::breaks(finding).map(|breaks| ("breaks", breaks)));
    notes.extend(SchemaDiff::undecided(finding).map(|undecided| ("undecided", undecided)));
    for index in finding.examples.iter().take(MAX_EXAMPLES) {
        notes.extend(example(diff, *index).map(|example| ("event", example)));
    }
    if let Some(more @ 1..) = finding.examples.len().checked_sub(MAX_EXAMPLES) {
        notes.push(("event", format!("and {more} more")));
    }
    notes.extend(finding.accepted.clone().map(|reason| ("accepted", reason)));
    notes.extend(diff.help(finding).map(|help| ("help", help)));
    for (name, note) in notes {
        writeln!(out, "{gutter} {frame}={frame:#} {strong}{name}{strong:#}: {}", printable(&note))?;
    }
    writeln!(out)
}

/// Says which event shows what breaks.
fn example(diff: &SchemaDiff<'_>, index: usize) -> Option<String> {
    let example = diff.comparison.examples.get(index)?;
    let event = example.event.as_deref().unwrap_or("any other event");
    let name = match diff.examples_folder {
        Some(folder) => format!("{folder}/{}.json", example.name),
        None => format!("`{event}` where {}", example.particular),
    };
    let (valid_by, invalid_by) = match example.rejected_by {
        Side::Old => (diff.new.name, diff.old.name),
        Side::New => (diff.old.name, diff.new.name),
    };
    let now = match example.rejected_by {
        Side::New => format!("now {}", example.rejected_as),
        Side::Old => format!("{} by {invalid_by}", example.rejected_as),
    };
    Some(format!("{name}   valid by {valid_by}; {now}"))
}

/// Writes the line of a schema that a change is on, with what has changed underlined.
fn write_line(
    out: &mut dyn Write,
    width: usize,
    color: anstyle::Style,
    schema: SchemaSide<'_>,
    location: &ChangeLocation,
    label: &str,
) -> io::Result<()> {
    let frame = style::FRAME;
    let line = location.line.to_string();
    let gutter = " ".repeat(line.len());
    let start = Position::START;
    let text = schema.text.as_bytes();
    let (from, to) = (location.range.start.min(text.len()), location.range.end.min(text.len()));
    let span = Span { start: start.after(&text[..from]), end: start.after(&text[..to]) };
    let record = Record { bytes: text, at: start, before: b"", after: b"", is_element: false };
    let label = printable(label);
    let room = width.saturating_sub(line.len() + 3).max(20);
    let shown = excerpt(record, span, room, label.width() + 1);
    let (indent, underline) = (" ".repeat(shown.indent), "^".repeat(shown.length));
    writeln!(out, "{gutter} {frame}|{frame:#}")?;
    writeln!(out, "{frame}{line} |{frame:#} {}", shown.text)?;
    writeln!(out, "{gutter} {frame}|{frame:#} {indent}{color}{underline} {label}{color:#}")
}
