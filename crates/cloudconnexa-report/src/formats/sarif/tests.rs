//! Tests of the SARIF format.

use crate::testing;

#[test]
fn findings_are_results_and_problems_notifications() {
    testing::run(|run| {
        let mut out = Vec::new();
        super::write(&mut out, run).unwrap();
        let mut sarif: serde_json::Value = serde_json::from_slice(&out).unwrap();
        // The validator has snapshots of them.
        let rules = sarif["runs"][0]["tool"]["driver"]["rules"].take();
        assert!(rules.as_array().unwrap().iter().all(|rule| rule["help"]["markdown"].is_string()));
        insta::assert_snapshot!(serde_json::to_string_pretty(&sarif).unwrap());
    });
}

#[test]
fn paths_are_uris() {
    let uri = |path| super::location(path, None)["physicalLocation"]["artifactLocation"]["uri"].take();
    assert_eq!(uri("a b/ü#1?.json"), "a%20b/%C3%BC%231%3F.json");
    assert_eq!(uri("/tmp/a.json"), "file:///tmp/a.json");
}
