//! What a thread keeps from record to record.

use std::fmt;

use super::accepted::{Accepted, FastCheck};
use super::generated::LOGS;
use super::scan::{Native, Portable, Scan};
use super::scanner::{NOTICES, OUTLINE, Scanner, Scratch, VALIDITY};
use crate::catalog;
use crate::outline::{self, Outline};
use crate::position::Position;
use crate::validator::{Report, Subject, Validator};

/// Checks one record after the other, and gets fast by what they have in common. Make one for each thread.
pub struct Checker<'v> {
    validator: &'v Validator,
    scratch: Scratch,
    portable: bool,
}

impl Validator {
    /// A checker, which tries the fast tier first.
    #[must_use]
    pub fn checker(&self) -> Checker<'_> {
        Checker { validator: self, scratch: Scratch::new(1 + LOGS.len()), portable: false }
    }

    /// A checker that scans as machines do for which nothing better is written; for tests of that.
    #[doc(hidden)]
    #[must_use]
    pub fn portable_checker(&self) -> Checker<'_> {
        Checker { portable: true, ..self.checker() }
    }
}

impl<'v> Checker<'v> {
    pub(crate) fn validator(&self) -> &'v Validator {
        self.validator
    }

    /// Goes over a record once, builds nothing, allocates nothing; proves it valid or leaves it undecided.
    pub fn fast_check<'s>(&'s mut self, record: &[u8]) -> FastCheck<'s> {
        if self.portable {
            self.scan::<Portable, NOTICES>(record)
        } else {
            self.scan::<Native, NOTICES>(record)
        }
    }

    /// Judges as [`judge`](Self::judge) does, and keeps where each field stands: what is valid has an
    /// [outline](Accepted::outline) then.
    pub fn fast_check_with_outline<'s>(&'s mut self, record: &[u8]) -> FastCheck<'s> {
        if self.portable {
            self.scan::<Portable, OUTLINE>(record)
        } else {
            self.scan::<Native, OUTLINE>(record)
        }
    }

    /// Where each field of a record stands, valid or not, if it is a JSON object that can be read.
    ///
    /// It is parsed for that, so it is for records that [`fast_check_with_outline`](Self::fast_check_with_outline) leaves undecided.
    pub fn outline<'s>(&'s mut self, record: &'s [u8]) -> Option<Outline<'s>> {
        let head = outline::parse(record, &mut self.scratch.slots)?;
        Some(Outline::new(record, head, &self.scratch.slots))
    }

    /// The same report as [`Validator::check`] gives, whatever the bytes are; of most valid records much sooner.
    #[must_use]
    pub fn check(&mut self, record: &[u8], at: Position) -> Report {
        let validator = self.validator;
        let accepted = match self.fast_check(record) {
            FastCheck::Valid(accepted) => accepted,
            FastCheck::Undecided => return validator.check(record, at),
        };
        match (accepted.event(), accepted.told(record, at)) {
            (Some(event), Some(findings)) => Report { subject: Subject::Known(event), findings, left_out: 0 },
            _ => validator.check(record, at),
        }
    }

    /// Whether the record is valid, and nothing else: the same as [`check`](Self::check) says, sooner, as nothing is kept of
    /// it.
    #[must_use]
    pub fn is_valid(&mut self, record: &[u8]) -> bool {
        let scratch = &mut self.scratch;
        let proven = if self.portable {
            Scanner::<Portable, VALIDITY>::new(record, scratch).record()
        } else {
            Scanner::<Native, VALIDITY>::new(record, scratch).record()
        };
        proven.is_some() || self.validator.is_valid(record)
    }

    fn scan<S: Scan, const KEEP: u8>(&mut self, record: &[u8]) -> FastCheck<'_> {
        let Some((event, name)) = Scanner::<S, KEEP>::new(record, &mut self.scratch).record() else {
            return FastCheck::Undecided;
        };
        FastCheck::Valid(Accepted {
            validator: self.validator,
            event: event.and_then(|index| catalog::EVENTS.get(index)),
            name,
            notices: self.scratch.notices(),
            slots: &self.scratch.slots,
        })
    }
}

impl fmt::Debug for Checker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checker").field("validator", self.validator).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 9] = [
        r#""CloudConnexaLogVersion":1"#,
        r#""timestamp":"2023-12-20T10:45:14.000000Z""#,
        r#""cloudId":"example-corp""#,
        r#""service":"CloudConnexa""#,
        r#""traceId":"693bbbde-626d-4940-ac2b-4e75efb49bf7""#,
        r#""initiator":"user@example.com""#,
        r#""initiatorType":"User""#,
        r#""category":"Activity.Admin""#,
        r#""eventName":"test-message""#,
    ];

    fn record(order: [usize; 9]) -> Vec<u8> {
        format!("{{{}}}", order.map(|field| FIELDS[field]).join(",")).into_bytes()
    }

    #[test]
    fn who_saw_no_order_sees_that_there_is_one_again() {
        let validator = Validator::new();
        let mut checker = validator.checker();
        let mut mispredicts = |order| {
            assert!(checker.is_valid(&record(order)));
            checker.scratch.mispredicts[0]
        };
        // What follows on what has to be seen once.
        mispredicts([0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(mispredicts([0, 1, 2, 3, 4, 5, 6, 7, 8]), 0);
        assert_eq!(mispredicts([8, 3, 0, 6, 1, 5, 2, 7, 4]), 3);
        assert_eq!(mispredicts([5, 0, 7, 2, 8, 1, 3, 6, 4]), 3);
        // Two who write all but the first field in the same order, by turns.
        for _ in 0..2 {
            mispredicts([1, 0, 2, 3, 4, 5, 6, 7, 8]);
            mispredicts([2, 0, 1, 3, 4, 5, 6, 7, 8]);
        }
        assert_eq!(mispredicts([1, 0, 2, 3, 4, 5, 6, 7, 8]), 0);
        assert_eq!(mispredicts([2, 0, 1, 3, 4, 5, 6, 7, 8]), 0);
    }
}
