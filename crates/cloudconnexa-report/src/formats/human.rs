//! Findings for people, in the manner of rustc: the line, what is meant underlined, and help.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::excerpt::excerpt;
use crate::finding::ReportedFinding;
use crate::masking::Masking;
use crate::text::{printable, style};
use crate::wording::subject;

/// Writes one finding and an empty line, in lines of at most `width` columns unless a message is longer.
///
/// Masked output omits the line of the input.
pub(super) fn finding(
    out: &mut impl Write,
    width: usize,
    masking: Masking,
    found: &ReportedFinding<'_>,
) -> io::Result<()> {
    let (finding, text) = (found.finding, found.text(masking));
    let (color, frame, strong) = (style::of(found.severity), style::FRAME, style::STRONG);
    let at = finding.span().start;
    let line = at.line.to_string();
    let gutter = " ".repeat(line.len());

    let (word, id) = (style::word(found.severity), finding.rule().id);
    writeln!(out, "{color}{word}[{id}]{color:#}{strong}: {}{strong:#}", printable(&text.message))?;
    writeln!(out, "{gutter}{frame}-->{frame:#} {}:{line}:{}", printable(found.input), at.column)?;

    let shown_record = found.record.filter(|_| masking == Masking::Shown);
    if let Some(record) = shown_record {
        let label = printable(&text.label);
        let width = width.saturating_sub(line.len() + 3).max(20);
        let shown = excerpt(record, finding.span(), width, label.width() + 1);
        writeln!(out, "{gutter} {frame}|{frame:#}")?;
        writeln!(out, "{frame}{line} |{frame:#} {}", shown.text)?;
        let bar = format!("{gutter} {frame}|{frame:#}");
        let (indent, underline) = (" ".repeat(shown.indent), "^".repeat(shown.length));
        if label.is_empty() {
            writeln!(out, "{bar} {indent}{color}{underline}{color:#}")?;
        } else if shown.indent + shown.length + 1 + label.width() <= width {
            writeln!(out, "{bar} {indent}{color}{underline} {label}{color:#}")?;
        } else {
            let indent_label = " ".repeat(shown.indent.min(width.saturating_sub(label.width())));
            writeln!(out, "{bar} {indent}{color}{underline}{color:#}")?;
            writeln!(out, "{bar} {indent_label}{color}{label}{color:#}")?;
        }
    }

    let pointer = shorten(&printable(found.pointer), width * 2 / 3);
    let event = found.event_name(masking).map(printable);
    let notes = subject(&pointer, event.as_deref()).map(|subject| ("in", subject)).into_iter();
    let help = text.help.as_ref().map(|help| ("help", printable(help).into_owned()));
    let records = found.records_phrase().map(|records| ("note", records));
    let mut notes = notes.chain(records).chain(help).peekable();
    if shown_record.is_some() && notes.peek().is_some() {
        writeln!(out, "{gutter} {frame}|{frame:#}")?;
    }
    for (name, note) in notes {
        writeln!(out, "{gutter} {frame}={frame:#} {strong}{name}{strong:#}: {note}")?;
    }
    writeln!(out)
}

/// Cuts the middle out of text that is longer than `width` characters.
fn shorten(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    let half = width / 2;
    let (head, tail) = (text.chars().take(half), text.chars().skip(length - half));
    head.chain(['…']).chain(tail).collect()
}

#[cfg(test)]
mod tests;
