//! The result of the fast tier: a valid record, and notices about it.

use std::ops::Range;

use crate::catalog::{self, EventSpec, FieldSpec};
use crate::describe::Location;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::outline::{Head, Outline, Slot};
use crate::position::{Position, Span, after_chunk};
use crate::rule::Rule;
use crate::rules::deprecated_field::DeprecatedField;
use crate::rules::string_null::StringNull;
use crate::rules::unfamiliar_value::UnfamiliarValue;
use crate::rules::unknown_event::UnknownEvent;
use crate::rules::unknown_version::UnknownVersion;
use crate::rules::{self, Detail};
use crate::scope::Scope;
use crate::tape;
use crate::validator::Validator;
use cloudconnexa_tape::decode;

/// The result of the fast tier.
#[derive(Debug)]
pub enum FastCheck<'s> {
    /// The record is valid. The explaining tier would find no error either.
    Valid(Accepted<'s>),
    /// The record may be valid or not. Ask the explaining tier, [`Validator::check`].
    Undecided,
}

/// A valid record, and what is worth knowing about it.
#[derive(Debug)]
pub struct Accepted<'s> {
    pub(super) validator: &'s Validator,
    pub(super) event: Option<&'static EventSpec>,
    pub(super) name: Range<usize>,
    pub(super) notices: &'s [Notice],
    pub(super) slots: &'s [Slot],
}

/// Something worth knowing about a valid record, which the explaining tier reports as a warning or a note.
///
/// It holds only offsets into the record, so making one and counting notices of a kind costs next to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    pub(super) kind: NoticeKind,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The subject of a notice. Names are those in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoticeKind {
    /// A field that the schema does not describe.
    UnknownField(Scope),
    /// An event that the schema does not describe.
    UnknownEvent,
    /// A version of the event definitions that the schema does not describe.
    UnknownVersion,
    /// A field whose name differs from this known one only in the case of letters.
    FieldCase(Scope, &'static str),
    /// A field whose removal the vendor announced.
    DeprecatedField(Scope, &'static str),
    /// A field whose value is the string `"null"`.
    StringNull(Scope, &'static str),
    /// A field whose value is not among those known to the schema.
    UnfamiliarValue(Scope, &'static str),
}

impl<'s> Accepted<'s> {
    /// Returns the outline of `record`, which must be the record that was checked.
    ///
    /// Returns `None` unless it was checked with
    /// [`Checker::fast_check_with_outline`](crate::Checker::fast_check_with_outline).
    #[must_use]
    pub fn outline<'o>(&self, record: &'o [u8]) -> Option<Outline<'o>>
    where
        's: 'o,
    {
        // A valid record has fields.
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

    /// The byte range of the name of the event in the record, without quotes. The name has no escapes.
    #[must_use]
    pub fn name(&self) -> Range<usize> {
        self.name.clone()
    }

    /// The notices, in the order of the text.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        self.notices
    }

    /// Returns the notices as findings, one for one.
    ///
    /// `record` is the record that was checked, and `at` the position of its first byte. If it has an unknown field, this
    /// runs the explaining tier, so call it for records that are reported rather than for all.
    #[must_use]
    pub fn findings(&self, record: &[u8], at: Position) -> Vec<Finding> {
        self.cheap_findings(record, at).unwrap_or_else(|| self.validator.check_proven(record, at).findings)
    }

    /// Returns the notices as findings, if none of them depends on the rest of the record.
    pub(super) fn cheap_findings(&self, record: &[u8], at: Position) -> Option<Vec<Finding>> {
        let mut findings = Vec::with_capacity(self.notices.len());
        let mut cursor = (0, at);
        for notice in self.notices {
            findings.push(self.finding(*notice, record, &mut cursor)?);
        }
        Some(findings)
    }

    /// Converts a notice. The last argument is an offset at or before the notice, with its position, and moves to its end.
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
                let event = tape::parse(str::from_utf8(record).ok()?).ok()?;
                (Scope::Header.pointer("eventName"), UnknownEvent::new(name, &event).into())
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
        Some(Finding::new(Location { pointer, span: Span { start: start_at, end: end_at } }, detail))
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
    /// The subject of the notice.
    #[must_use]
    pub fn kind(&self) -> NoticeKind {
        self.kind
    }

    /// The rule that reports it.
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

    /// Its byte range in the record, quotes included: the key of a field that is unknown, deprecated or in another case, else
    /// the value. Only a value may contain escapes.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}
