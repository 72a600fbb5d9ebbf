//! Findings and runs for the tests of formats.

use std::sync::Arc;

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::{Finding, Position, Validator};

use crate::counts::{EventLabel, ValidityCounts};
use crate::finding::ReportedFinding;
use crate::fingerprint::Fingerprint;
use crate::groups::{FindingGroups, GroupDetails, GroupKey, InputFindings};
use crate::masking::Masking;
use crate::overview::{Overview, OverviewCollector};
use crate::paths::PathRoot;
use crate::run::{GoneFinding, Problem, RunResults};
use crate::status::RunStatus;
use crate::summary::Summary;

/// A finding with the text that it is about.
pub(crate) struct Example {
    input: &'static str,
    text: String,
    finding: Finding,
}

impl Example {
    pub(crate) fn reported(&self) -> ReportedFinding<'_> {
        let mut found = ReportedFinding::new(&self.finding, self.input, Fingerprint(7));
        found.record = Some(Record::alone(self.text.as_bytes(), Position::START));
        found.event = Some("an-event");
        found
    }
}

/// Returns the findings about `text`.
pub(crate) fn check(input: &'static str, text: &str) -> Vec<Example> {
    let findings = Validator::new().check(text.as_bytes(), Position::START).findings;
    findings.into_iter().map(|finding| Example { input, text: text.to_owned(), finding }).collect()
}

/// Returns an error with help, a warning, and a name that no format may take for part of its own syntax.
pub(crate) fn examples() -> Vec<Example> {
    let event = include_str!("../../../tests/corpus/documented/test-message-v1.json");
    let broken = event
        .replacen("2023-11-09T10:28:04.239880Z", "secret \\u001b[31m\\n::error::", 1)
        .replacen("\"test\"", "[\"secret\"]", 1)
        .replacen('{', "{\"a,b:<c>|%\": 1,", 1);
    check("in put/<1>,é.json", &broken)
}

/// Returns two inputs with findings, one without, and one that could not be read.
pub(crate) fn files() -> Vec<InputFindings> {
    let file = |name: &str| InputFindings::new(&Arc::from(name));
    let (mut first, mut second, clean, mut unread) =
        (file("in put/<1>,é.json"), file("b.json"), file("clean.json"), file("unread.gz"));
    for example in examples() {
        for (file, times) in [(&mut first, 7), (&mut second, 2)] {
            for _ in 0..times {
                let (finding, rule) = (&example.finding, example.finding.rule());
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
        }
    }
    unread.problems.push("cannot read `unread.gz` to its end: the gzip file is cut off".to_owned());
    vec![first, second, clean, unread]
}

/// Calls `test` with the results of a run over [`files`].
pub(crate) fn run(test: impl FnOnce(&RunResults<'_>)) {
    let (mut groups, mut summary) = (FindingGroups::default(), Summary::default());
    for file in files() {
        for group in file.groups.values() {
            let details = group.details();
            summary.counts.add_findings(details.rule, details.severity, group.count());
        }
        groups.add(file);
    }
    summary.counts.inputs = 4;
    summary.counts.unread = 1;
    summary.counts.add_events(EventLabel::Known("test-message"), ValidityCounts { valid: 3, invalid: 9 });
    summary.counts.add_events(EventLabel::Unknown("a new-one"), ValidityCounts { valid: 1, invalid: 0 });
    summary.known = 5;
    let problem = Problem {
        input: Some("unread.gz".to_owned()),
        message: "cannot read `unread.gz` to its end: the gzip file is cut off".to_owned(),
    };
    let gone = GoneFinding {
        path: "b.json".to_owned(),
        rule: "syntax".to_owned(),
        event: None,
        pointer: String::new(),
        count: 2,
    };
    let root = PathRoot::default();
    let mut results = RunResults::new(&summary, &groups, &root);
    let (problems, gone) = ([problem], [gone]);
    results.problems = &problems;
    results.gone = &gone;
    results.config = Some("set ups/<1>,é.toml");
    results.status = RunStatus::Failure;
    test(&results);
}

/// Returns the overview of records that are JSON objects.
pub(crate) fn overview(records: &[String], masking: Masking) -> Overview {
    let validator = Validator::new();
    let (mut checker, mut collector) = (validator.checker(), OverviewCollector::new());
    for record in records {
        let is_valid = validator.check(record.as_bytes(), Position::START).is_valid();
        let outline = checker.outline(record.as_bytes()).expect("an object");
        collector.add(record.as_bytes(), &outline, is_valid);
    }
    collector.finish().finish(None, masking)
}
