//! `wrong-format`: a text that is not what its field takes, such as no date-time or no address.

use serde_json::Value;

use super::Rule;
use crate::finding::{Finding, Place, Severity, Text};
use crate::formats;
use crate::tape::{Index, Tape};
use crate::wording::{alternatives, found, subject};

pub(crate) static RULE: Rule = Rule {
    id: "wrong-format",
    severity: Severity::Error,
    summary: "a text has not the format of its field",
    explanation: "\
Some texts have a format that programs rely on: `date-time` as RFC 3339 has it, with the offset from UTC; `uuid` in its
36 characters with hyphens; `ipv4` in four decimal numbers, `ipv6` by RFC 4291 without a zone. A field that takes any IP
address takes both.

## Example

```json
{\"timestamp\": \"2023-12-20 10:45:14\", \"clientTunnelIpV4\": \"fd:0:0:8102::2\"}
```

The timestamp has a space for the `T` and no offset; the address is one of IPv6.

## What to do

Write the text in the format that the message names. A tool that has parsed and written the events again often changes
times on its way: have it keep RFC 3339.
",
};

/// `or`: values that would do as well, such as an empty text.
pub(crate) fn finding(
    place: Place,
    tape: &Tape<'_>,
    value: Index,
    formats: &[String],
    or: &[Value],
) -> Finding {
    let text = tape.string(value).unwrap_or_default();
    let name = subject(&place.pointer);
    let expected = expected(formats, or);
    let (label, help) = match formats::diagnose(formats, &text) {
        Some(problem) => (problem.label.to_owned(), Some(problem.help.to_owned())),
        None => (format!("expected {expected}"), None),
    };
    let message = |found: &str| format!("{name} is {found}, but must be {expected}");
    let full = Text::new(message(&found(tape, value)), &*label, help.clone());
    let masked = Text::new(format!("{name} is a text, but must be {expected}"), label, help);
    Finding::new(&RULE, place, full, masked)
}

fn expected(formats: &[String], or: &[Value]) -> String {
    let is_any_address =
        formats.len() == 2 && formats.iter().all(|format| format == "ipv4" || format == "ipv6");
    let mut names: Vec<String> = match formats {
        _ if is_any_address => vec!["an IPv4 or IPv6 address".to_owned()],
        formats => formats.iter().map(|format| named(format)).collect(),
    };
    names.extend(or.iter().map(|value| match value.as_str() {
        Some("") => "empty".to_owned(),
        _ => format!("`{value}`"),
    }));
    alternatives(&names)
}

fn named(format: &str) -> String {
    match format {
        "date-time" => "a date-time by RFC 3339".to_owned(),
        "uuid" => "a UUID".to_owned(),
        "ipv4" => "an IPv4 address".to_owned(),
        "ipv6" => "an IPv6 address".to_owned(),
        other => format!("of the format `{other}`"),
    }
}
