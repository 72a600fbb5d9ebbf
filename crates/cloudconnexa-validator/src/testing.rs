//! Shared by tests: events to break, and findings as text.

use std::fmt::Write as _;

use crate::{Position, Report, Severity, Text, Validator};

pub(crate) const DISCONNECTED: &str =
    include_str!("../../../tests/corpus/documented/client-disconnected-v1.json");

pub(crate) const TEST_MESSAGE: &str = include_str!("../../../tests/corpus/documented/test-message-v1.json");

pub(crate) const FLOW: &str = r#"{
  "CloudConnexaLogVersion": 1,
  "timestamp": "2025-09-01T08:00:00.000000Z",
  "cloudId": "example-corp",
  "service": "CloudConnexa",
  "traceId": "693bbbde-626d-4940-ac2b-4e75efb49bf7",
  "initiator": "user@example.com",
  "initiatorType": "Device",
  "category": "Activity.AV",
  "eventName": "flow-established",
  "log": {
    "sourceEntityType": "Device",
    "sourceEntityId": "5d34eabe-f88d-4570-9954-818c03b90b4b",
    "sourceGatewayRegion": "us-ord-1",
    "sourceGatewayRegionName": "Chicago (IL)",
    "sourceIp": "100.96.1.34",
    "destinationEntityType": "Network",
    "destinationEntityId": "",
    "destinationEntityIp": "",
    "destinationPort": 443,
    "destinationGatewayRegion": "us-ord-1",
    "destinationGatewayRegionName": "Chicago (IL)",
    "protocol": "6",
    "allowed": false,
    "clientSessionId": "6582c5be4203d502df029d4a"
  }
}
"#;

pub(crate) const TRAFFIC: &str = r#"{
  "CloudConnexaLogVersion": 1,
  "timestamp": "2025-09-01T08:00:00.000000Z",
  "cloudId": "example-corp",
  "service": "CloudConnexa",
  "traceId": "693bbbde-626d-4940-ac2b-4e75efb49bf7",
  "initiator": "user@example.com",
  "initiatorType": "Device",
  "category": "Security.CyberShieldBlockedTraffic",
  "eventName": "traffic-blocked",
  "log": {
    "signatureId": "2024897",
    "eventName": "a signature",
    "classification": "A Network Trojan was detected",
    "priority": 1,
    "category": "malware",
    "protocol": "TCP",
    "sourceIp": "100.96.1.34",
    "sourcePort": 51234,
    "destinationIp": "203.0.113.7",
    "destinationPort": 443
  }
}
"#;

/// Replaces the value of the last field with this name. The event has one field per line.
pub(crate) fn with(event: &str, field: &str, value: &str) -> String {
    edit(event, field, |key, comma| format!("{key}: {value}{comma}"))
}

/// Replaces the key of the last field with this name.
pub(crate) fn renamed(event: &str, field: &str, name: &str) -> String {
    let key = format!("\"{field}\":");
    let at = event.rfind(&key).unwrap_or_else(|| panic!("no {field}"));
    format!("{}\"{name}\":{}", &event[..at], &event[at + key.len()..])
}

/// Removes the last field with this name.
pub(crate) fn without(event: &str, field: &str) -> String {
    edit(event, field, |_, comma| if comma.is_empty() { "\"filler\": 0".to_owned() } else { String::new() })
}

fn edit(event: &str, field: &str, line: impl Fn(&str, &str) -> String) -> String {
    let key = format!("\"{field}\"");
    let start = event.rfind(&format!("{key}: ")).unwrap_or_else(|| panic!("no {field}"));
    let end = start + event[start..].find('\n').unwrap_or(event.len() - start);
    let comma = if event[..end].ends_with(',') { "," } else { "" };
    format!("{}{}{}", &event[..start], line(&key, comma), &event[end..])
}

pub(crate) fn check(record: impl AsRef<[u8]>) -> Report {
    Validator::new().check(record.as_ref(), Position::START)
}

/// Prints the findings of each named record, without the notes, which the documented examples have as well.
pub(crate) fn show<R: AsRef<[u8]>>(records: impl IntoIterator<Item = (String, R)>) -> String {
    show_from(Severity::Warning, records)
}

/// Like [`show`], notes included.
pub(crate) fn show_all<R: AsRef<[u8]>>(records: impl IntoIterator<Item = (String, R)>) -> String {
    show_from(Severity::Note, records)
}

fn show_from<R: AsRef<[u8]>>(least: Severity, records: impl IntoIterator<Item = (String, R)>) -> String {
    let validator = Validator::new();
    let mut shown = String::new();
    for (name, record) in records {
        let mut report = validator.check(record.as_ref(), Position::START);
        report.findings.retain(|finding| finding.severity() >= least);
        _ = writeln!(shown, "## {name}");
        if report.findings.is_empty() {
            shown.push_str("nothing\n");
        }
        for finding in &report.findings {
            let (start, end) = (finding.span().start, finding.span().end);
            let (id, pointer) = (finding.rule().id, finding.pointer());
            _ = match finding.key() {
                "" => write!(shown, "{id} {}:{}..", start.line, start.column),
                key => write!(shown, "{id} ({key}) {}:{}..", start.line, start.column),
            };
            _ = if start.line == end.line {
                write!(shown, "{}", end.column)
            } else {
                write!(shown, "{}:{}", end.line, end.column)
            };
            _ = writeln!(shown, " {pointer}");
            write_text(&mut shown, &finding.text(), "");
            if finding.masked() != finding.text() {
                write_text(&mut shown, &finding.masked(), "masked ");
            }
        }
        shown.push('\n');
    }
    shown
}

fn write_text(shown: &mut String, Text { message, label, help }: &Text, kind: &str) {
    _ = writeln!(shown, "  {kind}{message}\n    ^ {label}");
    if let Some(help) = help {
        _ = writeln!(shown, "    = {help}");
    }
}

/// Returns the event with each of these values of a field.
pub(crate) fn values(event: &str, field: &str, values: &[&str]) -> Vec<(String, String)> {
    values.iter().map(|value| (format!("{field}: {value}"), with(event, field, value))).collect()
}
