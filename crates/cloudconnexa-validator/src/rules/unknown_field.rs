//! `unknown-field`: a field that the schema does not describe.

use super::Rule;
use crate::finding::{Finding, Place, Severity, Text};
use crate::wording::{quote, subject};

pub(crate) static RULE: Rule = Rule {
    id: "unknown-field",
    severity: Severity::Warning,
    summary: "the schema does not describe this field",
    explanation: "\
CloudConnexa adds fields to its events from time to time; they are valid, are kept, and are told of so that you notice
when the format changes. But a field that is not known can also be a known one, misspelt: then whoever looks for the
right name finds nothing.

## Example

```json
{\"publicIP\": \"203.0.113.7\"}
```

The field is called `publicIp`.

## What to do

Rename a misspelt field; the name it is likely meant for is offered. If it is a new field of CloudConnexa, nothing is
wrong: please report it, so that the schema learns it.
",
};

/// `owner`: the object, in words. `meant`: the known field that it is likely meant for.
pub(crate) fn finding(place: Place, owner: &str, meant: Option<&str>) -> Finding {
    let message = format!("{} is no known field of {owner}", subject(&place.pointer));
    let help = meant.map(|meant| format!("did you mean {}?", quote(meant)));
    Finding::plain(&RULE, place, Text::new(message, "unknown field", help))
}
