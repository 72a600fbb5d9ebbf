//! Tests of fingerprints.

use super::Fingerprint;

/// Users keep these in baselines: another value would make all of them useless.
#[test]
fn a_fingerprint_never_changes() {
    let one = Fingerprint::new("missing-field", "a.json", Some("test-message"), "", "traceId");
    assert_eq!(one.to_string(), "5409256e296a11bb16867f8944a0d6da");
    assert_ne!(one, Fingerprint::new("missing-field", "a.json", Some("test-message"), "traceId", ""));
}
