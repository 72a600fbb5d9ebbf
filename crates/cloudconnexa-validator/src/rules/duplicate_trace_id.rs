//! `duplicate-trace-id`: an event with the id of another.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};
use crate::semantics::fields::Field;
use crate::semantics::first_seen::FirstSeen;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "duplicate-trace-id",
    severity: Severity::Warning,
    summary: "an event has the `traceId` of another one",
    explanation: "\
The `traceId` is the unique id of an event, but an earlier event had the same: in this input, or in one read earlier
in the run. Usually the event itself is there twice, because a file was delivered or joined twice, and every count is
too high. The last million ids are remembered, or ten times the value of `--max-open`. It applies with `--stateful`,
or with `--warn` or `--deny` and its name.

## Example

```json
{\"traceId\": \"693bbbde-626d-4940-ac2b-4e75efb49bf7\", \"eventName\": \"domain-blocked\"}
{\"traceId\": \"693bbbde-626d-4940-ac2b-4e75efb49bf7\", \"eventName\": \"domain-blocked\"}
```

## What to do

Drop one of the two if they are the same. Two inputs that are copies of each other have this finding for every event.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[Field::TraceId]);

/// The first event with the same id.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DuplicateTraceId {
    pub(crate) first: FirstSeen,
}

impl Describe for DuplicateTraceId {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    // The location identifies the other event: there is nothing to mask.
    fn text(&self, _: &Location, _: Masking) -> Text {
        let message = format!("`traceId` is that of the event at {}", self.first);
        Text::new(message, "seen before", Some("leave out one of the two if they say the same".to_owned()))
    }
}
