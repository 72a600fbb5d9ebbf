//! `syntax`: a record that is not JSON.

use cloudconnexa_reader::records::FramingFault;

use super::framing;
use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, quote};
use crate::rule::{Rule, Severity};
use cloudconnexa_tape::{Expected, FaultKind, NumberFault, StringFault};

pub(crate) static RULE: Rule = Rule {
    id: "syntax",
    severity: Severity::Error,
    summary: "the record is not JSON",
    explanation: "\
A record must be one JSON text as defined in RFC 8259, as strict as `serde_json` and most other readers: no comments,
no trailing commas, no single quotes, no `NaN`. The finding points at the first character that is not allowed where it
is. Nothing after it in the record is checked, as it could mean anything.

One event per line, and nothing else between two of them: what separates events otherwise (a blank, a comma, a lone carriage
return, a line end written as `\\n`), NUL bytes and byte order marks are findings of this rule as well. There is one for each
kind and input, with the number of places, and the events around them are checked.

## Example

```json
{\"eventName\": \"test-message\",}
```

A comma must be followed by another field, so this one is too many.

## What to do

Correct what the message names. A record that ends too early was probably cut off on its way: fetch the file again.
",
};

/// A text that is not JSON.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Syntax {
    /// A fault within a record.
    Within {
        fault: FaultKind,
        /// The text found there. Empty at the end of the record.
        found: Excerpt,
        /// Whether a string ends directly before it.
        after_string: bool,
    },
    /// A fault around records.
    Framing(FramingFault),
}

impl Syntax {
    /// `before` is the text before what was found.
    pub(crate) fn within(fault: FaultKind, found: &str, before: &str) -> Self {
        Self::Within { fault, found: Excerpt::of(found), after_string: before.ends_with('"') }
    }
}

impl Describe for Syntax {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, masking: Masking) -> Text {
        match self {
            Self::Within { fault, found, after_string } => {
                within(*fault, found.as_str(), *after_string, masking)
            }
            Self::Framing(fault) => framing::text(*fault),
        }
    }

    fn key(&self) -> Option<&str> {
        Some(match self {
            Self::Within { fault, found, .. } => within_key(*fault, found.as_str()),
            Self::Framing(fault) => framing::key(*fault),
        })
    }
}

/// Keys are kept in baselines and must never change, whatever the messages say.
fn within_key(fault: FaultKind, found: &str) -> &'static str {
    match fault {
        FaultKind::Unexpected(Expected::Record) if found.is_empty() => "empty",
        FaultKind::Unexpected(_) | FaultKind::Number(NumberFault::NoDigit) if found.is_empty() => "cut-off",
        FaultKind::Unexpected(expected) => match expected {
            Expected::Record | Expected::Value | Expected::ElementOrEnd => "expected-value",
            Expected::KeyOrEnd | Expected::Key => "expected-key",
            Expected::Colon => "expected-colon",
            Expected::CommaOrObjectEnd | Expected::CommaOrArrayEnd => "expected-comma",
            Expected::Nothing => "expected-end",
        },
        FaultKind::TrailingComma => "trailing-comma",
        FaultKind::String(StringFault::Unclosed) => "cut-off",
        FaultKind::String(StringFault::Control) if matches!(found, "\n" | "\r") => "line-end-in-string",
        FaultKind::String(StringFault::Control) => "control-character",
        FaultKind::String(StringFault::Escape) => "bad-escape",
        FaultKind::String(StringFault::LoneSurrogate) => "lone-surrogate",
        FaultKind::Number(NumberFault::LeadingZero) => "leading-zero",
        FaultKind::Number(NumberFault::NoDigit) => "expected-digit",
        FaultKind::TooDeep => "too-deep",
    }
}

fn within(fault: FaultKind, found: &str, after_string: bool, masking: Masking) -> Text {
    match fault {
        FaultKind::Unexpected(Expected::Record) if found.is_empty() => {
            text("the record is empty", "expected a JSON object", None)
        }
        FaultKind::Unexpected(expected) => unexpected(expected, found, after_string, masking),
        FaultKind::TrailingComma => text(
            "a comma must be between two values, but nothing follows this one",
            "one comma too many",
            Some("remove the comma"),
        ),
        FaultKind::String(fault) => string(fault, found, masking),
        FaultKind::Number(fault) => number(fault, found),
        FaultKind::TooDeep => text("nested too deep", "too deep", None),
    }
}

fn text(message: &str, label: &str, help: Option<&str>) -> Text {
    Text::new(message, label, help.map(str::to_owned))
}

fn unexpected(expected: Expected, found: &str, after_string: bool, masking: Masking) -> Text {
    let wanted = wanted(expected);
    let label = format!("expected {wanted}");
    if found.is_empty() {
        let message = format!("the record ends too early: expected {wanted}");
        return text(&message, &label, Some("it may have been cut off: get the file from its source again"));
    }
    let shown = match masking {
        Masking::Masked if !is_mark(found) => "something else".to_owned(),
        _ => quote(found),
    };
    text(&format!("found {shown}, but expected {wanted}"), &label, help(expected, found, after_string))
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

/// Returns whether it is punctuation, or a word of a programming language, which reveals nothing of the event.
fn is_mark(found: &str) -> bool {
    let is_word = matches!(found, "None" | "True" | "False" | "NaN" | "nan" | "undefined" | "nil");
    is_word
        || matches!(found, "{" | "}" | "[" | "]" | ":" | "," | "\"" | "'" | "/" | "#")
        || matches!(found, "“" | "”" | "„" | "‟" | "‘" | "’" | "«" | "»" | "″")
}

/// Suggests a fix for what people and other languages write instead of JSON.
fn help(expected: Expected, found: &str, after_string: bool) -> Option<&'static str> {
    let is_value = matches!(expected, Expected::Record | Expected::Value | Expected::ElementOrEnd);
    let is_key = matches!(expected, Expected::Key | Expected::KeyOrEnd);
    let is_comma = matches!(expected, Expected::CommaOrObjectEnd | Expected::CommaOrArrayEnd);
    let lower = found.to_ascii_lowercase();
    match (found, lower.as_str()) {
        ("\u{feff}", _) => Some("remove the byte order mark"),
        ("\0", _) => Some("the file may be damaged, or in UTF-16: take it from its source again"),
        ("'", _) => Some("put strings and field names in double quotes"),
        ("“" | "”" | "„" | "‟" | "‘" | "’" | "«" | "»" | "″", _) => {
            Some("replace typographic quotes with straight ones: `\"`")
        }
        ("/" | "#", _) => Some("JSON has no comments: remove it"),
        (_, "true" | "false" | "null") if is_value => Some("write `true`, `false` and `null` in lower case"),
        (_, "none" | "nil" | "undefined") if is_value => Some("write `null`"),
        (_, "nan" | "inf" | "infinity") if is_value => {
            Some("JSON has no such number: write `null`, or leave the field out")
        }
        _ if is_value && found.starts_with(['+', '.']) => Some("start a number with a digit or a minus"),
        _ if is_value && found.starts_with(char::is_alphabetic) => Some("put strings in double quotes"),
        _ if is_key && found.starts_with(|first: char| first.is_alphanumeric() || first == '_') => {
            Some("put field names in double quotes")
        }
        ("," | ";" | "=", _) if expected == Expected::Colon => {
            Some("put a colon between a field name and its value")
        }
        _ if is_comma && after_string && found.starts_with(char::is_alphanumeric) => {
            Some("write a quote within a string as `\\\"`")
        }
        ("\"" | "{" | "[", _) if is_comma => Some("a comma is missing before it"),
        (":", _) if is_comma => Some("a quote or a brace may be missing before it"),
        ("]", _) if expected == Expected::CommaOrObjectEnd => Some("close the object with `}` first"),
        ("}", _) if expected == Expected::CommaOrArrayEnd => Some("close the array with `]` first"),
        ("}" | "]", _) if expected == Expected::Nothing => {
            Some("one bracket too many, or one too few before")
        }
        ("{", _) if expected == Expected::Nothing => Some("put each event on a line of its own"),
        (",", _) if expected == Expected::Nothing => {
            Some("remove the comma: only a line feed separates two events")
        }
        (",", _) if is_value || is_key => Some("one comma too many, or something is missing before it"),
        _ => None,
    }
}

fn string(fault: StringFault, found: &str, masking: Masking) -> Text {
    match fault {
        StringFault::Unclosed => text(
            "the record ends within a string: expected `\"`",
            "expected `\"`",
            Some("it may have been cut off: get the file from its source again"),
        ),
        StringFault::Control if found == "\n" || found == "\r" => text(
            "a line ends within a string",
            "expected `\"`",
            Some("close the string with `\"`, or write the line feed in it as `\\n`"),
        ),
        StringFault::Control => {
            let character = match masking {
                Masking::Shown => format!("the control character {}", quote(found)),
                Masking::Masked => "a control character".to_owned(),
            };
            let help = "escape it, a tab as `\\t` and any other as `\\u` with four hexadecimal digits";
            text(&format!("{character} is not escaped in a string"), "a control character", Some(help))
        }
        StringFault::Escape if found == "\\u" => {
            text("four hexadecimal digits must follow `\\u`", "an escape cut short", None)
        }
        StringFault::Escape => {
            let message = match masking {
                Masking::Shown => format!("{} is not an escape of JSON", quote(found)),
                Masking::Masked => "a backslash does not start an escape of JSON".to_owned(),
            };
            text(&message, "no such escape", Some("write a backslash itself as `\\\\`"))
        }
        StringFault::LoneSurrogate => {
            let escape = match masking {
                Masking::Shown => quote(found),
                Masking::Masked => "an escape".to_owned(),
            };
            let message = format!("{escape} is half of a character: the other half is missing");
            let help = "escape a character beyond U+FFFF as a pair of surrogates";
            text(&message, "a lone surrogate", Some(help))
        }
    }
}

fn number(fault: NumberFault, found: &str) -> Text {
    match fault {
        NumberFault::LeadingZero => text(
            "a number starts with a zero followed by another digit",
            "one zero too many",
            Some("remove the zero, or put the number in double quotes if it is a string"),
        ),
        NumberFault::NoDigit if found.is_empty() => text(
            "the record ends within a number: expected a digit",
            "expected a digit",
            Some("it may have been cut off: get the file from its source again"),
        ),
        NumberFault::NoDigit if found == "I" => {
            let help = "JSON has no infinity: write `null`, or leave the field out";
            text("a number is cut short: expected a digit", "expected a digit", Some(help))
        }
        NumberFault::NoDigit => text("a number is cut short: expected a digit", "expected a digit", None),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, check, show};

    #[test]
    fn malformed_json_is_reported_where_it_breaks() {
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
