//! What changes between two schemas, as Markdown for a changelog.

use std::io::{self, Write};

use super::table;
use super::view::SchemaDiff;
use crate::text::printable;

pub(super) fn write(out: &mut dyn Write, diff: &SchemaDiff<'_>) -> io::Result<()> {
    let mut headings: [(&str, Vec<String>); 3] =
        [("Breaking", Vec::new()), ("Undecided", Vec::new()), ("Other changes", Vec::new())];
    for finding in &diff.comparison.findings {
        let fields = SchemaDiff::fields(finding).map_or(String::new(), |fields| format!(" ({fields})"));
        let mut line = format!("* {}{fields}: `{}`", finding.message, finding.rule.id);
        if let Some(breaks) = SchemaDiff::breaks(finding) {
            line = format!("{line}; breaks {breaks}");
        }
        if let Some(reason) = &finding.accepted {
            line = format!("{line}; accepted: {reason}");
        }
        let index = if !finding.breaks.is_empty() {
            0
        } else if !finding.undecided.is_empty() {
            1
        } else {
            2
        };
        if let Some((_, lines)) = headings.get_mut(index) {
            lines.push(line);
        }
    }
    for (heading, lines) in headings.iter().filter(|(_, lines)| !lines.is_empty()) {
        writeln!(out, "#### {heading}\n")?;
        for line in lines {
            writeln!(out, "{}", escape(line))?;
        }
        writeln!(out)?;
    }
    for (index, row) in table::rows(diff).iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| escape(cell).replace('|', "\\|")).collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
        if index == 0 {
            writeln!(out, "|{}", "---|".repeat(row.len()))?;
        }
    }
    writeln!(out, "\n{}.", escape(&diff.summary()))
}

/// Escapes text so that it is not HTML and stays on its line.
fn escape(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
