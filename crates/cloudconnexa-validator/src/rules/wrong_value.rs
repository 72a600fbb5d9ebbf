//! `wrong-value`: a value outside a closed list.

use serde_json::Value;

use super::Rule;
use crate::finding::{Finding, Place, Severity, Text};
use crate::similar;
use crate::tape::{Index, Tape};
use crate::wording::{alternatives, found, quote, subject};

pub(crate) static RULE: Rule = Rule {
    id: "wrong-value",
    severity: Severity::Error,
    summary: "a value is none of those that the field can have",
    explanation: "\
Few fields of an event can have only certain values, such as `service`, which is always `CloudConnexa`. Where the vendor
does not close a list (reasons, operating systems, regions, categories) any string is valid.

## Example

```json
{\"service\": \"Cloud Connexa\"}
```

## What to do

Write one of the values that the message names, letter by letter.
",
};

pub(crate) fn finding(place: Place, tape: &Tape<'_>, value: Index, allowed: &[Value]) -> Finding {
    let name = subject(&place.pointer);
    let list = alternatives(&allowed.iter().map(|value| quote(&value.to_string())).collect::<Vec<_>>());
    let near = tape
        .string(value)
        .and_then(|text| similar::nearest(&text, allowed.iter().filter_map(Value::as_str)))
        .map(|near| format!("did you mean `\"{near}\"`?"));
    let label = format!("expected {list}");
    let text =
        Text::new(format!("{name} is {}, but must be {list}", found(tape, value)), &*label, near.clone());
    let masked = Text::new(format!("{name} is another value than {list}"), label, near);
    Finding::new(&RULE, place, text, masked)
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, show, values};

    #[test]
    fn another_text_is_told_and_the_right_one_offered() {
        let long = format!("\"{}\"", "x".repeat(70));
        insta::assert_snapshot!(show(values(
            DISCONNECTED,
            "service",
            &[
                "\"\"",
                "\"cloudconnexa\"",
                "\"Cloud Connexa\"",
                "\"another\"",
                "\"\\u0043loudConnexa\"",
                &long
            ],
        )));
    }
}
