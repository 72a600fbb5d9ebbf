//! `out-of-range`: a number outside its bounds.

use serde_json::Value;

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, subject};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "out-of-range",
    severity: Severity::Error,
    summary: "a number is not within its bounds",
    explanation: "\
Counts of bytes and seconds are never negative, a port is at most 65535, and the priority of a threat is from 1 to 3.
A number outside its bounds is usually a counter that overflowed on its way, or the value of another field.

## Example

```json
{\"priority\": 4}
```

## What to do

Correct the number. If CloudConnexa itself writes it, the schema is too strict: please report it.
",
};

/// A number, and the bounds that it breaks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OutOfRange {
    pub(crate) raw: Excerpt,
    pub(crate) minimum: Option<Value>,
    pub(crate) maximum: Option<Value>,
    /// Whether it is the upper bound that is broken.
    pub(crate) above: bool,
}

impl Describe for OutOfRange {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let name = subject(&location.pointer);
        let (rule, label) = match (&self.minimum, &self.maximum) {
            (Some(least), Some(greatest)) => {
                (format!("must be from {least} to {greatest}"), format!("expected {least} to {greatest}"))
            }
            (Some(least), None) => (format!("must be {least} or more"), format!("expected {least} or more")),
            (None, Some(greatest)) => {
                (format!("must be {greatest} or less"), format!("expected {greatest} or less"))
            }
            (None, None) => ("must be within its bounds".to_owned(), "out of range".to_owned()),
        };
        let negative = !self.above && self.minimum.as_ref().is_some_and(|least| *least == 0);
        let help = negative.then(|| "this is a count: it is never negative".to_owned());
        let message = match masking {
            Masking::Shown => format!("{name} is {}, but {rule}", self.raw.quote()),
            Masking::Masked if self.above => format!("{name} is too great: it {rule}"),
            Masking::Masked => format!("{name} is too small: it {rule}"),
        };
        Text::new(message, label, help)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, FLOW, TRAFFIC, show, values};

    #[test]
    fn a_number_out_of_range_is_reported_with_its_bounds() {
        let mut records = values(
            DISCONNECTED,
            "sessionBytesIn",
            &["-1", "-0", "1e2", "4294967296", "9223372036854775807", "1e19"],
        );
        records.extend(values(DISCONNECTED, "sessionDurationSeconds", &["-3600"]));
        records.extend(values(DISCONNECTED, "CloudConnexaLogVersion", &["0"]));
        records.extend(values(FLOW, "destinationPort", &["0", "65535", "65536"]));
        records.extend(values(TRAFFIC, "priority", &["0", "4", "3"]));
        insta::assert_snapshot!(show(records));
    }
}
