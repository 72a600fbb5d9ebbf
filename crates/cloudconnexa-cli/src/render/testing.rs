//! Findings and runs for the tests of formats.

use std::cmp::Reverse;
use std::path::Path;
use std::sync::Arc;

use cloudconnexa_validator::{Finding, Position, Validator};

use super::{Found, Place, Problem, Run};
use crate::baseline::StaleEntry;
use crate::exit::Exit;
use crate::fingerprint::Fingerprint;
use crate::forge::Root;
use crate::levels;
use crate::run::{About, Fared, Groups, InFile, Kind, Name};
use crate::summary::Summary;
use cloudconnexa_validator::records::Record;

/// What a finding of a test is made of.
pub(crate) struct Owned {
    input: &'static str,
    text: String,
    finding: Finding,
}

impl Owned {
    pub(crate) fn found(&self) -> Found<'_> {
        let record = Some(Record::alone(self.text.as_bytes(), Position::START));
        Found {
            finding: &self.finding,
            severity: self.finding.severity(),
            place: Place { input: self.input, record, event: Some("an-event") },
            pointer: self.finding.pointer(),
            fingerprint: Fingerprint(7),
        }
    }
}

/// What there is to say about `text`.
pub(crate) fn found(input: &'static str, text: &str) -> Vec<Owned> {
    let findings = Validator::new().check(text.as_bytes(), Position::START).findings;
    findings.into_iter().map(|finding| Owned { input, text: text.to_owned(), finding }).collect()
}

/// An error with help, a warning, and a name that no format may take for part of its own.
pub(crate) fn some() -> Vec<Owned> {
    let event = include_str!("../../../../tests/corpus/documented/test-message-v1.json");
    let broken = event
        .replacen("2023-11-09T10:28:04.239880Z", "secret \\u001b[31m\\n::error::", 1)
        .replacen("\"test\"", "[\"secret\"]", 1)
        .replacen('{', "{\"a,b:<c>|%\": 1,", 1);
    found("in put/<1>,é.json", &broken)
}

pub(crate) fn root() -> Root {
    Root::at(Path::new("."))
}

/// Two inputs with findings, one without, and one that could not be read.
pub(crate) fn files() -> Vec<InFile> {
    let file = |name: &str| InFile::new(&Arc::from(name));
    let (mut first, mut second, clean, mut unread) =
        (file("in put/<1>,é.json"), file("b.json"), file("clean.json"), file("unread.gz"));
    for owned in some() {
        for (file, times) in [(&mut first, 7), (&mut second, 2)] {
            for _ in 0..times {
                let (finding, rule) = (&owned.finding, owned.finding.rule());
                let (pointer, key) = (finding.pointer(), finding.key());
                let kind = Kind {
                    severity: Reverse(rule.severity),
                    rule: levels::index(rule),
                    fingerprint: Fingerprint::new(rule.id, "", None, pointer, key),
                };
                file.add(kind, 0, finding.span(), || About {
                    rule,
                    severity: rule.severity,
                    event: Some("test-message".to_owned()),
                    pointer: pointer.to_owned(),
                    key: key.to_owned(),
                    text: finding.masked(),
                });
            }
        }
    }
    unread.problems.push("cannot read `unread.gz` to its end: the gzip file is cut off".to_owned());
    vec![first, second, clean, unread]
}

/// A run over them.
pub(crate) fn run(test: impl FnOnce(&Run<'_>)) {
    let (mut groups, mut summary) = (Groups::default(), Summary::default());
    for file in files() {
        for group in file.groups.values() {
            summary.tally.findings(group.about.rule, group.about.severity, group.count);
        }
        groups.add(file);
    }
    summary.tally.inputs = 4;
    summary.tally.unread = 1;
    summary.tally.event(Name::Known("test-message"), Fared { valid: 3, invalid: 9 });
    summary.tally.event(Name::Unknown("a new-one"), Fared { valid: 1, invalid: 0 });
    summary.known = 5;
    let problem = Problem {
        input: Some("unread.gz".to_owned()),
        message: "cannot read `unread.gz` to its end: the gzip file is cut off".to_owned(),
    };
    let gone = StaleEntry {
        path: "b.json".to_owned(),
        rule: "syntax".to_owned(),
        event: None,
        pointer: String::new(),
        count: 2,
    };
    test(&Run {
        summary: &summary,
        groups: &groups,
        problems: &[problem],
        more_problems: 0,
        gone: &[gone],
        root: &root(),
        limit: 1000,
        exit: Exit::Failure,
        overview: None,
    });
}
