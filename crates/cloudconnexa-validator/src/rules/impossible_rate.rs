//! `impossible-rate`: more bytes than possible in the duration of a session.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, subject};
use crate::rule::{Rule, Severity};
use crate::semantics::context::{Context, Hit};
use crate::semantics::fields::Field;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "impossible-rate",
    severity: Severity::Warning,
    summary: "a session moved more bytes than its duration allows",
    explanation: "\
According to `sessionDurationSeconds`, the session moved more than 10 Gbit/s (1.25 GB per second) in one direction,
with a second added for rounding. No client of a tunnel does that. A single such counter outweighs all others in a
sum. It applies with `--semantic` or `--stateful`, or with `--warn` or `--deny` and its name.

## Example

```json
{\"sessionDurationSeconds\": 0, \"sessionBytesIn\": 9223372036854775807}
```

## What to do

Leave the session out of sums of bytes. A counter near a power of two has overflowed. If the rate is ordinary but the
duration is 0, the duration was lost.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[Field::Duration, Field::BytesIn, Field::BytesOut]);

/// 10 Gbit/s, in bytes per second.
const RATE: u64 = 1_250_000_000;

/// The bytes, and the seconds in which they were sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ImpossibleRate {
    raw: Excerpt,
    seconds: u64,
}

pub(crate) fn check(context: &Context<'_>) -> Option<Hit<ImpossibleRate>> {
    let fields = context.fields;
    let seconds = fields.number(Field::Duration)?;
    let most = seconds.saturating_add(1).saturating_mul(RATE);
    let counters = [Field::BytesIn, Field::BytesOut];
    let field = counters.into_iter().find(|field| fields.number(*field).is_some_and(|bytes| bytes > most))?;
    Hit::new(field, ImpossibleRate { raw: Excerpt::of(fields.raw(field)?), seconds })
}

impl Describe for ImpossibleRate {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let name = subject(&location.pointer);
        let message = match masking {
            Masking::Shown => format!(
                "{name} is {} in a session of {} s, which is more than 10 Gbit/s",
                self.raw.quote(),
                self.seconds
            ),
            Masking::Masked => format!("{name} is more than 10 Gbit/s for the duration of the session"),
        };
        Text::new(message, "too many bytes", Some("leave it out of sums of bytes".to_owned()))
    }
}
