//! An example of the values of a field.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::prefix;
use cloudconnexa_events::UtcMicros;

/// The greatest length of an example, in bytes.
const MAX_BYTES: usize = 120;

/// An example of many values: the one with the earliest timestamp and, of those, the least in byte order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Example {
    /// The timestamp of the event that has the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<UtcMicros>,
    /// The value as JSON, with every letter and digit replaced. A long value is cut at 120 bytes and ends with `…`.
    pub masked: String,
    /// The value as JSON, unless the profile is masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Example {
    pub(crate) fn new(raw: &str, at: Option<UtcMicros>) -> Self {
        let value = match raw.len() {
            ..=MAX_BYTES => raw.to_owned(),
            _ => format!("{}…", prefix(raw, MAX_BYTES)),
        };
        let masked = if raw == "null" { value.clone() } else { value.chars().map(mask).collect() };
        Self { at, masked, value: Some(value) }
    }

    pub(super) fn mask(&mut self) {
        self.value = None;
    }

    /// Replaces the example by another one that comes before it.
    pub(crate) fn keep_first(&mut self, other: Self) {
        let time = |one: &Self| (one.at.is_none(), one.at);
        let is_before = time(&other)
            .cmp(&time(self))
            .then_with(|| (&other.masked, &other.value).cmp(&(&self.masked, &self.value)))
            .is_lt();
        if is_before {
            *self = other;
        }
    }
}

fn mask(c: char) -> char {
    match c {
        'a'..='z' => 'a',
        'A'..='Z' => 'A',
        '0'..='9' => '9',
        ' '..='~' | '…' => c,
        _ => 'x',
    }
}
