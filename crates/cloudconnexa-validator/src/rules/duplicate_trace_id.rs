//! `duplicate-trace-id`: an event that has the id of another.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};
use crate::semantics::first_seen::FirstSeen;

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-trace-id",
    severity: Severity::Warning,
    summary: "an event has the `traceId` of another one",
    explanation: "\
The `traceId` is the unique id of an event, and another event had it before: in this input or in one that was read earlier in
the run. Most often the event itself is there twice, because a file was delivered or put together twice, and every count is
too high by it. The last million ids are remembered, or ten times as many as `--max-open` says. It takes
`--stateful`, or `--warn` or `--deny` with its name.

## Example

```json
{\"traceId\": \"693bbbde-626d-4940-ac2b-4e75efb49bf7\", \"eventName\": \"domain-blocked\"}
{\"traceId\": \"693bbbde-626d-4940-ac2b-4e75efb49bf7\", \"eventName\": \"domain-blocked\"}
```

## What to do

Leave out one of the two if they say the same. Two inputs that are copies of each other have this finding for every event.
",
};

/// Where the first event of the id is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DuplicateTraceId {
    pub(crate) first: FirstSeen,
}

impl Describe for DuplicateTraceId {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    // Where it stands says which one it is: there is nothing to mask.
    fn text(&self, _: &Location, _: Masking) -> Text {
        let message = format!("`traceId` is that of the event at {}", self.first);
        Text::new(message, "seen before", Some("leave out one of the two if they say the same".to_owned()))
    }
}
