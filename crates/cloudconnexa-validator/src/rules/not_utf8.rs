//! `not-utf8`: bytes that are no text.

use super::Rule;
use crate::finding::{Finding, Place, Severity, Text};

pub(crate) static RULE: Rule = Rule {
    id: "not-utf8",
    severity: Severity::Error,
    summary: "the record is not UTF-8",
    explanation: "\
JSON is exchanged as UTF-8. A record with other bytes in it cannot be read as text, so nothing else about it is
judged. Such bytes come from a file in another encoding, from a tool that cut a text in the middle of a character, or
from a damaged file.

## Example

The name `Zürich` in Latin-1 has the byte `fc` where UTF-8 has the two bytes `c3 bc`.

## What to do

Take the log from its source again. If a tool of yours has rewritten it, have that tool write UTF-8.
",
};

/// `cut_off`: the record ends within a character.
pub(crate) fn finding(place: Place, bytes: &[u8], cut_off: bool) -> Finding {
    let message = |shown: &str| {
        if cut_off {
            "the record ends in the middle of a character".to_owned()
        } else {
            format!("{shown} no UTF-8, but a record must be")
        }
    };
    let help = Some("convert the file to UTF-8, or take it from its source again".to_owned());
    let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let shown = match hex.as_slice() {
        [byte] => format!("the byte `{byte}` is"),
        bytes => format!("the bytes `{}` are", bytes.join(" ")),
    };
    let text = Text::new(message(&shown), "not UTF-8", help.clone());
    let masked = Text::new(message("the record is"), "not UTF-8", help);
    Finding::new(&RULE, place, text, masked)
}
