//! SARIF 2.1.0, which code scanning, editors and dashboards read.

use std::io::{self, Write};
use std::path::Path;

use cloudconnexa_validator::rules::{RULES, Rule};
use cloudconnexa_validator::{Severity, Span};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::fingerprint::Fingerprint;
use crate::groups::ReportEntry;
use crate::run::{Problem, RunResults};
use crate::status::RunStatus;
use crate::wording::sentence;

/// Everything but the characters that a URI's path may contain unescaped.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn write(out: &mut dyn Write, run: &RunResults<'_>) -> io::Result<()> {
    let entries = run.groups.entries(run.max_entries);
    let mut notifications: Vec<Value> =
        run.problems.iter().map(|problem| notification(problem, run)).collect();
    if run.more_problems > 0 {
        notifications.push(remark("error", &format!("{} more problems of that kind", run.more_problems)));
    }
    if entries.left_out > 0 {
        let text = format!(
            "{} more findings are not listed: a report has at most {} results",
            entries.left_out, run.max_entries
        );
        notifications.push(remark("warning", &text));
    }
    let mut sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "ccxlog",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": RULES.iter().map(|one| rule(one)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": run.status < RunStatus::Skipped,
                "exitCode": run.status.code(),
                "toolExecutionNotifications": notifications,
            }],
            "results": entries.list.iter().map(|entry| result(entry, run)).collect::<Vec<_>>(),
        }],
    });
    if let Some(config) = run.config {
        let roles = ["userSpecifiedConfiguration"];
        sarif["runs"][0]["artifacts"] = json!([{ "location": artifact_location(config), "roles": roles }]);
    }
    serde_json::to_writer(&mut *out, &sarif)?;
    out.write_all(b"\n")
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.explanation, "markdown": rule.explanation },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(entry: &ReportEntry<'_>, run: &RunResults<'_>) -> Value {
    let (details, group, path) = (entry.details(), entry.group(), run.root.path(entry.input()));
    let event = details.event.as_deref();
    let fingerprint = Fingerprint::new(details.rule.id, &path, event, &details.pointer, &details.key);
    let mut location = location(&path, Some(entry.span()));
    location["logicalLocations"] =
        json!([{ "fullyQualifiedName": format!("{}{}", event.unwrap_or_default(), details.pointer) }]);
    let mut result = json!({
        "ruleId": details.rule.id,
        "ruleIndex": entry.key().rule_index(),
        "level": level(details.severity),
        "message": { "text": format!("{}{}", sentence(&details.text), entry.more()) },
        "locations": [location],
        "partialFingerprints": { "ccxlogFinding/v1": fingerprint.to_string() },
        "occurrenceCount": group.count(),
        "properties": { "event": event, "pointer": details.pointer },
    });
    if group.samples().len() > 1 {
        let others = group.samples()[1..].iter().map(|span| self::location(&path, Some(*span)));
        result["relatedLocations"] = others.collect();
    }
    result
}

pub(crate) fn artifact_location(path: &str) -> Value {
    let path_in_uri = utf8_percent_encode(path, ESCAPED);
    let uri = if Path::new(path).is_absolute() {
        format!("file://{}{path_in_uri}", if path.starts_with('/') { "" } else { "/" })
    } else {
        path_in_uri.to_string()
    };
    json!({ "uri": uri })
}

fn location(path: &str, span: Option<Span>) -> Value {
    let mut physical = json!({ "artifactLocation": artifact_location(path) });
    if let Some(Span { start, end }) = span {
        physical["region"] = json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        });
    }
    json!({ "physicalLocation": physical })
}

fn notification(problem: &Problem, run: &RunResults<'_>) -> Value {
    let mut notification = remark("error", &problem.message);
    if let Some(input) = &problem.input {
        notification["locations"] = json!([location(&run.root.path(input), None)]);
    }
    notification
}

fn remark(level: &str, text: &str) -> Value {
    json!({ "level": level, "message": { "text": text } })
}

pub(crate) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[cfg(test)]
mod tests;
