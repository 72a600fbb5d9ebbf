//! Tests of the `JUnit` format.

use super::JunitWriter;
use crate::paths::PathRoot;
use crate::testing;

#[test]
fn each_input_is_a_suite() {
    let (mut junit, mut out) = (JunitWriter::new(), Vec::new());
    junit.set_config(Some("set ups/<1>,é.toml"));
    for file in testing::files() {
        junit.suite(&mut out, &file, &PathRoot::default()).unwrap();
    }
    junit.finish(&mut out, &[]).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap());
}

#[test]
fn a_run_without_inputs_is_an_empty_report() {
    let mut out = Vec::new();
    JunitWriter::new().finish(&mut out, &[]).unwrap();
    assert!(String::from_utf8(out).unwrap().ends_with("<testsuites name=\"ccxlog\">\n</testsuites>\n"));
}
