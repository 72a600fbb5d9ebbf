//! The schema as tables: events, their fields, and the known values of open vocabularies.
//!
//! The tables are generated from the schema (`cargo xtask codegen`). This module defines their types.

#[rustfmt::skip]
#[path = "generated/catalog.rs"]
mod generated;

use std::collections::HashSet;
use std::sync::OnceLock;

pub(crate) use generated::ENVELOPE;
pub use generated::{EVENTS, HEADER, LOG_VERSIONS};

/// An event that the schema describes.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub struct EventSpec {
    /// Its `eventName`, such as `client-disconnected`.
    pub name: &'static str,
    /// A title of a few words.
    pub title: &'static str,
    /// A description of the event, as Markdown.
    pub description: &'static str,
    /// The fields of its `log`, in the order of the schema. `None` if it carries no `log`.
    pub log: Option<&'static [FieldSpec]>,
}

/// A field that the schema describes.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub struct FieldSpec {
    /// Its key in the JSON, such as `sessionBytesIn`.
    pub name: &'static str,
    /// Whether an event without it is invalid.
    pub required: bool,
    /// Whether its value may be null.
    pub nullable: bool,
    /// Whether the vendor announced its removal.
    pub deprecated: bool,
    /// The field of the same object that replaces a deprecated one.
    pub replaced_by: Option<&'static str>,
    /// The kind of its value.
    pub kind: Kind,
    /// A description of the field, including its unit, as Markdown.
    pub description: &'static str,
    /// How the field is known.
    pub provenance: Provenance,
}

/// The kind of value that a field takes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// Any string.
    String,
    /// An integer within bounds.
    Integer {
        /// Inclusive lower bound.
        minimum: u64,
        /// Inclusive upper bound.
        maximum: u64,
        /// The values known so far, if the vendor may add others. Else empty.
        known: &'static [u64],
    },
    /// A string with one of these formats of JSON Schema: `date-time`, `uuid`, `ipv4`, `ipv6`.
    Format {
        /// The formats, of which one must match.
        formats: &'static [&'static str],
        /// Whether an empty string is valid, too.
        or_empty: bool,
    },
    /// One string of a closed list.
    Constant(&'static [&'static str]),
    /// Any string. These are the known ones.
    Vocabulary(&'static [KnownValue]),
}

/// A known value of an open vocabulary.
#[derive(Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KnownValue {
    /// The string itself.
    pub value: &'static str,
    /// A description of the value.
    pub description: &'static str,
    /// How the value is known.
    pub provenance: Provenance,
}

/// The source of a statement about the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// The vendor's documentation describes it.
    Documented,
    /// It occurs in an example or a repository of the vendor, but in no table of fields.
    Example,
    /// Seen by people who read real logs.
    RealData,
    /// Inferred from the rest.
    Inferred,
}

/// Returns the event named `name`, if the schema describes it.
pub fn event(name: &str) -> Option<&'static EventSpec> {
    EVENTS.iter().find(|event| event.name == name)
}

/// Returns whether some field that the schema describes has this name.
pub(crate) fn has_field(name: &str) -> bool {
    static NAMES: OnceLock<HashSet<&str>> = OnceLock::new();
    let names = || {
        let logs = EVENTS.iter().filter_map(|event| event.log).flatten();
        let fields = HEADER.iter().chain(logs).map(|field| field.name);
        fields.chain(ENVELOPE.iter().map(|(name, _)| *name)).collect()
    };
    NAMES.get_or_init(names).contains(name)
}

/// Returns whether `name` looks like the name of an event: at most 64 ASCII lower-case letters, digits and hyphens, of
/// which the first is a letter.
///
/// Such a name is shown even where values of events are [masked](crate::Finding::masked). Any other `eventName` may be a
/// value that got into the wrong field, and stays hidden.
///
/// # Examples
///
/// ```
/// use cloudconnexa_validator::catalog::is_plausible_name;
///
/// assert!(is_plausible_name("user-created"));
/// assert!(!is_plausible_name("hunter2!") && !is_plausible_name(""));
/// ```
#[must_use]
pub fn is_plausible_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_known_events_are_plausible_and_odd_texts_are_not() {
        assert!(EVENTS.iter().all(|event| is_plausible_name(event.name)));
        let longest = "e".repeat(64);
        for name in ["a", "user-created", "v2-event", &longest] {
            assert!(is_plausible_name(name), "{name}");
        }
        let longer = "e".repeat(65);
        for name in ["", "-a", "2fa", "User-created", "user created", "user_created", "ü", "a@b", &longer] {
            assert!(!is_plausible_name(name), "{name}");
        }
    }
}
