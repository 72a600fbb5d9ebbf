//! `not-utf8`: bytes that are no text.

use super::Rule;
use crate::finding::{Finding, Place, Severity, Text};

pub(crate) static RULE: Rule = Rule {
    id: "not-utf8",
    severity: Severity::Error,
    summary: "the record is not UTF-8",
    explanation: "\
JSON is exchanged as UTF-8. A record with other bytes in it cannot be read as text, so nothing else about it is
judged. Such bytes come from a file in another encoding, from a tool that cut a string in the middle of a character, or
from a damaged file.

## Example

The name `Zürich` in Latin-1 has the byte `fc` where UTF-8 has the two bytes `c3 bc`.

## What to do

Take the log from its source again. If a tool of yours has rewritten it, have that tool write UTF-8.
",
};

/// `cut_off`: the record ends within a character.
pub(crate) fn finding(place: Place, bytes: &[u8], cut_off: bool) -> Finding {
    let help = Some("convert the file to UTF-8, or take it from its source again".to_owned());
    let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    let (message, masked) = match bytes {
        _ if cut_off => {
            let message = "the record ends in the middle of a character";
            (message.to_owned(), message)
        }
        [_] => (format!("the byte `{hex}` is not UTF-8"), "a byte of the record is not UTF-8"),
        _ => (format!("the bytes `{hex}` are not UTF-8"), "some bytes of the record are not UTF-8"),
    };
    let (text, masked) =
        (Text::new(message, "not UTF-8", help.clone()), Text::new(masked, "not UTF-8", help));
    Finding::new(&RULE, place, text, masked)
}

#[cfg(test)]
mod tests {
    use crate::testing::show;

    #[test]
    fn bytes_that_are_no_text_are_told_where_they_stand() {
        let records: [(&str, &[u8]); 5] = [
            ("in a value", b"{\"cloudId\": \"Z\xfcrich\"}"),
            ("in a key, behind a character of two bytes", b"{\n\"\xc3\xbc\xff\": 1}"),
            ("a character cut short by another", b"{\"a\": \"\xf0\x9f\xa6x\"}"),
            ("at the end", b"{\"a\": \"\xf0\x9f"),
            ("UTF-16", b"\xff\xfe{\0}\0"),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }
}
