//! Tests of fingerprints.

use cloudconnexa_validator::{Position, Validator};

use super::{Fingerprint, MAX_POINTER_BYTES, shorten};

/// Users keep these in baselines: another value would make all of them useless.
#[test]
fn a_fingerprint_never_changes() {
    let one = Fingerprint::new("missing-field", "a.json", Some("test-message"), "", "traceId");
    assert_eq!(one.to_string(), "5409256e296a11bb16867f8944a0d6da");
    assert_ne!(one, Fingerprint::new("missing-field", "a.json", Some("test-message"), "traceId", ""));
}

/// A baseline has nothing but what is shown of a finding, and has to recognise it by that.
#[test]
fn a_fingerprint_is_that_of_the_pointer_and_the_key_that_are_shown() {
    for length in [10, MAX_POINTER_BYTES - 3, MAX_POINTER_BYTES - 2, 5000] {
        let name = "k".repeat(length);
        let record = format!("{{\"{name}\":{{\"a\":1,\"a\":2}},\"eventName\":\"test-message\"}}");
        let report = Validator::new().check(record.as_bytes(), Position::START);
        let repeated = report.findings.iter().find(|finding| finding.rule().id == "duplicate-field").unwrap();
        let mut pointer = format!("/{name}/a");
        if pointer.len() > MAX_POINTER_BYTES {
            pointer.truncate(MAX_POINTER_BYTES);
            pointer.push('…');
        }
        assert_eq!(shorten(repeated.pointer(), MAX_POINTER_BYTES), pointer);
        let expected =
            Fingerprint::new("duplicate-field", "a.json", Some("test-message"), &pointer, repeated.key());
        assert_eq!(Fingerprint::of_finding(repeated, "a.json", Some("test-message")), expected, "{length}");
    }
}

#[test]
fn text_is_cut_between_characters() {
    for (text, expected) in
        [("abc", "abc"), ("abcd", "abc…"), ("abé", "ab…"), ("éé", "é…"), ("\u{10348}", "…")]
    {
        assert_eq!(shorten(text, 3), expected);
    }
}
