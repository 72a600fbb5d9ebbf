//! UUIDs that keep their letter case.

use super::spelled::{Spelled, Spelling};

/// A UUID in its hyphenated form, in the letter case that it came in.
///
/// It derefs to [`uuid::Uuid`].
pub type Uuid = Spelled<uuid::Uuid>;

/// The length of the hyphenated form; no other form has it.
const HYPHENATED: usize = 36;

impl Spelling for uuid::Uuid {
    const EXPECTED: &'static str = "a UUID in its hyphenated form";
    const FORMATS: &'static [&'static str] = &["uuid"];

    fn parse(text: &str) -> Option<Self> {
        (text.len() == HYPHENATED).then(|| uuid::Uuid::try_parse(text).ok()).flatten()
    }
}
