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

Correct the number, or write it as a text if its digits have to be kept.
",
};

pub(crate) fn finding(place: Place, raw: &str) -> Finding {
    let name = subject(&place.pointer);
    let rule = "beyond what a 64-bit float can hold";
    let text = Text::new(format!("{name} is {}, {rule}", quote(raw)), "too great", None);
    let masked = Text::new(format!("{name} is a number {rule}"), "too great", None);
    Finding::new(&RULE, place, text, masked)
}
