//! `deprecated-field`: a field that the vendor announced to go away.

use crate::catalog::FieldSpec;
use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{quote, subject};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "deprecated-field",
    severity: Severity::Note,
    summary: "the vendor announced that this field goes away",
    explanation: "\
The vendor announced that `publicIp` is to become `initiatorPublicIp`. Until then it writes the old field, in nearly every
event: nothing is wrong with them, so this is a note and never fails a run by itself. It is for whoever reads the field:
a program that knows the old name alone finds nothing on the day when it is gone.

## Example

```json
{\"publicIp\": \"203.0.113.7\"}
```

## What to do

Have your programs take the successor where it is there, and the old field where it is not. Once they no longer need
the old one, or for events that you make yourself, raise this note to a warning or an error.
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
                format!("{name} is deprecated: {} is to take its place", quote(other)),
                format!("be ready to read {} where it is there, and {name} where it is not", quote(other)),
            ),
            None => (format!("{name} is deprecated"), format!("be ready to do without {name}")),
        };
        Text::new(message, "deprecated", Some(help))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{TEST_MESSAGE, check, renamed, show_all, with};

    #[test]
    fn a_deprecated_field_is_told_at_its_key() {
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
