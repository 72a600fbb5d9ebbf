//! `too-deep`: arrays and objects nested too deep.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};
use cloudconnexa_tape::MAX_DEPTH;

pub(crate) static RULE: Rule = Rule {
    id: "too-deep",
    severity: Severity::Error,
    summary: "arrays and objects are nested too deep",
    explanation: "\
An event is an object that contains an object. Programs that read JSON give up at some depth, many of them at 128, and
some crash. A record nested that deep is an accident or an attack rather than a log event. It is rejected where it
gets too deep, and nothing after that is checked.

## Example

```json
{\"log\": [[[[[[[[ … 128 and more … ]]]]]]]]}
```

## What to do

Find out what wrote the record. CloudConnexa does not write such records.
",
};

/// Arrays and objects nested as deep as nothing reads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TooDeep;

impl Describe for TooDeep {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, _: Masking) -> Text {
        let message = format!("nested {} levels deep, but at most {MAX_DEPTH} are allowed", MAX_DEPTH + 1);
        Text::new(message, "too deep", None)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{TEST_MESSAGE, check, show, with};

    #[test]
    fn the_first_level_too_deep_is_reported() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let record = |levels: usize| with(TEST_MESSAGE, "userAgent", &nested(levels));
        assert_eq!(check(record(126)).findings.last().unwrap().rule().id, "wrong-type");
        insta::assert_snapshot!(show([("one level too deep".to_owned(), record(127))]));
    }

    #[test]
    fn any_depth_takes_little_stack_and_time() {
        for bomb in ["[", "{\"a\":", "[[],", "[{\"a\":"] {
            let report = check(bomb.repeat(10_000_000 / bomb.len()));
            assert_eq!(report.findings.len(), 1, "{bomb}");
            assert_eq!(report.findings[0].rule().id, "too-deep", "{bomb}");
        }
    }
}
