//! One value of many.

use serde::{Deserialize, Serialize};

use super::begin;
use crate::moment::Moment;

/// Bytes of an example.
const MOST: usize = 120;

/// One value of many: that with the least timestamp and, of those, the least text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Example {
    /// The timestamp of its event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// The value as JSON, with every letter and digit replaced; what is too long ends with `…`.
    pub masked: String,
    /// The value as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Example {
    pub(crate) fn of(raw: &str, at: Option<Moment>) -> Self {
        let value = match raw.len() {
            ..=MOST => raw.to_owned(),
            _ => format!("{}…", begin(raw, MOST)),
        };
        let masked = if raw == "null" { value.clone() } else { value.chars().map(mask).collect() };
        Self { at, masked, value: Some(value) }
    }

    pub(super) fn mask(&mut self) {
        self.value = None;
    }

    /// Takes the other one if it comes first.
    pub(crate) fn least(&mut self, other: Self) {
        let key = |one: &Self| (one.at.is_none(), one.at);
        let is_less = key(&other)
            .cmp(&key(self))
            .then_with(|| (&other.masked, &other.value).cmp(&(&self.masked, &self.value)))
            .is_lt();
        if is_less {
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

#[cfg(test)]
mod tests {
    use super::Example;

    #[test]
    fn what_is_masked_keeps_its_shape() {
        let example = |raw| Example::of(raw, None).masked;
        assert_eq!(example(r#""us-ord-DC1: ü""#), r#""aa-aaa-AA9: x""#);
        assert_eq!((example("-3.5e7"), example("null")), ("-9.9a9".to_owned(), "null".to_owned()));
        let long = Example::of(&"ü".repeat(100), None);
        assert_eq!((long.masked.chars().count(), long.masked.ends_with("x…")), (61, true));
    }
}
