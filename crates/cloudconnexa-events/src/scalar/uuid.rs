//! UUIDs that keep their letter case.

use super::spelled::{Scalar, Spelled};

/// A UUID in its hyphenated form that keeps its letter case.
///
/// It derefs to [`uuid::Uuid`].
pub type Uuid = Spelled<uuid::Uuid>;

/// The length of the hyphenated form. No other form that `uuid` parses has the same length.
const HYPHENATED: usize = 36;

impl Scalar for uuid::Uuid {
    const EXPECTED: &'static str = "a UUID in its hyphenated form";
    const FORMATS: &'static [&'static str] = &["uuid"];

    fn parse(text: &str) -> Option<Self> {
        (text.len() == HYPHENATED).then(|| uuid::Uuid::try_parse(text).ok()).flatten()
    }

    fn read(text: &str) -> Option<(Self, bool)> {
        Some((Self::parse(text)?, !text.bytes().any(|byte| byte.is_ascii_uppercase())))
    }
}
