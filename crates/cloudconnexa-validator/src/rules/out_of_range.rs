//! `out-of-range`: a number below its least or above its greatest value.

use serde_json::Value;

use super::Rule;
use crate::finding::{Finding, Place, Severity, Text};
use crate::tape::{Index, Tape};
use crate::wording::{quote, subject};

pub(crate) static RULE: Rule = Rule {
    id: "out-of-range",
    severity: Severity::Error,
    summary: "a number is not within its bounds",
    explanation: "\
Counters of bytes and seconds are never negative, a port goes up to 65535, the priority of a threat from 1 to 3. A number
beyond its bounds is most often a counter that has overflowed on its way, or another field's value.

## Example

```json
{\"priority\": 4}
```

## What to do

Correct the number. If CloudConnexa itself writes it, the schema is too strict: please report it.
",
};

pub(crate) fn finding(
    place: Place,
    tape: &Tape<'_>,
    value: Index,
    (minimum, maximum): (Option<&Value>, Option<&Value>),
    above: bool,
) -> Finding {
    let name = subject(&place.pointer);
    let (rule, label) = match (minimum, maximum) {
        (Some(least), Some(greatest)) => {
            (format!("must be from {least} to {greatest}"), format!("expected {least} to {greatest}"))
        }
        (Some(least), None) => (format!("must be {least} or more"), format!("expected {least} or more")),
        (None, Some(greatest)) => {
            (format!("must be {greatest} or less"), format!("expected {greatest} or less"))
        }
        (None, None) => ("must be within its bounds".to_owned(), "out of range".to_owned()),
    };
    let direction = if above { "too great" } else { "too small" };
    let negative = !above && minimum.is_some_and(|least| *least == 0);
    let help = negative.then(|| "this is a count: it is never negative".to_owned());
    let text = Text::new(format!("{name} is {}, but {rule}", quote(tape.raw(value))), &*label, help.clone());
    let masked = Text::new(format!("{name} is {direction}: it {rule}"), label, help);
    Finding::new(&RULE, place, text, masked)
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, FLOW, TRAFFIC, show, values};

    #[test]
    fn a_number_beyond_its_bounds_is_told_with_them() {
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
