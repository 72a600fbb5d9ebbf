//! Tests of the format for GitHub.

use crate::testing;

#[test]
fn findings_are_annotations_and_rows() {
    testing::run(|run| {
        let mut out = Vec::new();
        super::write(&mut out, run).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
        insta::assert_snapshot!(super::step_summary(run));
    });
}

#[test]
fn no_text_ends_its_command() {
    assert_eq!(super::data("a%\r\n::error::b"), "a%25\\r\\n::error::b");
    assert_eq!(super::property("file", "a:b,c\n"), "file=a%3Ab%2Cc\\n");
}
