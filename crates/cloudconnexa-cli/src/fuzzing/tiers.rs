//! Compares the fast tier with the explaining tier.

use std::cell::RefCell;
use std::ops::Range;

use cloudconnexa_validator::{Checker, FastCheck, Position};

use super::VALIDATOR;

thread_local! {
    /// Checkers remember the order of keys from record to record. Each question has its own, as a checker that has seen a
    /// record scans it differently the next time.
    static FAST: RefCell<[Checker<'static>; 2]> = both();
    static IS_VALID: RefCell<[Checker<'static>; 2]> = both();
}

fn both() -> RefCell<[Checker<'static>; 2]> {
    RefCell::new([VALIDATOR.checker(), VALIDATOR.portable_checker()])
}

/// A record. If the fast tier accepts it, the explaining tier finds no error, and the same warnings and notes.
pub fn tiers(record: &[u8]) {
    let [native, portable] =
        FAST.with_borrow_mut(|checkers| checkers.each_mut().map(|checker| notices(checker, record)));
    assert_eq!(native, portable, "the ways of scanning differ");
    let report = VALIDATOR.check(record, Position::START);
    let are_valid =
        IS_VALID.with_borrow_mut(|checkers| checkers.each_mut().map(|checker| checker.is_valid(record)));
    assert_eq!(are_valid, [report.is_valid(); 2], "yes or no");
    assert_eq!(VALIDATOR.is_valid(record), report.is_valid(), "yes or no");
    if let Some(notices) = native {
        assert!(report.is_valid(), "said to be valid: {:#?}", report.findings);
        let index = |offset: u64| usize::try_from(offset).expect("within the record");
        let expected: Vec<_> = report
            .findings
            .iter()
            .map(|finding| {
                let span = finding.span();
                (finding.rule().id, index(span.start.offset)..index(span.end.offset))
            })
            .collect();
        assert_eq!(notices, expected);
    }
}

/// Returns the rules and ranges that the fast tier notices in a record; `None` if it does not accept the record.
fn notices(checker: &mut Checker<'_>, record: &[u8]) -> Option<Vec<(&'static str, Range<usize>)>> {
    match checker.fast_check(record) {
        FastCheck::Valid(accepted) => {
            Some(accepted.notices().iter().map(|notice| (notice.rule().id, notice.range())).collect())
        }
        FastCheck::Undecided => None,
    }
}
