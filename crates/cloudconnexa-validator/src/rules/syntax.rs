//! `syntax`: a string that is no JSON.

use super::Rule;
use crate::finding::{Finding, Place, Severity, Text};
use crate::position::Span;
use crate::tape::{Expected, FaultKind, NumberFault, StringFault};
use crate::wording::quote;

pub(crate) static RULE: Rule = Rule {
    id: "syntax",
    severity: Severity::Error,
    summary: "the record is no JSON",
    explanation: "\
A record must be one JSON text by RFC 8259, as strict as `serde_json` and most other readers take it: no comments, no
trailing commas, no single quotes, no `NaN`. The finding points at the first character that cannot stand where it
stands; behind it nothing is judged, as anything might be meant.

## Example

```json
{\"eventName\": \"test-message\",}
```

Nothing may stand between the last field's comma and the brace, so the comma is one too many.

## What to do

Correct what the message names. A record that ends too early was most likely cut off on its way: fetch the file again.
",
};

impl Finding {
    /// Tells of something between or around records that is no JSON, such as an array without its end.
    ///
    /// The message must not repeat anything of the input: it serves for the masked wording as well.
    #[must_use]
    pub fn syntax(span: Span, message: impl Into<String>, help: Option<String>) -> Self {
        Self::plain(&RULE, Place { pointer: String::new(), span }, Text::new(message, "", help))
    }
}

/// `found`: what stands at the place of the fault; empty at the end of the record. `before`: all that stands before it.
pub(crate) fn finding(place: Place, fault: FaultKind, found: &str, before: &str) -> Finding {
    let (text, masked) = match fault {
        FaultKind::Unexpected(Expected::Record) if found.is_empty() => {
            same("the record is empty", "expected a JSON object", None)
        }
        FaultKind::Unexpected(expected) => unexpected(expected, found, before),
        FaultKind::TrailingComma => same(
            "a comma may only stand between two things, but nothing follows this one",
            "one comma too many",
            Some("remove the comma"),
        ),
        FaultKind::String(fault) => string(fault, found),
        FaultKind::Number(fault) => number(fault, found),
        FaultKind::TooDeep => same("nested too deep", "too deep", None),
    };
    Finding::new(&RULE, place, text, masked)
}

fn same(message: &str, label: &str, help: Option<&str>) -> (Text, Text) {
    let text = Text::new(message, label, help.map(str::to_owned));
    (text.clone(), text)
}

fn unexpected(expected: Expected, found: &str, before: &str) -> (Text, Text) {
    let wanted = wanted(expected);
    let label = format!("expected {wanted}");
    if found.is_empty() {
        let message = format!("the record ends too early: expected {wanted}");
        return same(&message, &label, Some("it may have been cut off: take the file from its source again"));
    }
    let help = help(expected, found, before).map(str::to_owned);
    let shown = if is_mark(found) { quote(found) } else { "something else".to_owned() };
    (
        Text::new(format!("found {}, but expected {wanted}", quote(found)), &*label, help.clone()),
        Text::new(format!("found {shown}, but expected {wanted}"), &*label, help),
    )
}

fn wanted(expected: Expected) -> &'static str {
    match expected {
        Expected::Record => "a JSON object",
        Expected::Value => "a value",
        Expected::ElementOrEnd => "a value or `]`",
        Expected::KeyOrEnd => "a field name in double quotes or `}`",
        Expected::Key => "a field name in double quotes",
        Expected::Colon => "`:`",
        Expected::CommaOrObjectEnd => "`,` or `}`",
        Expected::CommaOrArrayEnd => "`,` or `]`",
        Expected::Nothing => "the end of the record",
    }
}

/// Whether it is a mark of JSON's grammar, which tells nothing of the event.
fn is_mark(found: &str) -> bool {
    matches!(found, "{" | "}" | "[" | "]" | ":" | "," | "\"" | "'" | "/" | "#")
}

/// What people and other languages write for JSON.
fn help(expected: Expected, found: &str, before: &str) -> Option<&'static str> {
    let is_value = matches!(expected, Expected::Record | Expected::Value | Expected::ElementOrEnd);
    let is_key = matches!(expected, Expected::Key | Expected::KeyOrEnd);
    let is_comma = matches!(expected, Expected::CommaOrObjectEnd | Expected::CommaOrArrayEnd);
    let lower = found.to_ascii_lowercase();
    match (found, lower.as_str()) {
        ("\u{feff}", _) => Some("remove the byte order mark"),
        ("\0", _) => Some("the file may be damaged, or in UTF-16: take it from its source again"),
        ("'", _) => Some("put strings and field names in double quotes"),
        ("/" | "#", _) => Some("JSON has no comments: remove it"),
        (_, "true" | "false" | "null") if is_value => Some("write `true`, `false` and `null` in lower case"),
        (_, "none" | "nil" | "undefined") if is_value => Some("write `null`"),
        (_, "nan" | "inf" | "infinity") if is_value => {
            Some("JSON has no such number: write `null`, or leave the field out")
        }
        _ if is_value && found.starts_with(['+', '.']) => Some("begin a number with a digit or a minus"),
        _ if is_value && found.starts_with(char::is_alphabetic) => Some("put strings in double quotes"),
        _ if is_key && found.starts_with(|first: char| first.is_alphanumeric() || first == '_') => {
            Some("put field names in double quotes")
        }
        ("," | ";" | "=", _) if expected == Expected::Colon => {
            Some("put a colon between a field name and its value")
        }
        _ if is_comma && before.ends_with('"') && found.starts_with(char::is_alphanumeric) => {
            Some("write a quote within a string as `\\\"`")
        }
        ("\"" | "{" | "[", _) if is_comma => Some("a comma is missing before it"),
        (":", _) if is_comma => Some("a quote or a brace may be missing before it"),
        ("]", _) if expected == Expected::CommaOrObjectEnd => Some("close the object with `}` first"),
        ("}", _) if expected == Expected::CommaOrArrayEnd => Some("close the array with `]` first"),
        ("}" | "]", _) if expected == Expected::Nothing => {
            Some("one bracket too many, or one too few before")
        }
        ("{", _) if expected == Expected::Nothing => Some("put each event in a line of its own"),
        (",", _) if expected == Expected::Nothing => {
            Some("remove the comma: a line feed is all that parts two events")
        }
        (",", _) if is_value || is_key => Some("one comma too many, or something is missing before it"),
        _ => None,
    }
}

fn string(fault: StringFault, found: &str) -> (Text, Text) {
    match fault {
        StringFault::Unclosed => same(
            "the record ends within a string: expected `\"`",
            "expected `\"`",
            Some("it may have been cut off: take the file from its source again"),
        ),
        StringFault::Control if found == "\n" || found == "\r" => same(
            "a line ends within a string",
            "expected `\"`",
            Some("close the string with `\"`, or write the line feed in it as `\\n`"),
        ),
        StringFault::Control => {
            let help = "escape it, a tab as `\\t` and any other as `\\u` with four hexadecimal digits";
            let message = |shown: &str| format!("{shown} stands in a string unescaped");
            (
                Text::new(
                    message(&format!("the control character {}", quote(found))),
                    "a control character",
                    Some(help.into()),
                ),
                Text::new(message("a control character"), "a control character", Some(help.into())),
            )
        }
        StringFault::Escape if found == "\\u" => {
            same("four hexadecimal digits must follow `\\u`", "an escape cut short", None)
        }
        StringFault::Escape => {
            let help = Some("write a backslash itself as `\\\\`".to_owned());
            (
                Text::new(format!("{} is no escape of JSON", quote(found)), "no such escape", help.clone()),
                Text::new("a backslash begins no escape of JSON", "no such escape", help),
            )
        }
        StringFault::LoneSurrogate => {
            let message = |shown: &str| format!("{shown} is half of a character: the other half is missing");
            let help = Some("escape a character beyond U+FFFF as a pair of surrogates".to_owned());
            (
                Text::new(message(&quote(found)), "a lone surrogate", help.clone()),
                Text::new(message("an escape"), "a lone surrogate", help),
            )
        }
    }
}

fn number(fault: NumberFault, found: &str) -> (Text, Text) {
    match fault {
        NumberFault::LeadingZero => same(
            "a number begins with a zero that another digit follows",
            "one zero too many",
            Some("remove the zero, or put the number in double quotes if it is a string"),
        ),
        NumberFault::NoDigit if found.is_empty() => same(
            "the record ends within a number: expected a digit",
            "expected a digit",
            Some("it may have been cut off: take the file from its source again"),
        ),
        NumberFault::NoDigit if found == "I" => {
            let help = "JSON has no infinity: write `null`, or leave the field out";
            same("a number breaks off: expected a digit", "expected a digit", Some(help))
        }
        NumberFault::NoDigit => same("a number breaks off: expected a digit", "expected a digit", None),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, check, show};

    #[test]
    fn what_is_no_json_is_told_where_it_breaks() {
        let records = [
            "",
            " \n ",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "[1",
            "[",
            "{\"a\": \"b",
            "{\"a\": \"b\\",
            "{\"a\": -",
            "{\"a\": 1.",
            "{}{}",
            "{}}",
            "{} x",
            "{},",
            "{]",
            "[}",
            "{\"a\": [1}",
            "{\"a\": {\"b\": 1]",
            "{\"a\":1,}",
            "{\"a\": [1, ]}",
            "[,]",
            "{,}",
            "{\"a\":,}",
            "{\"a\" 1}",
            "{\"a\"= 1}",
            "{\"a\": 1 \"b\": 2}",
            "{\"a\": 1; \"b\": 2}",
            "{\"a\": \"b\"c\"}",
            "{a: 1}",
            "{'a': 1}",
            "{1: 1}",
            "{\"a\": 'b'}",
            "{\"a\": True}",
            "{\"a\": None}",
            "{\"a\": NaN}",
            "{\"a\": -Infinity}",
            "{\"a\": nul}",
            "{\"a\": test}",
            "{\"a\": +1}",
            "{\"a\": .5}",
            "{\"a\": 01}",
            "{\"a\": -01}",
            "{\"a\": 1.e5}",
            "{\"a\": 0x10}",
            "{\"a\": 1, // b\n}",
            "# a",
            "{\"a\": \"b\nc\"}",
            "{\"a\": \"b\tc\"}",
            "{\"a\": \"\\x41\"}",
            "{\"a\": \"\\u12g4\"}",
            "{\"a\": \"\\ud83e\"}",
            "{\"a\": \"\\udd80\\ud83e\"}",
            "\u{feff}{}",
            "\0{}",
            "{\"a\": \u{a0}1}",
            "{\"log\": {\"b\": [1, {\"c\": @}]}}",
        ];
        let records = records.map(|record| (format!("{record:?}"), record));
        insta::assert_snapshot!(show(records));
    }

    #[test]
    fn an_event_cut_off_anywhere_has_one_error() {
        for end in 0..DISCONNECTED.trim_end().len() {
            let report = check(&DISCONNECTED[..end]);
            assert_eq!(report.findings.len(), 1, "{end}");
            assert_eq!(report.findings[0].rule().id, "syntax", "{end}");
            assert!(report.findings[0].span().end.offset <= end as u64, "{end}");
        }
    }
}
