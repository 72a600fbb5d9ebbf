//! `clock-backwards`: an event that is older than the previous one.

use crate::describe::{Describe, Location, Masking, Text};
use crate::instant::{self, MINUTE};
use crate::rule::{Rule, Severity};
use crate::semantics::fields::Field;
use crate::semantics::first_seen::FirstSeen;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "clock-backwards",
    severity: Severity::Warning,
    summary: "an event is older than the previous one in the same input",
    explanation: "\
The `timestamp` is more than 5 minutes before that of the previous event in the same input. CloudConnexa promises no
order, and events from many gateways are out of step by seconds. Minutes indicate a clock that was set, files that
were joined in the wrong order, or a replay. A reader that resumes at the last time it saw skips such an event. It
applies with `--stateful`, or with `--warn` or `--deny` and its name.

## Example

```json
{\"timestamp\": \"2023-12-20T10:45:14.000000Z\"}
{\"timestamp\": \"2023-12-20T08:40:14.000000Z\"}
```

## What to do

Sort by time before comparing with earlier events. Find out who assembled the input.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[Field::Timestamp]);

/// How far the clocks of gateways may differ.
pub(crate) const TOLERANCE: i64 = 5 * MINUTE;

/// The time by which the clock goes back, and the event before that.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClockBackwards {
    pub(crate) micros: i64,
    pub(crate) first: FirstSeen,
}

impl Describe for ClockBackwards {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, masking: Masking) -> Text {
        let far = match masking {
            Masking::Shown => instant::length(self.micros),
            Masking::Masked => "more than 5 minutes".to_owned(),
        };
        let message = format!("`timestamp` is {far} before that of the previous event, at {}", self.first);
        Text::new(message, "earlier than before", Some("sort the events by time".to_owned()))
    }
}
