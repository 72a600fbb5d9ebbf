//! The checker: the entry point of the fast tier, and what it keeps from record to record.

use std::fmt;

use super::accepted::{Accepted, FastCheck};
use super::scan::{Native, Portable, Scan};
use super::scanner::{NOTICES, OUTLINE, Scanned, Scanner, Scratch, VALIDITY, VIEW};
use super::tables::LOGS;
use crate::catalog;
use crate::outline::{self, Outline};
use crate::position::Position;
use crate::report::{Report, Subject};
use crate::validator::Validator;
use crate::view::EventView;

/// Checks many records quickly. Create one per thread.
///
/// It tries the fast tier first, and remembers the order of keys, which the next record usually repeats.
///
/// # Examples
///
/// ```
/// use cloudconnexa_validator::Validator;
///
/// let validator = Validator::new();
/// let mut checker = validator.checker();
/// assert!(!checker.is_valid(b"{}"));
/// ```
pub struct Checker<'v> {
    validator: &'v Validator,
    scratch: Scratch,
    scan: ScanKind,
}

/// How the fast tier scans.
#[derive(Clone, Copy, PartialEq)]
enum ScanKind {
    Native,
    /// Without SIMD.
    Portable,
    /// Not at all: its tables are not made from the schema of the validator.
    Off,
}

impl Validator {
    /// Creates a checker, which tries the fast tier first. Create one per thread.
    #[must_use]
    pub fn checker(&self) -> Checker<'_> {
        let scan = if self.has_fast_tier() { ScanKind::Native } else { ScanKind::Off };
        Checker { validator: self, scratch: Scratch::new(1 + LOGS.len()), scan }
    }

    /// Creates a checker that scans without SIMD, as on machines without an implementation of their own. For tests.
    #[doc(hidden)]
    #[must_use]
    pub fn portable_checker(&self) -> Checker<'_> {
        let checker = self.checker();
        let scan = if checker.scan == ScanKind::Off { ScanKind::Off } else { ScanKind::Portable };
        Checker { scan, ..checker }
    }
}

impl<'v> Checker<'v> {
    pub(crate) fn validator(&self) -> &'v Validator {
        self.validator
    }

    /// Runs the fast tier alone: proves a record valid, or leaves it undecided.
    ///
    /// It passes over the bytes once and allocates nothing.
    pub fn fast_check<'s>(&'s mut self, record: &[u8]) -> FastCheck<'s> {
        match self.scan {
            ScanKind::Native => self.scan::<Native, NOTICES>(record),
            ScanKind::Portable => self.scan::<Portable, NOTICES>(record),
            ScanKind::Off => FastCheck::Undecided,
        }
    }

    /// Like [`fast_check`](Self::fast_check), and records where each field is: a valid record has an
    /// [outline](Accepted::outline).
    pub fn fast_check_with_outline<'s>(&'s mut self, record: &[u8]) -> FastCheck<'s> {
        match self.scan {
            ScanKind::Native => self.scan::<Native, OUTLINE>(record),
            ScanKind::Portable => self.scan::<Portable, OUTLINE>(record),
            ScanKind::Off => FastCheck::Undecided,
        }
    }

    /// Runs the fast tier alone over the first record of `text`, which has to start at the first byte and to end before the
    /// first line feed. Returns that record, if it is valid.
    ///
    /// It thus takes the place of a search for the end of the line. `None` leaves the record undecided, wherever it ends.
    pub fn fast_check_line<'s, 'a>(&'s mut self, text: &'a [u8]) -> Option<(&'a [u8], Accepted<'s>)> {
        self.scan_line::<NOTICES>(text)
    }

    /// Like [`fast_check_line`](Self::fast_check_line), and records where each field is.
    pub fn fast_check_line_with_outline<'s, 'a>(
        &'s mut self,
        text: &'a [u8],
    ) -> Option<(&'a [u8], Accepted<'s>)> {
        self.scan_line::<OUTLINE>(text)
    }

    /// Returns the outline of any record that is a well-formed JSON object, valid or not.
    ///
    /// This parses the record. Use it for records that [`fast_check_with_outline`](Self::fast_check_with_outline) leaves
    /// undecided.
    pub fn outline<'s>(&'s mut self, record: &'s [u8]) -> Option<Outline<'s>> {
        let head = outline::parse(record, &mut self.scratch.slots)?;
        Some(Outline::new(record, head, &self.scratch.slots))
    }

    /// Returns the same report as [`Validator::check`], for most valid records much faster.
    #[must_use]
    pub fn check(&mut self, record: &[u8], at: Position) -> Report {
        let validator = self.validator;
        let accepted = match self.fast_check(record) {
            FastCheck::Valid(accepted) => accepted,
            FastCheck::Undecided => return validator.check(record, at),
        };
        match (accepted.event(), accepted.cheap_findings(record, at)) {
            (Some(event), Some(findings)) => Report { subject: Subject::Known(event), findings, left_out: 0 },
            _ => validator.check_proven(record, at),
        }
    }

    /// Returns whether a record is valid. The fastest way to ask: it keeps nothing but the answer.
    #[must_use]
    pub fn is_valid(&mut self, record: &[u8]) -> bool {
        let scratch = &mut self.scratch;
        let proven = match self.scan {
            ScanKind::Native => Scanner::<Native, VALIDITY>::new(record, scratch).record(),
            ScanKind::Portable => Scanner::<Portable, VALIDITY>::new(record, scratch).record(),
            ScanKind::Off => None,
        };
        proven.is_some() || self.validator.is_valid(record)
    }

    /// Checks a record, and returns a [view](crate::view) of its fields if it is valid.
    ///
    /// One pass does both. `None` means that the record is invalid, which [`check`](Self::check) explains, or not shorter than
    /// 4 GiB. With [another schema](Validator::for_schema), the fast tier has to find that the record is valid by the built-in
    /// schema, too: accessors are made from that one.
    ///
    /// # Examples
    ///
    /// ```
    /// use cloudconnexa_validator::Validator;
    ///
    /// # let record = include_bytes!("../../../../tests/corpus/documented/client-disconnected-v1.json");
    /// let validator = Validator::new();
    /// let mut checker = validator.checker();
    /// let event = checker.view(record).expect("it is valid");
    /// assert_eq!((&*event.name(), &*event.header().cloud_id()), ("client-disconnected", "test"));
    /// assert!(checker.view(b"{}").is_none());
    /// ```
    #[must_use]
    pub fn view<'a>(&mut self, record: &'a [u8]) -> Option<EventView<'a>> {
        if self.scan == ScanKind::Off && !self.validator.is_valid(record) {
            return None;
        }
        let scratch = &mut self.scratch;
        let proven = match self.scan {
            ScanKind::Portable => Scanner::<Portable, VIEW>::new(record, scratch).record(),
            ScanKind::Native | ScanKind::Off => Scanner::<Native, VIEW>::new(record, scratch).record(),
        };
        match proven {
            Some(Scanned { event, .. }) => {
                let Scratch { placed, slots, .. } = scratch;
                Some(EventView::of_scan(record, event, placed, slots))
            }
            // What a view promises of its fields, only the built-in schema does.
            None if self.scan == ScanKind::Off => None,
            None => self.view_of_undecided(record),
        }
    }

    /// Like [`view`](Self::view), for the first record of `text`, which has to start at the first byte and to end before the first
    /// line feed: [`EventView::record`] is that record. `None` leaves it undecided.
    ///
    /// It thus takes the place of a search for the end of the line.
    #[must_use]
    pub fn view_line<'a>(&mut self, text: &'a [u8]) -> Option<EventView<'a>> {
        let scratch = &mut self.scratch;
        let Scanned { event, len, .. } = match self.scan {
            ScanKind::Native => Scanner::<Native, VIEW>::new(text, scratch).line(),
            ScanKind::Portable => Scanner::<Portable, VIEW>::new(text, scratch).line(),
            ScanKind::Off => None,
        }?;
        let Scratch { placed, slots, .. } = scratch;
        Some(EventView::of_scan(text.get(..len)?, event, placed, slots))
    }

    #[cold]
    fn view_of_undecided<'a>(&mut self, record: &'a [u8]) -> Option<EventView<'a>> {
        if !self.validator.is_valid(record) {
            return None;
        }
        let slots = &mut self.scratch.slots;
        let head = outline::parse(record, slots)?;
        Some(EventView::of_outline(record, &head, slots))
    }

    fn scan<S: Scan, const KEEP: u8>(&mut self, record: &[u8]) -> FastCheck<'_> {
        match Scanner::<S, KEEP>::new(record, &mut self.scratch).record() {
            Some(scanned) => FastCheck::Valid(self.accepted(scanned)),
            None => FastCheck::Undecided,
        }
    }

    fn scan_line<'s, 'a, const KEEP: u8>(&'s mut self, text: &'a [u8]) -> Option<(&'a [u8], Accepted<'s>)> {
        let scratch = &mut self.scratch;
        let scanned = match self.scan {
            ScanKind::Native => Scanner::<Native, KEEP>::new(text, scratch).line(),
            ScanKind::Portable => Scanner::<Portable, KEEP>::new(text, scratch).line(),
            ScanKind::Off => None,
        }?;
        Some((text.get(..scanned.len)?, self.accepted(scanned)))
    }

    fn accepted(&self, scanned: Scanned) -> Accepted<'_> {
        Accepted {
            validator: self.validator,
            event: scanned.event.and_then(|index| catalog::EVENTS.get(index)),
            name: scanned.name,
            notices: self.scratch.notices(),
            slots: &self.scratch.slots,
        }
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
    fn an_order_is_recognized_again_after_records_without_one() {
        let validator = Validator::new();
        let mut checker = validator.checker();
        let mut mispredicts = |order| {
            assert!(checker.is_valid(&record(order)));
            checker.scratch.mispredicts[0]
        };
        // The first record teaches the order.
        mispredicts([0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(mispredicts([0, 1, 2, 3, 4, 5, 6, 7, 8]), 0);
        assert_eq!(mispredicts([8, 3, 0, 6, 1, 5, 2, 7, 4]), 3);
        assert_eq!(mispredicts([5, 0, 7, 2, 8, 1, 3, 6, 4]), 3);
        // Two producers that differ only in the first field take turns.
        for _ in 0..2 {
            mispredicts([1, 0, 2, 3, 4, 5, 6, 7, 8]);
            mispredicts([2, 0, 1, 3, 4, 5, 6, 7, 8]);
        }
        assert_eq!(mispredicts([1, 0, 2, 3, 4, 5, 6, 7, 8]), 0);
        assert_eq!(mispredicts([2, 0, 1, 3, 4, 5, 6, 7, 8]), 0);
    }
}
