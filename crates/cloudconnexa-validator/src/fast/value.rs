//! The values of fields that the schema describes.

use std::ops::Range;

use super::accepted::NoticeKind;
use super::scan::Scan;
use super::scanner::{Advance, Scanner};
use super::table::{Field, Kind};
use super::vocabulary::Vocabulary;
use super::window::window;
use crate::rules::string_null::NULL;
use crate::scope::Scope;

impl<S: Scan, const KEEP: u8> Scanner<'_, S, KEEP> {
    /// Like [`value`](Self::value), but not inlined into the caller.
    #[inline(never)]
    pub(super) fn value_outlined(
        &mut self,
        at: usize,
        key: usize,
        field: &'static Field,
        id: usize,
    ) -> Advance {
        self.value(at, key, field, id)
    }

    /// Scans the value of a field at `at`. Its key is at `key`, in the object with this id.
    #[inline(always)]
    pub(super) fn value(&mut self, at: usize, key: usize, field: &'static Field, id: usize) -> Advance {
        if Self::KEEPS_NOTICES && field.is_deprecated {
            self.deprecated(key, field, id)?;
        }
        // Two fields of three are free text. A branch for them is predicted better than the jump table of the match. Known
        // values of a vocabulary do not matter for validity.
        if matches!(field.kind, Kind::Text)
            || !Self::KEEPS_NOTICES && matches!(field.kind, Kind::Vocabulary(_))
        {
            return self.free_text(at, field, id);
        }
        match field.kind {
            Kind::NullableText if self.starts_with(at, b"null") => Some(at + 4),
            Kind::Text | Kind::NullableText => self.free_text(at, field, id),
            Kind::Vocabulary(vocabulary) => self.word(at, vocabulary, field, id),
            Kind::Boolean if self.starts_with(at, b"true") => Some(at + 4),
            Kind::Boolean if self.starts_with(at, b"false") => Some(at + 5),
            Kind::Boolean => None,
            Kind::Integer { minimum, maximum } => self.integer(at, minimum, maximum).map(|(end, _)| end),
            Kind::Version { minimum, maximum } => self.version(at, minimum, maximum),
            Kind::DateTime => self.date_time(at),
            Kind::Uuid => self.uuid(at),
            Kind::Ipv4 => self.ipv4(at),
            Kind::Ipv6 => self.ipv6(at),
            Kind::IpOrEmpty if self.starts_with(at, b"\"\"") => Some(at + 2),
            Kind::Ip | Kind::IpOrEmpty => self.ip(at),
            Kind::Constant(values) => self.constant(at, values),
            Kind::EventName => self.event_name(at),
            Kind::Log => self.log(key, at),
        }
    }

    /// Scans any string.
    #[inline(always)]
    fn free_text(&mut self, at: usize, field: &'static Field, id: usize) -> Advance {
        let end = self.quoted(at)?;
        if Self::KEEPS_NOTICES && self.is_null(at, end) {
            self.string_null(at..end, field, id)?;
        }
        Some(end)
    }

    /// Adds a notice about a deprecated field. Not inlined, like the next one: both are rare, and [`value`](Self::value) is
    /// inlined into the loop over fields, which needs the registers.
    #[inline(never)]
    fn deprecated(&mut self, key: usize, field: &'static Field, id: usize) -> Option<()> {
        let kind = NoticeKind::DeprecatedField(Scope::of(id), field.name());
        let end = self.quoted(key)?;
        self.notice(kind, key..end)
    }

    /// Adds a notice about the string `"null"`.
    #[inline(never)]
    fn string_null(&mut self, value: Range<usize>, field: &'static Field, id: usize) -> Option<()> {
        self.notice(NoticeKind::StringNull(Scope::of(id), field.name()), value)
    }

    /// Returns whether a string is `"null"`.
    #[inline(always)]
    pub(super) fn is_null(&self, start: usize, end: usize) -> bool {
        end - start == NULL.len() && self.starts_with(start, NULL.as_bytes())
    }

    /// Scans a string of an open vocabulary.
    #[inline(always)]
    fn word(&mut self, at: usize, vocabulary: &Vocabulary, field: &'static Field, id: usize) -> Advance {
        let end = self.quoted(at)?;
        if vocabulary.has::<S>(self.record, at + 1, end - 1) {
            return Some(end);
        }
        self.other_word(at..end, vocabulary, field, id)
    }

    #[inline(never)]
    fn other_word(
        &mut self,
        range: Range<usize>,
        vocabulary: &Vocabulary,
        field: &'static Field,
        id: usize,
    ) -> Advance {
        let kind = match &self.record[range.clone()] {
            b"\"\"" => return Some(range.end),
            text if text == NULL.as_bytes() => NoticeKind::StringNull(Scope::of(id), field.name()),
            text if text.contains(&b'\\') && vocabulary.has_escaped(&text[1..text.len() - 1]) => {
                return Some(range.end);
            }
            _ => NoticeKind::UnfamiliarValue(Scope::of(id), field.name()),
        };
        self.notice(kind, range.clone())?;
        Some(range.end)
    }

    #[inline(always)]
    fn uuid(&self, at: usize) -> Advance {
        let is_quoted = self.byte(at) == b'"' && self.byte(at + 37) == b'"';
        (is_quoted && window!(S::is_uuid, self.record, at + 1)).then_some(at + 38)
    }

    #[inline(always)]
    fn constant(&self, at: usize, values: &[&str]) -> Advance {
        if self.byte(at) != b'"' {
            return None;
        }
        values.iter().find_map(|value| {
            let end = at + 1 + value.len();
            (self.starts_with(at + 1, value.as_bytes()) && self.byte(end) == b'"').then_some(end + 1)
        })
    }
}
