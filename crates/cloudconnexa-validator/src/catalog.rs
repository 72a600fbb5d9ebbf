//! What the schema says, as tables: the events, their fields and the known values of open vocabularies.
//!
//! The tables are generated from the schema (`cargo xtask codegen`); this module gives them their types.

#[rustfmt::skip]
#[path = "generated/catalog.rs"]
mod generated;

pub(crate) use generated::ENVELOPE;
pub use generated::{EVENTS, HEADER, LOG_VERSIONS};

/// An event that the schema describes.
#[derive(Debug)]
pub struct EventSpec {
    /// Its `eventName`, such as `client-disconnected`.
    pub name: &'static str,
    /// Its title, in a few words.
    pub title: &'static str,
    /// What it reports, as Markdown.
    pub description: &'static str,
    /// The fields of its `log`, in the order of the schema; `None` where it carries no `log`.
    pub log: Option<&'static [FieldSpec]>,
}

/// A field that the schema describes.
#[derive(Debug)]
pub struct FieldSpec {
    /// Its name in the JSON, such as `sessionBytesIn`.
    pub name: &'static str,
    /// Whether an event without it is invalid.
    pub required: bool,
    /// Whether its value may be null.
    pub nullable: bool,
    /// Whether the vendor announced that it goes away.
    pub deprecated: bool,
    /// The field of the same object that takes its place then.
    pub replaced_by: Option<&'static str>,
    /// What its value has to be.
    pub kind: Kind,
    /// What it tells, with its unit, as Markdown.
    pub description: &'static str,
    /// How it is known.
    pub provenance: Provenance,
}

/// What the value of a field has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// Any text.
    String,
    /// An integer from `minimum` to `maximum`, both included.
    Integer {
        /// The least.
        minimum: u64,
        /// The greatest.
        maximum: u64,
        /// The values known so far, where the vendor may add others.
        known: &'static [u64],
    },
    /// A string that is one of these formats of JSON Schema (`date-time`, `uuid`, `ipv4`, `ipv6`), or empty where
    /// `or_empty` says so.
    Format {
        /// The formats, of which one has to fit.
        formats: &'static [&'static str],
        /// Whether an empty string will do as well.
        or_empty: bool,
    },
    /// A string out of a closed list.
    Constant(&'static [&'static str]),
    /// Any text, of which these are known.
    Vocabulary(&'static [KnownValue]),
}

/// A known value of an open vocabulary.
#[derive(Debug, PartialEq)]
pub struct KnownValue {
    /// The text.
    pub value: &'static str,
    /// What it stands for.
    pub description: &'static str,
    /// How it is known.
    pub provenance: Provenance,
}

/// How something about the format is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The vendor's documentation describes it.
    Documented,
    /// It stands in an example or a repository of the vendor's, but in no field table.
    Example,
    /// Seen by people who read real logs.
    RealData,
    /// Inferred from the rest.
    Inferred,
}

/// The event named `name`, if the schema describes it.
pub fn event(name: &str) -> Option<&'static EventSpec> {
    EVENTS.iter().find(|event| event.name == name)
}

/// Whether a text can be the name of an event that the vendor means: at most 64 lower-case letters, digits and hyphens
/// of ASCII, the first of them a letter.
///
/// Such a name is told where values of events are [masked](crate::Finding::masked). Any other `eventName` may be
/// something that has got into the wrong place, and is not to be shown where others read.
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
    fn the_name_of_an_event_is_plain() {
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
