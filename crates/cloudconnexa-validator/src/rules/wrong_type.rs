//! `wrong-type`: a value of another type than its field.

use jsonschema::{JsonType, JsonTypeSet};

use crate::catalog::{FieldSpec, Kind};
use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, Found, quote, subject, types};
use crate::rule::{Rule, Severity};
use cloudconnexa_tape::{Index, Tape, Type};

pub(crate) static RULE: Rule = Rule {
    id: "wrong-type",
    severity: Severity::Error,
    summary: "a value is of another type than its field",
    explanation: "\
Each field of an event has a JSON type: string, integer, boolean or object. A number in quotes is a string, which
breaks programs that add up bytes. So does `\"true\"`, and many programs even take `\"false\"` for true. Null is a
type of its own, and valid only where the schema allows it.

## Example

```json
{\"sessionBytesIn\": \"34409\", \"allowed\": \"True\", \"timestamp\": null}
```

## What to do

Write the value as the type that the message names. Usually quotes have to be added or removed. If one of your tools
rewrote the events, look at its type mapping.
",
};

/// A value, and the types that it should be of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WrongType {
    found: Found,
    expected: JsonTypeSet,
    remedy: Option<Remedy>,
}

/// How to fix the value.
#[derive(Clone, Debug, PartialEq)]
enum Remedy {
    /// Write it in quotes.
    Quote,
    /// Write this, without quotes.
    Unquote(Excerpt),
    Other(&'static str),
}

impl WrongType {
    /// `field`: what the schema says of the field, where it is a known one.
    pub(crate) fn new(
        tape: &Tape<'_>,
        value: Index,
        expected: JsonTypeSet,
        field: Option<&FieldSpec>,
    ) -> Self {
        let remedy = match tape.type_of(value) {
            Type::Array if value == Index::ROOT => Some(Remedy::Other("put each event on a line of its own")),
            _ if value == Index::ROOT => None,
            _ => remedy(tape, value, expected, field),
        };
        Self { found: Found::of(tape, value), expected, remedy }
    }
}

impl Describe for WrongType {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let (found, expected) = (self.found.describe(masking), types(self.expected));
        let label = format!("expected {expected}");
        let help = self.remedy.as_ref().map(|remedy| remedy.describe(&self.found, masking));
        let message = if location.pointer.is_empty() {
            format!("an event is a JSON object, but this is {found}")
        } else {
            format!("{} is {found}, but must be {expected}", subject(&location.pointer))
        };
        Text::new(message, label, help)
    }
}

impl Remedy {
    fn describe(&self, found: &Found, masking: Masking) -> String {
        let (help, written) = match self {
            Self::Quote => ("write it in quotes", quote(&format!("\"{}\"", found.raw().as_str()))),
            Self::Unquote(text) => ("write it without quotes", text.quote()),
            Self::Other(help) => return (*help).to_owned(),
        };
        match masking {
            Masking::Shown => format!("{help}: {written}"),
            Masking::Masked => help.to_owned(),
        }
    }
}

fn remedy(tape: &Tape<'_>, value: Index, expected: JsonTypeSet, field: Option<&FieldSpec>) -> Option<Remedy> {
    let wants = |kind| expected.contains(kind);
    let other = |help| Some(Remedy::Other(help));
    match tape.type_of(value) {
        Type::String => {
            let text = tape.string(value).unwrap_or_default();
            let text = text.trim();
            let literal = |literal: &'static str| text.eq_ignore_ascii_case(literal).then_some(literal);
            if let Some(boolean) = literal("true").or(literal("false")).filter(|_| wants(JsonType::Boolean)) {
                Some(Remedy::Unquote(Excerpt::of(boolean)))
            } else if wants(JsonType::Integer) && is_integer(text) {
                Some(Remedy::Unquote(Excerpt::of(text)))
            } else if let Some(null) = literal("null").filter(|_| wants(JsonType::Null)) {
                Some(Remedy::Unquote(Excerpt::of(null)))
            } else if wants(JsonType::Object) && text.starts_with('{') {
                other("this is an object written into a string: put the object itself here")
            } else {
                None
            }
        }
        Type::Number | Type::Boolean if wants(JsonType::String) => match field.map(|field| field.kind) {
            Some(Kind::Format { formats: ["date-time"], .. }) => {
                other("write it by RFC 3339, as in `\"2023-12-20T10:45:14Z\"`")
            }
            // In quotes it would still be wrong.
            Some(Kind::Format { .. } | Kind::Constant(_)) => None,
            _ => Some(Remedy::Quote),
        },
        Type::Number if wants(JsonType::Boolean) => other("write `true` or `false`"),
        Type::Number if wants(JsonType::Integer) => other("write a whole number"),
        Type::Null => match field {
            Some(field) if !field.required => other("leave the field out if it has no value"),
            _ => other("the field is required, and must have a value"),
        },
        _ => None,
    }
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
    fn a_value_of_another_type_is_reported_for_each_type_of_field() {
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
    fn a_value_in_place_of_an_object_is_reported() {
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
