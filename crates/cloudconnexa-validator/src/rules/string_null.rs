//! `string-null`: the word `null` in quotes.

use crate::catalog::FieldSpec;
use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::subject;
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "string-null",
    severity: Severity::Note,
    summary: "a string says `null` where null is meant",
    explanation: "\
CloudConnexa writes `sessionDisconnectReasonDescription` as null, as a text, and as the text `\"null\"`: the documented
example has that. It is valid, and there is nothing to be done about the event, so this is a note and never fails a run by
itself. It is for whoever reads the field: a report that groups by it has two kinds of nothing.

## Example

```json
{\"sessionDisconnectReasonDescription\": \"null\"}
```

## What to do

Have your programs take `\"null\"` for null. In another field, or if a tool of yours has written the event again, that
tool may have made a text of a null on its way.
",
};

/// As it stands in the JSON.
pub(crate) const NULL: &str = "\"null\"";

/// A field that holds the word.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StringNull {
    is_nullable: bool,
}

impl StringNull {
    pub(crate) fn new(field: &FieldSpec) -> Self {
        Self { is_nullable: field.nullable }
    }
}

impl Describe for StringNull {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    // The rule says what the value is: there is nothing to mask.
    fn text(&self, location: &Location, _: Masking) -> Text {
        let message = format!("{} is the string `\"null\"`, not null", subject(&location.pointer));
        let help = if self.is_nullable {
            "take it for null, which the field can be as well"
        } else {
            "take it for no value: the field cannot be null"
        };
        Text::new(message, "null in quotes", Some(help.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, check, show_all, values};

    #[test]
    fn null_in_quotes_is_told() {
        let mut records = values(
            DISCONNECTED,
            "sessionDisconnectReasonDescription",
            &["\"null\"", "null", "\"\"", "\"NULL\"", "\"nullable\""],
        );
        assert!(records.iter().all(|(_, record)| check(record).is_valid()));
        records.extend(values(DISCONNECTED, "gatewayId", &["\"null\""]));
        records.extend(values(DISCONNECTED, "clientOsType", &["\"null\""]));
        records.extend(values(DISCONNECTED, "initiatorName", &["\"null\""]));
        records.extend(values(DISCONNECTED, "service", &["\"null\""]));
        records.extend(values(DISCONNECTED, "eventName", &["\"null\""]));
        records.extend(values(DISCONNECTED, "cloudId", &["\"a\", \"region\": \"null\""]));
        insta::assert_snapshot!(show_all(records));
    }
}
