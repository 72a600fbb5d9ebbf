//! One line per finding, as compilers write them: `file:line:column: severity[id]: message`.

use std::io::{self, Write};

use cloudconnexa_validator::Severity;

use crate::finding::ReportedFinding;
use crate::groups::ReportEntry;
use crate::masking::Masking;
use crate::run::{Problem, RunResults};
use crate::text::{printable, style};
use crate::wording::{sentence, subject};

pub(super) fn finding(out: &mut impl Write, masking: Masking, found: &ReportedFinding<'_>) -> io::Result<()> {
    let at = found.finding.span().start;
    let (color, word, id) = (style::of(found.severity), style::word(found.severity), found.finding.rule().id);
    let name = printable(found.input);
    let mut text = found.text(masking);
    if let Some(records) = found.records_phrase() {
        text.message.extend(["; ", &records]);
    }
    let message = sentence(&text);
    write!(out, "{name}:{}:{}: {color}{word}[{id}]{color:#}: {}", at.line, at.column, printable(&message))?;
    match subject(found.pointer, found.event_name(masking)) {
        Some(subject) => writeln!(out, " (in {})", printable(&subject)),
        None => writeln!(out),
    }
}

pub(super) fn problem(out: &mut dyn Write, problem: &Problem) -> io::Result<()> {
    let (color, word) = (style::of(Severity::Error), style::word(Severity::Error));
    writeln!(out, "{color}{word}{color:#}: {}", printable(&problem.message))
}

/// Writes an entry of a report: one line without colours, for all findings that it represents.
pub(super) fn entry(out: &mut dyn Write, entry: &ReportEntry<'_>, run: &RunResults<'_>) -> io::Result<()> {
    let (details, at) = (entry.details(), entry.span().start);
    let (name, word) = (run.root.path(entry.input()), style::word(details.severity));
    let subject = subject(&details.pointer, details.event.as_deref());
    let subject = subject.map_or(String::new(), |subject| format!(" (in {subject})"));
    let message = format!("{}{subject}{}", sentence(&details.text), entry.more());
    let id = details.rule.id;
    writeln!(out, "{}:{}:{}: {word}[{id}]: {}", printable(&name), at.line, at.column, printable(&message))
}

#[cfg(test)]
mod tests;
