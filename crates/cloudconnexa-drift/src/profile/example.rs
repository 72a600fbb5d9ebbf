//! An example of the values of a field.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::prefix;
use cloudconnexa_events::UtcMicros;

/// The greatest length of an example, in bytes.
const MAX_BYTES: usize = 120;

/// The greatest length of a character in UTF-8.
const MAX_CHAR_BYTES: usize = 4;

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

/// The value of an [`Example`] as it is in the JSON, before it is masked: most are replaced by an earlier one.
#[derive(Clone, Debug)]
pub(crate) struct RawExample {
    /// The value, or as much of a long one as the example shows and a little more.
    raw: String,
}

impl RawExample {
    pub(crate) fn new(raw: &str) -> Self {
        Self { raw: shown_or_longer(raw).to_owned() }
    }

    /// Replaces the value.
    pub(crate) fn replace(&mut self, raw: &str) {
        self.raw.clear();
        self.raw.push_str(shown_or_longer(raw));
    }

    /// Replaces the value if the example of another one comes before its own, of the same time.
    pub(crate) fn keep_least(&mut self, raw: &str) {
        // Events often repeat each other's values.
        if self.raw == raw {
            return;
        }
        let own = shown(&self.raw);
        let is_before =
            masked(raw, shown(raw)).cmp(masked(&self.raw, own.clone())).then_with(|| shown(raw).cmp(own));
        if is_before.is_lt() {
            self.replace(raw);
        }
    }

    pub(crate) fn finish(self, at: Option<UtcMicros>) -> Example {
        let value: String = shown(&self.raw).collect();
        Example { at, masked: masked(&self.raw, shown(&self.raw)).collect(), value: Some(value) }
    }
}

/// Returns a value, without most of what the example of a long one leaves out.
fn shown_or_longer(raw: &str) -> &str {
    // Of a value that is too long, one more character is kept, so that it still is.
    prefix(raw, MAX_BYTES + MAX_CHAR_BYTES)
}

/// Returns the characters that an example shows of a value.
fn shown(raw: &str) -> impl Iterator<Item = char> + Clone {
    let end = if raw.len() > MAX_BYTES { "…" } else { "" };
    prefix(raw, MAX_BYTES).chars().chain(end.chars())
}

/// Masks the characters that an example shows of a value.
fn masked(raw: &str, shown: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let is_null = raw == "null";
    shown.map(move |c| if is_null { c } else { mask(c) })
}

impl Example {
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
