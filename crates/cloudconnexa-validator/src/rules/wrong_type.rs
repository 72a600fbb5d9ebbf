//! `wrong-type`: a value of another type than the field's.

use jsonschema::{JsonType, JsonTypeSet};

use super::Rule;
use crate::catalog::{FieldSpec, Kind};
use crate::finding::{Finding, Place, Severity, Text};
use crate::tape::{Index, Tape, Type};
use crate::wording::{found, found_masked, quote, subject, types};

pub(crate) static RULE: Rule = Rule {
    id: "wrong-type",
    severity: Severity::Error,
    summary: "a value is of another type than its field",
    explanation: "\
Each field of an event has a JSON type: string, integer, `true` or `false`, object. A number in quotes is a string, and a
program that adds up bytes stumbles over it; so is `\"true\"`, which many programs take for true even where it says
`\"false\"`. Null is a type of its own, and only valid where the schema says so.

## Example

```json
{\"sessionBytesIn\": \"34409\", \"allowed\": \"True\", \"timestamp\": null}
```

## What to do

Write the value as the type that the message names: most often the quotes are too many or too few. If a tool of yours
has rewritten the events, its mapping of types is the place to look.
",
};

/// `field`: what the schema says of the field, where it is a known one.
pub(crate) fn finding(
    place: Place,
    tape: &Tape<'_>,
    value: Index,
    expected: JsonTypeSet,
    field: Option<&FieldSpec>,
) -> Finding {
    let expected_types = types(expected);
    let label = format!("expected {expected_types}");
    if place.pointer.is_empty() {
        let help =
            (tape.type_of(value) == Type::Array).then(|| "put each event in a line of its own".to_owned());
        let message = |found: &str| format!("an event is a JSON object, but this is {found}");
        let text = Text::new(message(&found(tape, value)), &*label, help.clone());
        return Finding::new(&RULE, place, text, Text::new(message(found_masked(tape, value)), label, help));
    }
    let name = subject(&place.pointer);
    let message = |found: &str| format!("{name} is {found}, but must be {expected_types}");
    let (help, masked_help) = remedy(tape, value, expected, field);
    let text = Text::new(message(&found(tape, value)), &*label, help);
    let masked = Text::new(message(found_masked(tape, value)), label, masked_help);
    Finding::new(&RULE, place, text, masked)
}

/// What to do about it: with the value, and without.
fn remedy(
    tape: &Tape<'_>,
    value: Index,
    expected: JsonTypeSet,
    field: Option<&FieldSpec>,
) -> (Option<String>, Option<String>) {
    let both = |help: &str| (Some(help.to_owned()), Some(help.to_owned()));
    let with = |help: &str, value: &str| (Some(format!("{help}: {}", quote(value))), Some(help.to_owned()));
    let wants = |kind| expected.contains(kind);
    let raw = tape.raw(value);
    match tape.type_of(value) {
        Type::String => {
            let text = tape.string(value).unwrap_or_default();
            let lower = text.trim().to_ascii_lowercase();
            if wants(JsonType::Boolean) && matches!(lower.as_str(), "true" | "false") {
                with("write it without quotes", &lower)
            } else if wants(JsonType::Integer) && is_integer(text.trim()) {
                with("write it without quotes", text.trim())
            } else if wants(JsonType::Null) && lower == "null" {
                with("write it without quotes", "null")
            } else if wants(JsonType::Object) && text.trim_start().starts_with('{') {
                both("this is an object written into a string: put the object itself here")
            } else {
                (None, None)
            }
        }
        Type::Number | Type::Boolean if wants(JsonType::String) => match field.map(|field| field.kind) {
            Some(Kind::Format { formats: ["date-time"], .. }) => {
                both("write it by RFC 3339, as in `\"2023-12-20T10:45:14Z\"`")
            }
            // In quotes it would still be wrong.
            Some(Kind::Format { .. } | Kind::Constant(_)) => (None, None),
            _ => with("write it in quotes", &format!("\"{}\"", shortened(raw))),
        },
        Type::Number if wants(JsonType::Boolean) => both("write `true` or `false`"),
        Type::Number if wants(JsonType::Integer) => both("write a whole number"),
        Type::Null => match field {
            Some(field) if !field.required => both("leave the field out if it has no value"),
            _ => both("the field is required, and must have a value"),
        },
        _ => (None, None),
    }
}

/// Enough of a number for a message to be cut in the end.
fn shortened(raw: &str) -> &str {
    raw.get(..80).unwrap_or(raw)
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain && !digits.is_empty() && (digits == "0" || !digits.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, FLOW, show, values};

    #[test]
    fn a_value_of_another_type_is_told_for_each_type_of_field() {
        let others = ["\"\"", "\"text\"", "7", "1.5", "true", "null", "[]", "{}"];
        let mut records = values(DISCONNECTED, "sessionBytesIn", &others);
        records.extend(values(
            DISCONNECTED,
            "sessionBytesIn",
            &["\"34409\"", "\"-1\"", "\"007\"", "3e-1", "\"9\\u0031\""],
        ));
        records.extend(values(DISCONNECTED, "gatewayId", &others[2..]));
        records.extend(values(DISCONNECTED, "sessionDisconnectReasonDescription", &others[2..]));
        records.extend(values(DISCONNECTED, "sessionEndTime", &["1703069114", "null"]));
        records.extend(values(DISCONNECTED, "clientUUID", &["7", "null"]));
        records.extend(values(DISCONNECTED, "clientTunnelIpV4", &["1684275490", "null"]));
        records.extend(values(DISCONNECTED, "clientTunnelIpV6", &["[]"]));
        records.extend(values(DISCONNECTED, "clientPublicIp", &["7", "null"]));
        records.extend(values(DISCONNECTED, "clientOsType", &["7", "null", "{}"]));
        records.extend(values(DISCONNECTED, "initiatorName", &["null"]));
        records.extend(values(DISCONNECTED, "service", &["7", "null"]));
        records.extend(values(DISCONNECTED, "CloudConnexaLogVersion", &["\"1\"", "1.5", "null"]));
        records.extend(values(DISCONNECTED, "eventName", &["7", "null"]));
        records.extend(values(FLOW, "allowed", &["\"true\"", "\"False\"", "\"yes\"", "0", "null", "{}"]));
        records.extend(values(FLOW, "sourceIp", &["7", "null"]));
        records.extend(values(FLOW, "protocol", &["6"]));
        insta::assert_snapshot!(show(records));
    }

    #[test]
    fn an_object_has_to_be_one() {
        let log = |value: &str| {
            DISCONNECTED.split_once("{\n    \"sessionBytesIn").unwrap().0.to_owned() + value + "}"
        };
        let records = ["null", "[]", "7", "\"text\"", "\"{\\\"sessionBytesIn\\\": 7}\""]
            .map(|value| (format!("log: {value}"), log(value)));
        insta::assert_snapshot!(show(records));
        let records =
            ["null", "[]", "[{}]", "7", "\"text\"", "true"].map(|record| (record.to_owned(), record));
        insta::assert_snapshot!(show(records));
    }
}
