//! `not-utf8`: bytes that are not UTF-8.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "not-utf8",
    severity: Severity::Error,
    summary: "the record is not UTF-8",
    explanation: "\
JSON is exchanged as UTF-8. A record with other bytes cannot be read as text, so nothing else about it is checked.
Such bytes come from a file in another encoding, from a tool that cut a string in the middle of a character, or from a
damaged file.

## Example

The name `Zürich` in Latin-1 has the byte `fc` where UTF-8 has the two bytes `c3 bc`.

## What to do

Get the log from its source again. If one of your tools rewrote it, have that tool write UTF-8.
",
};

/// Bytes that are not UTF-8.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NotUtf8 {
    bytes: Box<[u8]>,
    /// The record ends within a character.
    is_cut_off: bool,
}

impl NotUtf8 {
    pub(crate) fn new(bytes: &[u8], is_cut_off: bool) -> Self {
        // The decoder gives up within one character.
        Self { bytes: bytes[..bytes.len().min(4)].into(), is_cut_off }
    }
}

impl Describe for NotUtf8 {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, masking: Masking) -> Text {
        let hex = || self.bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
        let message = match (&*self.bytes, masking) {
            _ if self.is_cut_off => "the record ends in the middle of a character".to_owned(),
            ([_], Masking::Shown) => format!("the byte `{}` is not UTF-8", hex()),
            ([_], Masking::Masked) => "a byte of the record is not UTF-8".to_owned(),
            (_, Masking::Shown) => format!("the bytes `{}` are not UTF-8", hex()),
            (_, Masking::Masked) => "some bytes of the record are not UTF-8".to_owned(),
        };
        let help = "convert the file to UTF-8, or get it from its source again";
        Text::new(message, "not UTF-8", Some(help.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::show;

    #[test]
    fn invalid_bytes_are_reported_at_their_position() {
        let records: [(&str, &[u8]); 5] = [
            ("in a value", b"{\"cloudId\": \"Z\xfcrich\"}"),
            ("in a key, after a character of two bytes", b"{\n\"\xc3\xbc\xff\": 1}"),
            ("a character cut short by another", b"{\"a\": \"\xf0\x9f\xa6x\"}"),
            ("at the end", b"{\"a\": \"\xf0\x9f"),
            ("UTF-16", b"\xff\xfe{\0}\0"),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }
}
