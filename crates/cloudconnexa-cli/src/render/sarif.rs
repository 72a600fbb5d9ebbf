//! SARIF 2.1.0, which code scanning, editors and dashboards read.

use std::io::{self, Write};
use std::path::Path;

use cloudconnexa_validator::rules::{RULES, Rule};
use cloudconnexa_validator::{Severity, Span};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Problem, Run, sentence};
use crate::exit::Exit;
use crate::fingerprint::Fingerprint;
use crate::run::Listed;

/// What a path may have in a URI as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn write(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    let results = run.groups.results(run.limit);
    let mut notifications: Vec<Value> =
        run.problems.iter().map(|problem| notification(problem, run)).collect();
    if run.more_problems > 0 {
        notifications.push(remark("error", &format!("{} more problems of that kind", run.more_problems)));
    }
    if results.left_out > 0 {
        let text = format!(
            "{} more findings are not listed: a report has at most {} results",
            results.left_out, run.limit
        );
        notifications.push(remark("warning", &text));
    }
    let sarif = json!({
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
                "executionSuccessful": run.exit != Exit::Failure,
                "exitCode": run.exit as u8,
                "toolExecutionNotifications": notifications,
            }],
            "results": results.list.iter().map(|listed| result(listed, run)).collect::<Vec<_>>(),
        }],
    });
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

fn result(listed: &Listed<'_>, run: &Run<'_>) -> Value {
    let (about, group, path) = (listed.about(), &listed.place.group, run.root.path(listed.input()));
    let event = about.event.as_deref();
    let fingerprint = Fingerprint::new(about.rule.id, &path, event, &about.pointer, &about.key);
    let mut location = location(&path, Some(listed.span()));
    location["logicalLocations"] =
        json!([{ "fullyQualifiedName": format!("{}{}", event.unwrap_or_default(), about.pointer) }]);
    let mut result = json!({
        "ruleId": about.rule.id,
        "ruleIndex": listed.kind.rule,
        "level": level(about.severity),
        "message": { "text": format!("{}{}", sentence(&about.text), listed.more()) },
        "locations": [location],
        "partialFingerprints": { "ccxlogFinding/v1": fingerprint.to_string() },
        "occurrenceCount": group.count,
        "properties": { "event": event, "pointer": about.pointer },
    });
    if group.samples.len() > 1 {
        let others = group.samples[1..].iter().map(|span| self::location(&path, Some(*span)));
        result["relatedLocations"] = others.collect();
    }
    result
}

fn location(path: &str, span: Option<Span>) -> Value {
    let path_in_uri = utf8_percent_encode(path, PATH);
    let uri = if Path::new(path).is_absolute() {
        format!("file://{}{path_in_uri}", if path.starts_with('/') { "" } else { "/" })
    } else {
        path_in_uri.to_string()
    };
    let mut physical = json!({ "artifactLocation": { "uri": uri } });
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

fn notification(problem: &Problem, run: &Run<'_>) -> Value {
    let mut notification = remark("error", &problem.message);
    if let Some(input) = &problem.input {
        notification["locations"] = json!([location(&run.root.path(input), None)]);
    }
    notification
}

fn remark(level: &str, text: &str) -> Value {
    json!({ "level": level, "message": { "text": text } })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[cfg(test)]
mod tests {
    use crate::render::testing;

    #[test]
    fn findings_are_results_and_problems_notifications() {
        testing::run(|run| {
            let mut out = Vec::new();
            super::write(&mut out, run).unwrap();
            let mut sarif: serde_json::Value = serde_json::from_slice(&out).unwrap();
            // `ccxlog explain` has snapshots of them.
            let rules = sarif["runs"][0]["tool"]["driver"]["rules"].take();
            assert!(rules.as_array().unwrap().iter().all(|rule| rule["help"]["markdown"].is_string()));
            insta::assert_snapshot!(serde_json::to_string_pretty(&sarif).unwrap());
        });
    }

    #[test]
    fn paths_are_uris() {
        let uri = |path| super::location(path, None)["physicalLocation"]["artifactLocation"]["uri"].take();
        assert_eq!(uri("a b/ü#1?.json"), "a%20b/%C3%BC%231%3F.json");
        assert_eq!(uri("/tmp/a.json"), "file:///tmp/a.json");
    }
}
