//! The owned event of a view.

use std::borrow::Cow;

use cloudconnexa_events::{Error, Event, Part, Parts};

use super::{EventView, LOG};
use crate::scope::Scope;

impl EventView<'_> {
    /// Makes the owned event of what the check of the record found, without parsing the record again.
    ///
    /// It is the same event that [`Event::from_slice`] returns, in less time.
    ///
    /// # Errors
    ///
    /// Returns the error of [`Event::from_slice`] if the types do not accept what the validator has accepted. No such record is
    /// known, and tests look for one.
    ///
    /// # Examples
    ///
    /// ```
    /// use cloudconnexa_events::Event;
    ///
    /// # let record = include_bytes!("../../../../tests/corpus/documented/client-disconnected-v1.json");
    /// let validator = cloudconnexa_validator::Validator::new();
    /// let mut checker = validator.checker();
    /// let view = checker.view(record).expect("it is valid");
    /// assert_eq!(view.to_event()?, Event::from_slice(record)?);
    /// # Ok::<(), cloudconnexa_events::Error>(())
    /// ```
    pub fn to_event(&self) -> Result<Event, Error> {
        let parse = || Event::from_slice(self.record);
        match self.text() {
            Some(record) => Event::from_parts(&TextParts { view: self, record }, parse),
            None => parse(),
        }
    }
}

/// The parts of a view. The record is checked for UTF-8 once rather than for each part.
struct TextParts<'v, 'a> {
    view: &'v EventView<'a>,
    record: &'a str,
}

impl<'a> Parts<'a> for TextParts<'_, 'a> {
    fn record(&self) -> &'a str {
        self.record
    }

    fn name(&self) -> Cow<'a, str> {
        self.view.name()
    }

    #[inline]
    fn header(&self, index: usize) -> Option<Part> {
        self.view.header.part(index)
    }

    #[inline]
    fn log(&self, index: usize) -> Option<Part> {
        self.view.log.part(index)
    }

    fn whole_log(&self) -> Option<&'a str> {
        let (start, end) = self.view.header.range(LOG)?;
        self.record.get(start..end)
    }

    fn has_unknown(&self) -> bool {
        !self.view.unknown.is_empty()
    }

    fn unknown(&self, in_log: bool) -> impl Iterator<Item = (Cow<'a, str>, &'a str)> {
        let scope = if in_log { Scope::Log } else { Scope::Header };
        let members = self.view.unknown_fields().filter(move |member| member.scope == scope);
        members.map(|member| (member.name(), member.value().as_str()))
    }

    fn may_have_escapes(&self) -> bool {
        self.view.may_have_escapes
    }
}
