//! GitLab's Code Quality: an array of issues as Code Climate has them, each with a fingerprint that does not depend on
//! its line.

use std::io::{self, Write};

use cloudconnexa_validator::{Severity, Span};
use serde_json::{Value, json};

use crate::fingerprint::Fingerprint;
use crate::run::RunResults;
use crate::wording::sentence;

/// The rule id of an input that could not be read. Nothing in it was checked, so it gets the highest severity.
const UNREADABLE: &str = "unreadable-input";

pub(super) fn write(out: &mut dyn Write, run: &RunResults<'_>) -> io::Result<()> {
    let entries = run.groups.entries(run.max_entries);
    let mut issues: Vec<Value> = Vec::with_capacity(entries.list.len());
    for problem in run.problems {
        let path = run.root.path(problem.input.as_deref().unwrap_or("."));
        let fingerprint = Fingerprint::new(UNREADABLE, &path, None, "", &problem.message);
        issues.push(issue(UNREADABLE, "blocker", &problem.message, fingerprint, &path, None));
    }
    for entry in &entries.list {
        let (details, path) = (entry.details(), run.root.path(entry.input()));
        let event = details.event.as_deref();
        let description = format!("{}{}", sentence(&details.text), entry.more());
        let fingerprint = Fingerprint::new(details.rule.id, &path, event, &details.pointer, &details.key);
        let severity = severity(details.severity);
        issues.push(issue(details.rule.id, severity, &description, fingerprint, &path, Some(entry.span())));
    }
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    out.write_all(b"\n")
}

fn issue(
    rule: &str,
    severity: &str,
    description: &str,
    fingerprint: Fingerprint,
    path: &str,
    span: Option<Span>,
) -> Value {
    let mut location = json!({ "path": path, "lines": { "begin": 1, "end": 1 } });
    if let Some(span) = span {
        location["lines"] = json!({ "begin": span.start.line, "end": span.end.line });
        location["positions"] = json!({
            "begin": { "line": span.start.line, "column": span.start.column },
            "end": { "line": span.end.line, "column": span.end.column },
        });
    }
    json!({
        "type": "issue",
        "categories": ["Bug Risk"],
        "check_name": rule,
        "description": description,
        "fingerprint": fingerprint.to_string(),
        "severity": severity,
        "location": location,
    })
}

/// Returns one of `info`, `minor`, `major`, `critical`, `blocker`.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "info",
        Severity::Warning => "minor",
        Severity::Error => "critical",
    }
}

#[cfg(test)]
mod tests;
