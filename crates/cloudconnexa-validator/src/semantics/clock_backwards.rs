//! `clock-backwards`: an event that is older than the one in front of it.

use super::stream::FirstSeen;
use crate::finding::{Place, Severity, Text};
use crate::instant::{self, MINUTE};
use crate::rules::Rule;
use crate::wording::{Values, Wording};

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
pub(super) const TOLERANCE: i64 = 5 * MINUTE;

/// How far back the clock goes, and from where.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClockBackwards {
    pub(super) micros: i64,
    pub(super) first: FirstSeen,
}

impl Wording for ClockBackwards {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Place, values: Values) -> Text {
        let far = match values {
            Values::Shown => instant::length(self.micros),
            Values::Masked => "more than 5 minutes".to_owned(),
        };
        let message =
            format!("`timestamp` is {far} before that of the event in front of it, at {}", self.first);
        Text::new(message, "earlier than before", Some("sort the events by time".to_owned()))
    }
}
