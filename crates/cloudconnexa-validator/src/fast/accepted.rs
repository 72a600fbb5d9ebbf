//! What the fast tier says of a record.

use std::ops::Range;

use crate::catalog::EventSpec;
use crate::finding::Finding;
use crate::position::Position;
use crate::rules::{self, Rule};
use crate::validator::Validator;

/// What the fast tier says of a record.
#[derive(Debug)]
pub enum Judgement<'s> {
    /// It is valid: the explaining tier finds no error either.
    Valid(Accepted<'s>),
    /// It may be either; the explaining tier tells.
    Undecided,
}

/// A record that is valid, and what is worth knowing about it.
#[derive(Debug)]
pub struct Accepted<'s> {
    pub(super) validator: &'s Validator,
    pub(super) event: Option<&'static EventSpec>,
    pub(super) name: Range<usize>,
    pub(super) notices: &'s [Notice],
}

/// Something worth knowing about a valid record: what the explaining tier tells by a warning.
///
/// It names bytes of the record and nothing else, so that it costs nothing to make, and to count by what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    pub(super) noticed: Noticed,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// What is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Noticed {
    /// The schema does not describe this field of this object.
    UnknownField(Owner),
    /// The schema does not describe this event.
    UnknownEvent,
    /// The event follows definitions of a version that the schema does not describe.
    UnknownVersion,
}

/// The object that a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// The record itself.
    Header,
    /// Its `log`.
    Log,
}

impl Accepted<'_> {
    /// The event, if the schema describes it.
    #[must_use]
    pub fn event(&self) -> Option<&'static EventSpec> {
        self.event
    }

    /// Where the name of the event stands in the record, without quotes. It has no escapes.
    #[must_use]
    pub fn name(&self) -> Range<usize> {
        self.name.clone()
    }

    /// What is worth knowing, in the order of the text.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        self.notices
    }

    /// The notices as findings, one for one. `record` is the record that was judged; its first byte stands at `at`.
    ///
    /// This is the explaining tier at work: for what is shown, not for each record.
    #[must_use]
    pub fn findings(&self, record: &[u8], at: Position) -> Vec<Finding> {
        if self.notices.is_empty() {
            return Vec::new();
        }
        self.validator.check(record, at).findings
    }
}

impl Notice {
    /// What is noticed.
    #[must_use]
    pub fn noticed(&self) -> Noticed {
        self.noticed
    }

    /// The rule that the finding is one of.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        match self.noticed {
            Noticed::UnknownField(_) => &rules::unknown_field::RULE,
            Noticed::UnknownEvent => &rules::unknown_event::RULE,
            Noticed::UnknownVersion => &rules::unknown_version::RULE,
        }
    }

    /// Where it stands in the record: the key of the field or the value, quotes included; never with escapes.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}
