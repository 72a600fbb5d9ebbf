//! What the fast tier says of a record.

use std::ops::Range;

use crate::catalog::{self, EventSpec, FieldSpec};
use crate::finding::{Finding, Place};
use crate::outline::{Head, Outline, Slot};
use crate::position::{Position, Span, after_chunk};
use crate::rules::deprecated_field::DeprecatedField;
use crate::rules::string_null::StringNull;
use crate::rules::unfamiliar_value::UnfamiliarValue;
use crate::rules::unknown_event::UnknownEvent;
use crate::rules::unknown_version::UnknownVersion;
use crate::rules::{self, Detail, Rule};
use crate::tape::decode;
use crate::validator::Validator;
use crate::wording::Excerpt;

/// What the fast tier says of a record.
#[derive(Debug)]
pub enum FastCheck<'s> {
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
    pub(super) slots: &'s [Slot],
}

/// Something worth knowing about a valid record: what the explaining tier tells by a warning or a note.
///
/// It names bytes of the record and nothing else, so that it costs nothing to make, and to count by what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    pub(super) kind: NoticeKind,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// What is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoticeKind {
    /// The schema does not describe this field of this object.
    UnknownField(Scope),
    /// The schema does not describe this event.
    UnknownEvent,
    /// The event follows definitions of a version that the schema does not describe.
    UnknownVersion,
    /// The schema describes a field of this object by this name, which differs from the one that stands there in the
    /// case of its letters.
    FieldCase(Scope, &'static str),
    /// The vendor announced that this field of this object goes away.
    DeprecatedField(Scope, &'static str),
    /// The value of this field of this object is the string `"null"`.
    StringNull(Scope, &'static str),
    /// The value of this field of this object is none that the schema knows of.
    UnfamiliarValue(Scope, &'static str),
}

/// The object that a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// The record itself.
    Header,
    /// Its `log`.
    Log,
}

impl Scope {
    /// The object that is `id` among the orders of keys: first the header, then the `log` of each event.
    pub(super) fn of(id: usize) -> Self {
        if id == 0 { Self::Header } else { Self::Log }
    }

    /// The pointer to a field of it, whose name is one of the schema's.
    pub(crate) fn pointer(self, name: &str) -> String {
        let object = match self {
            Self::Header => "/",
            Self::Log => "/log/",
        };
        [object, name].concat()
    }
}

impl<'s> Accepted<'s> {
    /// Where each field of `record` stands, which is the one that was judged; `None` if it was judged without
    /// [keeping that](crate::Checker::fast_check_with_outline).
    #[must_use]
    pub fn outline<'o>(&self, record: &'o [u8]) -> Option<Outline<'o>>
    where
        's: 'o,
    {
        // Each has fields: else it could not be valid.
        (!self.slots.is_empty()).then(|| {
            let name = self.name.start - 1..self.name.end + 1;
            Outline::new(record, Head { event: self.event, name: Some(name) }, self.slots)
        })
    }

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
    /// Where a field is not known this is the explaining tier at work: for what is shown, not for each record.
    #[must_use]
    pub fn findings(&self, record: &[u8], at: Position) -> Vec<Finding> {
        self.told(record, at).unwrap_or_else(|| self.validator.check(record, at).findings)
    }

    /// The notices as findings, if none of them needs a look at the rest of the record.
    pub(super) fn told(&self, record: &[u8], at: Position) -> Option<Vec<Finding>> {
        let mut findings = Vec::with_capacity(self.notices.len());
        let mut behind = (0, at);
        for notice in self.notices {
            findings.push(self.finding(*notice, record, &mut behind)?);
        }
        Some(findings)
    }

    /// `behind`: a place in front of the notice, and its position; then that of its end.
    fn finding(
        &self,
        notice: Notice,
        record: &[u8],
        (offset, at): &mut (usize, Position),
    ) -> Option<Finding> {
        let (start, end) = (notice.range().start, notice.range().end);
        let raw = str::from_utf8(record.get(start..end)?).ok()?;
        let (pointer, detail): (String, Detail) = match notice.kind {
            NoticeKind::UnknownField(_) | NoticeKind::FieldCase(..) => return None,
            NoticeKind::UnknownEvent => {
                let name = raw.get(1..raw.len() - 1)?;
                (Scope::Header.pointer("eventName"), UnknownEvent::new(name).into())
            }
            NoticeKind::UnknownVersion => {
                let raw = Excerpt::of(raw);
                (Scope::Header.pointer("CloudConnexaLogVersion"), UnknownVersion { raw }.into())
            }
            NoticeKind::DeprecatedField(scope, name) => {
                (scope.pointer(name), DeprecatedField::new(self.spec(scope, name)?).into())
            }
            NoticeKind::StringNull(scope, name) => {
                (scope.pointer(name), StringNull::new(self.spec(scope, name)?).into())
            }
            NoticeKind::UnfamiliarValue(scope, name) => {
                let value = decode(raw.get(1..raw.len() - 1)?);
                (scope.pointer(name), UnfamiliarValue::new(self.spec(scope, name)?, raw, &value)?.into())
            }
        };
        let start_at = after_chunk(*at, record.get(*offset..start)?);
        let end_at = after_chunk(start_at, &record[start..end]);
        (*offset, *at) = (end, end_at);
        Some(Finding::new(Place { pointer, span: Span { start: start_at, end: end_at } }, detail))
    }

    fn spec(&self, scope: Scope, name: &str) -> Option<&'static FieldSpec> {
        let fields = match scope {
            Scope::Header => catalog::HEADER,
            Scope::Log => self.event?.log?,
        };
        fields.iter().find(|field| field.name == name)
    }
}

impl Notice {
    /// What is noticed.
    #[must_use]
    pub fn kind(&self) -> NoticeKind {
        self.kind
    }

    /// The rule that the finding is one of.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        match self.kind {
            NoticeKind::UnknownField(_) => &rules::unknown_field::RULE,
            NoticeKind::UnknownEvent => &rules::unknown_event::RULE,
            NoticeKind::UnknownVersion => &rules::unknown_version::RULE,
            NoticeKind::FieldCase(..) => &rules::field_case::RULE,
            NoticeKind::DeprecatedField(..) => &rules::deprecated_field::RULE,
            NoticeKind::StringNull(..) => &rules::string_null::RULE,
            NoticeKind::UnfamiliarValue(..) => &rules::unfamiliar_value::RULE,
        }
    }

    /// Where it stands in the record, quotes included; only a value may have escapes. It is the key of a field that is unknown,
    /// deprecated or in another case, and else the value.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}
