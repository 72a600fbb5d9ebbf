//! `duplicate-field`: a field that its object has already.

use super::Rule;
use crate::finding::{Finding, Place, Severity, Text};
use crate::position::Position;
use crate::wording::subject;

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-field",
    severity: Severity::Error,
    summary: "a field occurs more than once in the same object",
    explanation: "\
Readers of JSON disagree about an object that has a field twice: some take the first value, most the last, some refuse
it. Two programs then see two different events, which an attacker can use to hide something from one of them. That holds
for fields that the schema does not describe as well. What else is found is judged by the last value.

## Example

```json
{\"allowed\": false, \"allowed\": true}
```

## What to do

Keep one of them. If a tool of yours adds fields to events, have it replace what is there.
",
};

/// `first`: where the same field stands for the first time.
pub(crate) fn finding(place: Place, first: Position) -> Finding {
    let name = subject(&place.pointer);
    let there = format!("line {}, column {}", first.line, first.column);
    let message = format!("{name} occurs more than once in this object, first in {there}");
    let help = Some("keep only one of them: readers disagree about which one counts".to_owned());
    Finding::plain(&RULE, place, Text::new(message, "the same field again", help))
}
