//! `wrong-format`: a string without the format of its field.

use serde_json::Value;

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Found, alternatives, subject};
use crate::formats::{self, Problem};
use crate::rule::{Rule, Severity};
use cloudconnexa_tape::{Index, Tape};

pub(crate) static RULE: Rule = Rule {
    id: "wrong-format",
    severity: Severity::Error,
    summary: "a string does not have the format of its field",
    explanation: "\
Some strings have a format that programs rely on: `date-time` as in RFC 3339, with the offset from UTC; `uuid` with 36
characters including hyphens; `ipv4` as four decimal numbers; `ipv6` as in RFC 4291, without a zone. A field for any
IP address takes both.

## Example

```json
{\"timestamp\": \"2023-12-20 10:45:14\", \"clientTunnelIpV4\": \"fd:0:0:8102::2\"}
```

The timestamp has a space instead of the `T`, and no offset. The address is an IPv6 address.

## What to do

Write the string in the format that the message names. Times are often changed by tools that parse events and write
them again: have those keep RFC 3339.
",
};

/// A string, and what it should be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WrongFormat {
    found: Found,
    problem: Option<Problem>,
    formats: Vec<String>,
    /// Values that would do as well, such as an empty string.
    or: Vec<Value>,
}

impl WrongFormat {
    pub(crate) fn new(tape: &Tape<'_>, value: Index, formats: Vec<String>, or: Vec<Value>) -> Self {
        let problem = formats::diagnose(&formats, &tape.string(value).unwrap_or_default());
        Self { found: Found::of(tape, value), problem, formats, or }
    }
}

impl Describe for WrongFormat {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let (name, expected) = (subject(&location.pointer), expected(&self.formats, &self.or));
        let message = format!("{name} is {}, but must be {expected}", self.found.describe(masking));
        match self.problem {
            Some(problem) => Text::new(message, problem.label, Some(problem.help.to_owned())),
            None => Text::new(message, format!("expected {expected}"), None),
        }
    }
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

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, FLOW, show, values};

    #[test]
    fn an_invalid_date_time_is_reported() {
        insta::assert_snapshot!(show(values(
            DISCONNECTED,
            "sessionEndTime",
            &[
                "\"\"",
                "\"yesterday\"",
                "\"1703069114\"",
                "\" 2023-12-20T10:45:14Z\"",
                "\"20.12.2023 10:45\"",
                "\"2023-12-20\"",
                "\"2023-13-20T10:45:14Z\"",
                "\"2023-02-29T10:45:14Z\"",
                "\"2023-12-20 10:45:14Z\"",
                "\"2023-12-20X10:45:14Z\"",
                "\"2023-12-20T10\"",
                "\"2023-12-20T10:45Z\"",
                "\"2023-12-20T24:00:00Z\"",
                "\"2023-12-20T10:60:14Z\"",
                "\"2023-12-20T10:45:61Z\"",
                "\"2023-12-20T10:45:60Z\"",
                "\"2023-12-20T10:45:14.Z\"",
                "\"2023-12-20T10:45:14,5Z\"",
                "\"2023-12-20T10:45:14\"",
                "\"2023-12-20T10:45:14+0200\"",
                "\"2023-12-20T10:45:14+02\"",
                "\"2023-12-20T10:45:14+24:00\"",
                "\"2023-12-20T10:45:14 UTC\"",
                "\"2023-12-20T10:45:14+02:00\"",
                "\"2016-12-31T23:59:60Z\"",
            ],
        )));
    }

    #[test]
    fn an_invalid_uuid_is_reported() {
        insta::assert_snapshot!(show(values(
            DISCONNECTED,
            "clientUUID",
            &[
                "\"\"",
                "\"8EE244A890C85AFF8F839B7E8290E4A5\"",
                "\"{8EE244A8-90C8-5AFF-8F83-9B7E8290E4A5}\"",
                "\"urn:uuid:8EE244A8-90C8-5AFF-8F83-9B7E8290E4A5\"",
                "\"8EE244A8-90C8-5AFF-8F83-9B7E8290E4AG\"",
                "\"8EE244A8-90C8-5AFF-8F83\"",
                "\"user@example.com\"",
                "\"a device\"",
                "\"8ee244a8-90c8-5aff-8f83-9b7e8290e4a5\"",
            ],
        )));
    }

    #[test]
    fn an_invalid_address_is_reported() {
        let wrong = [
            "\"\"",
            "\"localhost\"",
            "\"100.96.1\"",
            "\"100.96.1.340\"",
            "\"100.96.01.34\"",
            "\"100.96.1.34:443\"",
            "\"100.96.1.0/24\"",
            "\"fd::1%eth0\"",
            "\"[fd::1]\"",
            "\"fd::1::2\"",
        ];
        let mut records = values(DISCONNECTED, "clientTunnelIpV4", &wrong);
        records.extend(values(DISCONNECTED, "clientTunnelIpV4", &["\"fd:0:0:8102::2\""]));
        records.extend(values(
            DISCONNECTED,
            "clientTunnelIpV6",
            &["\"100.96.1.34\"", "\"100.96.1.340\"", "\"fd::1%eth0\""],
        ));
        records.extend(values(DISCONNECTED, "clientPublicIp", &wrong));
        records.extend(values(FLOW, "sourceIp", &["\"\"", "\"n/a\"", "\"100.96.1.340\""]));
        insta::assert_snapshot!(show(records));
    }
}
