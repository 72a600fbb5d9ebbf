//! `number-overflow`: a number beyond all that programs hold.

use super::Rule;
use crate::finding::{Finding, Place, Severity, Text};
use crate::wording::{quote, subject};

pub(crate) static RULE: Rule = Rule {
    id: "number-overflow",
    severity: Severity::Error,
    summary: "a number is greater than a 64-bit float can hold",
    explanation: "\
JSON sets no limit to numbers, but the programs that read it do: beyond about 1.8 × 10^308 some refuse the record, some
read infinity. No field of an event comes near.

## Example

```json
{\"sessionBytesIn\": 1e999}
```

## What to do

Correct the number, or write it as a string if its digits have to be kept.
",
};

pub(crate) fn finding(place: Place, raw: &str) -> Finding {
    let name = subject(&place.pointer);
    let rule = "beyond what a 64-bit float can hold";
    let text = Text::new(format!("{name} is {}, {rule}", quote(raw)), "too great", None);
    let masked = Text::new(format!("{name} is a number {rule}"), "too great", None);
    Finding::new(&RULE, place, text, masked)
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, TEST_MESSAGE, show, values, with};

    #[test]
    fn a_huge_number_is_one_finding_wherever_it_stands() {
        let mut records = values(DISCONNECTED, "sessionBytesIn", &["1e999", "-1e999", "1e-999"]);
        records.extend(values(DISCONNECTED, "gatewayId", &["1e400"]));
        records.push(("an unknown field".into(), with(TEST_MESSAGE, "userAgent", "\"\", \"x\": [0, 1e400]")));
        insta::assert_snapshot!(show(records));
    }
}
