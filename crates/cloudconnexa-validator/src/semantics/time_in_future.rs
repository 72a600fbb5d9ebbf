//! `time-in-future`: an event that has not occurred yet.

use super::fields::Field;
use super::{Breach, Context};
use crate::finding::{Place, Severity, Text};
use crate::instant::{self, HOUR};
use crate::rules::Rule;
use crate::wording::{Excerpt, Values, Wording, subject};

pub(crate) static RULE: Rule = Rule {
    id: "time-in-future",
    severity: Severity::Warning,
    summary: "a time is in the future",
    explanation: "\
A time of the event is more than an hour after the present, by the clock of the machine that checks, or by `--now`. A SIEM puts
such an event where nobody looks, or keeps it for ever. It takes `--semantic`, `--stateful`, or `--warn` or `--deny` with its
name.

## Example

```json
{\"timestamp\": \"9999-12-31T23:59:59.000000Z\"}
```

## What to do

Compare the clock of your machine. In fixtures, give `--now` a time, so that the check does not depend on the day it is run.
",
};

/// Clocks differ.
const TOLERANCE: i64 = HOUR;

/// The time, and how far it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TimeInFuture {
    raw: Excerpt,
    micros: i64,
}

pub(super) fn check(context: &Context<'_>) -> Option<Breach> {
    let now = context.now?;
    let fields = context.fields;
    for field in [Field::Timestamp, Field::Start, Field::End] {
        if let Some(time) = fields.time(field)
            && time > now.saturating_add(TOLERANCE)
        {
            let raw = Excerpt::of(fields.raw(field)?);
            return Breach::new(field, TimeInFuture { raw, micros: time.saturating_sub(now) });
        }
    }
    None
}

impl Wording for TimeInFuture {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, place: &Place, values: Values) -> Text {
        let name = subject(&place.pointer);
        let message = match values {
            // How far it is changes from run to run, and would make each of them news.
            Values::Shown => format!("{name} is {}, which is in the future", self.raw.quote()),
            Values::Masked => format!("{name} is in the future"),
        };
        let far = instant::length(self.micros);
        let help = format!("it is {far} ahead; compare the clocks, or give `--now`");
        let help =
            if values == Values::Shown { help } else { "compare the clocks, or give `--now`".to_owned() };
        Text::new(message, "in the future", Some(help))
    }
}
