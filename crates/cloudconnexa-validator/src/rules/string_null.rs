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
CloudConnexa writes `sessionDisconnectReasonDescription` as null, as a text, and as the string `\"null\"`, which the
documented example contains. It is valid, and there is nothing to do about the event, so this is a note and never
fails a run by itself. It concerns programs that read the field: a report that groups by it has two kinds of nothing.

## Example

```json
{\"sessionDisconnectReasonDescription\": \"null\"}
```

## What to do

Have your programs treat `\"null\"` as null. If it occurs in another field, or one of your tools rewrote the event,
that tool may have turned a null into a string.
",
};

/// As written in JSON.
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

    // There is nothing to mask: the message has no values.
    fn text(&self, location: &Location, _: Masking) -> Text {
        let message = format!("{} is the string `\"null\"`, not null", subject(&location.pointer));
        let help = if self.is_nullable {
            "treat it as null, which the field can also be"
        } else {
            "treat it as no value: the field cannot be null"
        };
        Text::new(message, "null in quotes", Some(help.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, check, show_all, values};

    #[test]
    fn null_in_quotes_is_reported() {
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
