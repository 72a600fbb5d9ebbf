//! GitLab's Code Quality, which is an array of Code Climate's issues: each finding with a fingerprint that doesn't
//! change when its line moves.

use std::io::{self, Write};

use cloudconnexa_validator::{Severity, Span};
use serde_json::{Value, json};

use super::{Run, sentence};
use crate::fingerprint::Fingerprint;

/// What an input that could not be read counts as: nothing in it was checked, so nothing weighs more.
const UNREAD: &str = "unreadable-input";

pub(super) fn write(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    let results = run.groups.results(run.limit);
    let mut entries: Vec<Value> = Vec::with_capacity(results.list.len());
    for problem in run.problems {
        let path = run.root.path(problem.input.as_deref().unwrap_or("."));
        let fingerprint = Fingerprint::new(UNREAD, &path, None, "", &problem.message);
        entries.push(entry(UNREAD, "blocker", &problem.message, fingerprint, &path, None));
    }
    for listed in &results.list {
        let (about, path) = (listed.about(), run.root.path(listed.input()));
        let event = about.event.as_deref();
        let description = format!("{}{}", sentence(&about.text), listed.more());
        let fingerprint = Fingerprint::new(about.rule.id, &path, event, &about.pointer, &about.key);
        let severity = severity(about.severity);
        entries.push(entry(about.rule.id, severity, &description, fingerprint, &path, Some(listed.span())));
    }
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    out.write_all(b"\n")
}

fn entry(
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

/// One of `info`, `minor`, `major`, `critical`, `blocker`.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "info",
        Severity::Warning => "minor",
        Severity::Error => "critical",
    }
}

#[cfg(test)]
mod tests {
    use crate::render::testing;

    #[test]
    fn findings_and_problems_are_entries() {
        testing::run(|run| {
            let mut out = Vec::new();
            super::write(&mut out, run).unwrap();
            insta::assert_snapshot!(String::from_utf8(out).unwrap());
        });
    }
}
