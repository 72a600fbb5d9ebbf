//! Tests of the reporter.

use cloudconnexa_validator::{Position, Validator};

use super::Reporter;
use crate::formats::Format;
use crate::masking::Masking;
use crate::options::ReportOptions;
use crate::status::RunStatus;

const VALID: &str = include_str!("../../../../tests/corpus/documented/test-message-v1.json");
const BROKEN: &[u8] = br#"{"eventName":"secret value","CloudConnexaLogVersion":"secret"}"#;

fn reporter(format: Format, masking: Masking) -> Reporter<Vec<u8>> {
    let validator = Validator::new();
    let mut reporter = Reporter::new(format, Vec::new(), ReportOptions::new().masking(masking));
    for (input, record) in [("a.json", VALID.as_bytes()), ("b.json", BROKEN), ("b.json", BROKEN)] {
        let checked = validator.check(record, Position::START);
        reporter.add(input, record, Position::START, &checked).unwrap();
    }
    reporter
}

#[test]
fn every_format_names_the_finding_and_masks_values() {
    for format in Format::ALL {
        for masking in [Masking::Masked, Masking::Shown] {
            let text = String::from_utf8(reporter(*format, masking).finish().unwrap()).unwrap();
            assert!(text.contains("missing-field"), "{format}: {text}");
            assert_eq!(text.contains("secret"), masking == Masking::Shown, "{format}: {text}");
        }
    }
}

#[test]
fn the_status_is_the_worst_of_all() {
    let mut reporter = reporter(Format::Json, Masking::Masked);
    assert_eq!(reporter.status(), RunStatus::Findings);
    assert_eq!(reporter.summary().counts.inputs, 2);
    assert_eq!(reporter.summary().counts.events().invalid, 2);
    reporter.add_problem(Some("c.gz"), "cannot read `c.gz` to its end").unwrap();
    assert_eq!(reporter.status(), RunStatus::Failure);
    let text = String::from_utf8(reporter.finish().unwrap()).unwrap();
    assert!(text.contains(r#""type":"problem","file":"c.gz""#), "{text}");
    assert!(text.lines().last().unwrap().contains(r#""exitCode":2"#), "{text}");
}

#[test]
fn a_report_of_nothing_is_whole() {
    for format in Format::ALL {
        let reporter = Reporter::new(*format, Vec::new(), ReportOptions::new());
        assert_eq!(reporter.status(), RunStatus::Clean);
        reporter.finish().unwrap();
    }
}
