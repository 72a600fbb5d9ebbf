//! The fast tier against the explaining one.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::LazyLock;

use cloudconnexa_validator::{Checker, FastCheck, Position, Validator};

static VALIDATOR: LazyLock<Validator> = LazyLock::new(Validator::new);

thread_local! {
    /// They remember the order of keys from record to record, as in use; for each question one of its own, as one that has
    /// seen a record goes over it another way the next time.
    static JUDGES: RefCell<[Checker<'static>; 2]> = both();
    static VERDICTS: RefCell<[Checker<'static>; 2]> = both();
}

fn both() -> RefCell<[Checker<'static>; 2]> {
    RefCell::new([VALIDATOR.checker(), VALIDATOR.portable_checker()])
}

/// A record: what the fast tier says is valid, the explaining tier finds no error in; what it notices, that one warns of.
pub fn tiers(record: &[u8]) {
    let [native, portable] =
        JUDGES.with_borrow_mut(|checkers| checkers.each_mut().map(|checker| judge(checker, record)));
    assert_eq!(native, portable, "the ways of scanning differ");
    let report = VALIDATOR.check(record, Position::START);
    let verdicts =
        VERDICTS.with_borrow_mut(|checkers| checkers.each_mut().map(|checker| checker.is_valid(record)));
    assert_eq!(verdicts, [report.is_valid(); 2], "yes or no");
    assert_eq!(VALIDATOR.is_valid(record), report.is_valid(), "yes or no");
    if let Some(notices) = native {
        assert!(report.is_valid(), "said to be valid: {:#?}", report.findings);
        let place = |offset: u64| usize::try_from(offset).expect("within the record");
        let expected: Vec<_> = report
            .findings
            .iter()
            .map(|finding| {
                let span = finding.span();
                (finding.rule().id, place(span.start.offset)..place(span.end.offset))
            })
            .collect();
        assert_eq!(notices, expected);
    }
}

/// What is noticed of a record that is judged valid.
fn judge(checker: &mut Checker<'_>, record: &[u8]) -> Option<Vec<(&'static str, Range<usize>)>> {
    match checker.fast_check(record) {
        FastCheck::Valid(accepted) => {
            Some(accepted.notices().iter().map(|notice| (notice.rule().id, notice.range())).collect())
        }
        FastCheck::Undecided => None,
    }
}
