//! Checks every sample of the corpus: the report of the validator, and whether the types agree.

use std::fmt::Write;

use cloudconnexa_events::Event;
use cloudconnexa_validator::{Finding, Position, Severity, Validator, catalog, rules, semantics};
use workspace_tests::{Sample, samples, show};

fn check(sample: &Sample) -> cloudconnexa_validator::Report {
    Validator::new().check(&sample.bytes, Position::START)
}

/// Returns the rule that a sample is for.
fn rule(sample: &Sample) -> &str {
    sample.folder.rsplit('/').next().unwrap()
}

/// Real events have notes of their own, which matter only in samples for one.
fn least(sample: &Sample) -> Severity {
    rules::rule(rule(sample)).unwrap().severity.min(Severity::Warning)
}

/// Snapshots the findings of samples as users see them, one snapshot per folder.
fn snapshot(prefix: &str) {
    let validator = Validator::new();
    let mut folders: Vec<(String, String)> = Vec::new();
    for sample in samples(prefix) {
        let report = validator.check(&sample.bytes, Position::START);
        let mut text = format!("# {}\n", sample.name);
        let least = least(&sample);
        let reported = report.findings.iter().filter(|finding| finding.severity() >= least);
        reported.for_each(|finding| text.push_str(&show(finding)));
        match folders.last_mut() {
            Some((folder, texts)) if *folder == sample.folder => {
                let _ = write!(texts, "\n{text}");
            }
            _ => folders.push((sample.folder, text)),
        }
    }
    for (folder, text) in folders {
        let name = folder.replace('/', "-");
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn valid_samples_have_at_most_notes() {
    for prefix in ["documented", "valid"] {
        for sample in samples(prefix) {
            let report = check(&sample);
            let is_note = |finding: &Finding| finding.severity() == Severity::Note;
            let (folder, name, findings) = (&sample.folder, &sample.name, &report.findings);
            assert!(findings.iter().all(is_note), "{folder}/{name}: {findings:#?}");
        }
    }
}

#[test]
fn noticed_samples_are_valid_and_reported() {
    for sample in samples("noticed") {
        let report = check(&sample);
        let (rule, least) = (rule(&sample), least(&sample));
        let reported = report.findings.iter().filter(|finding| finding.severity() >= least);
        let found: Vec<&str> = reported.map(|finding| finding.rule().id).collect();
        assert!(report.is_valid(), "{}: {found:?}", sample.name);
        assert_eq!(found, [rule], "{}", sample.name);
    }
    snapshot("noticed");
}

#[test]
fn invalid_samples_have_one_finding_of_their_kind() {
    for sample in samples("invalid") {
        let report = check(&sample);
        let rule = rule(&sample);
        let errors: Vec<&str> = report
            .findings
            .iter()
            .filter(|finding| finding.severity() == Severity::Error)
            .map(|finding| finding.rule().id)
            .collect();
        // An empty object lacks every required field. Every other sample has one defect.
        if sample.name.starts_with("empty-") {
            assert!(
                errors.len() > 1 && errors.iter().all(|error| *error == rule),
                "{}: {errors:?}",
                sample.name
            );
        } else {
            assert_eq!(errors, [rule], "{}/{}", sample.folder, sample.name);
        }
    }
    snapshot("invalid");
}

#[test]
fn types_agree_with_the_validator() {
    for sample in samples("") {
        let valid = check(&sample).is_valid();
        let parsed = Event::from_slice(&sample.bytes);
        assert_eq!(parsed.is_ok(), valid, "{}/{}: {:?}", sample.folder, sample.name, parsed.err());
    }
}

/// Each event has its samples, and each rule that a record can break.
#[test]
fn every_event_and_rule_has_samples() {
    for event in catalog::EVENTS {
        let prefix = format!("valid/{}", event.name);
        assert!(!samples(&prefix).is_empty());
    }
    for rule in rules::RULES {
        let folder = match (rule.id, rule.severity) {
            // Reported by what reads, and for a keyword that the schema does not use yet.
            // The last is a hint in addition to errors, for which it has tests of its own.
            ("too-long" | "empty-input" | "schema-violation" | "null-filled", _) => continue,
            // `semantic.rs` tests these, and those about several records, which are not a single file.
            _ if semantics::is_stream_rule(rule) => continue,
            (id, _) if semantics::is_record_rule(rule) => format!("semantic/{id}"),
            (id, Severity::Error) => format!("invalid/{id}"),
            (id, _) => format!("noticed/{id}"),
        };
        assert!(!samples(&folder).is_empty());
    }
}
