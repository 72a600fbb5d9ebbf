//! `deprecated-field`: a field whose removal the vendor announced.

use crate::catalog::FieldSpec;
use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{quote, subject};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "deprecated-field",
    severity: Severity::Note,
    summary: "the vendor announced the removal of this field",
    explanation: "\
The vendor announced that `initiatorPublicIp` will replace `publicIp` in 2025. Whether it still will is unsettled: a
newer copy of its documentation lists both fields without that note, and it writes the old field in nearly every event.
Nothing is wrong with those events, so this is a note and never fails a run by itself. It concerns programs that read
the field: one that knows only the old name will find nothing if it is gone.

## Example

```json
{\"publicIp\": \"203.0.113.7\"}
```

## What to do

Have your programs read the new field if it is present, and the old one otherwise. Once they no longer need the old
one, or for events that you write yourself, raise this note to a warning or an error.
",
};

/// A field that is to be replaced.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DeprecatedField {
    replaced_by: Option<&'static str>,
}

impl DeprecatedField {
    pub(crate) fn new(field: &FieldSpec) -> Self {
        Self { replaced_by: field.replaced_by }
    }
}

impl Describe for DeprecatedField {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, _: Masking) -> Text {
        let name = subject(&location.pointer);
        let (message, help) = match self.replaced_by {
            Some(other) => (
                format!("{name} is deprecated: {} will replace it", quote(other)),
                format!("read {} if it is present, and {name} otherwise", quote(other)),
            ),
            None => (format!("{name} is deprecated"), format!("be prepared for events without {name}")),
        };
        Text::new(message, "deprecated", Some(help))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{TEST_MESSAGE, check, renamed, show_all, with};

    #[test]
    fn a_deprecated_field_is_reported_at_its_key() {
        let records = [
            ("alone", TEST_MESSAGE.to_owned()),
            (
                "beside its successor",
                with(TEST_MESSAGE, "publicIp", "\"203.0.113.7\", \"initiatorPublicIp\": \"203.0.113.7\""),
            ),
            ("the successor alone", renamed(TEST_MESSAGE, "publicIp", "initiatorPublicIp")),
            ("wrong as well", with(TEST_MESSAGE, "publicIp", "7")),
            ("twice", with(TEST_MESSAGE, "publicIp", "\"203.0.113.7\", \"publicIp\": \"203.0.113.7\"")),
        ];
        assert!(check(TEST_MESSAGE).is_valid());
        insta::assert_snapshot!(show_all(records.map(|(name, record)| (name.to_owned(), record))));
    }
}
