//! `field-case`: a known field whose name is in the wrong case.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{quote, subject};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "field-case",
    severity: Severity::Warning,
    summary: "the name of a field differs from a known one only in case",
    explanation: "\
Names of fields are case-sensitive. A store that lower-cases all names, as many data lakes do, turns known fields into
unknown ones: their values are not checked, and programs that look for the right name find nothing. If the field is
required, `missing-field` reports it instead.

## Example

```json
{\"publicip\": \"203.0.113.7\"}
```

The field is called `publicIp`.

## What to do

Rename the field, or have the tool that changed its name keep the case of letters.
",
};

/// The known field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldCase {
    pub(crate) field: &'static str,
    /// Whether that field is present, too.
    pub(crate) is_there: bool,
}

impl Describe for FieldCase {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, _: Masking) -> Text {
        let (written, name) = (subject(&location.pointer), quote(self.field));
        let message = format!("{written} is not known, but {name} is: names are case-sensitive");
        let help = if self.is_there {
            format!("remove {written}: {name} is present, too")
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
    fn another_case_is_reported_at_the_key() {
        let records = [
            ("an optional field", renamed(TEST_MESSAGE, "publicIp", "publicip")),
            ("of log", renamed(FLOW, "destinationPort", "DestinationPort")),
            ("beside the right one", with(DISCONNECTED, "cloudId", "\"a\", \"cloudID\": \"b\"")),
            ("beside the right one, in log", with(FLOW, "allowed", "true, \"Allowed\": true")),
            ("a required field", renamed(DISCONNECTED, "cloudId", "cloudid")),
            ("its value is not checked", with(TEST_MESSAGE, "userAgent", "\"\", \"USERAGENT\": 7")),
            ("twice", with(TEST_MESSAGE, "userAgent", "\"\", \"Log\": 7, \"LOG\": 7")),
            ("a field of log in the header", with(DISCONNECTED, "cloudId", "\"a\", \"gatewayid\": \"b\"")),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }
}
