//! Records with more values than get entries.

use std::fmt::Write as _;

use super::{MAX_ENTRIES, parse};
use crate::{Position, Severity, Validator};

#[test]
fn known_fields_are_checked_and_others_counted_beyond_the_most_entries() {
    let mut fields = String::new();
    for number in 0..300_000 {
        _ = write!(fields, "\"{number}\":1,");
    }
    let text = format!("{{{fields}\"eventName\":\"test-message\",\"cloudId\":7}}");
    assert!(300_000 > MAX_ENTRIES && parse(&text).is_ok());
    let report = Validator::new().check(text.as_bytes(), Position::START);
    assert_eq!(report.left_out, 299_000);
    let wrong: Vec<_> = report.findings.iter().filter(|finding| finding.pointer() == "/cloudId").collect();
    assert!(wrong.iter().any(|finding| finding.severity() == Severity::Error), "{wrong:?}");
}
