//! What changes between two schemas, as SARIF 2.1.0.

use std::io::{self, Write};

use cloudconnexa_compat::{CHANGE_RULES, ChangeFinding};
use serde_json::{Value, json};

use super::view::SchemaDiff;
use crate::formats::{artifact_location, sarif_level};

pub(super) fn write(out: &mut dyn Write, diff: &SchemaDiff<'_>) -> io::Result<()> {
    let rules: Vec<Value> = CHANGE_RULES
        .iter()
        .map(|rule| json!({ "id": rule.id, "shortDescription": { "text": rule.summary } }))
        .collect();
    let results: Vec<Value> = diff.comparison.findings.iter().map(|finding| result(finding, diff)).collect();
    let notifications: Vec<Value> = diff
        .unexplained()
        .map(|(verdict, question, answer)| {
            let event = verdict.event.as_deref().unwrap_or("any other event");
            let text = format!("{} for `{event}`: {}", question.name(), answer.name());
            json!({ "level": "error", "message": { "text": text } })
        })
        .collect();
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "ccxlog",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "exitCode": i32::from(!diff.passes()),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    serde_json::to_writer(&mut *out, &sarif)?;
    out.write_all(b"\n")
}

fn result(finding: &ChangeFinding, diff: &SchemaDiff<'_>) -> Value {
    let index = CHANGE_RULES.iter().position(|rule| *rule == finding.rule);
    let breaks = SchemaDiff::breaks(finding).map_or(String::new(), |breaks| format!("; breaks {breaks}"));
    let help = diff.help(finding).map_or(String::new(), |help| format!("; help: {help}"));
    let logical: Vec<Value> = finding
        .fields
        .iter()
        .map(|field| format!("{}{}", field.event.as_deref().unwrap_or_default(), field.pointer))
        .filter(|name| !name.is_empty())
        .map(|name| json!({ "fullyQualifiedName": name }))
        .collect();
    let mut location = json!({ "logicalLocations": logical });
    if let Some((_, schema, at)) = diff.place(finding).filter(|(_, schema, _)| schema.is_file) {
        location["physicalLocation"] = json!({
            "artifactLocation": artifact_location(schema.name),
            "region": { "startLine": at.line, "startColumn": at.column },
        });
    }
    let mut result = json!({
        "ruleId": finding.rule.id,
        "level": sarif_level(diff.severity(finding)),
        "message": { "text": format!("{}{breaks}{help}", finding.message) },
        "locations": [location],
        "properties": {
            "breaks": finding.breaks.iter().map(|question| question.name()).collect::<Vec<_>>(),
            "undecided": finding.undecided.iter().map(|question| question.name()).collect::<Vec<_>>(),
        },
    });
    if let Some(index) = index {
        result["ruleIndex"] = index.into();
    }
    if let Some(reason) = &finding.accepted {
        result["suppressions"] = json!([{ "kind": "external", "justification": reason }]);
    }
    result
}
