//! `time-in-future`: an event in the future.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, subject};
use crate::instant::{self, HOUR};
use crate::rule::{Rule, Severity};
use crate::semantics::context::{Context, Hit};
use crate::semantics::fields::Field;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "time-in-future",
    severity: Severity::Warning,
    summary: "a time is in the future",
    explanation: "\
A time of the event is more than an hour after the current time, by the clock of the machine that checks, or by
`--now`. A SIEM files such an event where nobody looks, or keeps it forever. It applies with `--semantic` or
`--stateful`, or with `--warn` or `--deny` and its name.

## Example

```json
{\"timestamp\": \"9999-12-31T23:59:59.000000Z\"}
```

## What to do

Check the clock of your machine. For fixtures, give `--now` a time, so that the result does not depend on the day.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[Field::Timestamp, Field::Start, Field::End]);

/// Clocks differ.
const TOLERANCE: i64 = HOUR;

/// The time, and how far it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TimeInFuture {
    raw: Excerpt,
    micros: i64,
}

pub(crate) fn check(context: &Context<'_>) -> Option<Hit<TimeInFuture>> {
    let now = context.now?;
    let fields = context.fields;
    for field in [Field::Timestamp, Field::Start, Field::End] {
        if let Some(time) = fields.time(field)
            && time > now.saturating_add(TOLERANCE)
        {
            let raw = Excerpt::of(fields.raw(field)?);
            return Hit::new(field, TimeInFuture { raw, micros: time.saturating_sub(now) });
        }
    }
    None
}

impl Describe for TimeInFuture {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let name = subject(&location.pointer);
        let message = match masking {
            // How far it is changes from run to run, and would make each of them news.
            Masking::Shown => format!("{name} is {}, which is in the future", self.raw.quote()),
            Masking::Masked => format!("{name} is in the future"),
        };
        let far = instant::length(self.micros);
        let help = format!("it is {far} ahead; compare the clocks, or give `--now`");
        let help =
            if masking == Masking::Shown { help } else { "compare the clocks, or give `--now`".to_owned() };
        Text::new(message, "in the future", Some(help))
    }
}
