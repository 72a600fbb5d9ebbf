//! `event-time-mismatch`: an event at another time than the session it reports.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, quote};
use crate::instant::{self, MINUTE};
use crate::rule::{Rule, Severity};
use crate::semantics::context::{Context, Hit};
use crate::semantics::fields::Field;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "event-time-mismatch",
    severity: Severity::Warning,
    summary: "the time of an event is far from that of what it reports",
    explanation: "\
The `timestamp` of a client-connected is its `sessionStartTime`, and that of a client-disconnected is its
`sessionEndTime`; in the documented example they agree to the second. Here they are more than 5 minutes apart. That is
more than delivery takes, and less than the smallest difference between time zones, which are the usual cause.
Searches by time do not find such an event. It applies with `--semantic` or `--stateful`, or with `--warn` or `--deny`
and its name.

## Example

```json
{\"timestamp\": \"2023-12-20T12:45:14.000000Z\", \"log\": {\"sessionEndTime\": \"2023-12-20T10:45:14.000000Z\"}}
```

## What to do

If one of your tools writes times, have it write UTC, as CloudConnexa does. A difference of whole hours is a time
zone.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[Field::Timestamp, Field::Start, Field::End])
    .of_events(&["client-connected", "client-disconnected"]);

const TOLERANCE: i64 = 5 * MINUTE;

/// The time of the event, and its distance from the time of the session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventTimeMismatch {
    raw: Excerpt,
    field: &'static str,
    micros: i64,
}

pub(crate) fn check(context: &Context<'_>) -> Option<Hit<EventTimeMismatch>> {
    let field = match context.event {
        "client-connected" => Field::Start,
        "client-disconnected" => Field::End,
        _ => return None,
    };
    let micros = context.fields.time(Field::Timestamp)?.saturating_sub(context.fields.time(field)?);
    if micros.unsigned_abs() <= TOLERANCE.unsigned_abs() {
        return None;
    }
    let raw = Excerpt::of(context.fields.raw(Field::Timestamp)?);
    Hit::new(Field::Timestamp, EventTimeMismatch { raw, field: field.name(), micros })
}

impl Describe for EventTimeMismatch {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, masking: Masking) -> Text {
        let direction = if self.micros > 0 { "after" } else { "before" };
        let field = quote(self.field);
        let message = match masking {
            Masking::Shown => format!(
                "`timestamp` is {}, {} {direction} {field}",
                self.raw.quote(),
                instant::length(self.micros)
            ),
            Masking::Masked => format!("`timestamp` is more than 5 minutes {direction} {field}"),
        };
        let help = "write both in UTC; they are the same time";
        Text::new(message, format!("far {direction} {field}"), Some(help.to_owned()))
    }
}
