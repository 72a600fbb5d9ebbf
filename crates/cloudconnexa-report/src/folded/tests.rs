//! Tests of findings that are listed once for all records of a kind.

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::{Finding, Position, Validator};

use super::{FoldedFindings, MAX_RECORD_BYTES};
use crate::finding::ReportedFinding;
use crate::fingerprint::Fingerprint;

fn found(record: &str) -> Finding {
    let mut findings = Validator::new().check(record.as_bytes(), Position::START).findings;
    findings.pop().expect("a finding")
}

fn add(folded: &mut FoldedFindings, record: &str) {
    let finding = found(record);
    let mut reported = ReportedFinding::new(&finding, "a.jsonl", Fingerprint(7));
    reported.record = Some(Record::alone(record.as_bytes(), Position::START));
    folded.add(&reported);
}

fn counts(folded: FoldedFindings) -> Vec<(String, u64)> {
    folded.into_findings().map(|found| (found.finding.key().to_owned(), found.records)).collect()
}

const SESSION: &str = r#"{"sessionId":"a","startDateTime":"b"}"#;
const OTHER: &str = r#"{"level":"info"}"#;

#[test]
fn records_of_a_kind_are_one_finding() {
    let (mut first, mut second) = (FoldedFindings::default(), FoldedFindings::default());
    for record in [SESSION, SESSION, OTHER] {
        add(&mut first, record);
    }
    for record in [OTHER, SESSION] {
        add(&mut second, record);
    }
    first.append(second);
    assert_eq!(counts(first), [("rest-api-session".to_owned(), 3), ("unknown".to_owned(), 2)]);
}

#[test]
fn what_was_taken_before_is_not_new() {
    let mut seen = FoldedFindings::default();
    let mut taken = |records: &[&str]| {
        let mut later = FoldedFindings::default();
        for record in records {
            add(&mut later, record);
        }
        let new = seen.take_new(&mut later);
        assert!(later.is_empty());
        counts(new)
    };
    assert_eq!(taken(&[SESSION, SESSION]), [("rest-api-session".to_owned(), 1)]);
    assert_eq!(taken(&[SESSION, OTHER]), [("unknown".to_owned(), 1)]);
    assert_eq!(taken(&[OTHER, SESSION]), []);
}

#[test]
fn only_the_start_of_a_long_record_is_kept() {
    let long = format!(r#"{{"level":"{}"}}"#, "x".repeat(2 * MAX_RECORD_BYTES));
    let mut folded = FoldedFindings::default();
    add(&mut folded, &long);
    let folded: Vec<_> = folded.into_findings().collect();
    let kept = folded[0].reported("a.jsonl").record.expect("the finding is at the start").bytes;
    assert_eq!(kept, &long.as_bytes()[..MAX_RECORD_BYTES]);
}
