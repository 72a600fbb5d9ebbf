//! `field-case`: a known field in letters of another case.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{quote, subject};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "field-case",
    severity: Severity::Warning,
    summary: "a field is a known one in letters of another case",
    explanation: "\
Names of fields are told apart letter by letter, capitals included. A store that writes all names in lower case, as many
lakes do, makes unknown fields of known ones: nothing checks their values, and whoever looks for the right name finds
nothing. If the field is a required one, it is missing, and `missing-field` says so instead.

## Example

```json
{\"publicip\": \"203.0.113.7\"}
```

The field is called `publicIp`.

## What to do

Rename the field, or have the tool that changed its name keep the case of letters.
",
};

/// The field that is meant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldCase {
    pub(crate) field: &'static str,
    /// Whether it is there as well.
    pub(crate) is_there: bool,
}

impl Describe for FieldCase {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, _: Masking) -> Text {
        let (written, name) = (subject(&location.pointer), quote(self.field));
        let message = format!("{written} is not known, but {name} is: names differ by the case of letters");
        let help = if self.is_there {
            format!("remove {written}: {name} is there as well")
        } else {
            format!("rename {written} to {name}")
        };
        Text::new(message, format!("did you mean {name}?"), Some(help))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, FLOW, TEST_MESSAGE, renamed, show, with};

    #[test]
    fn another_case_is_told_at_the_key() {
        let records = [
            ("an optional field", renamed(TEST_MESSAGE, "publicIp", "publicip")),
            ("of log", renamed(FLOW, "destinationPort", "DestinationPort")),
            ("beside the right one", with(DISCONNECTED, "cloudId", "\"a\", \"cloudID\": \"b\"")),
            ("beside the right one, in log", with(FLOW, "allowed", "true, \"Allowed\": true")),
            ("a required field", renamed(DISCONNECTED, "cloudId", "cloudid")),
            ("its value is not judged", with(TEST_MESSAGE, "userAgent", "\"\", \"USERAGENT\": 7")),
            ("twice", with(TEST_MESSAGE, "userAgent", "\"\", \"Log\": 7, \"LOG\": 7")),
            ("a field of log in the header", with(DISCONNECTED, "cloudId", "\"a\", \"gatewayid\": \"b\"")),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }
}
