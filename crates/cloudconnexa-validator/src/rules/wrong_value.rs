//! `wrong-value`: a value outside a closed list.

use serde_json::Value;

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, Found, alternatives, quote, subject};
use crate::rule::{Rule, Severity};
use crate::similar;
use cloudconnexa_tape::{Index, Tape};

pub(crate) static RULE: Rule = Rule {
    id: "wrong-value",
    severity: Severity::Error,
    summary: "a value is not one of those that the field can have",
    explanation: "\
A few fields of an event allow only certain values, such as `service`, which is always `CloudConnexa`. If the vendor
does not close a list, as with reasons, operating systems, regions and categories, any string is valid.

## Example

```json
{\"service\": \"Cloud Connexa\"}
```

## What to do

Write one of the values that the message names, exactly as shown.
",
};

/// A value, and the allowed ones.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WrongValue {
    found: Found,
    /// Its decoded text, if it is a string.
    string: Option<Excerpt>,
    allowed: Vec<Value>,
}

impl WrongValue {
    pub(crate) fn new(tape: &Tape<'_>, value: Index, allowed: Vec<Value>) -> Self {
        let string = tape.string(value).map(|text| Excerpt::of(&text));
        Self { found: Found::of(tape, value), string, allowed }
    }
}

impl Describe for WrongValue {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let name = subject(&location.pointer);
        let list: Vec<_> = self.allowed.iter().map(|value| quote(&value.to_string())).collect();
        let list = alternatives(&list);
        let known = || self.allowed.iter().filter_map(Value::as_str);
        let near = self.string.as_ref().and_then(|text| similar::nearest(text.as_str(), known()));
        let message = match masking {
            Masking::Shown => format!("{name} is {}, but must be {list}", self.found.describe(masking)),
            Masking::Masked => format!("{name} is another value than {list}"),
        };
        Text::new(message, format!("expected {list}"), near.map(|near| format!("did you mean `\"{near}\"`?")))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, show, values};

    #[test]
    fn another_text_is_reported_and_the_right_one_suggested() {
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
