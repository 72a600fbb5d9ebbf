//! `missing-field`: a required field that is absent or misspelt.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{first_sentence, quote, subject};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "missing-field",
    severity: Severity::Error,
    summary: "a required field is missing",
    explanation: "\
The schema requires the fields that are present in every documented example and in the logs of every known user. If
one is missing, a tool has dropped or renamed it, or the record was assembled from parts of others. The finding points
at the object that lacks the field, or at the key that looks like a misspelling of it.

## Example

```json
{\"eventName\": \"domain-blocked\", \"log\": {\"domain\": \"example.com\", \"querytype\": \"A\"}}
```

Here `log` lacks `category` and `protocol`, and `querytype` should be `queryType`.

## What to do

Rename the misspelt key, or have the field written. If CloudConnexa itself leaves it out, the schema is too strict:
please report it.
",
};

/// A field that an object lacks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MissingField {
    pub(crate) field: String,
    pub(crate) instead: Instead,
}

/// The content of a record in place of a missing field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Instead {
    /// Nothing; the finding points at the object. What the schema says of the field, if it describes it.
    Nothing { description: Option<&'static str> },
    /// A field with a similar name, in the object that this pointer leads to; the finding points at its key.
    Misspelt { object: String },
}

impl Describe for MissingField {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, _: Masking) -> Text {
        let name = quote(&self.field);
        match &self.instead {
            Instead::Nothing { description } => {
                let owner = owner(&location.pointer);
                let help =
                    description.map(|description| format!("add {name}: {}", first_sentence(description)));
                let message = format!("{owner} has no {name}, which is required");
                Text::new(message, format!("{name} is missing here"), help)
            }
            Instead::Misspelt { object } => {
                let (written, owner) = (subject(&location.pointer), owner(object));
                let message = format!("{owner} has {written}, but must have {name}");
                let help = Some(format!("rename {written} to {name}"));
                Text::new(message, format!("did you mean {name}?"), help)
            }
        }
    }

    fn key(&self) -> Option<&str> {
        Some(&self.field)
    }
}

fn owner(object: &str) -> String {
    if object.is_empty() { "the event".to_owned() } else { subject(object) }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, TEST_MESSAGE, TRAFFIC, renamed, show, with, without};

    #[test]
    fn a_missing_field_is_reported_at_its_object() {
        let records = [
            ("header", without(DISCONNECTED, "cloudId")),
            ("eventName", without(DISCONNECTED, "eventName")),
            ("log", without(DISCONNECTED, "sessionBytesIn")),
            ("two", without(&without(TRAFFIC, "priority"), "signatureId")),
            ("log itself", with(TEST_MESSAGE, "eventName", "\"client-connected\"")),
            ("all", "{}".to_owned()),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }

    #[test]
    fn a_misspelt_field_is_reported_once_at_its_key() {
        let records = [
            ("case", renamed(DISCONNECTED, "cloudId", "cloudID")),
            ("snake case", renamed(DISCONNECTED, "sessionBytesIn", "session_bytes_in")),
            ("a letter too few", renamed(DISCONNECTED, "sessionDurationSeconds", "sesionDurationSeconds")),
            ("letters swapped", renamed(TRAFFIC, "priority", "pirority")),
            ("eventName", renamed(DISCONNECTED, "eventName", "eventname")),
            ("event", renamed(DISCONNECTED, "eventName", "event")),
            (
                "event, of a new kind",
                with(&renamed(TEST_MESSAGE, "eventName", "event"), "event", "\"user-created\""),
            ),
            ("type", renamed(DISCONNECTED, "eventName", "type")),
            ("event that is an object", with(&renamed(TEST_MESSAGE, "eventName", "event"), "event", "{}")),
            ("log", renamed(DISCONNECTED, "log", "logs")),
            ("another name", renamed(DISCONNECTED, "cloudId", "tenant")),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }
}
