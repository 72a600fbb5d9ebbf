//! `number-overflow`: a number too large for a 64-bit float.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, subject};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "number-overflow",
    severity: Severity::Error,
    summary: "a number is greater than a 64-bit float can hold",
    explanation: "\
JSON does not limit numbers, but programs that read it do. Beyond about 1.8 × 10^308, some reject the record and some
read infinity. No field of an event comes near.

## Example

```json
{\"sessionBytesIn\": 1e999}
```

## What to do

Correct the number, or write it as a string if its digits have to be kept.
",
};

/// A number as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NumberOverflow {
    pub(crate) raw: Excerpt,
}

impl Describe for NumberOverflow {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let found = match masking {
            Masking::Shown => format!("{},", self.raw.quote()),
            Masking::Masked => "a number".to_owned(),
        };
        let message =
            format!("{} is {found} beyond what a 64-bit float can hold", subject(&location.pointer));
        Text::new(message, "too great", None)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, TEST_MESSAGE, show, values, with};

    #[test]
    fn a_huge_number_is_one_finding_in_any_field() {
        let mut records = values(DISCONNECTED, "sessionBytesIn", &["1e999", "-1e999", "1e-999"]);
        records.extend(values(DISCONNECTED, "gatewayId", &["1e400"]));
        records.push(("an unknown field".into(), with(TEST_MESSAGE, "userAgent", "\"\", \"x\": [0, 1e400]")));
        insta::assert_snapshot!(show(records));
    }
}
