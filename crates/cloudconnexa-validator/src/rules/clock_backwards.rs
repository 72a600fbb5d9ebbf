//! `clock-backwards`: an event that is older than the one in front of it.

use crate::describe::{Describe, Location, Masking, Text};
use crate::instant::{self, MINUTE};
use crate::rule::{Rule, Severity};
use crate::semantics::first_seen::FirstSeen;

pub(crate) static RULE: Rule = Rule {
    id: "clock-backwards",
    severity: Severity::Warning,
    summary: "an event is older than the one in front of it in the same input",
    explanation: "\
The `timestamp` is more than 5 minutes before that of the event in front of it in the same input. CloudConnexa promises no
order, and events that come from many gateways are out of step by seconds; minutes are a clock that was set, files that were
put together in the wrong order, or a replay. Whoever reads on from the last time that was seen passes such an event over. It
takes `--stateful`, or `--warn` or `--deny` with its name.

## Example

```json
{\"timestamp\": \"2023-12-20T10:45:14.000000Z\"}
{\"timestamp\": \"2023-12-20T08:40:14.000000Z\"}
```

## What to do

Sort by time before you compare with what came before. Find out who has put the input together.
",
};

/// How far events of many gateways can be out of step.
pub(crate) const TOLERANCE: i64 = 5 * MINUTE;

/// How far back the clock goes, and from where.
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
        let message =
            format!("`timestamp` is {far} before that of the event in front of it, at {}", self.first);
        Text::new(message, "earlier than before", Some("sort the events by time".to_owned()))
    }
}
