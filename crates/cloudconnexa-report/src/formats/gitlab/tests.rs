//! Tests of the format for GitLab.

use crate::testing;

#[test]
fn findings_and_problems_are_entries() {
    testing::run(|run| {
        let mut out = Vec::new();
        super::write(&mut out, run).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    });
}
