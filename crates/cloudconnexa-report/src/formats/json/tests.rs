//! Tests of the JSON format.

use crate::masking::Masking;
use crate::testing;

#[test]
fn each_line_is_what_the_schema_says() {
    let validator = jsonschema::validator_for(&super::schema().to_value()).unwrap();
    let mut out = Vec::new();
    for example in testing::examples() {
        super::finding(&mut out, Masking::Shown, &example.reported()).unwrap();
        super::finding(&mut out, Masking::Masked, &example.reported()).unwrap();
    }
    testing::run(|run| {
        super::problem(&mut out, &run.problems[0]).unwrap();
        super::end(&mut out, Masking::Masked, run).unwrap();
    });
    let text = String::from_utf8(out).unwrap();
    for line in text.lines() {
        let line = serde_json::from_str(line).unwrap();
        assert!(validator.is_valid(&line), "{line}");
    }
    insta::assert_snapshot!(text);
}
