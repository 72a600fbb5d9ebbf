//! What changes between two schemas, as annotations of GitHub Actions.

use std::io::{self, Write};

use cloudconnexa_validator::Severity;

use super::view::SchemaDiff;
use crate::formats::{data, property};

pub(super) fn write(out: &mut dyn Write, diff: &SchemaDiff<'_>) -> io::Result<()> {
    // GitHub shows few annotations of a step: those that matter come first.
    let mut findings: Vec<_> = diff.comparison.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(diff.severity(finding)));
    for finding in findings {
        let level = match diff.severity(finding) {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = Vec::new();
        if let Some((_, schema, location)) = diff.place(finding).filter(|(_, schema, _)| schema.is_file) {
            properties.push(property("file", schema.name));
            properties.push(format!("line={}", location.line));
            properties.push(format!("col={}", location.column));
        }
        properties.push(property("title", &format!("ccxlog {}", finding.rule.id)));
        let fields = SchemaDiff::fields(finding).map_or(String::new(), |fields| format!(" (in {fields})"));
        let breaks = SchemaDiff::breaks(finding).map_or(String::new(), |breaks| format!("; breaks {breaks}"));
        let help = diff.help(finding).map_or(String::new(), |help| format!("; help: {help}"));
        let message = format!("{}{fields}{breaks}{help}", finding.message);
        writeln!(out, "::{level} {}::{}", properties.join(","), data(&message))?;
    }
    for (verdict, question, answer) in diff.unexplained() {
        let event = verdict.event.as_deref().unwrap_or("any other event");
        let message =
            format!("{} for `{event}`: {}, and no change accounts for it", question.name(), answer.name());
        writeln!(out, "::error {}::{}", property("title", "ccxlog schema diff"), data(&message))?;
    }
    writeln!(out, "{}", data(&diff.summary()))
}
