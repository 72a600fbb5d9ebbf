//! `duplicate-field`: a field that occurs twice in an object.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::subject;
use crate::position::Position;
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-field",
    severity: Severity::Error,
    summary: "a field occurs more than once in the same object",
    explanation: "\
Readers of JSON disagree about an object that has a field twice: some take the first value, most take the last, and
some reject it. Two programs then see two different events, which an attacker can use to hide something from one of
them. This holds for unknown fields, too. All other checks use the last value.

## Example

```json
{\"allowed\": false, \"allowed\": true}
```

## What to do

Keep one of them. If one of your tools adds fields to events, have it replace existing ones.
",
};

/// The position of the first occurrence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DuplicateField {
    pub(crate) first: Position,
}

impl Describe for DuplicateField {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, _: Masking) -> Text {
        let (name, first) = (subject(&location.pointer), self.first);
        let there = if first.line == location.span.start.line {
            format!("column {}", first.column)
        } else {
            format!("line {}, column {}", first.line, first.column)
        };
        let message = format!("{name} occurs more than once in this object, first in {there}");
        let help = "keep only one of them: readers disagree about which one counts";
        Text::new(message, "the same field again", Some(help.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, TEST_MESSAGE, check, show, with};

    #[test]
    fn every_repetition_is_reported() {
        let records = [
            ("the same value", with(DISCONNECTED, "gatewayId", "\"a\", \"gatewayId\": \"a\"")),
            (
                "three times",
                with(DISCONNECTED, "gatewayId", "\"a\",\n\"gatewayId\": 1, \"gatewayId\": \"a\""),
            ),
            ("the last value is wrong", with(DISCONNECTED, "sessionBytesIn", "1, \"sessionBytesIn\": -1")),
            ("the first value is wrong", with(DISCONNECTED, "sessionBytesIn", "-1, \"sessionBytesIn\": 1")),
            ("escaped", with(DISCONNECTED, "cloudId", "\"a\", \"cloud\\u0049d\": \"a\"")),
            (
                "eventName",
                with(TEST_MESSAGE, "eventName", "\"flow-established\", \"eventName\": \"test-message\""),
            ),
            (
                "in unknown fields",
                with(TEST_MESSAGE, "userAgent", "\"\", \"x\": [{}, {\"~/\": 0, \"~/\": 0}], \"x\": 0"),
            ),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }

    #[test]
    fn a_hundred_thousand_keys_take_little_time() {
        let keys: Vec<String> = (0..100_000).map(|key| format!("\"k{}\":0,", key % 60_000)).collect();
        let report = check(format!("{{\"CloudConnexaLogVersion\":1,{}\"z\":0}}", keys.concat()));
        let repeated =
            report.findings.iter().filter(|finding| finding.rule().id == "duplicate-field").count();
        assert_eq!(repeated, 1000);
        assert_eq!(report.left_out, 39_000 + 59_001);
    }
}
