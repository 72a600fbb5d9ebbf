//! Tests of the concise format.

use crate::masking::Masking;
use crate::testing;

#[test]
fn each_finding_is_a_line() {
    let mut out = anstream::StripStream::new(Vec::new());
    for example in testing::examples() {
        super::finding(&mut out, Masking::Shown, &example.reported()).unwrap();
        super::finding(&mut out, Masking::Masked, &example.reported()).unwrap();
    }
    insta::assert_snapshot!(String::from_utf8(out.into_inner()).unwrap());
}
