//! Inputs with findings, for the tests of baselines.

use std::path::Path;
use std::sync::Arc;

use cloudconnexa_report::{GroupDetails, GroupKey, InputFindings, PathRoot};
use cloudconnexa_validator::{Position, Validator};

use crate::paths::root_at;

pub(super) fn root() -> PathRoot {
    root_at(Path::new("."))
}

/// Returns two inputs with the same findings, seven times and twice, and one without.
pub(super) fn files() -> Vec<InputFindings> {
    let event = include_str!("../../../../tests/corpus/documented/test-message-v1.json");
    let broken = event
        .replacen("2023-11-09T10:28:04.239880Z", "secret \\u001b[31m\\n::error::", 1)
        .replacen("\"test\"", "[\"secret\"]", 1)
        .replacen('{', "{\"a,b:<c>|%\": 1,", 1);
    let findings = Validator::new().check(broken.as_bytes(), Position::START).findings;
    let inputs = [("in put/<1>,é.json", 7), ("b.json", 2), ("clean.json", 0)];
    let files = inputs.map(|(name, times)| {
        let mut file = InputFindings::new(&Arc::from(name));
        for finding in findings.iter().flat_map(|finding| std::iter::repeat_n(finding, times)) {
            let rule = finding.rule();
            let key = GroupKey::of_finding(finding, rule.severity, None);
            file.add(key, 0, finding.span(), || GroupDetails {
                rule,
                severity: rule.severity,
                event: Some("test-message".to_owned()),
                pointer: finding.pointer().to_owned(),
                key: finding.key().to_owned(),
                text: finding.masked(),
            });
        }
        file
    });
    files.into()
}
