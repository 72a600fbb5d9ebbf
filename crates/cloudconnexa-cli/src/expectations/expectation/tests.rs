use std::path::Path;

use cloudconnexa_validator::Severity;

use super::{Expectation, ExpectedFinding, ValidBy, to_text};

#[test]
fn written_expectations_are_read_back() {
    let finding = |pointer: &str| ExpectedFinding {
        at: Some((3, 15)),
        severity: Some(Severity::Warning),
        rule: "wrong-type",
        pointer: Some(pointer.to_owned()),
    };
    let findings = vec![finding("/log/port"), finding(""), finding("/a b"), finding("/\n\"ü#")];
    let text = to_text(Path::new("x/a.json"), findings.iter());
    insta::assert_snapshot!(text);
    assert_eq!(Expectation::parse(&text), Ok(Expectation::Findings(findings)));
}

#[test]
fn parts_that_are_left_out_match_anything() {
    let finding = |text| ExpectedFinding::parse(text).unwrap();
    let full = finding("3:15 error wrong-type /log/port");
    for partial in ["wrong-type", "error wrong-type", "3:15 wrong-type", "wrong-type /log/port"] {
        assert!(finding(partial).matches(&full), "{partial}");
    }
    for other in ["syntax", "note wrong-type", "3:16 wrong-type", "wrong-type /log", "wrong-type \"\""] {
        assert!(!finding(other).matches(&full), "{other}");
    }
}

#[test]
fn errors_are_reported_with_their_location() {
    let refused = |text: &str| Expectation::parse(text).unwrap_err();
    insta::assert_snapshot!(
        [
            refused("# fine\n\n  3:15 error wrong-tpye /a"),
            refused("something"),
            refused("error"),
            refused("wrong-type log/port"),
            refused("wrong-type \"/log"),
        ]
        .join("\n")
    );
}

#[test]
fn the_nearest_folder_decides() {
    let of = Expectation::by_folder;
    assert_eq!(of("a/valid/b.json"), Some(Expectation::Valid(ValidBy::Folder)));
    assert_eq!(of("invalid/wrong-type/b/c.json"), Some(Expectation::Rule("wrong-type")));
    assert_eq!(of("wrong-type/valid/c.json"), Some(Expectation::Valid(ValidBy::Folder)));
    assert_eq!(of("fixtures/valid.json"), None);
}
