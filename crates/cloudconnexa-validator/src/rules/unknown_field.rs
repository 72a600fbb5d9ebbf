//! `unknown-field`: a field that the schema does not describe.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{quote, subject};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "unknown-field",
    severity: Severity::Warning,
    summary: "the schema does not describe this field",
    explanation: "\
CloudConnexa adds fields to its events from time to time. They are valid and kept, and reported so that you notice
when the format changes. But an unknown field can also be a misspelt known one, which programs that look for the right
name will not find.

## Example

```json
{\"public_ip\": \"203.0.113.7\"}
```

The field is called `publicIp`.

## What to do

Rename a misspelt field. The message suggests the probable name. If the field is new in CloudConnexa, nothing is
wrong: please report it, so that it can be added to the schema.
",
};

/// The likely meaning of an unknown field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Hint {
    /// A misspelling of this field.
    Misspelt(&'static str),
    /// A field of the header that has got into `log`.
    OfHeader,
    /// A field of `log` that has got into the header.
    OfLog,
}

/// The object that lacks the field in the schema, and what the field may be instead.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnknownField {
    pub(crate) object: Object,
    pub(crate) hint: Option<Hint>,
}

/// The object in which a field is unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Object {
    Header,
    /// The `log` of this event.
    LogOf(&'static str),
    /// This event, which carries no `log`.
    Event(&'static str),
}

impl Describe for UnknownField {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, _: Masking) -> Text {
        let object = match self.object {
            Object::Header => "the header of an event".to_owned(),
            Object::LogOf(event) => format!("the `log` of {}", quote(event)),
            Object::Event(event) => format!("a {} event", quote(event)),
        };
        let message = format!("{} is not known in {object}", subject(&location.pointer));
        let help = self.hint.map(|hint| match hint {
            Hint::Misspelt(meant) => format!("did you mean {}?", quote(meant)),
            Hint::OfHeader => "it belongs in the header, next to `log`".to_owned(),
            Hint::OfLog => "it belongs in `log`".to_owned(),
        });
        Text::new(message, "unknown field", help)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, TEST_MESSAGE, renamed, show, with};

    #[test]
    fn an_unknown_field_is_reported_at_its_key() {
        let other = with(DISCONNECTED, "eventName", "\"user-created\"");
        let records = [
            ("header", with(DISCONNECTED, "cloudId", "\"a\", \"region\": {\"x\": 1}")),
            ("log", with(DISCONNECTED, "gatewayId", "\"a\", \"geo/ip~\": 1")),
            ("a misspelt optional field", renamed(TEST_MESSAGE, "publicIp", "public_ip")),
            ("a field of log in the header", with(DISCONNECTED, "cloudId", "\"a\", \"gatewayId\": \"b\"")),
            ("a field of the header in log", with(DISCONNECTED, "gatewayId", "\"a\", \"traceId\": \"b\"")),
            ("twice", with(DISCONNECTED, "cloudId", "\"a\", \"region\": 1, \"region\": 1")),
            ("log where there is none", with(TEST_MESSAGE, "userAgent", "\"\", \"log\": {\"any\": 1}")),
            ("in the header of an unknown event", with(&other, "cloudId", "\"a\", \"region\": 1")),
            ("in the log of an unknown event", with(&other, "gatewayId", "\"a\", \"region\": 1")),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }
}
